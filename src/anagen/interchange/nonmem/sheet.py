"""Any source as a sheet: a CSV or text file, Parquet, or a data frame in hand. Columns get their known names here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anagen.errors import InputError
from anagen.files.parquet import parquet_frame

from .columns import COMMENT, named
from .faults import Sheet
from .lines import fields_of

ENDINGS = (".csv", ".txt", ".dat", ".tab", ".tsv", ".prn")
MOST_ROWS = 20_000_000


def sheet_of(source: Any, *, drop: Iterable[str] = (), treatment: str = "isotretinoin") -> Sheet:
    """The sheet of a path (`.csv` and other texts, `.parquet`) or of a polars, pandas or Arrow table.

    Raises:
        InputError: it cannot be read, whole; or a column that is not known.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if path.suffix.lower() == ".parquet":
            return _of_frame(parquet_frame(path), path.name, drop, treatment)
        return _of_text(_bytes(path), path.name, drop, treatment)
    return _of_frame(_frame(source), "table", drop, treatment)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            f"{path.name}: the ending {path.suffix or '(none)'} says no form that is known",
            expected=", ".join(ENDINGS) + " or .parquet",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}", expected="a file that can be read") from None
    except ValueError:
        raise InputError("the path cannot be one", expected="a file that can be read") from None


def _frame(source: Any) -> pl.DataFrame:
    if isinstance(source, pl.DataFrame):
        return source
    module = type(source).__module__.split(".")[0]
    try:
        if isinstance(source, pl.LazyFrame):
            return source.collect()
        if module == "pandas":
            return pl.from_pandas(source)
        if module == "pyarrow":
            frame = pl.from_arrow(source)
            if isinstance(frame, pl.DataFrame):
                return frame
    except (TypeError, ValueError, OSError, pl.exceptions.PolarsError) as error:
        first = str(error).strip().splitlines()
        raise InputError(
            f"table: {first[0] if first else type(error).__name__}", expected="columns of numbers and texts"
        ) from None
    raise InputError(
        f"table: an object of type {type(source).__name__}",
        expected="a path, or a polars, pandas or Arrow table",
    )


def _of_text(data: bytes, name: str, drop: Iterable[str], treatment: str) -> Sheet:
    fields = fields_of(data, name)
    known = named(name, fields.header, drop, treatment)
    columns = [column.alias(f"{i}") for i, column in enumerate(fields.columns)]
    frame = pl.DataFrame(columns)
    frame.columns = _unique(fields.header, known)
    notes = (f"{fields.ignored} lines that begin with #, @ or C were not read.",) if fields.ignored else ()
    sheet = Sheet(name, frame, _written(known), fields.separator, fields.line, fields.lines, notes)
    return _without_comments(sheet)


def _of_frame(frame: pl.DataFrame, name: str, drop: Iterable[str], treatment: str) -> Sheet:
    known = named(name, frame.columns, drop, treatment)
    if frame.height == 0:
        raise InputError(f"{name}: no records in it", expected="one row for each record")
    if frame.height > MOST_ROWS:
        raise InputError(f"{name}: {frame.height:,} rows", expected=f"at most {MOST_ROWS:,} rows")
    for column, dtype in frame.schema.items():
        if column in known and (dtype.is_nested() or dtype in (pl.Binary, pl.Object)):
            raise InputError(f"{name}: column {column} holds {dtype}", expected="numbers, texts, dates or times")
    columns = frame.columns
    frame = frame.clone()
    frame.columns = _unique(columns, known)
    return _without_comments(Sheet(name, frame, _written(known)))


def _unique(written: Iterable[str], known: dict[str, str]) -> list[str]:
    """Known names; what is left out keeps its place under a name that nothing but the pregnancy stop asks for."""
    return [known.get(name, f"({i}) {name}") for i, name in enumerate(written)]


def written_as(column: str) -> str:
    """The name of a column of a sheet, also of one that was left out.

    >>> written_as("(3) Study"), written_as("AMT")
    ('Study', 'AMT')
    """
    return re.sub(r"^\(\d+\) ", "", column).strip()


def _written(known: dict[str, str]) -> dict[str, str]:
    return {name: written.strip() for written, name in known.items()}


def _without_comments(sheet: Sheet) -> Sheet:
    """Rows whose column C says C are no data."""
    if COMMENT not in sheet.frame.columns:
        return sheet
    said = sheet.frame[COMMENT].cast(pl.String, strict=False).fill_null("").str.strip_chars().str.to_uppercase()
    bad = (~said.is_in(["", ".", "0", COMMENT])).to_numpy()
    if bad.any():
        raise sheet.error(
            int(bad.argmax()), COMMENT, "says neither that the row is a remark nor that it is data", "C or ."
        )
    keep = (said != COMMENT).to_numpy()
    if keep.all():
        return sheet
    if not keep.any():
        raise InputError(f"{sheet.name}: every row is marked C: no records", expected="one row for each record")
    chosen = pl.Series(keep)
    # Rows keep the numbers they have in the file: what is not read still counts.
    return replace(
        sheet,
        frame=sheet.frame.filter(chosen),
        line=None if sheet.line is None else sheet.line[keep],
        lines=None if sheet.lines is None else sheet.lines.filter(chosen),
        notes=(*sheet.notes, f"{int((~keep).sum())} rows marked C were not read."),
        rows=np.flatnonzero(keep) if sheet.rows is None else sheet.rows[keep],
    )
