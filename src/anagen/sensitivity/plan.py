"""What a sensitivity analysis moves and reads, from a treatment's `sensitivity.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from anagen.errors import DataError, InputError, nearest
from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.simulation.outcomes import PROBABILITIES, STATISTICS
from anagen.treatments.registry import Treatment, table

FILE = "sensitivity.toml"
GROUPS = ("hair", "skin", "blood", "levels", "side effects")


@dataclass(frozen=True)
class Outcome:
    """What is read of each person: `table` as in `outcomes.toml`; at `week`, where not at the end of the course."""

    name: str
    title: str
    unit: str
    group: str
    table: Mapping[str, Any]
    week: float | None


@dataclass(frozen=True)
class Case:
    """One regimen."""

    name: str
    title: str
    regimen: Regimen


@dataclass(frozen=True)
class Plan:
    """The whole of a file; `hold` are values of parameters that are kept at something else than in use; `words` say in
    plain language what some parameters are."""

    treatment: Treatment
    seed: int
    weeks: int
    base: int
    trajectories: int
    resamples: int
    patient: Patient
    hold: Mapping[str, float]
    words: Mapping[str, str]
    cases: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]


def read_plan(treatment: Treatment) -> Plan:
    """The plan in the treatment's folder.

    Raises:
        InputError: the treatment has none.
        DataError: something is missing or unknown in it.
    """
    found = table(treatment.name, FILE)
    if not found:
        raise InputError(f"what to move and read of {treatment.name} is not written down", expected=f"a {FILE}")
    return plan_of(treatment, found)


def plan_of(treatment: Treatment, found: Mapping[str, Any]) -> Plan:
    """The plan that a table says.

    Raises:
        DataError: something is missing or unknown in it.
    """
    numbers = {key: _whole(treatment, found, key) for key in ("seed", "weeks", "base", "trajectories", "resamples")}
    base = numbers["base"]
    if base < 2 or base & (base - 1):
        raise _wrong(treatment, "base", f"{base}", "a power of two, such as 512")
    hold = {name: float(value) for name, value in found.get("hold", {}).items()}
    words = {name: str(text) for name, text in found.get("words", {}).items()}
    for place, names in (("hold", hold), ("words", words)):
        for name in names:
            _known(treatment, f"{place}.{name}", name, treatment.parameters)
    person = dict(found.get("person", {}))
    for key in person:
        _known(treatment, f"person.{key}", key, {field.name: field for field in fields(Patient)})
    cases = found.get("cases") or {}
    outcomes = found.get("outcomes") or {}
    if not cases or not outcomes:
        raise _wrong(treatment, "cases" if outcomes else "outcomes", "there are none", "at least one")
    return Plan(
        treatment=treatment,
        **numbers,
        patient=Patient(**person),
        hold=hold,
        words=words,
        cases=tuple(_case(treatment, name, entry) for name, entry in cases.items()),
        outcomes=tuple(_outcome(treatment, name, entry) for name, entry in outcomes.items()),
    )


def _case(treatment: Treatment, name: str, entry: Mapping[str, Any]) -> Case:
    title, regimen = (str(_needed(treatment, f"cases.{name}", entry, key)) for key in ("title", "regimen"))
    return Case(name, title, Regimen.from_text(regimen, treatment.name))


def _outcome(treatment: Treatment, name: str, entry: Mapping[str, Any]) -> Outcome:
    place = f"outcomes.{name}"
    title, group = (str(_needed(treatment, place, entry, key)) for key in ("title", "group"))
    if group not in GROUPS:
        raise _wrong(treatment, place, f"unknown group: '{group}'", ", ".join(GROUPS), nearest(group, GROUPS))
    read: Mapping[str, Any] = entry
    if "outcome" in entry:
        _known(treatment, place, entry["outcome"], treatment.outcomes)
        read = treatment.outcomes[entry["outcome"]]
    statistic = str(_needed(treatment, place, read, "statistic"))
    _known(treatment, place, statistic, STATISTICS)
    unit = entry.get("unit") or read.get("unit") or ("1" if statistic in PROBABILITIES else None)
    if unit is None:
        raise _wrong(treatment, place, "there is no unit", "a unit")
    return Outcome(name, title, str(unit), group, read, entry.get("week"))


def _whole(treatment: Treatment, found: Mapping[str, Any], key: str) -> int:
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong(treatment, key, f"{value}", "a whole number from 1")
    return value


def _needed(treatment: Treatment, place: str, entry: Mapping[str, Any], key: str) -> Any:
    if not entry.get(key):
        raise _wrong(treatment, place, f"there is no {key}", f"a table with {key}")
    return entry[key]


def _known(treatment: Treatment, place: str, word: str, known: Mapping[str, Any]) -> None:
    if word not in known:
        near = nearest(word, tuple(known))
        raise _wrong(treatment, place, f"'{word}' is unknown", near[0] if near else "a name that is known", near)


def _wrong(treatment: Treatment, place: str, what: str, expected: str, near: tuple[str, ...] = ()) -> DataError:
    return DataError(f"{treatment.name}/{FILE}: {place}: {what}", expected=expected, nearest=near)
