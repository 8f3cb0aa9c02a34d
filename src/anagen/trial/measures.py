"""From the tables of a trial file: endpoints, net benefit and subgroups, each checked by name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from anagen.files.reading import Reading
from anagen.treatments.registry import table
from anagen.trial.plan import Endpoint, Kind, NetBenefit, Subgroup
from anagen.trial.schema import EndpointTable, NetBenefitTable, SubgroupTable, TrialTable
from anagen.trial.statistics_of_series import NEEDS, STATISTICS, kind_of
from anagen.trial.vocabulary import vocabulary

_OWN = ("name", "title", "series", "statistic", "limit", "week", "unit", "same")


def known_series(treatment: str) -> dict[str, str]:
    """The series that an endpoint may name: name -> unit. Names of the engine and those that outputs use."""
    shown, outcomes = table(treatment, "series.toml"), table(treatment, "outcomes.toml")
    units = {name: entry["unit"] for name, entry in shown.items()}
    units |= {entry["signal"]: entry["unit"] for entry in shown.values() if "signal" in entry}
    for entry in outcomes.values():
        units.setdefault(entry["series"], entry.get("unit", "probability"))
    return units | dict.fromkeys(vocabulary(treatment).symptoms.values(), "probability")


def endpoints(reading: Reading[Any], tables: TrialTable) -> tuple[Endpoint, ...]:
    """The endpoints of a trial file, or those of the treatment where it names none."""
    outcomes = table(tables.treatment, "outcomes.toml")
    if not tables.endpoints:
        return tuple(_of_outcome(name, outcomes[name]) for name in vocabulary(tables.treatment).default_endpoints)
    found: list[Endpoint] = []
    for i, entry in enumerate(tables.endpoints):
        made = _endpoint(reading, i, entry, tables, outcomes)
        if made.name in [other.name for other in found]:
            at = ("endpoints", i, "outcome" if entry.outcome else "name")
            raise reading.error(at, f"two endpoints are called '{made.name}'", "a name for each")
        found.append(made)
    return tuple(found)


def _of_outcome(name: str, entry: Mapping[str, Any]) -> Endpoint:
    return Endpoint(name, entry["title"], entry.get("unit"), dict(entry), kind_of(entry["statistic"]))


def _endpoint(
    reading: Reading[Any], i: int, entry: EndpointTable, tables: TrialTable, outcomes: Mapping[str, Mapping[str, Any]]
) -> Endpoint:
    path = ("endpoints", i)
    if entry.outcome is not None:
        if own := next((key for key in _OWN if getattr(entry, key) is not None), None):
            raise reading.error(
                (*path, own), f"{own} beside outcome: the treatment says what it is", "outcome alone", key=True
            )
        name = reading.one_of((*path, "outcome"), "outcome", entry.outcome, outcomes)
        return _of_outcome(name, outcomes[name])
    for key in ("name", "title", "series", "statistic"):
        if getattr(entry, key) is None:
            raise reading.error(
                path, f"endpoints[{i + 1}].{key} is missing", "outcome, or name, title, series and statistic"
            )
    name, title, series, statistic = str(entry.name), str(entry.title), str(entry.series), str(entry.statistic)
    if name in outcomes:
        raise reading.error(
            (*path, "name"),
            f"'{name}' is an outcome of the treatment",
            f'another name, or outcome = "{name}"',
        )
    reading.one_of((*path, "statistic"), "statistic", statistic, tuple(STATISTICS))
    units = known_series(tables.treatment)
    reading.one_of((*path, "series"), "series", series, units)
    made: dict[str, Any] = {"title": title, "series": _signal(tables.treatment, series), "statistic": statistic}
    made |= _arguments(reading, path, entry, statistic, tables.follow_up_weeks)
    kind = kind_of(statistic)
    unit = _unit(reading, path, entry, statistic, kind, units[series])
    if unit is not None:
        made["unit"] = unit
    return Endpoint(name, title, unit, made, kind)


def _signal(treatment: str, series: str) -> str:
    """The engine's name of a series."""
    return str(table(treatment, "series.toml").get(series, {}).get("signal", series))


def _arguments(
    reading: Reading[Any], path: tuple[str, int], entry: EndpointTable, statistic: str, weeks: int
) -> dict[str, float]:
    made: dict[str, float] = {"same": 0.0 if entry.same is None else entry.same}
    needed = NEEDS.get(statistic)
    for key in ("limit", "week"):
        value = getattr(entry, key)
        if needed == key and value is None:
            raise reading.error(path, f"endpoints[{path[1] + 1}].{key} is missing: {statistic} needs it", f"a {key}")
        if needed != key and value is not None:
            raise reading.error((*path, key), f"{statistic} has no {key}", "the key left out", key=True)
        if value is not None:
            made[key] = value
    if entry.week is not None and entry.week > weeks:
        raise reading.error(
            (*path, "week"),
            f"week {entry.week} is after the follow-up of {weeks} weeks",
            f"at most {weeks}",
            str(weeks),
        )
    return made


def _unit(
    reading: Reading[Any], path: tuple[str, int], entry: EndpointTable, statistic: str, kind: Kind, series_unit: str
) -> str | None:
    """As said; else what the statistic comes to."""
    if kind == "share" and entry.unit is not None:
        raise reading.error((*path, "unit"), f"{statistic} is a share of people, without a unit", "no unit", key=True)
    if kind == "time" and entry.unit not in (None, "weeks"):
        raise reading.error((*path, "unit"), f"{statistic} is a time in weeks, not in {entry.unit}", "weeks", "weeks")
    if kind != "number" or entry.unit:
        return "weeks" if kind == "time" else entry.unit
    if "change" in statistic:
        return "%"
    if statistic in ("sum_over_start", "area_over_start"):
        return series_unit.removesuffix("/d") if series_unit.endswith("/d") else f"{series_unit}·d"
    return "d" if statistic == "day_of_highest" else series_unit


def net_benefit(reading: Reading[Any], entry: NetBenefitTable | None, known: Sequence[Endpoint]) -> NetBenefit | None:
    """The weighted sum, if there is one; each weight on an endpoint that is a number or a share."""
    if entry is None:
        return None
    kinds = {endpoint.name: endpoint.kind for endpoint in known}
    for name, weight in entry.weights.items():
        path = ("net_benefit", "weights", name)
        reading.one_of(path, "endpoint", name, kinds, key=True)
        if kinds[name] == "time":
            raise reading.error(path, f"'{name}' is a time, and never comes in some people", "a number or a share")
        if weight == 0 or not math.isfinite(weight):
            raise reading.error(path, f"the weight of '{name}' is {weight:g}", "a number other than 0")
    return NetBenefit(entry.title, entry.unit, dict(entry.weights))


def subgroups(reading: Reading[Any], entries: Sequence[SubgroupTable]) -> tuple[Subgroup, ...]:
    """The subgroups; whether the population has the column is known only once it is read."""
    found: list[Subgroup] = []
    for i, entry in enumerate(entries):
        made = Subgroup(entry.covariate, tuple(entry.edges))
        for j, (low, high) in enumerate(zip(made.edges, made.edges[1:], strict=False), 1):
            if high <= low:
                raise reading.error(
                    ("subgroups", i, "edges", j),
                    f"the edge {high:g} is not above {low:g}",
                    "edges that rise",
                    str(sorted(set(entry.edges))),
                )
        if made in found:
            raise reading.error(("subgroups", i), f"the subgroups by {made.covariate} stand twice", "each once")
        found.append(made)
    return tuple(found)
