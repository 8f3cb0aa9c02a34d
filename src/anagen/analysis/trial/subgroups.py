"""Differences between arms within subgroups of the people: a table for each endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anagen.analysis.figure import Table

from .arms import TrialArm, by_name
from .cells import NONE, with_interval
from .differences import unit_of
from .people import column_title

MOST_ROWS = 400
"""Rows on the page in all; the rest is in the JSON."""


def subgroup_tables(
    result: Mapping[str, Any], arms: Sequence[TrialArm], titles: Mapping[str, str]
) -> tuple[list[Table], int]:
    """A table for each endpoint, while there is room; and how many rows are left out."""
    known = by_name(arms)
    columns = result["population"].get("columns") or {}
    units = {contrast["endpoint"]: unit_of(contrast) for contrast in result.get("contrasts") or ()}
    found: dict[str, dict[tuple[str, str], dict[tuple[str, str], Mapping[str, Any]]]] = {}
    for row in result.get("subgroups") or ():
        level = (str(row["covariate"]), str(row["level"]))
        found.setdefault(row["endpoint"], {}).setdefault(level, {})[row["arm"], row["against"]] = row
    tables: list[Table] = []
    room, left_out = MOST_ROWS, 0
    for endpoint, levels in found.items():
        if len(levels) > room:
            left_out += len(levels)
            continue
        room -= len(levels)
        factor, unit = units.get(endpoint, (1.0, ""))
        pairs = list(dict.fromkeys(pair for entries in levels.values() for pair in entries))
        rows = [
            [
                f"{column_title(covariate, str((columns.get(covariate) or {}).get('unit') or ''))}: {level}",
                f"{max(entry['n'] for entry in entries.values()):,}",
                *(_cell(entries.get(pair), factor) for pair in pairs),
            ]
            for (covariate, level), entries in levels.items()
        ]
        title = f"{titles.get(endpoint, endpoint)}{f', {unit}' if unit else ''}: mean difference (95\u202f% interval)"
        heads = [f"{known[arm].letter} against {known[against].letter}" for arm, against in pairs]
        tables.append(Table(title, ["People", "How many", *heads], rows))
    return tables, left_out


def _cell(row: Mapping[str, Any] | None, factor: float) -> str:
    if row is None or row.get("difference") is None:
        return NONE
    ends = [factor * end for end in row["ci"]] if row.get("ci") else None
    mean, interval = with_interval(factor * row["difference"], ends)
    return mean if interval == NONE else f"{mean} ({interval})"
