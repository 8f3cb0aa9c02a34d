"""The main result of a trial: each endpoint in each arm, over the same people and the same denominator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.analysis.charts.units import said
from anagen.analysis.numbers import with_unit

from .arms import TrialArm
from .cells import NONE, count_in, denominator_of, interval_percent, percent_of, range_text, with_interval

Endpoint = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """What is said large, and what under it."""

    main: str
    small: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactRow:
    """One endpoint; `says` is how its numbers are to be read."""

    key: str
    title: str
    says: str
    cells: Sequence[Cell]


def endpoint_titles(arms: Sequence[TrialArm]) -> dict[str, str]:
    """The endpoints of the trial in their order, by name."""
    return {name: str(entry["title"]) for arm in arms for name, entry in (arm.entry.get("endpoints") or {}).items()}


def fact_rows(arms: Sequence[TrialArm], weeks: int) -> list[FactRow]:
    """Every endpoint, in the order of the trial's file."""
    rows = []
    for name, title in endpoint_titles(arms).items():
        found = [(arm.entry.get("endpoints") or {}).get(name) for arm in arms]
        kind = next(entry["kind"] for entry in found if entry)
        cells = {"share": _shares, "time": _times}.get(kind, _numbers)(found, weeks)
        rows.append(FactRow(name, title, SAYS[kind].format(weeks=weeks), cells))
    return rows


SAYS = {
    "number": "mean",
    "share": "how many people",
    "time": "how many people, by week {weeks}",
}


def _shares(found: Sequence[Endpoint | None], weeks: int) -> list[Cell]:
    of = denominator_of([entry.get("share") if entry else None for entry in found], _people(found))
    return [_share(entry, "share", of) for entry in found]


def _times(found: Sequence[Endpoint | None], weeks: int) -> list[Cell]:
    of = denominator_of([entry.get("share_by_end") if entry else None for entry in found], _people(found))
    cells = []
    for entry in found:
        cell = _share(entry, "share_by_end", of)
        if entry and entry.get("n"):
            half = entry.get("median")
            when = f"half of them by week {half:g}" if half is not None else f"fewer than half by week {weeks}"
            cell = Cell(cell.main, (*cell.small, when))
        cells.append(cell)
    return cells


def _share(entry: Endpoint | None, key: str, of: int) -> Cell:
    share = entry.get(key) if entry else None
    if entry is None or share is None:
        return Cell(NONE, _missing(entry))
    ends = interval_percent(entry.get("ci"))
    return Cell(
        f"{count_in(share, of)} ({percent_of(share, of)})",
        (*((f"95\u202f% interval: {ends}",) if ends != NONE else ()), *_missing(entry)),
    )


def _numbers(found: Sequence[Endpoint | None], weeks: int) -> list[Cell]:
    cells = []
    scale = _scale(found)
    for entry in found:
        if entry is None or entry.get("mean") is None:
            cells.append(Cell(NONE, _missing(entry)))
            continue
        factor, unit = said(entry.get("unit") or "")
        ends = [factor * end for end in entry["ci"]] if entry.get("ci") else None
        mean, interval = with_interval(factor * entry["mean"], ends, factor * scale)
        low, high = (None if entry.get(key) is None else factor * entry[key] for key in ("p05", "p95"))
        small = [f"95\u202f% interval: {interval}"] if interval != NONE else []
        people = range_text(low, high, factor * scale)
        small += [f"90 of 100 people: {people}"] if people != NONE else []
        cells.append(Cell(with_unit(mean, unit), (*small, *_missing(entry))))
    return cells


def _scale(found: Sequence[Endpoint | None]) -> float:
    """The size of the largest number of a row."""
    sizes = [entry.get(key) for entry in found if entry for key in ("mean", "p05", "p95")]
    return max((abs(size) for size in sizes if size is not None), default=0.0)


def _missing(entry: Endpoint | None) -> tuple[str, ...]:
    if entry is None:
        return ("not in this arm",)
    if not entry.get("n"):
        return ("nobody counted",)
    missing = entry.get("missing") or 0
    return (f"{missing:,} people left out",) if missing else ()


def _people(found: Sequence[Endpoint | None]) -> int:
    return max((int(entry.get("n") or 0) for entry in found if entry), default=0)
