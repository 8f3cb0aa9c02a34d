"""Days: exact exposure between doses, effects integrated at nodes, then every mechanism's step in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from anagen.mechanisms.disposition import Amounts, Disposition, Level, Propagator
from anagen.mechanisms.module import DayEffect, Pulled, Signals
from anagen.mechanisms.quadrature import ending, squared

Array = jax.Array
HOURS = 24.0
BEFORE = 4
"""Nodes before the first entry of a day."""
TINY = 1e-20
"""Nothing, where a number must not be zero."""
Pull = Callable[[Array], list[Array] | None]
"""How much each moment of a day, in days from the morning, counts in the evening: rows, or None (see `Mechanism`)."""


class Entries(NamedTuple):
    """Doses entering absorption on each day, in order: `offset` (days, places, people) in h from the day's start, and
    `dose` (days, places, routes, people) in mg already multiplied by the share absorbed. Unused places: dose 0. Where
    all days have the same offsets there is one row of them, and what hangs on them is computed once. Without any
    places days are one piece with few nodes: enough where nothing is in the body."""

    offset: Array
    dose: Array

    @property
    def alike(self) -> bool:
        """Whether one row of offsets stands for all days."""
        return self.offset.shape[0] == 1


class Within(NamedTuple):
    """What hangs on the times of entry alone. The map of the `whole` day; then, with days (or one row for all) first:
    the maps of the `rest` of the day after each entry; the levels that amounts in the `morning` give at the nodes, and
    what each `entry` gives there, by place and route; `time` (days) of all nodes, `weights` of pieces and `pulls` as
    in `Course`."""

    whole: Propagator
    rest: Propagator
    morning: Level
    entry: list[list[Array]]
    time: Array
    weights: Array
    pulls: list[list[Array] | None]


class Course(NamedTuple):
    """The level within days: concentrations (days, nodes, people) in ng/mL, their times in days, and how the pieces
    between entries make the mean over the day and two moments (see `_of_pieces`), `(days or 1, 6, pieces, people)`.
    `pulls`: of each mechanism that has its own, rows of the weights of nodes, `(days or 1, nodes, people)`."""

    concentration: Array
    time: Array
    weights: Array
    pulls: Sequence[list[Array] | None] = ()


def within(exposure: Disposition, offset: Array, pulls: Sequence[Pull | None] = ()) -> Within:
    """What hangs on the times of entry, `(days or 1, places, people)`; `pulls` of mechanisms that have one."""
    rows, places, people = offset.shape
    left = jnp.concatenate([jnp.full((1, people), HOURS, offset.dtype), HOURS - offset.reshape(-1, people)])
    maps = exposure.propagator(left)  # one computation for both: the first row is the whole day
    edges = jnp.concatenate([offset, jnp.full((rows, 1, people), HOURS, offset.dtype)], axis=1)
    begins = jnp.pad(edges[:, :-1], ((0, 0), (1, 0), (0, 0)))
    lengths = edges - begins
    crowded = squared(12 if places == 1 else 8 if places == 2 else 6)
    rules = (ending(BEFORE), *[crowded] * places)
    hours = [jnp.asarray(rule[0], offset.dtype)[:, None] * lengths[:, i, None] for i, rule in enumerate(rules)]
    since_morning = jnp.concatenate([begins[:, i, None] + piece for i, piece in enumerate(hours)], 1)
    time = since_morning / HOURS
    weights = _of_pieces(begins / HOURS, lengths / HOURS)
    share = [jnp.asarray(rule[1], offset.dtype)[:, None] for rule in rules]
    node = jnp.concatenate([w * lengths[:, i, None] / HOURS for i, w in enumerate(share)], 1)
    rows_of = [pull(time) if pull else None for pull in pulls]
    return Within(
        whole=jax.tree_util.tree_map(lambda x: x[0], maps),
        rest=jax.tree_util.tree_map(lambda x: x[1:].reshape(rows, places, people), maps),
        morning=exposure.level(since_morning),
        entry=[_of_entry(exposure, since_morning - offset[:, i, None], i, len(crowded[0])) for i in range(places)],
        time=time,
        weights=weights,
        pulls=[None if row is None else [node * x for x in row] for row in rows_of],
    )


def _of_entry(exposure: Disposition, hours: Array, place: int, crowd: int) -> list[Array]:
    """The level at all nodes, by route, per mg that entered `hours` before; nothing at the nodes before it did."""
    before = BEFORE + place * crowd
    return [jnp.pad(level, ((0, 0), (before, 0), (0, 0))) for level in exposure.level(hours[:, before:]).site]


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
    own = timing.rest, timing.morning, timing.entry
    alike = timing.time.shape[0] == 1

    def one(carried: Amounts, given: Any) -> tuple[Amounts, tuple[Amounts, Array]]:
        mg, its_own = given
        rest, morning, entry = jax.tree_util.tree_map(lambda x: x[0], own) if alike else its_own
        later = timing.whole(carried)
        if mg.size:
            gains = rest.of_dose(jnp.moveaxis(mg, 1, 0))  # of each place
            gain = jax.tree_util.tree_map(lambda x: reduce(jnp.add, [x[..., i, :] for i in range(mg.shape[0])]), gains)
            later = jax.tree_util.tree_map(jnp.add, later, gain)
        entered = [
            share * dose for row, doses in zip(entry, mg, strict=True) for share, dose in zip(row, doses, strict=True)
        ]
        return later, (carried, _total([morning(carried.site, carried.modes), *entered]))

    # A loop over days also for the levels, so that they are written down once and not computed again for each effect.
    end, (mornings, levels) = jax.lax.scan(one, amounts, (dose, None if alike else own))
    return Days(mornings, end, Course(levels, timing.time, timing.weights, timing.pulls))


def integrated(
    level: Course, effects: Sequence[Callable[[Array], Array | None]], costly: Sequence[bool]
) -> list[DayEffect | Pulled | None]:
    """Effects of the level over each day, rows `(days, people)`: mean and moments, or weighed by the `pulls` of the
    level where there are some; None where there is no effect.

    A loop over days, and sums written out: the compiler makes faster code of them than of one great reduction. What is
    `costly` (a logarithm, say) is computed for all days before, as it would be slow within a sum.
    """
    alike = level.weights.shape[0] == 1
    ahead = [effect(level.concentration) if one else None for effect, one in zip(effects, costly, strict=True)]
    weighed = level.weights, level.pulls or [None] * len(effects)

    def day(carried: None, given: tuple[Array, Any, Any]) -> tuple[None, list[DayEffect | Pulled | None]]:
        concentration, its_own, ready = given
        weights, pulls = jax.tree_util.tree_map(lambda x: x[0], weighed) if alike else its_own
        found: list[DayEffect | Pulled | None] = []
        for effect, known, pull in zip(effects, ready, pulls, strict=True):
            values = effect(concentration) if known is None else known
            if values is None:
                found.append(None)
            elif pull is None:
                found.append(_moments(values, weights))
            else:
                found.append(Pulled(tuple(_total([w * x for w, x in zip(row, values, strict=True)]) for row in pull)))
        return carried, found

    _, made = jax.lax.scan(day, None, (level.concentration, None if alike else weighed, ahead))
    return made


def _total(terms: Sequence[Array]) -> Array:
    """A sum written out."""
    return reduce(jnp.add, terms)


def _moments(effect: Array, weights: Array) -> DayEffect:
    """The moments of an effect at the nodes of a day, `(nodes, people)`; `weights` as `_of_pieces` gives them.

    Nodes are weighed by numbers, which the compiler writes into its code, and pieces by arrays: fewer rows to read.
    """
    pieces = weights.shape[1]
    rules = [ending(BEFORE), *[squared((len(effect) - BEFORE) // (pieces - 1)) for _ in range(pieces - 1)]]
    mean = moment = bend = jnp.zeros_like(effect[0])
    first = 0
    for piece, (share, part) in enumerate(rules):
        f = effect[first : first + len(share)]
        first += len(share)
        about = [u - 0.5 for u in share]
        own, swing, curve = (
            _total([w * at for w, at in zip(row, f, strict=True)])
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

    The parabola is over u, of which the time since an entry is the square: over the time itself a level rises steeply
    and falls slowly, which no parabola does. Without a choice between cases, of which the compiler makes slow loops.
    """
    c = [level.concentration[:, i] for i in range(level.concentration.shape[1])]
    highest = reduce(jnp.maximum, c)
    places = level.weights.shape[2] - 1
    spots = [ending(BEFORE)[0], *(ending((len(c) - BEFORE) // places)[0] for _ in range(places))]  # u of each piece
    first = 0
    for u in spots:
        for i in range(1, len(u) - 1):
            c0, c1, c2 = c[first + i - 1 : first + i + 2]
            before, after = ((b - a) / (u[i + 1] - u[i - 1]) for a, b in pairwise(u[i - 1 : i + 2]))
            rise, fall = c1 - c0, c1 - c2
            steep, gentle = rise / before, fall / after
            height = (steep * after - gentle * before) ** 2 / jnp.maximum(4 * (steep + gentle), TINY)
            is_top = jnp.clip(jnp.minimum(rise, fall) / TINY, 0.0, 1.0)
            highest = jnp.maximum(highest, c1 + is_top * height)
        first += len(u)
    return highest


def respond(
    mechanisms: tuple[Any, ...],
    states: tuple[Any, ...],
    effects: Sequence[DayEffect | Pulled | None],
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
