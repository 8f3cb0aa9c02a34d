"""What a file would add, as lists of its page: rows that cannot be read, new ones, and those that stand already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anagen.diary.formats.rows import Row
from anagen.diary.incoming import Incoming
from anagen.diary.said import said
from anagen.errors import InputError

from ..diary_entry import DOSES
from .diary_form import TITLES

SHOWN = 500
"""Good rows that are listed; the others are counted. Rows that cannot be read are all listed."""


def shown_file(found: Incoming) -> dict[str, Any]:
    """What the template is filled with."""
    given = found.given
    return {
        "file_name": given.name,
        "total": len(given.rows),
        "broken": [_fault(fault) | {"message": _unnamed(fault.message, given.name)} for fault in given.broken],
        "faulty": [
            {"place": row.place, "faults": [_fault(one, row.words) for one in row.faults]} for row in found.faulty
        ],
        "fresh": len(found.fresh),
        "rows_new": [_good(row, found.again.get(row.place, "")) for row in found.fresh[:SHOWN]],
        "there": len(found.there),
        "there_rows": [_good(row, number=number) for row, number in found.there[:SHOWN]],
        "doses": any(row.entry is not None and row.entry.kind in DOSES for row in given.rows),
    }


def _good(row: Row, again: str = "", number: int = 0) -> dict[str, Any]:
    entry = row.entry
    assert entry is not None
    return {
        "place": row.place,
        "day": f"{entry.day}" + (f" {entry.at:%H:%M}" if entry.time_known else ""),
        "title": TITLES[entry.kind],
        "said": said(entry),
        "again": again,
        "number": number,
    }


def _fault(fault: InputError, words: str = "") -> dict[str, Any]:
    """A fault with what stands there, in three parts: before, what is wrong, and after."""
    return {
        "line": _parts(fault) or ("", "", words),
        "message": fault.message,
        "expected": fault.expected or "",
        "nearest": fault.nearest,
    }


def _parts(fault: InputError) -> Sequence[str]:
    """The line of a fault around its place; a long one is cut, as on the terminal."""
    if fault.where is None:
        return ()
    line, marks = fault.where.render().split("\n")
    start, length = len(marks) - len(marks.lstrip()), len(marks.strip())
    return line[:start], line[start : start + length], line[start + length :]


def _unnamed(message: str, name: str) -> str:
    """What is wrong with a file, without its name: the page has said it."""
    short = message.removeprefix(f"{name}, ").removeprefix(f"{name}: ").removeprefix(f"{name} ")
    return short[:1].upper() + short[1:]
