"""Days: exact exposure between doses, effects integrated at nodes, then every mechanism's step in its order."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from anagen.mechanisms.disposition import Amounts, Disposition
from anagen.mechanisms.module import DayEffect, Signals
from anagen.mechanisms.quadrature import plain, squared

Array = jax.Array
HOURS = 24.0
UNROLLED = 4
"""Up to this many doses a day are written out; beyond, they are scanned."""


class Entries(NamedTuple):
    """Doses entering absorption on one day, in order: `offset` (doses, people) in h from the day's start, and `dose`
    (doses, routes, people) in mg already multiplied by the share absorbed. Unused places: offset 24, dose 0."""

    offset: Array
    dose: Array


class Course(NamedTuple):
    """The level within days: concentrations (..., nodes, people) in ng/mL, their times in days, and their weights."""

    concentration: Array
    time: Array
    weight: Array


def through_days(exposure: Disposition, amounts: Amounts, entries: Entries) -> tuple[Amounts, Amounts]:
    """Exact amounts at the start of each day, stacked, and at the end of the last.

    Linear: one map for 24 h, the same every day, and what becomes of each dose by the end of its day.
    """
    days, doses, people = entries.offset.shape
    left = jnp.concatenate([jnp.full((1, people), HOURS), HOURS - entries.offset.reshape(-1, people)])
    maps = exposure.propagator(left)  # one computation for both: the first row is the whole day
    whole = jax.tree_util.tree_map(lambda x: x[0], maps)
    rest = jax.tree_util.tree_map(lambda x: x[1:].reshape(days, doses, people), maps)
    added = rest.of_dose(jnp.moveaxis(entries.dose, 2, 0))
    site, modes, metabolite = added  # (routes or modes, days, doses, people)
    daily = Amounts(jnp.moveaxis(site.sum(2), 1, 0), jnp.moveaxis(modes.sum(2), 1, 0), metabolite.sum(1))

    def one(carried: Amounts, gain: Amounts) -> tuple[Amounts, Amounts]:
        return jax.tree_util.tree_map(jnp.add, whole(carried), gain), carried

    end, mornings = jax.lax.scan(one, amounts, daily)
    return mornings, end


def _after_entries(exposure: Disposition, mornings: Amounts, entries: Entries) -> Amounts:
    """The parent's amounts on each morning and just after each entry, `(days, 1 + doses, ...)`."""
    after = jax.vmap(exposure.parent_after)

    def one(carried: Amounts, given: tuple[Array, Array]) -> tuple[Amounts, Amounts]:
        dose, length = given
        carried = after(carried, length)
        carried = carried._replace(site=carried.site + dose)
        return carried, carried

    lengths = jnp.diff(entries.offset, axis=1, prepend=0.0)
    given = (jnp.moveaxis(entries.dose, 1, 0), jnp.moveaxis(lengths, 1, 0))
    _, entered = jax.lax.scan(one, mornings, given, unroll=min(lengths.shape[1], UNROLLED))
    return jax.tree_util.tree_map(
        lambda a, b: jnp.concatenate([a[:, None], jnp.moveaxis(b, 0, 1)], 1), mornings, entered
    )


def course(exposure: Disposition, mornings: Amounts, entries: Entries) -> Course:
    """The level of many days at nodes between the entries; `mornings` and `entries` with days on the first axis."""
    starts = _after_entries(exposure, mornings, entries)
    days, doses, people = entries.offset.shape
    edges = jnp.concatenate([entries.offset, jnp.full((days, 1, people), HOURS)], axis=1)

    def nodes(begin: Array, length: Array, amounts: Amounts, rule: tuple[Any, Any]) -> Course:
        share, weight = (jnp.asarray(r)[:, None] for r in rule)
        within = share * length[..., None, :]
        level = exposure.concentration
        for _ in range(length.ndim - 1):
            level = jax.vmap(level)
        return Course(
            level(amounts, within),
            (begin[..., None, :] + within) / HOURS,
            weight * length[..., None, :] / HOURS,
        )

    def of(part: slice | int) -> Amounts:
        return jax.tree_util.tree_map(lambda x: x[:, part], starts)

    first = nodes(jnp.zeros((days, people)), edges[:, 0], of(0), plain(3))
    rule = squared(10 if doses == 1 else 8 if doses == 2 else 6)
    rest = nodes(edges[:, :-1], jnp.diff(edges, axis=1), of(slice(1, None)), rule)
    return Course(*(jnp.concatenate([a, b.reshape(days, -1, people)], 1) for a, b in zip(first, rest, strict=True)))


def integrate(level: Course, effect: Array) -> DayEffect:
    """Mean and moments over each day of an effect given at the nodes."""
    weighted, noon = level.weight * effect, level.time - 0.5
    return DayEffect(weighted.sum(-2), (noon * weighted).sum(-2), ((noon**2 - 1 / 12) * weighted).sum(-2))


def peak(level: Course) -> Array:
    """Highest level of each day, by the parabola through the highest node and its neighbours; `(days, people)`."""
    c, t = level.concentration, level.time
    middle = jnp.clip(c.argmax(-2, keepdims=True), 1, c.shape[-2] - 2)
    (c0, t0), (c1, t1), (c2, t2) = (
        (jnp.take_along_axis(c, middle + k, -2)[..., 0, :], jnp.take_along_axis(t, middle + k, -2)[..., 0, :])
        for k in (-1, 0, 1)
    )
    apart = (t1 > t0) & (t2 > t1)
    rising = (c1 - c0) / jnp.where(apart, t1 - t0, 1.0)
    falling = (c2 - c1) / jnp.where(apart, t2 - t1, 1.0)
    bend = (falling - rising) / jnp.where(apart, t2 - t0, 1.0)
    curved = apart & (bend < 0)
    top = (t0 + t1) / 2 - rising / (2 * jnp.where(curved, bend, -1.0))
    height = c0 + rising * (top - t0) + bend * (top - t0) * (top - t1)
    return jnp.maximum(c.max(-2), jnp.where(curved & (top > t0) & (top < t2), height, 0.0))


def respond(
    mechanisms: tuple[Any, ...],
    states: tuple[Any, ...],
    effects: tuple[DayEffect | None, ...],
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
