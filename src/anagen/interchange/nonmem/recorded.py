"""The doses of one person of an event table, in the place of a regimen: the table's door to the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen.errors import InputError
from anagen.patient.patient import Patient
from anagen.regimen import FORMULATIONS, MEALS, Course, Dose, DoseEvents, Note, Once, Regimen
from anagen.regimen.checks import LABEL_MG_PER_KG, REFUSED_MG_PER_KG, largest_day
from anagen.treatments.registry import treatment as find_treatment

if TYPE_CHECKING:
    from anagen.simulation.result import Simulation

    from .table import EventTable

LEAD_IN_DAYS = 42
"""So long before a steady-state record its doses begin: of what came before, 2^-48 of the slowest mode is left."""
MOST_NOTES = 3
LONGEST_INTERVAL_DAYS = 7.0
_SAME_TIME_H = 1e-6


@dataclass(frozen=True, eq=False)
class RecordedDoses(Regimen):
    """Doses as recorded, one by one; wherever a regimen may stand. `start_h` is the table's time of the first dose."""

    recorded: DoseEvents = field(kw_only=True)
    label: str = field(kw_only=True)
    start_h: float = field(kw_only=True)
    told: tuple[Note, ...] = field(kw_only=True, default=())

    @property
    def text(self) -> str:
        """Where the doses are from; no text of the regimen language."""
        return self.label

    def events(self, weight_kg: float) -> DoseEvents:
        """Every single dose.

        Raises:
            InputError: more than 8 mg/kg in any 24 hours.
        """
        if self.recorded.time_h.size:
            day_mg, _ = largest_day(self.recorded)
            if day_mg / weight_kg > REFUSED_MG_PER_KG + 1e-9:
                raise InputError(
                    f"{self.label}: {day_mg / weight_kg:.3g} mg/kg in 24 h ({day_mg:,.6g} mg for {weight_kg:g} kg)",
                    expected=f"at most {REFUSED_MG_PER_KG:g} mg/kg in any 24 h; the label's maximum is "
                    f"{LABEL_MG_PER_KG:g} mg/kg",
                )
        return self.recorded

    def notes(self, weight_kg: float) -> tuple[Note, ...]:
        """What the reader must be told: that of any regimen, and that of the table."""
        if not self.recorded.time_h.size:
            return self.told
        found = super().notes(weight_kg)
        capsules = [note for note in found if note.id == "not-marketed"]
        return (*(note for note in found if note not in capsules[MOST_NOTES:]), *self.told)


def recorded_doses(table: EventTable, person: float | None = None) -> RecordedDoses:
    """The doses of a person; a steady state as doses for 42 days before its record.

    Raises:
        InputError: no such person; or a reset, or SS 1, after a dose.
    """
    index = table.index(person)
    rows = slice(int(table.starts[index]), int(table.starts[index + 1]))
    r, doses = table.records, table.unrolled
    mine = np.flatnonzero((doses.row >= rows.start) & (doses.row < rows.stop))
    _no_reset(table, rows)
    row, time, mg = doses.row[mine], doses.time_h[mine], doses.mg[mine]
    before = [(row[i], time[i], mg[i]) for i in np.flatnonzero((r.ss[row] > 0) & (doses.number[mine] == 0))]
    for asking, at, amount in before:
        count = int(np.ceil(LEAD_IN_DAYS * 24 / r.ii_h[asking]))
        row = np.concatenate([np.full(count, asking), row])
        time = np.concatenate([at - r.ii_h[asking] * np.arange(count, 0, -1), time])
        mg = np.concatenate([np.full(count, amount), mg])
    order = np.lexsort((row, time))
    row, time, mg = row[order], time[order], mg[order]
    label = f"doses of {table.name}, ID {table.people[index]:g}"
    notes = [*table.notes]
    if before:
        notes.append(
            f"Steady state: its doses were laid out for {LEAD_IN_DAYS} days before the record, and day 0 is the first "
            "of them; levels are steady then, but sebum, blood values and hair have seen these days alone."
        )
    told = tuple(Note("event-table", "note", f"{table.name}: {text}") for text in notes)
    start = float(time[0]) if time.size else 0.0
    events = _events(table, row, time - start, mg)
    _not_crowded(table, label, events)
    return RecordedDoses(
        tuple(_courses(table, row, mg)), table.treatment, recorded=events, label=label, start_h=start, told=told
    )


