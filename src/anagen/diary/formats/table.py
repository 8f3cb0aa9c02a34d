"""A diary as CSV: one row for each entry, `kind` and `at` first, then a column for each field that any entry has.

Read strictly: UTF-8, commas, a heading. A quote that does not end, or a row with too many cells, is an error with its
place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from anagen.diary.entries import KINDS, Entry, fields_of
from anagen.diary.plain import AT, KIND, from_plain, to_plain
from anagen.errors import InputError, Where, nearest

_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|\n|\Z)')
_CARRIAGE = re.compile(r'[^,"\r\n]*\r')
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')
_ALL = (KIND, AT, *dict.fromkeys(name for kind in KINDS.values() for name in fields_of(kind)))


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int  # in the whole text


def write_table(entries: Iterable[Entry]) -> str:
    """The CSV, rows by time as given.

    >>> from anagen.diary.entries import Weight
    >>> from anagen.diary.moment import read_moment
    >>> at, known = read_moment("2026-03-01 08:00+01:00")
    >>> print(write_table([Weight(at=at, kg=70.5)]), end="")
    kind,at,kg
    weight,2026-03-01T08:00+01:00,70.5
    """
    rows = [to_plain(entry) for entry in entries]
    used = {name for row in rows for name in row} | {KIND, AT}
    columns = [name for name in _ALL if name in used]
    lines = [columns, *([_text(row.get(name)) for name in columns] for row in rows)]
    return "".join(",".join(_cell(text) for text in line) + "\n" for line in lines)


def read_table(text: str, name: str, zone: tzinfo | None = None) -> list[Entry]:
    """The entries of a CSV, all of them.

    Args:
        text: the whole file.
        name: how errors call it.
        zone: for times without an offset; that of this machine where left out.

    Raises:
        InputError: the first thing that is wrong, with its line and a caret under it.
    """
    text = text.removeprefix("\ufeff")
    rows = _rows(text, name)
    heading = next(rows, None)
    if heading is None or not any(cell.text.strip() for cell in heading):
        raise InputError(f"{name} is empty", expected=f"a heading: {KIND},{AT}, then fields such as hairs,method")
    columns = _columns(heading, text, name)
    entries = []
    for row in rows:
        if len(row) == 1 and not row[0].text.strip():
            continue  # an empty line
        if len(row) != len(columns):
            many = "more" if len(row) > len(columns) else "fewer"
            raise _error(
                text,
                row[-1],
                name,
                f"{len(row)} cells, {many} than the heading has",
                f"{len(columns)} cells, with commas",
            )
        entries.append(_entry(dict(zip(columns, row, strict=True)), text, name, zone))
    return entries


def _columns(heading: list[_Cell], text: str, name: str) -> list[str]:
    columns = [cell.text.strip().casefold() for cell in heading]
    if len(heading) == 1 and any(mark in heading[0].text for mark in ";\t|"):
        raise _error(text, heading[0], name, "the cells are not separated by commas", "commas between cells")
    for place, (cell, column) in enumerate(zip(heading, columns, strict=True)):
        if column not in _ALL:
            raise _error(text, cell, name, f"unknown column: '{cell.text}'", ", ".join(_ALL), nearest(column, _ALL))
        if column in columns[:place]:
            raise _error(text, cell, name, f"two columns are called '{column}'", "each once")
    for needed in (KIND, AT):
        if needed not in columns:
            near = nearest(needed, columns)
            raise _error(text, heading[0], name, f"there is no column '{needed}'", f"columns {KIND} and {AT}", near)
    return columns


def _entry(cells: Mapping[str, _Cell], text: str, name: str, zone: tzinfo | None) -> Entry:
    table: dict[str, Any] = {column: cell.text.strip() for column, cell in cells.items() if cell.text.strip()}
    table.setdefault(AT, "")
    kind = KINDS.get(table.get(KIND, ""))
    known = (KIND, AT, *(fields_of(kind) if kind else ()))
    stray = next((column for column in table if kind and column not in known), None)
    try:
        return from_plain(table, zone=zone, written=True)
    except InputError as error:
        named = next((column for column in cells if re.search(rf"\b{column}\b", error.message)), KIND)
        at = error.where is not None  # only a time has a place of its own
        column = stray or (AT if at else KIND if "kind of entry" in error.message else named)
        raise _error(text, cells[column], name, error.message, error.expected, error.nearest) from None


def _rows(text: str, name: str) -> Iterator[list[_Cell]]:
    at, row = 0, list[_Cell]()
    while at < len(text) or row:
        found = _CELL.match(text, at)
        if found is None:
            bad = _Cell(text[at : at + 20], at)
            expected = 'cells with quotes or commas in "quotes", a quote inside written twice'
            what = "a quote that does not end" if text[at] == '"' else "a quote inside a cell that has none around it"
            if _CARRIAGE.match(text, at):
                what, expected = "a line that ends with a carriage return alone", "lines that end with a line feed"
            raise _error(text, bad, name, what, expected)
        quoted, plain, end = found.groups()
        row.append(_Cell(quoted.replace('""', '"') if quoted is not None else plain, at))
        at = found.end()
        if end != ",":
            yield row
            row = []
        elif at == len(text):
            row.append(_Cell("", at))
            yield row
            return


def _error(
    text: str, cell: _Cell, name: str, message: str, expected: str | None, near: tuple[str, ...] = ()
) -> InputError:
    first = text.rfind("\n", 0, cell.start) + 1
    line = text[first:].split("\n", 1)[0].rstrip("\r")
    where = Where(line, cell.start - first, max(1, min(len(cell.text), 40)))
    number = text.count("\n", 0, cell.start) + 1
    return InputError(f"{name}, line {number}: {message}", where=where, expected=expected, nearest=near)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
