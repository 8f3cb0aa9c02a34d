"""The arms of a study: who they were and what they took, as a patient and a regimen of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anagen.errors import AnagenError, InputError, RegimenError
from anagen.files.reading import Reading
from anagen.patient.patient import HairEvent, Patient
from anagen.regimen import Course, Regimen
from anagen.treatments.registry import table
from anagen.validation.schema import ArmTable, StudyTable

NONE = "none"


@dataclass(frozen=True)
class Arm:
    """`n` people like `patient`, who took `regimen` (None: nothing). `assumed` is what the study does not say."""

    name: str
    n: int
    regimen: Regimen | None
    patient: Patient
    assumed: tuple[str, ...]

    @property
    def course_days(self) -> float:
        """Planned days from the first dose to the end of the course; 0 without one."""
        return self.regimen.events(self.patient.weight_kg).course_days if self.regimen else 0.0

    @property
    def single_dose(self) -> bool:
        """Whether only one dose was taken."""
        return self.regimen is not None and self.regimen.events(self.patient.weight_kg).single_dose


def arms(reading: Reading[Any], tables: StudyTable) -> tuple[Arm, ...]:
    """The arms of a file.

    Raises:
        InputError: two arms of one name, an unknown supplement, or people the model does not know.
        RegimenError: a regimen that cannot be read, or must not be simulated.
    """
    made: list[Arm] = []
    for i, entry in enumerate(tables.arms):
        if entry.name in [arm.name for arm in made]:
            message = f"arms[{i + 1}].name: there is an arm '{entry.name}' already"
            raise reading.error(("arms", i, "name"), message, "a name of its own")
        for j, supplement in enumerate(entry.supplements):
            reading.one_of(
                ("arms", i, "supplements", j), "supplement", supplement, table(tables.treatment, "supplements.toml")
            )
        patient = _patient(reading, i, entry)
        regimen = _regimen(reading, i, entry, tables.treatment, patient)
        made.append(Arm(entry.name, entry.n, regimen, patient, _assumed(entry, regimen)))
    return tuple(made)


def _patient(reading: Reading[Any], i: int, entry: ArmTable) -> Patient:
    people = entry.people
    try:
        return Patient(
            weight_kg=70.0 if people.weight_kg is None else people.weight_kg,
            age_years=30.0 if people.age is None else people.age,
            sex="male" if people.sex == "male" else "female",
            seborrheic_dermatitis=people.dermatitis or "none",
            pattern_hair_loss=people.pattern_hair_loss,
            ferritin_ug_per_l=people.ferritin_ug_per_l,
            supplements=tuple(entry.supplements),
            events=tuple(HairEvent(event.kind, event.day, event.fraction) for event in people.events),
        )
    except InputError as error:
        raise reading.error(
            ("arms", i, "people"), f"arms[{i + 1}].people: {error.message}", error.expected, error.nearest
        ) from None


def _regimen(reading: Reading[Any], i: int, entry: ArmTable, treatment: str, patient: Patient) -> Regimen | None:
    if entry.regimen.strip().casefold() == NONE:
        return None
    path = ("arms", i, "regimen")
    try:
        regimen = Regimen.from_text(entry.regimen, treatment)
        regimen.events(patient.weight_kg)
    except RegimenError as error:
        raise reading.within(path, error) from None
    except AnagenError as error:
        raise reading.error(path, f"arms[{i + 1}].regimen: {error.message}", error.expected, error.nearest) from None
    return regimen


def _assumed(entry: ArmTable, regimen: Regimen | None) -> tuple[str, ...]:
    """What the file does not say of the people and the model needs, after what it says itself."""
    people = entry.people
    said = list(entry.assumed)
    if people.weight_kg is None:
        said.append("weight not stated: 70 kg")
    if people.sex is None:
        said.append("sex not stated: women, which matters for CK only")
    if people.sex == "mixed":
        said.append("women and men: simulated as women, which matters for CK only")
    courses = regimen.courses if regimen else ()
    if any(isinstance(course, Course) and course.meal is None for course in courses):
        said.append("meal not stated: a standard meal with every dose")
    if regimen:
        said.append("every dose taken, at the times of the regimen")
    return tuple(said)
