"""Who was simulated in a trial: the columns of its population, their ranges, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.analysis.references import Reference
from anagen.evidence import cite, link, load_sources

from .cells import NONE, percent_of, spread_text

LETTERS = {"alt", "ast", "ck", "hdl", "ldl"}
ASSUMED = "assumed"
"""Stands among the sources of a number that has none."""


@dataclass(frozen=True)
class Column:
    """One column of the population: what the people simulated have, how it is drawn, and keys of its sources."""

    title: str
    found: str
    drawn: str
    sources: Sequence[str]
    assumed: bool


def population_columns(result: Mapping[str, Any]) -> list[Column]:
    """The columns in their order; none where the trial says nothing of them."""
    columns = []
    declared = result["population"].get("declared") or {}
    for name, column in (result["population"].get("columns") or {}).items():
        unit = column.get("unit") or ""
        title = column_title(name, unit)
        if column.get("shares") is not None:
            found = "; ".join(f"{level}: {percent_of(share)}" for level, share in column["shares"].items()) or NONE
        else:
            found = spread_text(column.get("p50"), column.get("p05"), column.get("p95"))
        said = declared.get(name) or {}
        keys = named_sources(said.get("sources"))
        columns.append(
            Column(title, found, str(said.get("says") or NONE), [k for k in keys if k != ASSUMED], ASSUMED in keys)
        )
    return columns


def column_title(name: str, unit: str) -> str:
    """A column as it is said, its unit at the end.

    >>> column_title("weight_kg", "kg"), column_title("alt_u_per_l", "U/L"), column_title("sex", "category")
    ('weight, kg', 'ALT, U/L', 'sex')
    """
    ending = unit.casefold().replace("/", "_per_")
    said = " ".join(
        word.upper() if word in LETTERS else word for word in name.removesuffix(f"_{ending}").split("_") if word
    )
    return said if unit in ("", "1", "category") else f"{said}, {unit}"


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


def named_sources(entries: Any) -> list[str]:
    """Keys of sources, whether they are written as keys or as tables with a `key`; none where it is a text.

    >>> named_sources(["king-1982", {"key": "farrell-1980"}]), named_sources("not stated")
    (['king-1982', 'farrell-1980'], [])
    """
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        return []
    return [str(entry["key"]) if isinstance(entry, Mapping) else str(entry) for entry in entries]
