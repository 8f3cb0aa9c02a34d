"""Dose events of an arm, cut into blocks of days, and the moment each dose enters absorption in each person.

The stomach empties in order: a dose never enters before one that was taken earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.errors import InputError
from anagen.patient.streams import TYPICAL
from anagen.regimen.events import DoseEvents
from anagen.treatments.contract import Absorption

from .day import HOURS, Entries

Array = jax.Array
LONGEST_LAG_H = 23.5
PLACES = (1, 2, 3, 4, 6, 8, 12, 24, 48)
MOST_SLOTS = 8
FAINT_H = 70 * HOURS
"""So long after a dose next to nothing of it is left: 2**-28 where half is gone in 60 h."""
CLOCK_DIGITS, SAME_TIME_H = 6, 1e-6
"""Clock times are the same to so many digits of an hour."""


class Doses(NamedTuple):
    """Doses of one block and of the day before it, padded: `time` in h from the block's start, `mg`, meal, formulation,
    running `number` of the dose; each `(doses,)`, `mg` and `meal` also `(doses, people)` where people differ. `faint`:
    no dose enters, and next to nothing is left of those before, so that few moments of a day are enough.

    Of a clockwork schedule they are a grid of days by clock times, `(1 + days) * slots`, where what is not taken has
    mg 0.
    Otherwise they are in a row, and padding is far off in time.
    """

    time: Any
    mg: Any
    meal: Any
    formulation: Any
    number: Any
    faint: Any = False


class Shape(NamedTuple):
    """What is compiled: the most entries a day, and the clock times of a clockwork schedule (0 where it is none)."""

    places: int
    slots: int


@dataclass(frozen=True)
class Schedule:
    """An arm's dose events with what is fixed for all its people: `shape`, and `routes` of absorption.

    A clockwork schedule has few clock times, so that entries have the same hours on all days. It must also be sure that
    no dose overtakes another: one way in only, or one clock time only; and that no two come at one time, for a clock
    time of a day has one place.
    """

    events: DoseEvents
    shape: Shape
    routes: tuple[int, ...]
    clock: npt.NDArray[np.float64]
    """Hours of the day of each slot, in order; empty where the schedule is no clockwork."""

    @classmethod
    def of(cls, events: DoseEvents, route: Sequence[int], meals: Sequence[int] = ()) -> Schedule:
        """Finds the most doses in any 24 h, the clock times, and the ways of absorption used; `route` gives that of
        each meal, and `meals` says which may occur besides those of the events.

        Raises:
            InputError: more doses within 24 hours than there is room for.
        """
        time = events.time_h
        routes = tuple(sorted({route[meal] for meal in [*events.meal.tolist(), *meals]})) or (0,)
        clock = np.unique(np.round(time % HOURS, CLOCK_DIGITS) % HOURS) if time.size else np.zeros(1)
        apart = time.size < 2 or float(np.diff(time).min()) > 2 * SAME_TIME_H
        if apart and clock.size <= MOST_SLOTS and (clock.size == 1 or len(routes) == 1):
            return cls(events, Shape(clock.size * len(routes), clock.size), routes, clock)
        most = int((np.searchsorted(time, time + HOURS - 1e-9) - np.arange(time.size)).max())
        wanted = most * len(routes)  # doses that wait for different times can come together
        if wanted > PLACES[-1]:
            ways = f" taken in {len(routes)} ways (fasted and with food)" if len(routes) > 1 else ""
            raise InputError(
                f"{most} doses within 24 hours{ways} are more than the simulation has room for",
                expected=f"at most {PLACES[-1] // len(routes)} doses within 24 hours",
            )
        return cls(events, Shape(next(p for p in PLACES if p >= wanted), 0), routes, np.zeros(0))

    def block(self, first_day: int, days: int) -> Doses:
        """The doses that can enter during `days` from `first_day` on."""
        slots = self.shape.slots
        start, size = HOURS * first_day, (days + 1) * (slots or self.shape.places)
        time = self.events.time_h
        end = start + HOURS * days
        long_ago, low, high = np.searchsorted(time, np.array([start - FAINT_H, start - HOURS, end]) - SAME_TIME_H)
        chosen = slice(low, high)
        cell: Any = slice(0, high - low)
        times = np.full(size, 1e9)
        if slots:
            slot = np.abs(self.clock - (time[chosen] % HOURS)[:, None]).argmin(1)
            day = np.round((time[chosen] - self.clock[slot] - start) / HOURS).astype(int) + 1
            cell = slots * day + slot
            times = (HOURS * np.arange(-1, days)[:, None] + self.clock).ravel()
        else:
            times[cell] = time[chosen] - start

        def padded(values: npt.NDArray[Any], kind: type) -> Any:
            row: npt.NDArray[Any] = np.zeros(size, kind)
            row[cell] = values[chosen]
            return row

        return Doses(
            time=times,
            mg=padded(self.events.amount_mg, np.float64),
            meal=padded(self.events.meal, np.int32),
            formulation=padded(self.events.formulation, np.int32),
            number=padded(np.arange(time.size), np.int32),
            faint=np.bool_(long_ago == high),
        )

    def taken_mg(self, first_day: int, days: int) -> npt.NDArray[np.float64]:
        """Total mg taken on each day, `(days,)`."""
        edges = HOURS * np.arange(first_day, first_day + days + 1)
        total, _ = np.histogram(self.events.time_h, edges, weights=self.events.amount_mg)
        at_end = self.events.time_h == edges[-1]  # histogram closes its last bin on the right
        total[-1] -= self.events.amount_mg[at_end].sum()
        return total


def entries(doses: Doses, absorption: Absorption, z: Array, people: Array, days: int, shape: Shape) -> Entries:
    """When and how much of each dose enters, `(days, places, ...)`; `z` (doses, people), normals."""
    occasion = absorption.occasion
    spread = jnp.exp(occasion * z - jnp.where(people == TYPICAL, 0.0, 0.5 * occasion**2))
    given = doses.mg.astype(absorption.share.dtype)
    mg = absorption.absorbed(given, doses.formulation, doses.meal) * spread
    route = absorption.route[doses.meal]
    if shape.slots:
        return _by_the_clock(doses, absorption, mg, route, days, shape.slots)
    return _in_a_row(doses, absorption, mg, route, days, shape.places)


def no_entries(absorption: Absorption, days: int) -> Entries:
    """Days on which nothing enters."""
    routes, people = absorption.lag.shape
    kind = absorption.share.dtype
    return Entries(jnp.zeros((1, 0, people), kind), jnp.zeros((days, 0, routes, people), kind))


def _by_the_clock(doses: Doses, absorption: Absorption, mg: Array, route: Array, days: int, slots: int) -> Entries:
    """Every clock time and way in has its own place in the day, the same on all days."""
    lag = jnp.minimum(absorption.lag, LONGEST_LAG_H)
    clock = doses.time[slots : 2 * slots].astype(lag.dtype)
    when = (clock[:, None, None] + lag).reshape(-1, lag.shape[-1])  # (slots by routes, people), below 48 h
    late = when >= HOURS
    offset = when - jnp.where(late, HOURS, 0.0)
    routes, people = lag.shape
    by_route = jnp.where(_column(route)[:, None] == jnp.arange(routes)[:, None], mg[:, None], 0.0)
    by_day = by_route.reshape(days + 1, slots * routes, people)
    dose = jnp.where(late, by_day[:-1], by_day[1:])  # (days, slots by routes, people)
    own = np.tile(np.arange(routes), slots)  # the route of each place
    if slots * routes == 1:
        return Entries(offset[None], dose[:, :, None])
    order = jnp.argsort(offset, 0)
    chosen = (order[:, None] == jnp.arange(slots * routes)[:, None]).astype(mg.dtype)  # (in order, place, people)
    of_route = jnp.asarray(own[:, None] == np.arange(routes), mg.dtype)  # (place, route)
    placed = jnp.stack(
        [sum(c[j] * of_route[j, :, None] * dose[:, j, None] for j in range(slots * routes)) for c in chosen], 1
    )
    return Entries(jnp.sort(offset, 0)[None], placed)


def _column(values: Array) -> Array:
    """The values with people on the last axis."""
    return values if values.ndim == 2 else values[:, None]


def _in_a_row(doses: Doses, absorption: Absorption, mg: Array, route: Array, days: int, places: int) -> Entries:
    """Each dose is looked for on the day on which it enters."""
    lag = jnp.minimum(absorption.lag, LONGEST_LAG_H).astype(doses.time.dtype)
    waits = lag[route] if route.ndim == 1 else jnp.take_along_axis(lag, route, 0)
    when = jax.lax.cummax(doses.time[:, None] + waits)
    edges = HOURS * jnp.arange(days + 1)
    # Doses taken a day before an edge have entered by then; those of the day between are looked at one by one.
    sure, taken = jnp.searchsorted(doses.time, edges - HOURS), jnp.searchsorted(doses.time, edges)
    recent = sure[:, None] + jnp.arange(places)
    came = (when[jnp.minimum(recent, when.shape[0] - 1)] < edges[:, None, None]) & (recent < taken[:, None])[..., None]
    before = sure[:, None] + came.sum(1)
    place = before[:-1, None] + jnp.arange(places)[None, :, None]
    inside = place < before[1:, None]
    place = jnp.minimum(place, when.shape[0] - 1)
    columns = jnp.arange(when.shape[1])
    offset = jnp.where(inside, when[place, columns] - edges[:-1, None, None], HOURS)
    entered = jnp.where(inside, mg[place, columns], 0.0)
    routes = absorption.lag.shape[0]
    way = route[place] if route.ndim == 1 else route[place, columns]
    by_route = jnp.where(way[:, :, None] == jnp.arange(routes)[:, None], entered[:, :, None], 0.0)
    return Entries(offset.astype(mg.dtype), by_route)
