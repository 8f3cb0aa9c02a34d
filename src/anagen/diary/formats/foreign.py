"""What other systems say in FHIR R4, read by the room for FHIR, as entries: doses taken, values measured, a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from anagen.diary.entries import DoseTaken, Entry, Lab, Plan, Weight
from anagen.diary.moment import read_moment
from anagen.errors import InputError


def read_foreign(table: Mapping[str, Any], name: str, zone: tzinfo | None = None) -> list[Entry]:
    """The entries of a FHIR resource or Bundle that the diary did not write itself, all of them.

    Args:
        table: the object.
        name: how errors call the file.
        zone: for days without a time; that of this machine where left out.

    Raises:
        InputError: it is no FHIR R4, or something in it cannot be read or kept.
        PregnancyStop: it says that the person is pregnant.
    """
    from anagen.interchange.fhir import from_fhir  # loads the schemas: only where such a file is read

    try:
        record = from_fhir(table)
    except InputError as error:
        raise InputError(
            f"{name}: {error.message}", where=error.where, expected=error.expected, nearest=error.nearest
        ) from None
    entries: list[Entry] = []
    if record.regimen is not None:
        if record.start is None:
            raise InputError(f"{name}: the regimen does not say when it starts", expected="a start in its bounds")
        entries.append(Plan(**_when(record.start, zone), regimen=record.regimen.text))
    for dose in record.administrations:
        entries.append(DoseTaken(**_when(dose.when, zone), mg=float(dose.dose_mg), product=dose.product or ""))
    for one in record.measurements:
        if one.name == "weight":
            entries.append(Weight(**_when(one.when, zone), kg=float(one.value)))
        else:
            said: dict[str, Any] = {"name": one.name, "value": float(one.value), "unit": one.unit}
            said |= {end: float(value) for end, value in (("low", one.low), ("high", one.high)) if value is not None}
            entries.append(Lab(**_when(one.when, zone), **said, note=f"sent as {one.sent}" if one.sent else ""))
    if not entries:
        raise InputError(f"{name} holds no dose, no value and no regimen", expected="something to write down")
    return sorted(entries, key=lambda entry: entry.at)


def _when(when: date | datetime, zone: tzinfo | None) -> dict[str, Any]:
    at, known = read_moment(when.isoformat(), zone=zone)
    return {"at": at, "time_known": known}
