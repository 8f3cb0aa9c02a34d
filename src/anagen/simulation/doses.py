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

from anagen.regimen.events import DoseEvents
from anagen.treatments.contract import Absorption

from .day import HOURS, Entries

Array = jax.Array
LONGEST_LAG_H = 23.5
PLACES = (1, 2, 3, 4, 6, 8, 12, 24, 48)


class Doses(NamedTuple):
    """Doses of one block and of the day before it, padded: `time` in h from the block's start, `mg`, meal, formulation,
    running `number` of the dose. Padding: time far off, mg 0."""

    time: Array
    mg: Array
    meal: Array
    formulation: Array
    number: Array


@dataclass(frozen=True)
class Schedule:
    """An arm's dose events with what is fixed for all its people: `places` a day and `routes` of absorption."""

    events: DoseEvents
    places: int
    routes: tuple[int, ...]

    @classmethod
    def of(cls, events: DoseEvents, route: Sequence[int]) -> Schedule:
        """Finds the most doses in any 24 h, and the ways of absorption used; `route` gives that of each meal."""
        time = events.time_h
        most = int((np.searchsorted(time, time + HOURS - 1e-9) - np.arange(time.size)).max()) if time.size else 1
        routes = tuple(sorted({route[meal] for meal in events.meal.tolist()})) or (0,)
        wanted = most * len(routes)  # doses that wait for different times can come together
        return cls(events, next(p for p in PLACES if p >= wanted), routes)

    def block(self, first_day: int, days: int) -> Doses:
        """The doses that can enter during `days` from `first_day` on."""
        start, size = HOURS * first_day, (days + 1) * self.places
        time = self.events.time_h
        low, high = np.searchsorted(time, [start - HOURS, start + HOURS * days])
        chosen = slice(low, high)

        def padded(values: npt.NDArray[Any], fill: float, kind: type) -> Any:
            row: npt.NDArray[Any] = np.full(size, fill, kind)
            row[: high - low] = values[chosen]
            return row

        return Doses(
            time=padded(time - start, 1e9, np.float64),
            mg=padded(self.events.amount_mg, 0.0, np.float64),
            meal=padded(self.events.meal, 0, np.int32),
            formulation=padded(self.events.formulation, 0, np.int32),
            number=padded(np.arange(time.size), 0, np.int32),
        )

    def taken_mg(self, first_day: int, days: int) -> npt.NDArray[np.float64]:
        """Total mg taken on each day, `(days,)`."""
        edges = HOURS * np.arange(first_day, first_day + days + 1)
        total, _ = np.histogram(self.events.time_h, edges, weights=self.events.amount_mg)
        at_end = self.events.time_h == edges[-1]  # histogram closes its last bin on the right
        total[-1] -= self.events.amount_mg[at_end].sum()
        return total


def entries(doses: Doses, absorption: Absorption, z: Array, people: Array, days: int, places: int) -> Entries:
    """When and how much of each dose enters, `(days, places, ...)`; `z` (doses, people), normals."""
    route = absorption.route[doses.meal]
    lag = jnp.minimum(absorption.lag, LONGEST_LAG_H)[route]
    when = jax.lax.cummax(doses.time[:, None] + lag)
    mean_kept = jnp.where(people == -1, 0.0, absorption.occasion / 2)
    mg = absorption.absorbed(doses.mg, doses.formulation, doses.meal) * jnp.exp(absorption.occasion * (z - mean_kept))

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
    by_route = jnp.where(route[place][:, :, None] == jnp.arange(routes)[:, None], entered[:, :, None], 0.0)
    return Entries(offset, by_route)
