"""Faults of a table: found for all rows at once, told for the first row that has one. Between reading and events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from anagen.errors import InputError, Where

Mask = npt.NDArray[np.bool_]
Text = str | Callable[[int], str]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it stands: `frame`, all columns by their known names; `written`, the names as written; `line`, the
    line of the file of each row (the first is 1), and `lines`, their texts, both only where the table is a text;
    `rows`, the number in the source of each row (from 0), where some were marked as remarks."""

    name: str
    frame: pl.DataFrame
    written: dict[str, str]
    separator: str = ""
    line: npt.NDArray[np.int64] | None = None
    lines: pl.Series | None = None
    notes: tuple[str, ...] = ()
    rows: npt.NDArray[np.int64] | None = None

    def error(self, row: int, column: str, message: str, expected: str, nearest: Sequence[str] = ()) -> InputError:
        """The error for a cell: `row` from 0; its value is said, and shown in its line where there is one."""
        written = self.written.get(column, column)
        place = f"row {(row if self.rows is None else int(self.rows[row])) + 1}" + (
            "" if self.line is None else f" (line {int(self.line[row])})"
        )
        shown = _shown(self.frame[column][row]) if column in self.frame.columns else "not there"
        return InputError(
            f"{self.name}: {place}, column {written}: {shown}: {message}",
            where=self._where(row, column),
            expected=expected,
            nearest=nearest,
        )

    def _where(self, row: int, column: str) -> Where | None:
        if self.lines is None or column not in self.frame.columns:
            return None
        text = str(self.lines[row])
        index = self.frame.columns.index(column)
        if not self.separator:
            value = str(self.frame[column][row])
            return Where(text, max(text.find(value), 0), max(1, len(value)))
        parts = text.split(self.separator)
        start = sum(len(part) + len(self.separator) for part in parts[:index])
        field_ = parts[index] if index < len(parts) else ""
        lead = len(field_) - len(field_.lstrip())
        return Where(text, start + lead, max(1, len(field_.strip())))


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "…"


@dataclass
class Faults:
    """What is wrong with rows of a sheet, gathered; `raise_first` tells the fault of the first row that has one."""

    sheet: Sheet
    _found: list[tuple[int, int, str, Text, str, Text]] = field(default_factory=list)

    def add(self, bad: Mask, column: str, message: Text, expected: str, nearest: Text = "") -> None:
        """Rows that are `bad` because of `column`; texts may hang on the row."""
        if bad.any():
            self._found.append((int(bad.argmax()), len(self._found), column, message, expected, nearest))

    def raise_first(self) -> None:
        """Raise for the first row with a fault, if there is one; of two in a row, for the one that was added first."""
        if not self._found:
            return
        row, _, column, message, expected, near = min(self._found, key=lambda fault: fault[:2])
        told = near(row) if callable(near) else near
        text = message(row) if callable(message) else message
        raise self.sheet.error(row, column, text, expected, (told,) if told else ())
