"""What a record asks for: the command and its inputs, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date as Date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from anagen.errors import InputError
from anagen.patient.patient import HairEvent, Patient
from anagen.regimen import Regimen

from .doses import DosesTable
from .seal import canonical


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class EventTable(_Table):
    """A hair event."""

    kind: str
    day: int
    fraction: float | None = None


class PatientTable(_Table):
    """The person described; as `Patient`, which checks the values."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    weight_kg: float
    height_cm: float | None
    age_years: float
    sex: str
    seborrheic_dermatitis: str
    pattern_hair_loss: bool
    ferritin_ug_per_l: float | None
    supplements: list[str]
    events: list[EventTable]

    def patient(self) -> Patient:
        """The person; raises as `Patient` does."""
        table: dict[str, Any] = self.model_dump()
        table["supplements"] = tuple(table["supplements"])
        table["events"] = tuple(HairEvent(**event) for event in table["events"])
        return Patient(**table)


class RunTable(_Table):
    """What repeats a simulation, a comparison or an analysis."""

    command: Literal["simulate", "compare", "analyse"]
    treatment: str
    regimens: list[str]
    patient: PatientTable
    weeks: int
    people: int
    seed: int
    spread: Literal["both", "between", "unknown"]
    assumed: list[str]
    mode: Literal["reader", "clinician"]
    daily: bool = False
    first_person: int = 0
    structures: str | None = None
    doses: list[DosesTable | None] | None = None
    layout: Literal["long", "wide", "cdisc"] | None = None
    date: Date | None = None

    def courses(self) -> list[str | Regimen | None]:
        """What each arm takes: a text, the doses that no text says, or None."""
        doses = self.doses or [None] * len(self.regimens)
        if len(doses) != len(self.regimens):
            raise InputError("the doses in the provenance do not fit together", expected="a table for each regimen")
        return [
            given.regimen(self.treatment) if given else (text or None)
            for text, given in zip(self.regimens, doses, strict=True)
        ]


class TrialRecord(_Table):
    """What repeats a trial: the text of its file, and what the command line changed."""

    command: Literal["trial"]
    treatment: str
    trial: str
    people: int
    seed: int
    mode: Literal["reader", "clinician"]
    population: str
    population_file: str | None = None
    power: list[int] = []
    layout: Literal["long", "wide"] | None = None
    date: Date | None = None


def request(record: Mapping[str, Any], path: Path) -> RunTable | TrialRecord:
    """The checked request of a record.

    Raises:
        InputError: an entry is missing, or of a wrong kind: names the file and the entry.
    """
    kind: Callable[[Any], RunTable | TrialRecord] = (
        TrialRecord.model_validate_json if record.get("command") == "trial" else RunTable.model_validate_json
    )
    try:
        return kind(canonical(record))  # as JSON, in which a list may stand for a pair
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"the provenance in {path} cannot be used: {place}: {first['msg']}",
            expected="a file of simulate, compare, analyse or trial, written by a version that records its inputs",
        ) from None
