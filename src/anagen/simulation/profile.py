"""The level hour by hour of one person, by superposition of single doses: exact, and independent of the day grid."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.programs import program
from anagen.mechanisms.disposition import Amounts, Disposition
from anagen.regimen.events import DoseEvents
from anagen.treatments.contract import Wiring

from .doses import LONGEST_LAG_H

Floats = npt.NDArray[np.float64]
MEMORY_H = 40 * 24.0
"""Doses longer ago than this leave nothing (2^-45 of the slowest mode)."""
SIZES = (8, 64, 256, 1024, 4096, 16384)
GRID = 961


@dataclass(frozen=True)
class Profile:
    """Levels in ng/mL at `time_h` hours from the start of the window."""

    time_h: Floats
    parent: Floats
    metabolite: Floats


def _superpose(
    exposure: Disposition, entered: jax.Array, dose: jax.Array, grid: jax.Array
) -> tuple[jax.Array, jax.Array]:
    since = grid[:, None] - entered
    acting = jnp.where(since > 0, 1.0, 0.0)
    map_ = exposure.propagator(jnp.maximum(since, 0.0))
    later: Amounts = map_.of_dose(jnp.broadcast_to(dose[:, None, :], (dose.shape[0], *since.shape)))
    parent = (later.modes.sum(0) * acting).sum(1) / exposure.volume
    return 1e3 * parent, 1e3 * (later.metabolite * acting).sum(1) / exposure.metabolite_volume


def begin(wiring: Wiring, events: DoseEvents, start_h: float, hours: float) -> None:
    """Have the program of `profile` made ready in the background; `wiring` may hold shapes in the place of arrays."""

    def shape(*sizes: int) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct(sizes, np.dtype(np.float64))

    one = jax.tree_util.tree_map(lambda x: shape(*x.shape[:-1], 1), wiring.exposure)
    size = _size(int(_acting(events, start_h, hours).sum()))
    program(
        _superpose, ("superpose",), one, shape(size), shape(one.absorption.shape[0], size), shape(GRID), effort="brief"
    )


def _acting(events: DoseEvents, start_h: float, hours: float) -> npt.NDArray[np.bool_]:
    """The doses that matter to a window."""
    return np.asarray((events.time_h < start_h + hours) & (events.time_h >= start_h - MEMORY_H))


def _size(doses: int) -> int:
    return next(size for size in SIZES if size >= doses)


def profile(wiring: Wiring, events: DoseEvents, start_h: float, hours: float, person: int = 0) -> Profile:
    """Levels on an even grid from `start_h` (h after the first dose) over `hours`, of one column of the wiring."""
    exposure = jax.tree_util.tree_map(lambda x: np.asarray(x)[..., person : person + 1], wiring.exposure)
    absorption = wiring.absorption.person(person)
    chosen = _acting(events, start_h, hours)
    route = absorption.route[events.meal[chosen]]
    entered = np.maximum.accumulate(events.time_h[chosen] + np.minimum(absorption.lag, LONGEST_LAG_H)[route, 0])
    mg = absorption.absorbed(events.amount_mg[chosen], events.formulation[chosen], events.meal[chosen])[:, 0]
    size = _size(mg.size)
    routes = exposure.absorption.shape[0]
    dose = np.zeros((routes, size))
    dose[route, np.arange(mg.size)] = mg
    padded = np.full(size, np.inf)
    padded[: mg.size] = entered
    grid = np.linspace(0.0, hours, GRID)
    given = (exposure, np.minimum(padded, 1e9), dose, grid + start_h)
    parent, metabolite = program(_superpose, ("superpose",), *given, effort="brief")(*given)
    return Profile(grid, np.asarray(parent), np.asarray(metabolite))
