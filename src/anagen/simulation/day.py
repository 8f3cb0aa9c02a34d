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
BEFORE = 3
"""Nodes before the first entry of a day."""
UNROLLED = 4
"""Up to this many doses a day are written out; beyond, they are scanned."""
TINY = 1e-20
"""Nothing, where a number must not be zero."""
CLOSEST = 0.01
"""Of three nodes the middle one counts as no nearer to another than this part of their width: a parabola through nodes
that fall together would make much of a rounding error."""
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
    before the `first` entry and `after` each; `time` (days) of all nodes and `weights` of pieces, as in `Course`."""

    whole: Propagator
    rest: Propagator
    between: Parent
    first: Level
    after: Level
    time: Array
    weights: Array


class Course(NamedTuple):
    """The level within days: concentrations (days, nodes, people) in ng/mL, their times in days, and how the pieces
    between entries make the mean over the day and two moments (see `_of_pieces`), `(days or 1, 6, pieces, people)`."""

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
    fine = offset.dtype == jnp.float64
    crowded = squared((14 if fine else 10) if places == 1 else 8 if places == 2 else 6)

    def nodes(begin: Array, length: Array, rule: Rule) -> tuple[Level, Array]:
        hours = jnp.asarray(rule[0], offset.dtype)[:, None] * length[..., None, :]
        return exposure.level(hours), (begin[..., None, :] + hours) / HOURS

    first, before = nodes(begins[:, 0], lengths[:, 0], plain(BEFORE))
    after, rest = nodes(begins[:, 1:], lengths[:, 1:], crowded)
    return Within(
        whole=jax.tree_util.tree_map(lambda x: x[0], maps),
        rest=jax.tree_util.tree_map(lambda x: x[1:].reshape(rows, places, people), maps),
        between=exposure.parent(lengths[:, :-1]),
        first=first,
        after=after,
        time=jnp.concatenate([before, rest.reshape(rows, -1, people)], 1),
        weights=_of_pieces(begins / HOURS, lengths / HOURS),
    )


def _of_pieces(begin: Array, length: Array) -> Array:
    """How the moments of a piece of a day about its own middle make those of the day: `(days, 6, pieces, people)`."""
    middle = begin + length / 2 - 0.5
    of_bend = length * (middle**2 + (length**2 - 1) / 12), 2 * middle * length**2, length**3
    return jnp.stack([length, length * middle, length**2, *of_bend], 1)


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


def integrated(
    level: Course, effects: Sequence[Callable[[Array], Array | None]], costly: Sequence[bool]
) -> list[DayEffect | None]:
    """Mean and moments over each day of effects of the level, `(days, people)` each; None where there is none.

    A loop over days, and sums written out: the compiler makes faster code of them than of one great reduction. What is
    `costly` (a logarithm, say) is computed for all days before, as it would be slow within a sum.
    """
    alike = level.weights.shape[0] == 1

    ahead = [effect(level.concentration) if one else None for effect, one in zip(effects, costly, strict=True)]

    def day(carried: None, given: tuple[Array, Array | None, Any]) -> tuple[None, list[DayEffect | None]]:
        concentration, its_own, ready = given
        weights = level.weights[0] if its_own is None else its_own
        at_nodes = [effect(concentration) if r is None else r for effect, r in zip(effects, ready, strict=True)]
        return carried, [None if values is None else _moments(values, weights) for values in at_nodes]

    _, made = jax.lax.scan(day, None, (level.concentration, None if alike else level.weights, ahead))
    return made


def _moments(effect: Array, weights: Array) -> DayEffect:
    """The moments of an effect at the nodes of a day, `(nodes, people)`; `weights` as `_of_pieces` gives them.

    Nodes are weighed by numbers, which the compiler writes into its code, and pieces by arrays: fewer rows to read.
    """
    pieces = weights.shape[1]
    rules = [plain(BEFORE), *[squared((len(effect) - BEFORE) // (pieces - 1))] * (pieces - 1)]
    mean = moment = bend = jnp.zeros_like(effect[0])
    first = 0
    for piece, (share, part) in enumerate(rules):
        f = effect[first : first + len(share)]
        first += len(share)
        about = [u - 0.5 for u in share]
        own, swing, curve = (
            reduce(jnp.add, [w * at for w, at in zip(row, f, strict=True)])
            for row in (
                part,
                [w * v for w, v in zip(part, about, strict=True)],
                [w * (v * v - 1 / 12) for w, v in zip(part, about, strict=True)],
            )
        )
        length, length_middle, square, of_own, of_swing, cube = weights[:, piece]
        mean = mean + length * own
        moment = moment + length_middle * own + square * swing
        bend = bend + of_own * own + of_swing * swing + cube * curve
    return DayEffect(mean, moment, bend)


def of_days(level: Course) -> tuple[Array, Array]:
    """Highest and lowest level of some days, `(people,)` each.

    Where all days have the same times, the peak is read off the highest level at each time, once.
    """
    if level.time.shape[0] > 1:
        return peak(level).max(0), trough(level).min(0)
    days = list(level.concentration)
    highest, lowest = reduce(jnp.maximum, days), reduce(jnp.minimum, days)
    return peak(level._replace(concentration=highest[None]))[0], reduce(jnp.minimum, list(lowest))


def trough(level: Course) -> Array:
    """Lowest level of each day, `(days, people)`."""
    return reduce(jnp.minimum, [level.concentration[:, i] for i in range(level.concentration.shape[1])])


def peak(level: Course) -> Array:
    """Highest level of each day, `(days, people)`: a node, or the top of the parabola through one that is higher than
    both its neighbours.

    Without a choice between cases, of which the compiler makes slow loops.
    """
    c, t = ([x[:, i] for i in range(x.shape[1])] for x in (level.concentration, level.time))
    highest = reduce(jnp.maximum, c)
    for (c0, c1, c2), (t0, t1, t2) in zip(
        zip(c, c[1:], c[2:], strict=False), zip(t, t[1:], t[2:], strict=False), strict=True
    ):
        rise, fall = c1 - c0, c1 - c2
        whole = jnp.maximum(t2 - t0, TINY)
        before, after = jnp.maximum((t1 - t0) / whole, CLOSEST), jnp.maximum((t2 - t1) / whole, CLOSEST)
        steep, gentle = rise / before, fall / after
        height = (steep * after - gentle * before) ** 2 / jnp.maximum(4 * (steep + gentle), TINY)
        is_top = jnp.clip(jnp.minimum(rise, fall) / TINY, 0.0, 1.0)
        highest = jnp.maximum(highest, c1 + is_top * height)
    return highest


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


def shown(mechanisms: tuple[Any, ...], states: tuple[Any, ...], signals: Signals) -> Signals:
    """The signals of a day, of the states after it."""
    seen = dict(signals)
    for block, state in zip(mechanisms, states, strict=True):
        seen.update(block.shown(state, seen))
    return seen
