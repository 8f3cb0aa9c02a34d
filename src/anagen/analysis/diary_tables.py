"""Tables of the diary's report: laboratory values, other tests and symptoms, by date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anagen.diary.entries import Entry, PullTest, ShedScale, Symptom, Trichogram

from .claim_cards import said_date
from .figure import Table
from .numbers import number

if TYPE_CHECKING:
    from anagen.diary.describe.describe import Description
    from anagen.diary.describe.group import Band

MOST_ROWS = 12
"""Rows of a table on the two pages; its title says so where there are more."""


def lab_rows(found: Description, most: int | None = MOST_ROWS) -> Table | None:
    """Laboratory values by date, the newest last: the newest `most` of them, all where None."""
    shown = found.labs[-most:] if most else found.labs
    rows = [
        [
            lab.name,
            said_date(lab.day),
            f"{_said(lab.value)} {lab.unit}" + (", fasting" if lab.fasting else ""),
            _printed(lab.low, lab.high, lab.place),
            _group(lab.group),
            _group(lab.group_before),
        ]
        for lab in shown
    ]
    head = ["Test", "Day", "Value", "Range printed on the sheet", "Simulated people then", "Simulated people before"]
    title = (
        f"Laboratory values by date{_newest(len(rows), len(found.labs))}; simulated people: middle (90 of 100 people)"
    )
    return Table(title, head, rows) if rows else None


def other_rows(entries: Sequence[Entry]) -> Table | None:
    """Pull tests, trichograms, scales and symptoms by date."""
    rows = []
    for entry in entries:
        if isinstance(entry, PullTest):
            said = f"{entry.hairs} of {entry.pulled} hairs came out"
            roots = {"club": entry.club, "tapered": entry.tapered, "broken": entry.broken}
            told = ", ".join(f"{count} {name}" for name, count in roots.items() if count)
            rows.append(["Pull test", said_date(entry.day), said + (f" ({told})" if told else "")])
        elif isinstance(entry, Trichogram):
            share = 100 * entry.telogen / entry.hairs if entry.hairs else 0
            rows.append(["Trichogram", said_date(entry.day), f"{entry.hairs} hairs, {number(share)}\u202f% at rest"])
        elif isinstance(entry, ShedScale):
            of = {"sinclair": "of 6, Sinclair scale", "hsvs": "of 9, Hair Shedding Visual Scale"}[entry.scale]
            rows.append(["Shedding scale", said_date(entry.day), f"{entry.grade} {of}"])
        elif isinstance(entry, Symptom):
            name = entry.name.replace("-", " ").capitalize()
            rows.append([name, said_date(entry.day), f"grade {entry.grade} of 4"])
    newest = rows[-MOST_ROWS:]
    title = f"Other tests and symptoms by date{_newest(len(newest), len(rows))}"
    return Table(title, ["What", "Day", "Result"], newest) if rows else None


def _newest(shown: int, of: int) -> str:
    return f", the newest {shown} of {of}" if shown < of else ""


def _group(band: Band | None) -> str:
    return f"{_said(band.middle)} ({_said(band.low)} to {_said(band.high)})" if band else "–"


def _said(value: float) -> str:
    return number(value) if value >= 10 else f"{value:.2g}"


def _printed(low: float | None, high: float | None, place: str) -> str:
    if low is None and high is None:
        return "none written down"
    ends = (
        f"{low:g} to {high:g}"
        if low is not None and high is not None
        else f"to {high:g}"
        if low is None
        else f"from {low:g}"
    )
    return f"{ends}: {place}"
