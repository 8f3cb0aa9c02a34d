"""What a real trial would need, and how far replicates of this one differ: tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anagen.analysis.charts.units import said
from anagen.analysis.figure import Table

from .arms import TrialArm, by_name
from .cells import NONE, percent_of, spread_text

MOST_ROWS = 200
DESIGNS = {"paired": "the same people in both", "parallel": "different people in each"}


def power_table(
    result: Mapping[str, Any], arms: Sequence[TrialArm], titles: Mapping[str, str]
) -> tuple[Table | None, int]:
    """Power by number of people per arm, a row for each endpoint, pair of arms and design; and rows left out."""
    known = by_name(arms)
    found: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for row in result.get("power") or ():
        found.setdefault((row["endpoint"], row["arm"], row["against"], row["design"]), []).append(row)
    if not found:
        return None, 0
    sizes = sorted({row["n_per_arm"] for rows in found.values() for row in rows})
    averaged = any("assurance" in row for rows in found.values() for row in rows)
    enough = any("n_for_80" in row for rows in found.values() for row in rows)
    lines = []
    for (endpoint, arm, against, design), rows in found.items():
        by_size = {row["n_per_arm"]: row for row in rows}
        pair = f"{known[arm].letter} against {known[against].letter}"
        line = [titles.get(endpoint, endpoint), pair, DESIGNS.get(design, design)]
        line += [_power(by_size.get(size), averaged) for size in sizes]
        if enough:
            line.append(_people(rows[0].get("n_for_80")))
        lines.append(line)
    heads = ["Endpoint", "Arms", "People", *(f"{size:,} in each arm" for size in sizes)]
    words = ", and in brackets the mean over the replicates" if averaged else ""
    caption = f"Chance that a real trial finds the difference (test at 5\u202f%){words}"
    return Table(caption, [*heads, *(["In each arm for 80\u202f%"] if enough else [])], lines[:MOST_ROWS]), len(
        lines[MOST_ROWS:]
    )


def _power(row: Mapping[str, Any] | None, averaged: bool) -> str:
    if row is None or row.get("power") is None:
        return NONE
    more = f" ({percent_of(row['assurance'])})" if averaged and row.get("assurance") is not None else ""
    return percent_of(row["power"]) + more


def _people(number: Any) -> str:
    return "more than 10 million" if number is None else f"{number:,}"


def replicates_table(result: Mapping[str, Any], arms: Sequence[TrialArm], titles: Mapping[str, str]) -> Table | None:
    """The middle replicate and the range of 90 of 100 replicates; None where there is one."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in result.get("spread_of_replicates") or ():
        found.setdefault(row["endpoint"], {})[row["arm"]] = row
    if not found:
        return None
    rows = []
    for endpoint, by_arm in found.items():
        factor, unit = _unit(endpoint, arms)
        title = f"{titles.get(endpoint, endpoint)}{f', {unit}' if unit else ''}"
        rows.append([title, *(_spread(by_arm.get(arm.name), factor) for arm in arms)])
    return Table("Means of replicates: middle (90 of 100 replicates)", ["Endpoint", *(a.head for a in arms)], rows)


def _spread(row: Mapping[str, Any] | None, factor: float) -> str:
    if row is None:
        return NONE
    middle, low, high = (None if row.get(key) is None else factor * row[key] for key in ("p50", "p05", "p95"))
    return spread_text(middle, low, high)


def _unit(endpoint: str, arms: Sequence[TrialArm]) -> tuple[float, str]:
    entry = next((e for arm in arms if (e := (arm.entry.get("endpoints") or {}).get(endpoint))), None)
    if entry and entry["kind"] == "share":
        return 100.0, "of 100 people"
    unit = said((entry or {}).get("unit") or "")
    return unit.factor, unit.words
