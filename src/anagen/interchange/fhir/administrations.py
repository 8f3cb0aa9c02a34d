"""MedicationAdministration of FHIR -> doses taken. One that was entered in error is told and left out."""

from __future__ import annotations

from .dosage import check_route, dose_of
from .drug import drug_of
from .entries import Administration
from .json_text import fhir_path
from .moments import Moment, moment
from .opening import Opened, Resource
from .resources import MedicationAdministration


def administration_of(resource: Resource, opened: Opened, treatment: str) -> Administration | None:
    """The dose; None where the resource is about another drug, or was entered in error.

    Raises:
        InputError: it is not known whether, when or how much was taken.
    """
    given = resource.read(MedicationAdministration)
    spot = resource.spot
    if given.status == "entered-in-error":
        spot.note("A dose that was entered in error was left out.")
        return None
    drug = drug_of(opened, resource, given.medicationCodeableConcept, given.medicationReference, treatment)
    if drug is None:
        return None
    if given.status not in ("completed", "not-done"):
        raise spot.at("status").error(
            f"is {given.status}: whether the dose was taken is not known", expected="completed or not-done"
        )
    when = _when(given, resource)
    path = fhir_path(spot.path, str(spot.text.root["resourceType"]))
    if given.status == "not-done":
        return Administration(when, 0.0, drug.product, path)
    at = spot.at("dosage")
    if given.dosage is None or given.dosage.dose is None:
        raise (spot if given.dosage is None else at).error("how much was taken is not said", expected="dosage.dose")
    for name in ("rateRatio", "rateQuantity"):
        if getattr(given.dosage, name) is not None:
            raise at.at(name).error("a rate is no dose of a capsule", expected="dose alone")
    check_route(given.dosage.route, at.at("route"))
    dose = dose_of(given.dosage.dose, at.at("dose"))
    if dose.per_kg:
        raise at.at("dose").error("is per kg: what was taken is an amount", expected="a quantity in mg")
    return Administration(when, dose.value, drug.product, path)


def _when(given: MedicationAdministration, resource: Resource) -> Moment:
    if given.effectivePeriod is not None:
        at = resource.spot.at("effectivePeriod")
        if given.effectiveDateTime is not None:
            raise at.error("stands beside effectiveDateTime", expected="one of them")
        start, end = given.effectivePeriod.start, given.effectivePeriod.end
        if start is None or start != end:
            raise at.error("is a span of time: a capsule is taken at one moment", expected="effectiveDateTime")
        return moment(start, at.at("start"))
    if given.effectiveDateTime is None:
        raise resource.spot.error("when it was taken is not said", expected="effectiveDateTime")
    return moment(given.effectiveDateTime, resource.spot.at("effectiveDateTime"))
