"""Small FHIR R4 resources that the tests of this folder vary."""

from __future__ import annotations

from typing import Any

SUBJECT = {"reference": "Patient/1"}
GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"


def quantity(value: float, code: str) -> dict[str, Any]:
    return {"value": value, "unit": code, "system": "http://unitsofmeasure.org", "code": code}


def dosage(timing: dict[str, Any] | None, dose: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    said = {} if timing is None else {"timing": timing}
    return said | {"doseAndRate": [{"doseQuantity": dose or quantity(20, "mg")}]} | more


def request(*dosages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Isotretinoin"},
        "subject": SUBJECT,
        "dosageInstruction": list(dosages),
    } | more


def repeat(**said: Any) -> dict[str, Any]:
    return {"repeat": said}


def coded(code: str, **said: Any) -> dict[str, Any]:
    return ({"repeat": said} if said else {}) | {"code": {"coding": [{"system": GTS, "code": code}]}}


def daily(weeks: float = 24) -> dict[str, Any]:
    return repeat(frequency=1, period=1, periodUnit="d", boundsDuration=quantity(weeks, "wk"))


def administration(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": {"text": "Isotretinoin 20 mg"},
        "subject": SUBJECT,
        "effectiveDateTime": "2026-03-01T08:00:00+01:00",
        "dosage": {"dose": quantity(20, "mg")},
    } | more


def observation(loinc: str = "2276-4", value: float = 24, ucum: str = "ug/L", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "subject": SUBJECT,
        "effectiveDateTime": "2026-03-01",
        "valueQuantity": quantity(value, ucum),
    } | more


def bundle(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]} | more


def without(table: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in names}