def _not_crowded(table: EventTable, label: str, events: DoseEvents) -> None:
    """Refuse what the engine has no places for: a place for each dose of 24 h and each way of absorption."""
    from anagen.simulation.doses import Schedule

    model = find_treatment(table.treatment).model
    try:
        Schedule.of(events, [model.ROUTES.index(route) for route in model.routes(MEALS)])
    except InputError as error:
        raise InputError(f"{label}: {error.message}", expected=error.expected) from None


def _no_reset(table: EventTable, rows: slice) -> None:
    r = table.records
    dosed = np.cumsum(r.dosing[rows]) - r.dosing[rows] > 0
    bad = np.flatnonzero(dosed & ((r.evid[rows] >= 3) | (r.dosing[rows] & (r.ss[rows] == 1))))
    if bad.size:
        row = rows.start + int(bad[0])
        column, what = (
            ("SS", "a steady state in place of the doses before it") if r.evid[row] == 1 else ("EVID", "a reset")
        )
        raise table.sheet.error(
            row,
            column,
            f"{what}: no living person is emptied, so that sebum, blood and hair cannot go on from there",
            "predict, for levels alone; an ID of its own for each period; or SS 2, which adds",
        )


def _events(
    table: EventTable, row: np.ndarray[Any, Any], time: np.ndarray[Any, Any], mg: np.ndarray[Any, Any]
) -> DoseEvents:
    r = table.records
    meal = np.where(r.meal[row] < 0, MEALS.index("standard"), r.meal[row])
    form = np.where(r.formulation[row] < 0, 0, r.formulation[row])
    changed = np.zeros(row.size, np.int64)
    if row.size:
        changed[1:] = (np.diff(mg) != 0) | (np.diff(meal) != 0) | (np.diff(form) != 0)
    return DoseEvents(
        time_h=time.astype(np.float64),
        amount_mg=mg.astype(np.float64),
        meal=meal.astype(np.int8),
        formulation=form.astype(np.int8),
        course=np.cumsum(changed).astype(np.int32),
        course_days=_course_days(r.ii_h[row], time),
        single_dose=time.size == 1,
    )


def _course_days(interval: np.ndarray[Any, Any], time: np.ndarray[Any, Any]) -> float:
    """To the end of the last dosing interval: II, or the gap before the last dose, of 1 to 7 days."""
    if not time.size:
        return 0.0
    gaps = np.diff(np.unique(np.round(time / _SAME_TIME_H) * _SAME_TIME_H))
    last = float(interval[-1]) or (float(gaps[-1]) if gaps.size else 24.0)
    days = min(max(last / 24, 1.0), LONGEST_INTERVAL_DAYS)
    return float(np.ceil(float(time[-1]) / 24 + days - 1e-9)) if time.size > 1 else 1.0


def _courses(table: EventTable, row: np.ndarray[Any, Any], mg: np.ndarray[Any, Any]) -> Iterator[Course]:
    """One course for each kind of dose, for what is said of doses and meals."""
    r = table.records
    kinds = sorted(set(zip(mg.tolist(), r.meal[row].tolist(), r.formulation[row].tolist(), strict=True)))
    for amount, meal, form in kinds:
        yield Course(
            Dose(amount),
            Once(),
            meal=MEALS[int(meal)] if meal >= 0 else None,
            formulation=FORMULATIONS[max(int(form), 0)],
        )


def person_of(
    table: EventTable, person: float | None = None, others: Mapping[str, Any] | None = None
) -> tuple[RecordedDoses, Patient]:
    """The doses of a person and who they are; `others` says of the person what the table does not.

    Raises:
        InputError: as `recorded_doses`; a weight that changes in time.
    """
    index = table.index(person)
    if table.weight_of(index).changes:
        raise InputError(
            f"{table.name}: the weight of ID {table.people[index]:g} changes in time, and the cascade is of one weight",
            expected="predictions of levels, which follow the weight; or one weight: leave the column out (--drop) "
            "and say it of the person (--weight)",
        )
    return recorded_doses(table, person), table.patient(person, **(others or {}))


def simulate_person(
    table: EventTable, person: float | None = None, others: Mapping[str, Any] | None = None, **options: Any
) -> Simulation:
    """The whole cascade of a person of the table; `options` as of `anagen.simulate`, `others` as of `person_of`."""
    from anagen.simulation.simulate import simulate

    doses, patient = person_of(table, person, others)
    return simulate(table.treatment, doses if doses.recorded.time_h.size else None, patient, **options)
