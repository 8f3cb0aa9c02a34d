"""What the API takes: bodies with the names that its answers have."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from anagen.errors import InputError
from anagen.patient.patient import EventKind, HairEvent, Patient, Severity, Sex

from ..engine import Run

Text = Annotated[str, Field(min_length=1, max_length=2_000, examples=["20 mg once daily with food for 24 weeks"])]
TWO = ["20 mg once daily with food for 24 weeks", "10 mg every other day with food for 24 weeks"]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class Body(BaseModel):
    """Unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class EventBody(Body):
    """Something that sends hairs to rest."""

    kind: EventKind
    day: Annotated[int, Field(ge=0, le=5 * 366)]
    fraction: Annotated[float, Field(ge=0, le=0.9)] | None = None


class PatientBody(Body):
    """One adult; `pregnant: true` stops, and nothing is simulated."""

    weight_kg: Annotated[float, Field(ge=30, le=250)] = 70.0
    height_cm: Annotated[float, Field(ge=100, le=250)] | None = None
    age_years: Annotated[float, Field(ge=18, le=100)] = 30.0
    sex: Sex = "female"
    seborrheic_dermatitis: Severity = "none"
    pattern_hair_loss: bool = False
    ferritin_ug_per_l: Annotated[float, Field(ge=0, le=5000)] | None = None
    supplements: Annotated[list[Name], Field(max_length=20)] = []
    events: Annotated[list[EventBody], Field(max_length=20)] = []
    pregnant: bool = False

    def patient(self) -> Patient:
        """The person described.

        Raises:
            PregnancyStop: `pregnant` is true.
        """
        events = tuple(HairEvent(event.kind, event.day, event.fraction) for event in self.events)
        own = self.model_dump(exclude={"supplements", "events"})
        return Patient(**own, supplements=tuple(dict.fromkeys(self.supplements)), events=events)


class RunBody(Body):
    """What every simulation takes."""

    treatment: Name = "isotretinoin"
    patient: PatientBody = PatientBody()
    weeks: Annotated[int, Field(ge=1, le=312)] | None = None
    people: Annotated[int, Field(ge=1)] = 1000
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    assume: Annotated[list[Name], Field(max_length=20)] = []
    spread: Literal["both", "between", "unknown"] = "both"
    mode: Literal["reader", "clinician"] = "reader"

    def run(self, request: Request) -> Run:
        """The run, within what this server allows.

        Raises:
            InputError: more people than this server simulates, or another treatment.
        """
        state = request.app.state
        if self.people > state.settings.most_people:
            raise InputError(f"people: {self.people:,}", expected=f"at most {state.settings.most_people:,} here")
        known = state.engine.treatment.name
        if self.treatment != known:
            raise InputError(f"unknown treatment '{self.treatment}'", expected=known, nearest=known)
        assume = tuple(dict.fromkeys(self.assume))
        return Run(
            weeks=self.weeks, people=self.people, seed=self.seed, assume=assume, spread=self.spread, mode=self.mode
        )


class SimulateBody(RunBody):
    """One regimen."""

    regimen: Text


class CompareBody(RunBody):
    """Two to eight regimens in the same people."""

    regimens: Annotated[list[Text], Field(min_length=2, max_length=8, examples=[TWO])]
