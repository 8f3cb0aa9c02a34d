"""A scalp follicle by follicle, drawn from the same daily transition matrix as the chain of `follicles`.

The chain is the expectation of this. Where the chain carries fractions, here each follicle has a stage, its
hair an age and a length, so that counts come with their chance and volume is a sum over real hairs. Plain
NumPy; time in days, length in days of growth.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from .follicles import Follicles, transition_matrix
from .pools import ANAGEN, CHAIN, CLUB, EXOGEN, KENOGEN, STRUCK

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LEAVING = CHAIN - EXOGEN - 1
"""The last stage of telogen: from here on a hair can be shed within a day."""
FIRST_STRUCK = CHAIN + KENOGEN
FIRST_REPAIR = FIRST_STRUCK + STRUCK
_matrices = jax.jit(transition_matrix)


class Scalp(NamedTuple):
    """Each `(follicles,)`: `stage` (as in `transition_matrix`), `age` of the hair in whole days since
    the day it was born, `length` in days of growth (0 where there is no hair)."""

    stage: npt.NDArray[np.int64]
    age: npt.NDArray[np.int64]
    length: Floats


class Counts(NamedTuple):
    """Hairs born, shed as clubs and broken on one day."""

    born: int
    shed: int
    broken: int


def steady_scalp(follicles: Follicles, number: int, rng: np.random.Generator, anagen_exit: float = 1.0) -> Scalp:
    """`number` follicles drawn from the steady state under a constant `anagen_exit` (times the healthy rate).

    `follicles` holds one person, `(1,)`. The length of a hair is its time in anagen, up to the cap.
    """
    m = jnp.array([anagen_exit])
    state, _ = follicles.initial({"anagen_exit": m})
    pools = state.pools
    parts = (*pools.anagen, *pools.resting, *pools.kenogen, *pools.struck, *pools.repair)
    share = np.array([float(part[0]) for part in parts])
    stage = rng.choice(share.size, size=number, p=share / share.sum())

    onward = np.array([float(rate[0]) for rate in follicles._growing({"anagen_exit": m})[0].onward])
    early = max(anagen_exit - 1, 0.0) / float(follicles.anagen[0])
    stays = np.cumprod(np.concatenate([[1.0], (onward / (onward + early))[:-1]]))
    left_from = stays * np.append(early / (onward + early)[:-1], 1.0)
    last = np.where(stage < ANAGEN, stage, rng.choice(ANAGEN, size=number, p=left_from))
    spent = rng.exponential(1 / (onward + early), size=(number, ANAGEN))
    grown = np.where(np.arange(ANAGEN) <= last[:, None], spent, 0.0).sum(1)
    length = np.where(stage < CHAIN, np.minimum(grown, follicles.cap), 0.0)
    return Scalp(stage, grown.astype(np.int64), length)


def one_day(follicles: Follicles, scalp: Scalp, rng: np.random.Generator, **signals: float) -> tuple[Scalp, Counts]:
    """The scalp a day later, and what happened on the way.

    Args:
        follicles: one person, `(1,)`.
        signals: those that `Follicles` reads: `anagen_exit` (1 if left out), `pulse_fraction`,
            `hit_fraction`, `toxic_exposure`, `telogen_speed`, `kenogen_probability`, `kenogen_factor`.

    Raises:
        ValueError: a phase is too short for a daily step; or a hit without the toxic branch.

    >>> def one(x):
    ...     return jnp.array([x])
    >>> durations = [one(x) for x in (1000.0, 18.0, 80.0, 8.0, 90.0, 0.15, 16.0, 40.0)]
    >>> person = Follicles(*durations, one(1e5), one(500.0), visible_after=15, cap=286, toxic=False)
    >>> rng = np.random.default_rng(1)
    >>> start = steady_scalp(person, 10_000, rng)
    >>> scalp, counts = one_day(person, start, rng, pulse_fraction=0.3)
    >>> round(float((scalp.stage < 4).sum() / (start.stage < 4).sum()), 2)  # anagen
    0.7
    >>> sorted(observe(person, scalp, counts, start))[:2]
    ['anagen_percent', 'broken_per_day']
    """
    pulse, hit = signals.pop("pulse_fraction", 0.0), signals.pop("hit_fraction", 0.0)
    if hit and not follicles.toxic:
        raise ValueError("hit_fraction needs follicles with toxic=True")
    before = _struck(_struck(scalp.stage, pulse, ANAGEN, rng), hit, FIRST_STRUCK, rng)
    day = {name: jnp.array([float(value)]) for name, value in ({"anagen_exit": 1.0} | signals).items()}
    after = _drawn(np.asarray(_matrices(follicles, day)[0], np.float64), before, rng)

    born, shed, broken = happened(before, after)
    growing = before < ANAGEN
    gained = np.where(growing, np.where(after < ANAGEN, 1.0, 0.5), 0.0)
    length = np.minimum(scalp.length + gained, follicles.cap)
    length = np.where(born, np.where(after < ANAGEN, 0.5, 0.25), np.where(_has_hair(after), length, 0.0))
    age = np.where(born, 0, scalp.age + 1)
    return Scalp(after, age, length), Counts(int(born.sum()), int(shed.sum()), int(broken.sum()))


def happened(before: npt.NDArray[np.int64], after: npt.NDArray[np.int64]) -> tuple[Flags, Flags, Flags]:
    """Whether a follicle bore, shed or broke a hair, told from its stages on two mornings.

    A daily step makes at most two moves, so the two stages leave no doubt.
    """
    born = (before >= CLUB) & (after < CLUB)
    shed = ((before == LEAVING) | (before == CHAIN - 1)) & (after != LEAVING) & (after != CHAIN - 1)
    broken = (before >= FIRST_STRUCK) & (before < FIRST_REPAIR) & (after >= FIRST_REPAIR)
    return born, shed, broken


def observe(follicles: Follicles, scalp: Scalp, counts: Counts, start: Scalp) -> dict[str, float]:
    """What `Follicles` publishes, counted: the same names and units, for the person's whole scalp."""
    stage, number = scalp.stage, float(follicles.number[0])
    per_follicle = number / stage.size
    anagen, club = stage < ANAGEN, (stage >= CLUB) & (stage < CHAIN)
    hairs = _has_hair(stage)
    visible = int((hairs & ~(anagen & (scalp.age < follicles.visible_after))).sum())
    resting = (stage >= ANAGEN) & (stage < CHAIN)
    return {
        "shed_per_day": per_follicle * (counts.shed + counts.broken),
        "broken_per_day": per_follicle * counts.broken,
        "telogen_percent": 100 * float(resting.sum()) / visible,
        "club_percent": 100 * float(club.sum()) / float(hairs.sum()),
        "exogen_percent": 100 * float((stage == CHAIN - 1).sum()) / visible,
        "anagen_percent": 100 * float(anagen.mean()),
        "density_per_cm2": per_follicle * visible / float(follicles.area[0]),
        "volume_fraction": float(scalp.length.sum() / start.length.sum()),
    }


def _has_hair(stage: npt.NDArray[np.int64]) -> Flags:
    return (stage < CHAIN) | ((stage >= FIRST_STRUCK) & (stage < FIRST_REPAIR))


def _struck(stage: npt.NDArray[np.int64], share: float, target: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Each anagen hair goes to stage `target` at once with probability `share`."""
    if not share:
        return stage
    return np.where((stage < ANAGEN) & (rng.random(stage.size) < share), target, stage)


def _drawn(matrix: Floats, stage: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Next stages; column j of `matrix` is the law of the next stage of a follicle in j."""
    if matrix.min() < -1e-12:
        raise ValueError("a phase is too short for a daily step: a transition has a negative probability")
    outcomes = (matrix > 0).sum(0).max()
    order = np.argsort(-matrix, axis=0)[:outcomes]  # likeliest first
    reached = np.cumsum(np.take_along_axis(matrix, order, 0), axis=0)[:-1]
    u = rng.random(stage.size)
    return order[(u > reached[:, stage]).sum(0), stage]
