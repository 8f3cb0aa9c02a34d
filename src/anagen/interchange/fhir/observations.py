"""Observation of FHIR -> a measurement in the unit of `loinc.toml`. What is not known or not final is told."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from anagen.errors import InputError
from anagen.interchange.ucum import convert

from .datatypes import Quantity
from .dosage import quantity_of
from .entries import Measurement
from .json_text import fhir_path
from .moments import Moment, moment
from .opening import Resource
from .resources import Observation
from .spot import Spot, shown

LOINC = "http://loinc.org"
_LEFT_OUT = {
    "entered-in-error": "was entered in error",
    "cancelled": "was cancelled",
    "registered": "has no result yet",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a LOINC code measures, and the UCUM unit it is brought to."""

    name: str
    unit: str


@cache
def known_codes() -> Mapping[str, Known]:
    """All LOINC codes that are read.

    >>> known_codes()["2276-4"].name, known_codes()["14927-8"].unit
    ('ferritin', 'mg/dL')
    """
    tables = tomllib.loads(resources.files(__package__).joinpath("loinc.toml").read_text("utf-8"))
    return {code: Known(name, table["unit"]) for name, table in tables.items() for code in table["codes"]}


def measurement_of(resource: Resource) -> Measurement | None:
    """The measurement; None, with a note, where there is none to read.

    Raises:
        InputError: a known measurement without its time, with a unit that does not fit or is not accepted, or below 0.
    """
    seen = resource.read(Observation)
    spot = resource.spot
    codes = [code for code in seen.code.codes(LOINC) if code in known_codes()]
    names = {known_codes()[code].name for code in codes}
    label = next(iter(seen.code.words), next(iter(seen.code.codes(LOINC)), "without a name"))
    if len(names) > 1:
        raise spot.at("code").error("has codes of different measurements: " + ", ".join(sorted(names)), expected="one")
    if not codes:
        spot.note(f"An observation was not read, its LOINC code is not in the table: {shown(label)}.")
        return None
    if seen.status in _LEFT_OUT:
        spot.note(f"An observation {_LEFT_OUT[seen.status]}, and was left out: {shown(label)}.")
        return None
    if seen.status == "unknown":
        raise spot.at("status").error("is unknown: whether the value holds is not said", expected="final")
    if seen.status == "preliminary":
        spot.note(f"A value is preliminary: {shown(label)}.")
    quantity, known = seen.valueQuantity, known_codes()[codes[0]]
    if quantity is None or quantity.value is None or quantity.comparator is not None:
        what = "has no number" if quantity is None or quantity.value is None else f"is a bound ({quantity.comparator})"
        spot.note(f"An observation {what}, and was left out: {shown(label)}.")
        return None
    at = spot.at("valueQuantity")
    value = _value(quantity, known, at)
    if value < 0:
        raise at.at("value").error("is below zero", expected=f"{known.name} of 0 or more")
    low, high = _range(seen, known, spot)
    sent = f"{quantity.value:g} {quantity.code or quantity.unit}"
    path = fhir_path(spot.path, str(spot.text.root["resourceType"]))
    return Measurement(_when(seen, spot), known.name, value, known.unit, low, high, codes[0], sent, path)


def _value(quantity: Quantity, known: Known, spot: Spot) -> float:
    value, code = quantity_of(quantity, spot)
    try:
        return convert(value, code, known.unit, of=known.name)
    except InputError as error:
        raise spot.error(f"{known.name}: {error.message}", error.expected, error.nearest) from None


def _range(seen: Observation, known: Known, spot: Spot) -> tuple[float | None, float | None]:
    """The laboratory's range, where it is one range without conditions and can be read."""
    if len(seen.referenceRange) != 1:
        return None, None
    ends: list[float | None] = []
    for name in ("low", "high"):
        quantity = getattr(seen.referenceRange[0], name)
        if quantity is None or quantity.value is None:
            ends.append(None)
        elif quantity.code is None and quantity.unit is None and seen.valueQuantity is not None:
            same = seen.valueQuantity.model_copy(update={"value": quantity.value})
            ends.append(_value(same, known, spot.at("referenceRange", 0, name)))
        else:
            ends.append(_value(quantity, known, spot.at("referenceRange", 0, name)))
    if ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
        raise spot.at("referenceRange", 0).error("its low is not below its high", expected="low below high")
    return ends[0], ends[1]


def _when(seen: Observation, spot: Spot) -> Moment:
    told = [(name, text) for name in ("effectiveDateTime", "effectiveInstant") if (text := getattr(seen, name))]
    if seen.effectivePeriod is not None and seen.effectivePeriod.start is not None and not told:
        spot.note("Of a measurement over a span of time its start was read.")
        return moment(seen.effectivePeriod.start, spot.at("effectivePeriod", "start"))
    if len(told) != 1:
        raise spot.error(
            "when it was measured is not said" if not told else "has two times", expected="effectiveDateTime"
        )
    return moment(told[0][1], spot.at(told[0][0]))
