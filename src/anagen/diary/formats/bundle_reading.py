"""The Bundle that `bundle` writes, read back as entries: strictly, each with what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import tzinfo
from typing import Any

from anagen.diary.entries import KINDS, DosePlanned, DoseTaken, Entry, Event, Lab, Plan, fields_of
from anagen.diary.plain import AT, KIND, from_plain
from anagen.errors import InputError, PregnancyStop, nearest
from anagen.pregnancy import says_pregnant

from .bundle import DATE_ONLY, DRUG, FIELD, SYSTEM, TIMES, resource_of
from .document import in_short
from .rows import Reading

TYPES = tuple(TIMES)
_OF_SERVERS = {"id", "meta"}
"""What a server puts to a resource that it keeps; says nothing."""


def read_bundle(table: Mapping[str, Any], reading: Reading, zone: tzinfo | None = None) -> None:
    """The entries of a Bundle that `write_bundle` made, each with its place.

    Raises:
        PregnancyStop: a resource says that the person is pregnant.
    """
    name = reading.name
    if table.get("resourceType") != "Bundle":
        kind = table.get("resourceType")
        reading.broken.append(InputError(f"{name}: resourceType is {kind}", expected="Bundle"))
        return
    listed = table.get("entry", [])
    if not isinstance(listed, list):
        reading.broken.append(InputError(f"{name}: entry is no list", expected="a list of resources"))
        return
    resources = [one.get("resource") if isinstance(one, dict) else None for one in listed]
    for resource in resources:
        if isinstance(resource, dict) and resource.get("resourceType") not in TYPES:
            from anagen.interchange.fhir import from_fhir  # loads the schemas: only where it is not the diary's own

            with suppress(InputError):  # it is refused below; what it may say of a pregnancy stops first
                from_fhir(resource)
    if any(_says_pregnant(resource) for resource in resources):
        raise PregnancyStop(f"{name} says that the person is pregnant: nothing is simulated")
    for number, resource in enumerate(resources, 1):
        try:
            reading.take(f"resource {number}", _entry(resource, zone), ())
        except InputError as error:
            reading.take(f"resource {number}", None, [error], resource, in_short(resource))


def _entry(resource: Any, zone: tzinfo | None) -> Entry:
    if not isinstance(resource, dict):
        raise InputError("it is no table", expected='{"resource": {"resourceType": ...}}')
    kind = resource.get("resourceType")
    if kind not in TYPES:
        near = nearest(kind, TYPES) if isinstance(kind, str) else ()
        raise InputError(f"it is a {kind}", expected=", ".join(TYPES), nearest=near)
    if "modifierExtension" in resource or resource.get("status") not in ("final", "completed", "active"):
        raise InputError(
            f"its status is {resource.get('status')}"
            if "modifierExtension" not in resource
            else "it has a modifierExtension, which could change what it means",
            expected="status final, completed or active, and no modifierExtension",
        )
    try:
        plain = (
            _administration(resource)
            if kind == TYPES[0]
            else _request(resource)
            if kind == TYPES[1]
            else _seen(resource)
        )
        for part in resource.get("extension", []):
            if part["url"] == DATE_ONLY:
                _say(plain, AT, part["valueString"])
                if (day := part["valueString"][:10]) != (other := resource[TIMES[kind]][:10]):
                    raise InputError(f"two days: {day} and {other}", expected="one day")
            elif part["url"].startswith(FIELD + ":"):
                _say(plain, part["url"].removeprefix(FIELD + ":"), _value(part))
            else:
                raise InputError(f"unknown extension {part['url']}", expected="those of the diary")
        plain.setdefault(AT, resource.get(TIMES[kind]))
        if resource.get("note"):
            _say(plain, "note", "\n".join(note["text"] for note in resource["note"]))
        entry = from_plain(plain, zone=zone)
        if strange := sorted(set(resource) - set(resource_of(entry)) - _OF_SERVERS):
            raise InputError(f"'{strange[0]}' is not of the diary", expected="what `anagen diary export` writes")
        return entry
    except (KeyError, TypeError, AttributeError, IndexError, StopIteration, ValueError) as error:
        missing = (
            f"{error.args[0]} is missing" if isinstance(error, KeyError) else "its parts are not as they should be"
        )
        raise InputError(missing, expected=f"a {kind} as `anagen diary export` writes it") from None


def _of_drug(resource: Mapping[str, Any]) -> None:
    if (drug := resource["medicationCodeableConcept"]["text"]) != DRUG:
        raise InputError(f"the drug is {drug}", expected=DRUG)


def _milligrams(quantity: Mapping[str, Any]) -> Any:
    if quantity["unit"] != "mg":
        raise InputError(f"the dose is in {quantity['unit']}", expected="mg")
    return quantity["value"]


def _administration(resource: Mapping[str, Any]) -> dict[str, Any]:
    _of_drug(resource)
    return {KIND: DoseTaken.kind, "mg": _milligrams(resource["dosage"]["dose"])}


def _request(resource: Mapping[str, Any]) -> dict[str, Any]:
    _of_drug(resource)
    (dose,) = resource["dosageInstruction"]
    if "text" in dose:
        return {KIND: Plan.kind, "regimen": dose["text"]}
    return {KIND: DosePlanned.kind, "mg": _milligrams(dose["doseAndRate"][0]["doseQuantity"])}


def _seen(resource: Mapping[str, Any]) -> dict[str, Any]:
    kind = next(code["code"] for code in resource["code"]["coding"] if code["system"] == SYSTEM)
    if kind not in KINDS:
        raise InputError(
            f"unknown kind of entry: '{kind}'", expected=", ".join(KINDS), nearest=nearest(kind, tuple(KINDS))
        )
    plain: dict[str, Any] = {KIND: kind}
    if kind == Lab.kind:
        quantity = resource["valueQuantity"]
        plain |= {"name": resource["code"]["text"], "value": quantity["value"], "unit": quantity["unit"]}
        ranges = resource.get("referenceRange", [{}])
        if len(ranges) > 1:
            raise InputError("two reference ranges", expected="one")
        for end, one in ranges[0].items():
            if one["unit"] != quantity["unit"]:
                raise InputError(f"the range is in {one['unit']}", expected=quantity["unit"])
            plain[end] = one["value"]
    for part in resource.get("component", []):
        _say(plain, part["code"]["coding"][0]["code"], _value(part))
    for name in plain:
        if name != KIND and name not in fields_of(KINDS[kind]):
            known = tuple(fields_of(KINDS[kind]))
            raise InputError(f"unknown field: '{name}'", expected=", ".join(known), nearest=nearest(name, known))
    return plain


def _say(plain: dict[str, Any], name: str, value: Any) -> None:
    if name in plain:
        raise InputError(f"{name} is said twice", expected="each once")
    plain[name] = value


def _value(part: Mapping[str, Any]) -> Any:
    (key,) = (key for key in part if key.startswith("value"))
    if key != "valueQuantity":
        return part[key]
    if unit := part[key].get("unit"):
        raise InputError(f"the value is in {unit}", expected="a value without a unit, in that of the diary")
    return part[key]["value"]


def _says_pregnant(resource: Any) -> bool:
    """A Condition of pregnancy, an observation of it, or the diary's own event."""
    if not isinstance(resource, dict):
        return False
    if resource.get("resourceType") == "Condition":
        return says_pregnant(json.dumps(resource.get("code", {}), ensure_ascii=False).replace('"', " "))
    parts = resource.get("component")
    event = (
        any(isinstance(part, dict) and part.get("valueString") == "pregnancy" for part in parts)
        if isinstance(parts, list)
        else False
    )
    return event and Event.kind in json.dumps(resource.get("code", {}))
