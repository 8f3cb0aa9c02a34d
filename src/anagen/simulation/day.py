"""Days: exact exposure between doses, effects integrated at nodes, then every mechanism's step in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from anagen.mechanisms.disposition import Amounts, Disposition, Level, Parent, Propagator
from anagen.mechanisms.module import DayEffect, Signals
from anagen.mechanisms.quadrature import Rule, plain, squared

Array = jax.Array
HOURS = 24.0
UNROLLED = 4
"""Up to this many doses a day are written out; beyond, they are scanned."""
Sites = tuple[list[Array], list[Array]]


class Entries(NamedTuple):
    """Doses entering absorption on each day, in order: `offset` (days, places, people) in h from the day's start, and
    `dose` (days, places, routes, people) in mg already multiplied by the share absorbed. Unused places: dose 0. Where
    all days have the same offsets there is one row of them, and what hangs on them is computed once."""

    offset: Array
    dose: Array

    @property
    def alike(self) -> bool:
        """Whether one row of offsets stands for all days."""
        return self.offset.shape[0] == 1


class Within(NamedTuple):
    """What hangs on the times of entry alone. The map of the `whole` day; then, with days (or one row for all) first:
    the maps of the `rest` of the day after each entry, and `between` entries; the levels that amounts give at the nodes
    before the `first` entry and `after` each; `time` (days) and `weights` of all nodes, as in `Course`."""

    whole: Propagator
    rest: Propagator
    between: Parent
    first: Level
    after: Level
    time: Array
    weights: Array


class Course(NamedTuple):
    """The level within days: concentrations (days, nodes, people) in ng/mL, their times in days, and the weights that
    give the mean over the day and two moments (see `DayEffect`), `(days or 1, 3, nodes, people)`."""

    concentration: Array
    time: Array
    weights: Array


def within(exposure: Disposition, offset: Array) -> Within:
    """What hangs on the times of entry, `(days or 1, places, people)`."""
    rows, places, people = offset.shape
    left = jnp.concatenate([jnp.full((1, people), HOURS, offset.dtype), HOURS - offset.reshape(-1, people)])
    maps = exposure.propagator(left)  # one computation for both: the first row is the whole day
    edges = jnp.concatenate([offset, jnp.full((rows, 1, people), HOURS, offset.dtype)], axis=1)
    begins = jnp.pad(edges[:, :-1], ((0, 0), (1, 0), (0, 0)))
    lengths = edges - begins
    crowded = squared(10 if places == 1 else 8 if places == 2 else 6)

    def nodes(begin: Array, length: Array, rule: Rule) -> tuple[Level, Array, Array]:
        share, part = (jnp.asarray(r, offset.dtype)[:, None] for r in rule)
        hours = share * length[..., None, :]
        return exposure.level(hours), (begin[..., None, :] + hours) / HOURS, part * length[..., None, :] / HOURS

    first, *of_first = nodes(begins[:, 0], lengths[:, 0], plain(3))
    after, *of_rest = nodes(begins[:, 1:], lengths[:, 1:], crowded)
    time, weight = (
        jnp.concatenate([x, y.reshape(rows, -1, people)], 1) for x, y in zip(of_first, of_rest, strict=True)
    )
    return Within(
        whole=jax.tree_util.tree_map(lambda x: x[0], maps),
        rest=jax.tree_util.tree_map(lambda x: x[1:].reshape(rows, places, people), maps),
        between=exposure.parent(lengths[:, :-1]),
        first=first,
        after=after,
        time=time,
        weights=jnp.stack([weight, weight * (time - 0.5), weight * ((time - 0.5) ** 2 - 1 / 12)], 1),
    )


class Days(NamedTuple):
    """Days gone through: amounts on each morning `(days, ...)` and at the `end`, and the level within them."""

    mornings: Amounts
    end: Amounts
    level: Course


def through_days(timing: Within, amounts: Amounts, dose: Array) -> Days:
    """The exact amounts and levels of days; `dose` as in `Entries`.

    Linear: one map for 24 h, the same every day, and what becomes of each dose by the end of its day.
    """
    site, modes, metabolite = timing.rest.of_dose(jnp.moveaxis(dose, 2, 0))  # (routes or modes, days, places, people)
    daily = Amounts(jnp.moveaxis(site.sum(2), 1, 0), jnp.moveaxis(modes.sum(2), 1, 0), metabolite.sum(1))
    own = timing.between, timing.first, timing.after
    alike = timing.time.shape[0] == 1

    def one(carried: Amounts, given: Any) -> tuple[Amounts, tuple[Amounts, Array]]:
        gain, mg, its_own = given
        today = jax.tree_util.tree_map(lambda x: x[0], own) if alike else its_own
        later: Amounts = jax.tree_util.tree_map(jnp.add, timing.whole(carried), gain)
        between, first, after = today
        return later, (carried, _levels(between, first, after, carried, mg))

    # A loop over days also for the levels, so that they are written down once and not computed again for each effect.
    end, (mornings, levels) = jax.lax.scan(one, amounts, (daily, dose, None if alike else own))
    return Days(mornings, end, Course(levels, timing.time, timing.weights))


def _levels(between: Parent, first: Level, after: Level, morning: Amounts, mg: Array) -> Array:
    """The level at the nodes of one day, `(nodes, people)`; `mg` (places, routes, people)."""
    start = list(morning.site), list(morning.modes)

    def entry(carried: Sites, given: tuple[Parent, Array]) -> tuple[Sites, Sites]:
        step, mg = given
        site, modes = step.later(*carried)
        carried = [x + mg[r] for r, x in enumerate(site)], modes
        return carried, carried

    places, people = mg.shape[0], mg.shape[-1]
    _, entered = jax.lax.scan(entry, start, (between, mg), unroll=min(places, UNROLLED))
    rest = after(*([x[:, None] for x in part] for part in entered))
    return jnp.concatenate([first(*start), rest.reshape(-1, people)])


def integrated(level: Course, effects: Sequence[Callable[[Array], Array | None]]) -> list[DayEffect | None]:
    """Mean and moments over each day of effects of the level, `(days, people)` each; None where there is none.

    A loop over days, and sums written out: the compiler makes faster code of them than of one great reduction.
    """
    alike = level.weights.shape[0] == 1

    def day(carried: None, given: tuple[Array, Array | None]) -> tuple[None, list[DayEffect | None]]:
        concentration, its_own = given
        weights = level.weights[0] if its_own is None else its_own
        at_nodes = [effect(concentration) for effect in effects]
        return carried, [None if values is None else _moments(values, weights) for values in at_nodes]

    _, made = jax.lax.scan(day, None, (level.concentration, None if alike else level.weights))
    return made


def _moments(effect: Array, weights: Array) -> DayEffect:
    """The moments of an effect at the nodes of a day, `(nodes, people)`; `weights` (3, nodes, people)."""
    return DayEffect(*(reduce(jnp.add, [w * f for w, f in zip(moment, effect, strict=True)]) for moment in weights))


def trough(level: Course) -> Array:
    """Lowest level of each day, `(days, people)`."""
    return reduce(jnp.minimum, [level.concentration[:, i] for i in range(level.concentration.shape[1])])


def peak(level: Course) -> Array:
    """Highest level of each day, by the parabola through the highest node and its neighbours; `(days, people)`."""
    c, t = ([x[:, i] for i in range(x.shape[1])] for x in (level.concentration, level.time))
    triple, best = [c[0], c[1], c[2], t[0], t[1], t[2]], jnp.maximum(c[0], c[1])
    for i in range(2, len(c)):
        higher = c[i] > best
        m = min(i, len(c) - 2)  # the last node has no neighbour after it
        around = (*c[m - 1 : m + 2], *t[m - 1 : m + 2])
        triple = [jnp.where(higher, new, old) for new, old in zip(around, triple, strict=True)]
        best = jnp.maximum(best, c[i])
    c0, c1, c2, t0, t1, t2 = triple
    apart = (t1 > t0) & (t2 > t1)
    rising = (c1 - c0) / jnp.where(apart, t1 - t0, 1.0)
    falling = (c2 - c1) / jnp.where(apart, t2 - t1, 1.0)
    bend = (falling - rising) / jnp.where(apart, t2 - t0, 1.0)
    curved = apart & (bend < 0)
    top = (t0 + t1) / 2 - rising / (2 * jnp.where(curved, bend, -1.0))
    height = c0 + rising * (top - t0) + bend * (top - t0) * (top - t1)
    return jnp.maximum(best, jnp.where(curved & (top > t0) & (top < t2), height, 0.0))


def respond(
    mechanisms: tuple[Any, ...],
    states: tuple[Any, ...],
    effects: Sequence[DayEffect | None],
    signals: Signals,
) -> tuple[tuple[Any, ...], Signals]:
    """Every mechanism's step; signals made on the way are seen by those after."""
    seen = dict(signals)
    later = []
    for block, state, effect in zip(mechanisms, states, effects, strict=True):
        stepped, made = block.step(state, effect, seen)
        later.append(stepped)
        seen.update(made)
    return tuple(later), seen
