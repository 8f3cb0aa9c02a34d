"""A diary as CSV: one row for each entry, `kind` and `at` first, then a column for each field that any entry has.

Read strictly: UTF-8, commas, a heading. Whatever is wrong with a row is found in one pass; what is wrong with the
heading, or a quote that does not end, is wrong with the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from anagen.diary.entries import KINDS, Entry, fields_of
from anagen.diary.plain import AT, KIND, Fault, faults_in, from_plain, to_plain
from anagen.errors import InputError, Where, nearest

from .rows import Reading

_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|\n|\Z)')
_CARRIAGE = re.compile(r'[^,"\r\n]*\r')
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')
_ALL = (KIND, AT, *dict.fromkeys(name for kind in KINDS.values() for name in fields_of(kind)))


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int  # in the whole text
    length: int  # with its quotes


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


def read_table(text: str, reading: Reading, zone: tzinfo | None = None) -> None:
    """The rows of a CSV, each with its line.

    Args:
        text: the whole file.
        reading: takes the rows, and what is wrong with the file as a whole: heading, quotes.
        zone: for times without an offset; that of this machine where left out.
    """
    text = text.removeprefix("\ufeff")
    rows = _rows(text, reading)
    heading = next(rows, None)
    if reading.broken:
        return
    if heading is None or not any(cell.text.strip() for cell in heading):
        expected = f"a heading: {KIND},{AT}, then fields such as hairs,method"
        reading.broken.append(InputError(f"{reading.name} is empty", expected=expected))
        return
    columns = _columns(heading, text, reading)
    lines, seen = 1, 0
    for number, row in enumerate(rows, 2):
        if reading.broken or (len(row) == 1 and not row[0].text.strip()):
            continue  # the quotes of a broken file are still looked at; an empty line says nothing
        start = row[0].start
        lines, seen = lines + text.count("\n", seen, start), start
        # Programs for tables count rows; they are not lines where a cell has several.
        place = f"line {lines}" + (f" (row {number} of the table)" if number != lines else "")
        entry, faults = _entry(columns, row, text, zone)
        words = _line(text, start)[0] if faults else ""
        reading.take(place, entry, faults, [cell.text for cell in row] if faults else None, words)


def _columns(heading: list[_Cell], text: str, reading: Reading) -> list[str]:
    columns = [cell.text.strip().casefold() for cell in heading]

    def wrong(cell: _Cell, message: str, expected: str, near: tuple[str, ...] = ()) -> None:
        reading.broken.append(_error(text, cell, message, expected, near, reading.name))

    if len(heading) == 1 and any(mark in heading[0].text for mark in ";\t|"):
        wrong(heading[0], "the cells are not separated by commas", "commas between cells")
        return columns
    for place, (cell, column) in enumerate(zip(heading, columns, strict=True)):
        if column not in _ALL:
            wrong(cell, f"unknown column: '{cell.text}'", ", ".join(_ALL), nearest(column, _ALL))
        elif column in columns[:place]:
            wrong(cell, f"two columns are called '{column}'", "each once")
    strange = [column for column in columns if column not in _ALL]
    for needed in (KIND, AT):
        if needed not in columns and not nearest(needed, strange):  # else it is the one that was just shown
            wrong(heading[0], f"there is no column '{needed}'", f"columns {KIND} and {AT}")
    return columns


def _entry(
    columns: list[str], row: list[_Cell], text: str, zone: tzinfo | None
) -> tuple[Entry | None, list[InputError]]:
    if len(row) != len(columns):
        many = "more" if len(row) > len(columns) else "fewer"
        message, expected = f"{len(row)} cells, {many} than the heading has", f"{len(columns)} cells, with commas"
        return None, [_error(text, row[-1], message, expected)]
    cells = dict(zip(columns, row, strict=True))
    table: dict[str, Any] = {column: cell.text.strip() for column, cell in cells.items() if cell.text.strip()}
    table.setdefault(AT, "")
    try:
        return from_plain(table, zone=zone, written=True), []
    except InputError:
        return None, [_fault(fault, cells, text) for fault in faults_in(table, zone=zone, written=True)]


def _fault(fault: Fault, cells: Mapping[str, _Cell], text: str) -> InputError:
    """A fault with the line, and a caret under its cell; where two cells do not fit together, under the first."""
    error = fault.error
    named = next((column for column in cells if re.search(rf"\b{column}\b", error.message)), KIND)
    cell = cells[fault.field if fault.field in cells else named if not fault.field else KIND]
    return _error(text, cell, error.message, error.expected, error.nearest)


def _rows(text: str, reading: Reading) -> Iterator[list[_Cell]]:
    at, row = 0, list[_Cell]()
    while at < len(text) or row:
        found = _CELL.match(text, at)
        if found is None:
            bad = _Cell(text[at : at + 20], at, min(20, len(text) - at))
            expected = 'cells with quotes or commas in "quotes", a quote inside written twice'
            what = "a quote that does not end" if text[at] == '"' else "a quote inside a cell that has none around it"
            if _CARRIAGE.match(text, at):
                what, expected = "a line that ends with a carriage return alone", "lines that end with a line feed"
            reading.broken.append(_error(text, bad, f"{what}; what follows cannot be read", expected, (), reading.name))
            return
        quoted, plain, end = found.groups()
        told = quoted.replace('""', '"') if quoted is not None else plain
        row.append(_Cell(told, at, found.end() - len(end) - at))
        at = found.end()
        if end != ",":
            yield row
            row = []
        elif at == len(text):
            row.append(_Cell("", at, 0))
            yield row
            return


def _error(
    text: str, cell: _Cell, message: str, expected: str | None, near: tuple[str, ...] = (), name: str = ""
) -> InputError:
    """With the line and a caret; `name` of the file, and the line's number, only where it is not said otherwise."""
    line, first = _line(text, cell.start)
    where = Where(line, cell.start - first, max(1, min(cell.length, 40)))
    number = text.count("\n", 0, cell.start) + 1
    called = f"{name}, line {number}: " if name else ""
    return InputError(f"{called}{message}", where=where, expected=expected, nearest=near)


def _line(text: str, start: int) -> tuple[str, int]:
    """The line that holds a place, and where it begins."""
    first = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    return text[first : end if end >= 0 else len(text)].rstrip("\r"), first


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
