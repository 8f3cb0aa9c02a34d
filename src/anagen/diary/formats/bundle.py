"""A diary as JSON in the manner of FHIR R4: a Bundle of MedicationAdministration, MedicationRequest and Observation.

Doses taken are administrations, plans are requests, everything else is an observation whose code is the kind of entry.
It is the diary's own small mapping: what other systems make is read by the room for FHIR, not here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from anagen.diary.entries import DosePlanned, DoseTaken, Entry, Lab, Plan, values_of
from anagen.diary.moment import write_moment

SYSTEM = "urn:anagen:diary"
FIELD = "urn:anagen:diary:field"
DATE_ONLY = "urn:anagen:diary:date-only"
DRUG = "isotretinoin"
TIMES = {
    "MedicationAdministration": "effectiveDateTime",
    "MedicationRequest": "authoredOn",
    "Observation": "effectiveDateTime",
}


def write_bundle(entries: Iterable[Entry]) -> str:
    """The Bundle, as JSON."""
    resources = [{"resource": resource_of(entry)} for entry in entries]
    marked = {"system": SYSTEM, "value": "1"}
    bundle = {"resourceType": "Bundle", "identifier": marked, "type": "collection", "entry": resources}
    return json.dumps(bundle, ensure_ascii=False, indent=1) + "\n"


def is_ours(table: Mapping[str, Any]) -> bool:
    """Whether the diary wrote it: then it reads back the same."""
    identifier = table.get("identifier")
    return isinstance(identifier, dict) and identifier.get("system") == SYSTEM


def resource_of(entry: Entry) -> dict[str, Any]:
    """One entry as a resource."""
    values = values_of(entry)
    kind = "Observation"
    code: dict[str, Any] = {"coding": [{"system": SYSTEM, "code": entry.kind}]}
    body: dict[str, Any] = {"status": "final", "code": code}
    if isinstance(entry, DoseTaken):
        kind = "MedicationAdministration"
        dose = {"dose": {"value": values.pop("mg"), "unit": "mg"}}
        body = {"status": "completed", "medicationCodeableConcept": {"text": DRUG}, "dosage": dose}
    elif isinstance(entry, DosePlanned):
        kind = "MedicationRequest"
        planned: dict[str, Any] = {"doseAndRate": [{"doseQuantity": {"value": values.pop("mg"), "unit": "mg"}}]}
        body = {
            "status": "active",
            "intent": "plan",
            "medicationCodeableConcept": {"text": DRUG},
            "dosageInstruction": [planned],
        }
    elif isinstance(entry, Plan):
        kind = "MedicationRequest"
        planned = {"text": values.pop("regimen")}
        body = {
            "status": "active",
            "intent": "plan",
            "medicationCodeableConcept": {"text": DRUG},
            "dosageInstruction": [planned],
        }
    elif isinstance(entry, Lab):
        code["text"] = values.pop("name")
        unit = values.pop("unit")
        body["valueQuantity"] = {"value": values.pop("value"), "unit": unit}
        ends = {end: {"value": values.pop(end), "unit": unit} for end in ("low", "high") if end in values}
        if ends:
            body["referenceRange"] = [ends]
    if "note" in values:
        body["note"] = [{"text": values.pop("note")}]
    if values:
        where = "component" if kind == "Observation" else "extension"
        body[where] = [_part(name, value, where) for name, value in values.items()]
    if not entry.time_known:
        body.setdefault("extension", []).append({"url": DATE_ONLY, "valueString": write_moment(entry.at, False)})
    return {
        "resourceType": kind,
        TIMES[kind]: entry.at.isoformat(),
        "subject": {"display": "the diary's owner"},
        **body,
    }


def _part(name: str, value: Any, where: str) -> dict[str, Any]:
    """A field as a component of an observation, or as an extension of another resource."""
    kinds = {bool: "valueBoolean", int: "valueInteger", float: "valueDecimal", str: "valueString"}
    if where == "extension":
        return {"url": f"{FIELD}:{name}", kinds[type(value)]: value}
    told = {"valueQuantity": {"value": value}} if isinstance(value, float) else {kinds[type(value)]: value}
    return {"code": {"coding": [{"system": FIELD, "code": name}]}, **told}
