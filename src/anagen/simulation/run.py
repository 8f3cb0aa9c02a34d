"""One arm: tiles of people through blocks of weeks. Series come back as NumPy arrays, typical person first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.compiled.programs import program
from anagen.patient.draws import Spread, Spreads
from anagen.patient.patient import Patient
from anagen.patient.streams import TYPICAL
from anagen.regimen.events import DoseEvents
from anagen.treatments.contract import Person, Wiring
from anagen.treatments.registry import Treatment

from .doses import Doses, Schedule
from .engine import BLOCK_DAYS, BLOCK_WEEKS, WEEK, Carry, Days, advance, in_precision, prepare, series_names

Floats = npt.NDArray[np.float64]
TILES = (2, 128, 1008)
"""Tile shapes: one person beside the typical one, a small group, and tiles of the last for all others. The shape is
part of a run's provenance: a person in another shape agrees to rounding, in the same shape to the bit. The last is not
1,024: rows of a multiple of 4 KB would all fall into the same lines of the processor's cache."""


def precision_of(tile: int) -> str:
    """In which the days of a tile are computed: large groups in single, which takes half the time and is within 2e-5
    of double. People are drawn in double."""
    return "float32" if tile == TILES[-1] else "float64"


@dataclass(frozen=True)
class Arm:
    """What the engine gave: `days` (rows,) and `series`, name -> `(rows, 1 + people)`, the typical person first."""

    days: Floats
    series: Mapping[str, Floats]
    tile: int
    wiring: Wiring


def covariates(treatment: Treatment, patient: Patient) -> Person:
    """The patient as the wiring needs it."""
    raised = {name.split(".")[1]: 1.0 for name in treatment.parameters if name.startswith("nutrients.")}
    for supplement in patient.supplements:
        for nutrient, factor in treatment.supplement(supplement)["raises"].items():
            raised[nutrient] *= factor
    ferritin = patient.ferritin_ug_per_l
    return Person(
        weight_kg=np.float64(patient.weight_kg),
        male=np.bool_(patient.sex == "male"),
        dermatitis_severity=np.float64(patient.severity),
        pattern_hair_loss=np.bool_(patient.pattern_hair_loss),
        ferritin_ug_per_l=np.float64(np.inf if ferritin is None else ferritin),
        raised={name: np.float64(factor) for name, factor in raised.items()},
    )


def _pulse(patient: Patient, kinds: Mapping[str, int], first_day: int) -> Floats:
    """How much of each kind of event falls on each day of a block, `(days, kinds)`."""
    days = np.arange(first_day, first_day + BLOCK_DAYS)
    table = np.zeros((BLOCK_DAYS, len(kinds)))
    for event in patient.events:
        column, length = list(kinds).index(event.kind), kinds[event.kind]
        table[(days >= event.day) & (days < event.day + length), column] += 1 / length
    return table


