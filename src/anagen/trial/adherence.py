"""Which doses are missed and which are taken without food: draws keyed by person and dose, in JAX, beside the engine.

A draw is compared with a threshold on the normal scale, so nothing is transformed. People on the last axis; shares are
between 0 and 1. Day 0 is the day of the first dose. Compiles with `process` and `days` static.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax.scipy.special import expit, logit, ndtri

from anagen.patient.streams import normals, stream_key

Array = jax.Array
PROCESSES = ("independent", "clustered", "weekend", "full")
LONGEST_BREAK = 28  # days; a longer break ends here, so that any day can be drawn without the days long before
WEEKEND = 5  # of a week counted from day 0: days 5 and 6
_STEPS = 5  # four are enough for any share and any length of break: a test says so


def own_share(mean: float | Array, spread: float | Array, seed: int | Array, stream: str, people: Array) -> Array:
    """Each person's own share, `(people,)`: `mean` of the middle person, `spread` the SD of its logit.

    >>> share = own_share(0.1, 0.0, 1, "adherence.share", jnp.arange(3))
    >>> bool(jnp.allclose(share, 0.1))
    True
    """
    return expit(logit(jnp.asarray(mean, float)) + spread * normals(stream_key(seed, stream), people))


def missed(
    process: str,
    seed: int | Array,
    people: Array,
    share: Array,
    dose_number: Array,
    day: Array,
    *,
    break_days: float | Array = 4.0,
    weekend_factor: float | Array = 3.0,
    first_day: int | Array | None = None,
    days: int | None = None,
    hazard: Array | None = None,
) -> Array:
    """Whether each dose is missed, `(doses, people)`.

    Args:
        process: `independent`; `clustered`, breaks of whole days; `weekend`; `full`, none missed.
        seed: of the run.
        people: their numbers, `(people,)`.
        share: of the doses that each misses in the long run, `(people,)`.
        dose_number: running number of each dose in the arm, `(doses,)`.
        day: of each dose, `(doses,)`.
        break_days: mean length of a break before it is cut at 28 days, in days.
        weekend_factor: how many times as often a dose is missed on days 5 and 6 of a week.
        first_day, days: for `clustered`, the days that hold all doses; to be given where `day` is not known when it is
            compiled. The doses on other days are none.
        hazard: for `clustered`, `break_hazard(share, break_days)` where it is at hand.

    >>> missed("full", 1, jnp.arange(2), jnp.full(2, 0.5), jnp.arange(3), jnp.arange(3)).any().tolist()
    False
    """
    dose_number, day = jnp.asarray(dose_number), jnp.asarray(day)
    if process == "full":
        return jnp.zeros((dose_number.size, jnp.asarray(people).size), bool)
    key = stream_key(seed, "adherence")
    if process == "clustered":
        if first_day is None or days is None:
            first_day, days = int(day.min()), int(day.max() - day.min()) + 1
        began = break_hazard(share, break_days) if hazard is None else hazard
        within = _in_break(key, people, began, break_days, first_day, days)
        place = day - first_day
        return within[jnp.clip(place, 0, days - 1)] & ((place >= 0) & (place < days))[:, None]
    z = normals(key, people, dose_number)
    if process == "independent":
        return z < ndtri(share)
    limits = ndtri(jnp.stack(weekly_shares(share, weekend_factor)))
    return z < limits[(day % 7 >= WEEKEND).astype(jnp.int32)]


def fasted(seed: int | Array, people: Array, with_food_share: Array, dose_number: Array) -> Array:
    """Whether each dose meant to be taken with food is taken without, `(doses, people)`.

    >>> fasted(1, jnp.arange(2), jnp.array([0.0, 1.0]), jnp.arange(3)).tolist()
    [[True, False], [True, False], [True, False]]
    """
    return normals(stream_key(seed, "meals"), people, jnp.asarray(dose_number)) > ndtri(with_food_share)


def weekly_shares(share: Array, factor: float | Array) -> tuple[Array, Array]:
    """The share missed on five weekdays and at weekends, one `factor` times the other, with the mean kept.

    Where one of the two would come to more than all doses, all of it is missed and the rest falls on the other.

    >>> [round(float(s), 4) for s in weekly_shares(jnp.array(0.1), 3.0)]
    [0.0636, 0.1909]
    """
    a_week = 7 * jnp.asarray(share)
    on_weekdays = jnp.minimum(a_week / (5 + 2 * factor), 1.0)
    at_weekends = jnp.clip((a_week - 5 * on_weekdays) / 2, 0.0, 1.0)
    return (a_week - 2 * at_weekends) / 5, at_weekends


def break_hazard(share: Array, break_days: float | Array) -> Array:
    """The chance that a break begins on a day, such that `share` of all days lie in one in the long run, `(people,)`.

    A day is kept where no break begun k days before lasts longer than k days: 1 - share = Π (1 - h q^k), k from 0 to
    27, q = 1 - 1/break_days. Solved for -ln(1 - h) by Newton's method, which comes from below and stays there.

    >>> round(float(break_hazard(jnp.array(0.1), 1.0)), 6)
    0.1
    """
    lasting = _lasting(break_days)[:, None]
    share = jnp.asarray(share)
    wanted = -jnp.log1p(-jnp.minimum(share, 1 - 1e-6))

    def nearer(_: int, t: Array) -> Array:
        kept = jnp.exp(-t)
        survive = 1 + jnp.expm1(-t) * lasting
        found = -jnp.log(survive).sum(0).reshape(share.shape)
        slope = (kept * lasting / survive).sum(0).reshape(share.shape)
        return t + (wanted - found) / slope

    return -jnp.expm1(-jax.lax.fori_loop(0, _STEPS, nearer, wanted / lasting.sum()))


def _lasting(break_days: float | Array) -> Array:
    """The chance that a break still runs k days after its first, k from 0 to 27."""
    return (1 - 1 / jnp.asarray(break_days, float)) ** jnp.arange(LONGEST_BREAK)


def _in_break(
    key: Array, people: Array, hazard: Array, break_days: float | Array, first_day: int | Array, days: int
) -> Array:
    """Whether each day lies in a break, `(days, people)`; one draw for each day that a break can have begun on.

    The draw is below the threshold of the hazard where a break begins, and below that of hazard · q^k where it lasts
    longer than k days: its length is the number of thresholds passed.
    """
    begin = first_day - (LONGEST_BREAK - 1) + jnp.arange(days + LONGEST_BREAK - 1)
    # Days before the first dose have their own numbers too: a break may have begun before.
    z = jax.lax.optimization_barrier(normals(key, people, begin))
    limits = ndtri(hazard * _lasting(break_days)[:, None])
    length = jnp.zeros(z.shape, jnp.int32)
    for k in range(LONGEST_BREAK):
        length += z < limits[k]
    end = jnp.where(length > 0, begin[:, None] + length, begin[0])
    latest = jax.lax.cummax(end)[LONGEST_BREAK - 1 :]
    return latest > begin[LONGEST_BREAK - 1 :, None]
