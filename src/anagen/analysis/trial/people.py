"""Who was simulated in a trial: the columns of its population, their ranges, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from anagen.analysis.figure import Table
from anagen.analysis.references import Reference
from anagen.evidence import cite, link, load_sources

from .cells import NONE, percent_of, spread_text


def population_table(result: Mapping[str, Any]) -> Table | None:
    """A row for each column; None where the trial says nothing of them."""
    rows = []
    for name, column in (result["population"].get("columns") or {}).items():
        unit = column.get("unit") or ""
        title = name.replace("_", " ") if not unit or unit == "1" else f"{_without(name, unit)}, {unit}"
        if column.get("shares") is not None:
            values = "; ".join(f"{level}: {percent_of(share)}" for level, share in column["shares"].items()) or NONE
        else:
            values = spread_text(*(column.get(key) for key in ("p50", "p05", "p95")))
        rows.append([title, values])
    return (
        Table("Middle person (90 of 100 people), or shares", ["Column", "In the people simulated"], rows)
        if rows
        else None
    )


def _without(name: str, unit: str) -> str:
    """The name of a column without its unit at the end.

    >>> _without("weight_kg", "kg"), _without("age_years", "years"), _without("dose", "mg")
    ('weight', 'age', 'dose')
    """
    return name.removesuffix(f"_{unit}").replace("_", " ")


def trial_references(keys: Iterable[str]) -> list[Reference]:
    """The sources under the page, each once; what the bibliography does not hold is shown as it was written."""
    known = load_sources()
    found = [
        Reference(key, cite(known[key]), link(known[key]), known[key].no_link)
        if key in known
        else Reference(key, key, None, "not in the bibliography")
        for key in dict.fromkeys(keys)
    ]
    return sorted(found, key=lambda reference: reference.text.lstrip("[").casefold())


def named_sources(entries: Sequence[Any]) -> list[str]:
    """Keys of sources, whether they are written as keys or as tables with a `key`.

    >>> named_sources(["king-1982", {"key": "farrell-1980"}])
    ['king-1982', 'farrell-1980']
    """
    return [str(entry["key"]) if isinstance(entry, Mapping) else str(entry) for entry in entries]
