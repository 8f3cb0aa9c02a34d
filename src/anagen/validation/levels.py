"""Levels hour by hour of many people at once: exact superposition of single doses, as `simulation/profile.py` for one.

What entered a day or more before the window is carried to its start as amounts; later doses are added one by one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.programs import program
from anagen.fingerprint import folder_digest
from anagen.mechanisms.disposition import Amounts, Disposition
from anagen.regimen.events import DoseEvents
from anagen.simulation.doses import LONGEST_LAG_H
from anagen.simulation.profile import MEMORY_H
from anagen.treatments.contract import Wiring

Array = jax.Array
Floats = npt.NDArray[np.float64]
DAY_H = 24.0
_SIZES = (1, 8, 64, 256, 1024, 4096, 16384)
_TIMES = (16, 128, 512, 1024, 2048, 4096)
_NEVER = 1e9


def levels(wiring: Wiring, events: DoseEvents, spread: Array, start_h: float, hours: Floats) -> tuple[Floats, Floats]:
    """Parent and metabolite in ng/mL at `hours` after `start_h` (h after the first dose), each `(times, people)`.

    `spread` `(doses, people)` multiplies the share absorbed of each dose.
    """
    absorption, time = wiring.absorption, events.time_h
    route = np.asarray(absorption.route)[events.meal]
    lag = np.minimum(np.asarray(absorption.lag), LONGEST_LAG_H)
    entered = np.maximum.accumulate(time[:, None] + lag[route], axis=0)
    mg = np.asarray(absorption.absorbed(events.amount_mg, events.formulation, events.meal) * spread)
    end = start_h + float(hours.max(initial=0.0))
    old = (time <= start_h - DAY_H) & (time >= start_h - MEMORY_H)
    new = (time > start_h - DAY_H) & (time <= end)
    routes = wiring.exposure.absorption.shape[0]
    given = (
        wiring.exposure,
        *_padded(start_h - entered[old], mg[old], route[old], routes, MEMORY_H),
        *_padded(entered[new] - start_h, mg[new], route[new], routes, _NEVER),
        _times(hours),
    )
    parent, metabolite = program(_levels, ("validation levels", _source()), *given, effort="brief")(*given)
    return np.asarray(parent)[: hours.size], np.asarray(metabolite)[: hours.size]


def _levels(
    exposure: Disposition, since: Array, old: Array, entered: Array, new: Array, grid: Array
) -> tuple[Array, Array]:
    def carried(amounts: Amounts, dose: tuple[Array, Array]) -> tuple[Amounts, None]:
        hours, mg = dose
        later = exposure.propagator(hours).of_dose(mg)
        return jax.tree_util.tree_map(jnp.add, amounts, later), None

    start, _ = jax.lax.scan(carried, exposure.initial(), (since, jnp.moveaxis(old, 1, 0)))
    # One time for all people, in a row for each: the map of a time is computed person by person.
    hours = jnp.broadcast_to(grid[:, None], (grid.size, since.shape[-1]))
    later = exposure.propagator(hours)(Amounts(*(x if x.ndim == 1 else x[:, None] for x in start)))

    def added(levels: tuple[Array, Array], dose: tuple[Array, Array]) -> tuple[tuple[Array, Array], None]:
        when, mg = dose
        waited = hours - when
        acting = jnp.where(waited > 0, 1.0, 0.0)
        much = jnp.broadcast_to(mg[:, None], (mg.shape[0], *waited.shape))
        gained = exposure.propagator(jnp.maximum(waited, 0.0)).of_dose(much)
        return (levels[0] + acting * gained.modes.sum(0), levels[1] + acting * gained.metabolite), None

    first = (later.modes.sum(0), later.metabolite)
    (parent, metabolite), _ = jax.lax.scan(added, first, (entered, jnp.moveaxis(new, 1, 0)))
    return 1e3 * parent / exposure.volume, 1e3 * metabolite / exposure.metabolite_volume


def _padded(
    hours: Floats, mg: Floats, route: npt.NDArray[np.int_], routes: int, unused: float
) -> tuple[Floats, Floats]:
    """Times `(size, people)` and mg `(routes, size, people)`; what is not used has mg 0."""
    doses, people = hours.shape
    size = next(s for s in _SIZES if s >= doses)
    when = np.full((size, people), unused)
    when[:doses] = hours
    dose = np.zeros((routes, size, people))
    dose[route, np.arange(doses)] = mg
    return when, dose


def _times(hours: Floats) -> Floats:
    size = next(s for s in _TIMES if s >= hours.size)
    grid = np.full(size, hours[-1])
    grid[: hours.size] = hours
    return grid


@cache
def _source() -> str:
    return folder_digest(Path(__file__))
