"""The follicles driven through a record, for a grid of people at once: the engine's own block, day by day.

A grid over what is not known of the person: length of anagen, susceptibility, size of the triggers, pattern loss.
Between the nodes `surface` interpolates. So a fit costs one simulation of some hundred people, and a likelihood costs
microseconds; how far it is from a simulation of its own is tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.compiled.programs import program
from anagen.mechanisms.follicles import Follicles, FollicleState
from anagen.patient.patient import Patient
from anagen.patient.streams import TYPICAL
from anagen.simulation.engine import BLOCK_DAYS
from anagen.simulation.run import covariates
from anagen.treatments.contract import Person, Values
from anagen.treatments.registry import Treatment

from .chebyshev import nodes
from .priors import MOST_SUSCEPTIBLE, Lognormal, stated
from .timeline import Timeline

Array = jax.Array
Floats = npt.NDArray[np.float64]
SHAPE = (6, 9, 6, 3)
"""Nodes of: length of anagen, susceptibility, trigger, pattern loss."""
SUDDEN_SHAPE = (4, 6)
"""Nodes of: length of anagen, size."""
WIDEST = 3.0
"""SDs of the length of anagen, on either side."""
SUDDEN_DAYS = 728
STEEP = 16.0
"""Sheds grow about so many times as fast as a pulse: the nodes are placed by log(1 + 16 f)."""
QUANTITIES = ("shed_per_day", "exogen_percent", "telogen_percent")


def susceptibility_place(value: Any) -> Any:
    """Where a susceptibility lies among its nodes, 0 to 1."""
    return jnp.log1p(jnp.minimum(value, MOST_SUSCEPTIBLE)) / jnp.log1p(MOST_SUSCEPTIBLE)


def pulse_place(value: Any, most: Any) -> Any:
    """Where the size of a pulse or a strike lies among its nodes, 0 to 1."""
    return jnp.log1p(STEEP * jnp.minimum(value, most)) / jnp.log1p(STEEP * most)


def pattern_place(value: Any, most: Any) -> Any:
    """Where the extra exit of pattern loss lies among its nodes, 0 to 1."""
    return jnp.log1p(jnp.minimum(value, most)) / jnp.log1p(most)


def anagen_place(z: Any) -> Any:
    """Where a score of the length of anagen lies among its nodes, 0 to 1."""
    return jnp.clip((jnp.asarray(z) + WIDEST) / (2 * WIDEST), 0.0, 1.0)


@dataclass(frozen=True)
class Courses:
    """Rows 0 to days (row 0 before the first day) of `QUANTITIES`, each `(1 + days, *SHAPE)`."""

    shed_per_day: Floats
    exogen_percent: Floats
    telogen_percent: Floats


@dataclass(frozen=True)
class Sudden:
    """After one pulse (first index 0) or one strike (1) on day 0: ratios to the undisturbed scalp, as logs, and the
    share of the sheds that is broken; each `(2, *SUDDEN_SHAPE, 1 + SUDDEN_DAYS)`."""

    shed: Floats
    exogen: Floats
    telogen: Floats
    broken: Floats


def courses(treatment: Treatment, time: Timeline) -> Courses:
    """The grid through the days of a timeline."""
    configure()
    one = typical(treatment)
    anagen, susceptibility, pulse, pattern = _grid(treatment)
    scalp = _many(one, anagen)
    first = 1 + time.other[0] + pattern * time.pattern[0]
    key = ("inference grid", _source())
    begin = program(_begin, (*key, "begin"), scalp, first, effort="brief")
    state, row = begin(scalp, first)
    ceiling = np.asarray(treatment.parameters["anagen_exit.ceiling"].value)
    given = (susceptibility, pulse, pattern, ceiling)
    rows = [np.asarray(row)[:, None]]
    through = program(_through, (*key, "through"), scalp, state, *given, _days(time, 0))
    for start in range(0, time.size, BLOCK_DAYS):
        state, made = through(scalp, state, *given, _days(time, start))
        rows.append(np.asarray(made))
    table = np.concatenate(rows, axis=1)
    return Courses(*(part.reshape(-1, *SHAPE) for part in table))


@lru_cache(maxsize=4)
def sudden(treatment: Treatment) -> Sudden:
    """The answer of the healthy scalp to one pulse and to one strike, of any size; the same for every record."""
    configure()
    anagen = Lognormal.of(treatment.parameters["follicles.anagen_duration"]).spread * _anagen_scores(SUDDEN_SHAPE[0])
    most = np.array([stated()["pulse"]["most"], stated()["strike"]["most"]])
    size = np.expm1(nodes(SUDDEN_SHAPE[1])[None] * np.log1p(STEEP * most[:, None])) / STEEP  # (2, sizes)
    kind, along, of = np.meshgrid(range(2), range(SUDDEN_SHAPE[0]), range(SUDDEN_SHAPE[1]), indexing="ij")
    fraction = size[kind, of].ravel()
    scalp = replace(_many(typical(treatment), anagen[along].ravel()), toxic=True)
    pulse, hit = (np.where(kind.ravel() == which, fraction, 0.0) for which in (0, 1))
    answer = program(_after, ("inference sudden", _source()), scalp, pulse, hit)(scalp, pulse, hit)
    table = np.moveaxis(np.asarray(answer), 1, -1).reshape(4, 2, *SUDDEN_SHAPE, -1)
    shed, broken, exogen, telogen = table
    logs = [np.log(part / part[..., :1]) for part in (shed, np.maximum(exogen, 1e-3), telogen)]
    return Sudden(logs[0], logs[1], logs[2], broken / shed)


def typical(treatment: Treatment) -> Follicles:
    """The follicles of the typical person, `(1,)`."""

    def wired(person: Person) -> Follicles:
        values = Values(treatment.parameters, 0, jnp.array([TYPICAL]), None, treatment.chances)
        blocks = treatment.wire(values, person, frozenset()).mechanisms
        return next(block for block in blocks if isinstance(block, Follicles))

    person = covariates(treatment, Patient())
    key = ("inference typical", treatment.fingerprint(), _source())
    found: Follicles = program(wired, key, person, effort="brief")(person)
    return found


def _anagen_scores(count: int) -> Floats:
    return WIDEST * (2 * nodes(count) - 1)


def _grid(treatment: Treatment) -> tuple[Floats, ...]:
    """Log factor of anagen, susceptibility, pulse and pattern loss of each person of the grid."""
    own = stated()
    anagen = Lognormal.of(treatment.parameters["follicles.anagen_duration"]).spread * _anagen_scores(SHAPE[0])
    susceptibility = np.expm1(nodes(SHAPE[1]) * np.log1p(MOST_SUSCEPTIBLE))
    pulse = np.expm1(nodes(SHAPE[2]) * np.log1p(STEEP * own["pulse"]["most"])) / STEEP
    pattern = np.expm1(nodes(SHAPE[3]) * np.log1p(own["pattern"]["most"]))
    return tuple(part.ravel() for part in np.meshgrid(anagen, susceptibility, pulse, pattern, indexing="ij"))


def _many(one: Follicles, log_factor: Floats) -> Follicles:
    people: Follicles = jax.tree_util.tree_map(lambda x: np.broadcast_to(np.asarray(x), log_factor.shape), one)
    longer: Any = np.asarray(people.anagen) * np.exp(log_factor)
    return replace(people, anagen=longer)


def _days(time: Timeline, start: int) -> tuple[Floats, ...]:
    some = slice(start, start + BLOCK_DAYS)
    number = np.arange(start, start + BLOCK_DAYS, dtype=float)
    return number, time.retinoid[some], time.other[some], time.trigger[some], time.pattern[some]


def _begin(scalp: Follicles, first: Array) -> tuple[FollicleState, Array]:
    state, made = scalp.initial({"anagen_exit": first})
    return state, jnp.stack([made[name] for name in QUANTITIES])


def _through(
    scalp: Follicles,
    state: FollicleState,
    susceptibility: Array,
    pulse: Array,
    pattern: Array,
    ceiling: Array,
    days: tuple[Array, ...],
) -> tuple[FollicleState, Array]:
    """A block of days: the state after it, and `(quantities, days, grid)`."""
    scalp = scalp.ready()

    def one(state: FollicleState, today: tuple[Array, ...]) -> tuple[FollicleState, Any]:
        number, retinoid, other, trigger, loss = today
        signals = {
            "day": number,
            "anagen_exit": jnp.minimum(1 + other + susceptibility * retinoid + pattern * loss, ceiling),
            "pulse_fraction": 1 - (1 - pulse) ** trigger,
        }
        later, made = scalp.step(state, None, signals)
        return later, tuple(made[name] for name in QUANTITIES)

    later, rows = jax.lax.scan(one, state, days)
    return later, jnp.stack(rows)


def _after(scalp: Follicles, pulse: Array, hit: Array) -> Array:
    """`(quantities and broken, 1 + days, grid)` after a pulse and a strike on the first day."""
    scalp = scalp.ready()
    names = ("shed_per_day", "broken_per_day", *QUANTITIES[1:])
    state, made = scalp.initial({"anagen_exit": jnp.ones_like(pulse)})
    first = jnp.stack([made[name] for name in names])

    def one(state: FollicleState, number: Array) -> tuple[FollicleState, Any]:
        at = jnp.where(number == 0, 1.0, 0.0)
        signals = {
            "day": number,
            "anagen_exit": jnp.ones_like(pulse),
            "pulse_fraction": at * pulse,
            "hit_fraction": at * hit,
        }
        later, made = scalp.step(state, None, signals)
        return later, jnp.stack([made[name] for name in names])

    _, rows = jax.lax.scan(one, state, jnp.arange(SUDDEN_DAYS, dtype=float))
    return jnp.concatenate([first[:, None], jnp.moveaxis(rows, 1, 0)], axis=1)


@lru_cache(maxsize=1)
def _source() -> str:
    """This file, on which the kept programs depend."""
    return Path(__file__).read_text("utf-8")
