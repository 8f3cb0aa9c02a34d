"""The one person whom an SBML file describes: the wiring of their parameters, as drawn by the engine's own code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.compiled.programs import program
from anagen.patient.draws import Spread, Spreads
from anagen.patient.patient import Patient
from anagen.patient.streams import TYPICAL, normals, stream_key
from anagen.regimen import MEALS
from anagen.regimen.events import DoseEvents
from anagen.simulation.doses import LONGEST_LAG_H, Schedule
from anagen.simulation.engine import prepare, series_names
from anagen.simulation.run import TILES, covariates
from anagen.treatments.contract import Wiring
from anagen.treatments.registry import Treatment

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Entry:
    """A dose as it enters: hours since the first dose at which it was `taken_h` and `enters_h`, the way in, mg."""

    taken_h: float
    enters_h: float
    route: int
    absorbed_mg: float
    taken_mg: float


@dataclass(frozen=True)
class Drawn:
    """Person `number` (-1 the typical one): `wiring` with numbers in the place of arrays of people; `start`, all
    published series before the first dose; `pulses`, the share of anagen that each kind of event takes; `routes`, the
    names of the ways of absorption that the doses use; `entries`, the doses."""

    number: int
    wiring: Wiring
    start: Mapping[str, float]
    pulses: Mapping[str, float]
    routes: tuple[str, ...]
    entries: tuple[Entry, ...]


def draw(
    treatment: Treatment,
    events: DoseEvents,
    patient: Patient,
    *,
    number: int,
    seed: int,
    assumed: frozenset[str],
    spread: Spread,
) -> Drawn:
    """Draw one person as the engine would, in its smallest tile."""
    configure()
    model = treatment.model
    schedule = Schedule.of(events, [model.ROUTES.index(route) for route in model.routes(MEALS)])
    person = covariates(treatment, patient)
    people = np.array([TYPICAL, max(number, 0)])[: TILES[0]]
    column = 0 if number == TYPICAL else 1
    drawing = (np.uint32(seed), people, Spreads.named(spread), person, np.array(schedule.routes))
    key = ("prepare", treatment.fingerprint(), *sorted(assumed))
    wiring, _, row, sizes = program(partial(prepare, treatment, assumed), key, *drawing, effort="brief")(*drawing)
    one = replace(
        wiring,
        exposure=_of(wiring.exposure, column),
        mechanisms=tuple(_of(block, column) for block in wiring.mechanisms),
        absorption=wiring.absorption.person(column),
        off_drug=float(wiring.off_drug),
    )
    kinds = list(model.event_days(treatment.parameters))
    fractions = {kind: float(np.asarray(sizes)[i, column]) for i, kind in enumerate(kinds)}
    start = {name: float(np.asarray(row)[i, column]) for i, name in enumerate(series_names(wiring))}
    routes = tuple(model.ROUTES[i] for i in schedule.routes)
    return Drawn(number, one, start, fractions, routes, _entries(one, events, number, seed))


def _of(tree: Any, column: int) -> Any:
    """One person of a tree of arrays with people on the last axis."""

    def one(x: Any) -> Any:
        values = np.asarray(x)
        return values[..., min(column, values.shape[-1] - 1)] if values.ndim else values

    return jax.tree_util.tree_map(one, tree)


def _entries(wiring: Wiring, events: DoseEvents, number: int, seed: int) -> tuple[Entry, ...]:
    """When and how much of each dose enters; none overtakes one that was taken earlier."""
    absorption = wiring.absorption
    route = np.asarray(absorption.route)[events.meal]
    lag = np.minimum(np.asarray(absorption.lag)[:, 0], LONGEST_LAG_H)
    enters = np.maximum.accumulate(events.time_h + lag[route]) if events.time_h.size else events.time_h
    mg = np.asarray(absorption.absorbed(events.amount_mg, events.formulation, events.meal))[:, 0]
    if number != TYPICAL and absorption.occasion:
        keyed = stream_key(seed, "occasion")
        z = np.asarray(normals(keyed, jnp.array([number]), jnp.arange(events.time_h.size)))[:, 0]
        mg = mg * np.exp(absorption.occasion * z - 0.5 * absorption.occasion**2)
    rows = zip(events.time_h, enters, route, mg, events.amount_mg, strict=True)
    return tuple(Entry(float(t), float(e), int(r), float(a), float(m)) for t, e, r, a, m in rows)
