"""Dates and clock times as hours: `TIME` alone, or with `DATE`, `DAT1`, `DAT2` or `DAT3`. After cells."""

from __future__ import annotations

import re
from datetime import time as clock_time

import numpy as np
import numpy.typing as npt
import polars as pl

from .cells import numbers, texts
from .columns import DATES
from .faults import Faults, Mask, Sheet

Floats = npt.NDArray[np.float64]
CLOCK = r"^([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]+)?))?$"
_ORDER = {"DATE": "mdy", "DAT1": "dmy", "DAT2": "ymd", "DAT3": "ydm"}
_SAID = {
    "DATE": "month/day/year, such as 03/31/2024",
    "DAT1": "day/month/year, such as 31/03/2024",
    "DAT2": "year-month-day, such as 2024-03-31",
    "DAT3": "year-day-month, such as 2024-31-03",
}


def hours_of(sheet: Sheet, faults: Faults, decimal: str) -> tuple[Floats, bool]:
    """Hours `(rows,)` of all records, and whether they are of a calendar: then the first midnight of it is 0."""
    date = next((name for name in DATES if name in sheet.frame.columns), None)
    if "TIME" not in sheet.frame.columns:
        from anagen.errors import InputError

        raise InputError(
            f"{sheet.name}: there is no column TIME",
            expected="TIME in hours, or clock times with a date",
            nearest="TIME",
        )
    time, clocked = _times(sheet, faults, decimal)
    faults.add(
        np.isnan(time) & _missing(sheet, "TIME"),
        "TIME",
        "is missing",
        "hours since a start, or a clock time such as 08:30",
    )
    if date is None:
        return time, clocked
    if not clocked:
        faults.add(
            (time < 0) | (time >= 24), "TIME", "is no hour of a day, and there is a date", "from 0 to 24, or 08:30"
        )
    return _days(sheet, date, faults) * 24.0 + time, True


def _missing(sheet: Sheet, column: str) -> Mask:
    return np.asarray(texts(sheet, column).is_null().to_numpy())


def _times(sheet: Sheet, faults: Faults, decimal: str) -> tuple[Floats, bool]:
    series = sheet.frame["TIME"]
    if series.dtype == pl.Time:
        return series.cast(pl.Int64).cast(pl.Float64).fill_null(np.nan).to_numpy() / 3.6e12, True
    if series.dtype != pl.String:
        return numbers(sheet, "TIME", faults, decimal), False
    said = texts(sheet, "TIME")
    if not said.str.contains(":", literal=True).any():
        return numbers(sheet, "TIME", faults, decimal), False
    parts = [said.str.extract(CLOCK, i).cast(pl.Float64, strict=False) for i in (1, 2, 3)]
    hour, minute = (part.fill_null(np.nan).to_numpy() for part in parts[:2])
    second = parts[2].fill_null(0.0).to_numpy()
    bad = (said.is_not_null().to_numpy()) & ~((hour < 24) & (minute < 60) & (second < 60))
    faults.add(
        bad, "TIME", "is no clock time, and others in the column are", "from 00:00 to 23:59, with seconds or without"
    )
    return hour + minute / 60 + second / 3600, True


def _days(sheet: Sheet, column: str, faults: Faults) -> Floats:
    """Days of the dates; the first is 0."""
    series = sheet.frame[column]
    expected = _SAID[column]
    if series.dtype in (pl.Date, pl.Datetime):
        if series.dtype == pl.Datetime:
            timed = (series.dt.time() != clock_time(0)).fill_null(False).to_numpy()
            faults.add(timed, column, "has a time of day, which belongs in TIME", "a date alone, or a date at midnight")
        days = series.cast(pl.Date).cast(pl.Int32).cast(pl.Float64)
        faults.add(series.is_null().to_numpy(), column, "is missing", expected)
        return _from_first(days.fill_null(np.nan).to_numpy())
    said = texts(sheet, column)
    faults.add(said.is_null().to_numpy(), column, "is missing", expected)
    order = _ORDER[column]
    digits = {"d": r"([0-9]{1,2})", "m": r"([0-9]{1,2})", "y": r"([0-9]{4})"}
    pattern = "^" + "([-/.])".join(digits[part] for part in order) + "$"
    parts = {part: said.str.extract(pattern, 2 * i + 1).cast(pl.Int32, strict=False) for i, part in enumerate(order)}
    alike = (said.str.extract(pattern, 2) == said.str.extract(pattern, 4)).fill_null(False)
    made = pl.DataFrame(parts).select(
        pl.concat_str(
            pl.col("y").cast(pl.String), pl.col("m").cast(pl.String), pl.col("d").cast(pl.String), separator="-"
        ).str.to_date("%Y-%m-%d", strict=False)
    )
    date = made.to_series()
    bad = (said.is_not_null() & (date.is_null() | ~alike)).to_numpy()
    faults.add(bad, column, lambda row: _why(str(said[row]), column), f"{expected}, in a column {column}")
    return _from_first(date.cast(pl.Int32).cast(pl.Float64).fill_null(np.nan).to_numpy())


def _from_first(days: Floats) -> Floats:
    return days - np.nanmin(days) if np.isfinite(days).any() else days


def _why(text: str, column: str) -> str:
    if re.fullmatch(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}", text) and column not in ("DAT2", "DAT3"):
        return f"begins with a year, and {column} does not: call the column DAT2"
    if re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}", text):
        return "has a year of two digits, and the century must not be guessed"
    if re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}", text):
        return f"is no date in the order of {column}; DATE is month first, DAT1 day first"
    return "is no date"
