"""Doses that no regimen text says (those of an event table), kept in a record one by one and given back."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from anagen.errors import InputError
from anagen.regimen import FORMULATIONS, MEALS, Course, Dose, DoseEvents, Note, Once, Regimen

KINDS = {"time_h": np.float64, "amount_mg": np.float64, "meal": np.int8, "formulation": np.int8, "course": np.int32}
LONGEST_H = 24.0 * 366 * 6


class NoteTable(BaseModel):
    """A note on the doses."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    id: str
    level: str
    text: str


class DosesTable(BaseModel):
    """Doses in order: `time_h` since the first (h), `amount_mg` (mg), places of `meal` and `formulation`, `course`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    label: str
    start_h: float
    course_days: float
    single_dose: bool
    kinds: list[tuple[float, int | None, int]]
    notes: list[NoteTable]
    time_h: list[float]
    amount_mg: list[float]
    meal: list[int]
    formulation: list[int]
    course: list[int]

    def regimen(self, treatment: str) -> Regimen:
        """The regimen that they were.

        Raises:
            InputError: the lists do not fit together, or a value cannot be.
        """
        from anagen.interchange.nonmem.recorded import RecordedDoses

        times = np.array(self.time_h)
        sizes = {len(getattr(self, name)) for name in KINDS}
        known = all(0 <= place < len(MEALS) for place in self.meal) and all(
            0 <= place < len(FORMULATIONS) for place in self.formulation
        )
        kinds = all((m is None or 0 <= m < len(MEALS)) and 0 <= f < len(FORMULATIONS) for _, m, f in self.kinds)
        rising = bool(np.isfinite(times).all() and (np.diff(times) >= 0).all() and (times >= 0).all())
        positive = all(0 < mg < 1e6 for mg in [*self.amount_mg, *(mg for mg, _, _ in self.kinds)])
        whole = 0 < self.course_days <= LONGEST_H / 24 and all(0 <= c < max(1, len(times)) for c in self.course)
        if len(sizes) != 1 or not times.size or times[-1] > LONGEST_H or not (known and kinds and rising and positive):
            whole = False
        if not whole:
            raise InputError("the doses in the provenance do not fit together", expected="the file as Anagen wrote it")
        events: dict[str, Any] = {name: np.array(getattr(self, name), kind) for name, kind in KINDS.items()}
        return RecordedDoses(
            tuple(
                Course(Dose(mg), Once(), meal=None if m is None else MEALS[m], formulation=FORMULATIONS[f])
                for mg, m, f in self.kinds
            ),
            treatment,
            recorded=DoseEvents(**events, course_days=self.course_days, single_dose=self.single_dose),
            label=self.label,
            start_h=self.start_h,
            told=tuple(Note(n.id, n.level, n.text) for n in self.notes),
        )


def doses_of(regimen: Regimen | None) -> dict[str, Any] | None:
    """The table of doses that their text does not give back; None for a regimen of the language.

    >>> doses_of(Regimen.from_text("20 mg once daily for 4 weeks")) is None
    True
    """
    if regimen is None or type(regimen) is Regimen:
        return None
    from anagen.interchange.nonmem.recorded import RecordedDoses

    if not isinstance(regimen, RecordedDoses):
        raise InputError(
            f"{type(regimen).__name__}: a regimen that no file of results can hold",
            expected="one made from text, or from an event table",
        )
    events = regimen.recorded
    courses = [c for c in regimen.courses if isinstance(c, Course)]
    return {
        "label": regimen.label,
        "start_h": float(regimen.start_h),
        "course_days": float(events.course_days),
        "single_dose": bool(events.single_dose),
        "kinds": [
            [float(c.dose.value), MEALS.index(c.meal) if c.meal else None, FORMULATIONS.index(c.formulation)]
            for c in courses
        ],
        "notes": [{"id": note.id, "level": note.level, "text": note.text} for note in regimen.told],
        **{name: getattr(events, name).tolist() for name in KINDS},
    }
