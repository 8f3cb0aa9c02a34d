"""The door in: `from_fhir` reads a resource or Bundle of FHIR R4: a regimen, doses taken, measurements, a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as File
from typing import Any, Literal

from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.treatments.registry import known_treatment

from .administrations import administration_of
from .courses import regimen_of
from .entries import Administration, Measurement
from .moments import Moment, day_of, in_order, moment
from .observations import measurement_of
from .opening import READ, Opened, Resource, open_fhir
from .requests import steps_of
from .resources import Condition, Medication
from .resources import Patient as PatientResource


@dataclass(frozen=True)
class FhirRecord:
    """What a FHIR text says of one person and one treatment. Names and addresses are never kept.

    `start`, the day or moment the regimen starts, where that is said; `notes`, what the reader must know: what was
    assumed, and what was not read.
    """

    treatment: str
    regimen: Regimen | None = None
    start: Moment | None = None
    administrations: tuple[Administration, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    sex: Literal["female", "male"] | None = None
    birth_date: date | None = None
    notes: tuple[str, ...] = ()

    def patient(self, on: date | None = None, **others: Any) -> Patient:
        """The person as far as the record tells: sex, age on a day (by default the last in the record), the newest
        weight, height and ferritin. `others` goes before what is read.

        Raises:
            InputError: a value outside its range, such as the age of a child.
        """
        known: dict[str, Any] = {}
        if self.sex is not None:
            known["sex"] = self.sex
        newest = {one.name: one.value for one in self.measurements}  # they are in order
        for name, of in (("weight_kg", "weight"), ("height_cm", "height"), ("ferritin_ug_per_l", "ferritin")):
            if of in newest:
                known[name] = newest[of]
        days = [day_of(one.when) for one in self.measurements] + [day_of(one.when) for one in self.administrations]
        days += [day_of(self.start)] if self.start is not None else []
        on = on or max(days, default=None)
        if self.birth_date is not None and on is not None:
            birthday_to_come = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
            known["age_years"] = float(on.year - self.birth_date.year - birthday_to_come)
        return Patient(**(known | others))

    def to_fhir(self, *, weight_kg: float | None = None) -> str:
        """The record as a Bundle: its regimen, its doses, its measurements; nothing of the person.

        Raises:
            InputError: a regimen that FHIR R4 cannot say.
        """
        from .writing import bundle_text

        return bundle_text(
            self.regimen, self.start, weight_kg, self.administrations, self.measurements, treatment=self.treatment
        )


def from_fhir(source: str | bytes | File | Mapping[str, Any], *, treatment: str = "isotretinoin") -> FhirRecord:
    """Read FHIR R4 (4.0.1): a MedicationRequest, MedicationAdministration, Observation, Patient, or a Bundle of them.

    Args:
        source: a path, a JSON text, bytes, or the object itself.
        treatment: the drug whose requests and administrations are read.

    Raises:
        InputError: it is no FHIR R4, or something in it cannot be read; says where, and why.
        PregnancyStop: it says that the person is pregnant.

    >>> request = {
    ...     "resourceType": "MedicationRequest",
    ...     "status": "active",
    ...     "intent": "order",
    ...     "medicationCodeableConcept": {"text": "Isotretinoin"},
    ...     "subject": {"reference": "Patient/1"},
    ...     "dosageInstruction": [
    ...         {
    ...             "timing": {
    ...                 "repeat": {
    ...                     "frequency": 1,
    ...                     "period": 1,
    ...                     "periodUnit": "d",
    ...                     "when": ["C"],
    ...                     "boundsDuration": {"value": 24, "code": "wk"},
    ...                 }
    ...             },
    ...             "doseAndRate": [{"doseQuantity": {"value": 20, "code": "mg"}}],
    ...         }
    ...     ],
    ... }
    >>> from_fhir(request).regimen.text
    '20 mg once daily with a standard meal for 24 weeks'
    """
    known_treatment(treatment)
    opened = open_fhir(source)
    _one_person(opened)
    person = _person(opened)
    steps = steps_of(list(opened.of("MedicationRequest")), opened, treatment)
    regimen, start = regimen_of(steps, treatment, opened.spot) if steps else (None, None)
    given = [administration_of(one, opened, treatment) for one in opened.of("MedicationAdministration")]
    other = sum(one is None for one in given)
    for one in opened.of("Condition"):
        one.read(Condition)
    for one in opened.of("Medication"):  # of those that something refers to the drug was read; in error it was refused
        if one.read(Medication).status == "entered-in-error":
            one.spot.note("A Medication that was entered in error was left out.")
    measured = [measurement_of(one) for one in opened.of("Observation")]
    _tell_the_rest(opened, other)
    return FhirRecord(
        treatment,
        regimen,
        start,
        tuple(sorted((one for one in given if one), key=lambda one: in_order(one.when))),
        tuple(sorted((one for one in measured if one), key=lambda one: in_order(one.when))),
        *person,
        notes=tuple(opened.spot.notes),
    )


def _one_person(opened: Opened) -> None:
    """Refuse what is about more than one person."""
    patients = list(opened.of("Patient"))
    if len(patients) > 1:
        raise patients[1].spot.error("is a second person", expected="one person in a Bundle")
    known = _identities(patients[0]) if patients else set()
    for resource in opened.resources:
        subject = resource.raw.get("subject")
        target = subject.get("reference") if isinstance(subject, Mapping) else None
        if not isinstance(target, str) or resource.kind not in READ:
            continue
        plain = target if target.startswith(("#", "urn:")) else "/".join(target.split("/")[-2:])
        known = known or {plain}
        if plain not in known and target not in known:
            raise resource.spot.at("subject", "reference").error(
                "is another person than in the resources before", expected="one person in a Bundle"
            )


def _identities(patient: Resource) -> set[str]:
    """How other resources may refer to the person."""
    identity, url = patient.raw.get("id"), patient.full_url
    return ({f"Patient/{identity}"} if identity else set()) | ({url} if url else set())


def _person(opened: Opened) -> tuple[Literal["female", "male"] | None, date | None]:
    for resource in opened.of("Patient"):
        patient = resource.read(PatientResource)
        born = None
        if patient.birthDate is not None and len(patient.birthDate) < 10:
            resource.spot.note("The birth date is not a whole date, and was not read.")
        elif patient.birthDate is not None:
            born = moment(patient.birthDate, resource.spot.at("birthDate"))
            if day_of(born) != born:
                raise resource.spot.at("birthDate").error("has a time of day", expected="a date")
        if patient.gender == "female" or patient.gender == "male":
            return patient.gender, born
        if patient.gender is not None:
            resource.spot.note("The sex is not female or male: it was not read.")
        return None, born
    return None, None


def _tell_the_rest(opened: Opened, other: int) -> None:
    if other:
        opened.spot.note(f"{other} administrations of another drug, or in error, were left out.")
    rest = Counter(resource.kind for resource in opened.resources if resource.kind not in READ)
    rest += Counter({"Condition": sum(1 for _ in opened.of("Condition"))})
    if rest:
        counted = ", ".join(f"{count} {kind}" for kind, count in sorted(rest.items()))
        opened.spot.note(f"Not read: {counted}.")