def run_arm(
    treatment: Treatment,
    events: DoseEvents,
    patient: Patient,
    *,
    weeks: int,
    people: int,
    seed: int,
    assumed: frozenset[str],
    spread: Spread = "both",
    daily: bool = False,
    first_person: int = 0,
    replicates: int | None = None,
    given: Mapping[str, Floats] | None = None,
    progress: Callable[[float], None] | None = None,
    begun: Callable[[Wiring], None] | None = None,
) -> Arm:
    """Simulate one arm for the typical person and `people` others, numbered from `first_person`.

    Rows are days 0, 7, 14, ... (or every day where `daily`). Of `replicates`, people come in so many consecutive
    groups of one size, in each of which what nobody knows is the same. `given` are parameters by name, `(people,)`,
    that are not drawn (the typical person keeps the value itself). `begun` is called with the shapes of the wiring as
    soon as they are known, so that what comes after can be made ready meanwhile.
    """
    configure()
    model = treatment.model
    kinds = model.event_days(treatment.parameters)
    from anagen.regimen import MEALS

    schedule = Schedule.of(events, [model.ROUTES.index(route) for route in model.routes(MEALS)])
    person = covariates(treatment, patient)
    numbers = np.concatenate([[TYPICAL], np.arange(first_person, first_person + people)])
    own = {name: np.concatenate([[treatment.parameters[name].value], row]) for name, row in (given or {}).items()}
    groups = np.concatenate([[TYPICAL], np.arange(people) // (people // replicates)]) if replicates else None
    tile = next((size for size in TILES if numbers.size <= size), TILES[-1])
    blocks = -(-weeks // BLOCK_WEEKS)
    step = 1 if daily else WEEK
    identity = (treatment.fingerprint(), *sorted(assumed))
    keep = weeks * WEEK // step + 1
    steps = 0

    key = np.uint32(seed)
    precision = precision_of(tile)
    weight = person.weight_kg.astype(precision)
    columns: list[Floats] = []
    first: Wiring | None = None
    for start in range(0, numbers.size, tile):
        some = numbers[start : start + tile]
        padded = np.concatenate([some, some[-1] + 1 + np.arange(tile - some.size)])
        drawing: tuple[Any, ...] = (key, padded, Spreads.named(spread), person, np.array(schedule.routes))
        if own or groups is not None:
            mine = partial(_padded, start=start, size=tile)
            shared = None if groups is None else mine(groups)
            drawing = (*drawing, {name: mine(row) for name, row in own.items()}, shared)
        draw = program(partial(_drawn, treatment, assumed, precision), ("drawn", precision, *identity), *drawing)
        schedule_of = partial(_given, schedule, patient, kinds)
        wired, _, (moving, carry, sizes) = draw.result
        shapes = (moving, carry, key, padded, weight, sizes, *schedule_of(0))
        step_through = partial(advance, shape=schedule.shape, daily=daily)
        through = program(step_through, ("advance", schedule.shape, daily), *shapes)
        if begun and start == 0:
            begun(wired)
        wiring, row, (moving, carry, sizes) = draw(*drawing)
        first = first or wiring
        sizes = _given_sizes(sizes, patient, list(kinds))
        rows = [np.asarray(row)[None]]
        for block in range(blocks):
            day = block * BLOCK_DAYS
            carry, made = through(moving, carry, key, padded, weight, sizes, *schedule_of(day))
            rows.append(made)
            steps += 1
            if progress:
                progress(steps / (blocks * -(-numbers.size // tile)))
        columns.append(np.concatenate([np.asarray(row) for row in rows])[:keep, :, : some.size])
    assert first is not None
    table = np.concatenate(columns, axis=2)
    series = {name: table[:, i] for i, name in enumerate(series_names(first))}
    return Arm(np.arange(keep, dtype=float) * step, series, tile, first)


def _drawn(
    treatment: Treatment, assumed: frozenset[str], precision: str, *drawing: Any
) -> tuple[Wiring, Any, tuple[Wiring, Carry, Any]]:
    """People as `prepare` draws them: their wiring and first row, and what `advance` takes, in that precision."""
    wiring, carry, row, sizes = prepare(treatment, assumed, *drawing)
    return wiring, row, in_precision((wiring, carry, sizes), precision)


def _padded(row: npt.NDArray[Any], start: int, size: int) -> npt.NDArray[Any]:
    """A tile's part of a row of people, its last value repeated."""
    part = row[start : start + size]
    return np.pad(part, (0, size - part.size), mode="edge")


def _given(schedule: Schedule, patient: Patient, kinds: Mapping[str, int], day: int) -> tuple[Doses, Days]:
    """The doses and the days of the block that begins on `day`."""
    number = np.arange(day, day + BLOCK_DAYS)
    days = Days(number, schedule.taken_mg(day, BLOCK_DAYS), _pulse(patient, kinds, day))
    return schedule.block(day, BLOCK_DAYS), days


def _given_sizes(drawn: object, patient: Patient, kinds: list[str]) -> object:
    """The fraction of anagen that each kind of event takes: as drawn, or as the person said."""
    sizes = jnp.asarray(drawn)
    for event in patient.events:
        if event.fraction is not None:
            sizes = sizes.at[kinds.index(event.kind)].set(event.fraction)
    return sizes
