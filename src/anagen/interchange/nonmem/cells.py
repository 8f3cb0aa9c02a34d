"""Cells as values: numbers and names out of the columns of a sheet; what is neither is a fault. After the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from anagen.errors import nearest

from .faults import Faults, Mask, Sheet

Floats = npt.NDArray[np.float64]
NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
LARGEST = 1e12
"""No number of a record is larger; it keeps sums exact enough."""


def texts(sheet: Sheet, column: str) -> pl.Series:
    """The cells as texts; null where missing: empty, or a dot."""
    series = sheet.frame[column]
    if series.dtype != pl.String:
        series = series.cast(pl.String, strict=False)
    series = series.str.strip_chars()
    missing = (series == "") | (series == ".")
    return pl.select(pl.when(missing).then(None).otherwise(series)).to_series() if missing.any() else series


def numbers(sheet: Sheet, column: str, faults: Faults, decimal: str = ".") -> Floats:
    """The cells as numbers, NaN where missing (empty, a dot, or null); NaN too where there is a fault."""
    series = sheet.frame[column]
    if series.dtype == pl.String:
        return _of_texts(texts(sheet, column), column, faults, decimal)
    missing = series.is_null().to_numpy()
    if series.dtype == pl.Null:
        return np.full(len(series), np.nan)
    if series.dtype == pl.Boolean or not series.dtype.is_numeric():
        faults.add(~missing, column, f"the column holds {series.dtype}, no numbers", "numbers")
        return np.full(len(series), np.nan)
    values = series.cast(pl.Float64, strict=False).to_numpy().astype(np.float64)
    faults.add(~missing & ~np.isfinite(values), column, "is no number", "a number, or null where it is missing")
    return _moderate(np.where(np.isfinite(values), values, np.nan), column, faults)


def _of_texts(series: pl.Series, column: str, faults: Faults, decimal: str) -> Floats:
    if decimal == ",":
        points = series.str.contains(".", literal=True).fill_null(False).to_numpy()
        faults.add(
            points, column, "has a point, and decimal=',' says that decimals have a comma", "a comma, or decimal='.'"
        )
        series = series.str.replace(",", ".", literal=True)
    values = series.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    bad = series.is_not_null().to_numpy() & ~np.isfinite(values)
    if bad.any():  # a number that is too large is one all the same
        bad &= ~series.str.contains(NUMBER).fill_null(True).to_numpy()
        faults.add(
            bad, column, lambda row: _why(str(series[row])), "a number with a decimal point, or . where it is missing"
        )
    return _moderate(np.where(bad, np.nan, values), column, faults)


def _moderate(values: Floats, column: str, faults: Faults) -> Floats:
    large = np.abs(values) > LARGEST
    faults.add(large, column, "is too large", f"a number from -{LARGEST:g} to {LARGEST:g}")
    return np.where(large, np.nan, values)


def _why(text: str) -> str:
    if text.count(",") == 1 and text.replace(",", "").lstrip("+-").isdigit():
        return "is no number: it has a comma, which is read as a decimal mark only with decimal=',' (--decimal ,)"
    if text.casefold() in ("na", "nan", "null", "none", "n/a", "-"):
        return "is no number; a missing value is a dot"
    return "is no number"


def whole(values: Floats, choices: tuple[int, ...]) -> Mask:
    """Which values are none of the choices; NaN is none."""
    return np.asarray(~np.isin(values, choices))


def coded(
    sheet: Sheet, column: str, codes: Mapping[str, str], names: tuple[str, ...], faults: Faults
) -> npt.NDArray[Any]:
    """A column of names, or of their numbers (`codes`), as indexes into `names`, -1 where missing."""
    said = texts(sheet, column)
    series = said.str.to_lowercase().str.replace_all("[- ]", "_").str.replace(r"^([0-9]+)\.0+$", "$1")
    index = {name: i for i, name in enumerate(names)} | {code: names.index(name) for code, name in codes.items()}
    found = series.replace_strict(index, default=None, return_dtype=pl.Int64)
    bad = (series.is_not_null() & found.is_null()).to_numpy()
    shown = ", ".join(f"{name} ({code})" for code, name in codes.items()) or ", ".join(names)
    faults.add(bad, column, "is none of the choices", shown, lambda row: next(iter(nearest(str(said[row]), names)), ""))
    return found.fill_null(-1).to_numpy()
