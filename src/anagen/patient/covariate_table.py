"""A covariate table, CSV or Parquet, one row a person: people as they are, in place of distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anagen.errors import InputError, PregnancyStop, nearest
from anagen.files.parquet import parquet_frame

from .covariates import Covariate, set_twice, unknown

Array = np.ndarray[Any, np.dtype[Any]]
_YES, _NO = ("true", "yes", "y", "1", "1.0"), ("false", "no", "n", "0", "0.0", "")


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of the rows, each float64 `(rows,)`, in the order of the covariates; categories as codes."""

    rows: int
    columns: Mapping[str, Array]

    def people(self, numbers: Array) -> dict[str, Array]:
        """The columns of people `numbers`: row `number % rows` of each."""
        return {name: column[numbers % self.rows] for name, column in self.columns.items()}


def read_table(path: Path, known: Mapping[str, Covariate]) -> Table:
    """The table in a `.csv` or `.parquet` file.

    Raises:
        InputError: names the file, the row (the first row of data is 1) and the column.
        PregnancyStop: a row says that the person is pregnant.
    """
    frame = _frame(path)
    if "pregnant" in frame.columns:
        _nobody_pregnant(path.name, frame["pregnant"])
        frame = frame.drop("pregnant")
    order = _order(path.name, frame["person"]) if "person" in frame.columns else None
    names = [name for name in frame.columns if name != "person"]
    for name in names:
        if name not in known:
            raise unknown(name, known, path.name)
    if not names or frame.height == 0:
        raise InputError(f"{path.name}: no people in it", expected="a header of covariates and one row a person")
    set_twice(dict.fromkeys(names), known, path.name)
    columns = {name: _values(path.name, known[name], frame[name]) for name in known if name in names}
    if order is not None:
        columns = {name: column[order] for name, column in columns.items()}
    return Table(frame.height, columns)


def _frame(path: Path) -> pl.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            return _plain(parquet_frame(path), path.name)
        return pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        first = str(error).strip().splitlines()
        raise InputError(
            f"{path.name}: cannot be read as a table: {first[0] if first else type(error).__name__}",
            expected="a header of covariates, then one row a person with as many fields",
        ) from None


def _plain(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame, whose columns hold one value a row."""
    for column, dtype in frame.schema.items():
        if dtype.is_nested() or dtype == pl.Binary:
            raise InputError(f"{name}: column {column} holds {dtype}", expected="numbers or names")
    return frame


def _text(series: pl.Series) -> pl.Series:
    return series.cast(pl.String, strict=False).str.strip_chars().str.to_lowercase()


def _nobody_pregnant(file: str, series: pl.Series) -> None:
    said = _text(series).fill_null("")
    if said.is_in(_YES).any():
        raise PregnancyStop(f"{file} says that a person is pregnant: nothing is simulated")
    _first(file, "pregnant", series, said.is_in(_NO).not_().to_numpy(), "is neither yes nor no", "yes or no")


def _first(file: str, column: str, series: pl.Series, bad: Array, message: str, expected: str, near: Any = ()) -> None:
    """Raise for the first row that is `bad`."""
    if bad.any():
        row = int(bad.argmax())
        value = series[row]
        near = near(str(value)) if callable(near) else near
        shown = "" if value is None else f"{value!r} " if isinstance(value, str) else f"{value} "
        raise InputError(f"{file}: row {row + 1}, column {column}: {shown}{message}", expected=expected, nearest=near)


def _order(file: str, series: pl.Series) -> Array:
    """The rows in the order of their person numbers, which are 0, 1, 2, ... in any order."""
    numbers = _numbers(file, "person", series)
    expected = f"each number from 0 to {len(numbers) - 1} once"
    _first(
        file, "person", series, ~np.isin(numbers, np.arange(len(numbers))), "is no number of a person here", expected
    )
    seen = np.ones(len(numbers), bool)
    seen[np.unique(numbers, return_index=True)[1]] = False
    _first(file, "person", series, seen, "came before", expected)
    return np.argsort(numbers, kind="stable")


def _numbers(file: str, column: str, series: pl.Series) -> Array:
    _first(file, column, series, series.is_null().to_numpy(), "is missing", "a value in every row")
    if series.dtype == pl.String:
        numbers = series.str.strip_chars().cast(pl.Float64, strict=False)
        _first(file, column, series, numbers.is_null().to_numpy(), "is no number", "a number with a decimal point")
    elif series.dtype.is_numeric():
        numbers = series.cast(pl.Float64)
    else:
        raise InputError(f"{file}: column {column} holds {series.dtype}", expected="numbers")
    values = numbers.to_numpy().astype(np.float64)
    _first(file, column, series, ~np.isfinite(values), "is not finite", "a finite number")
    return values


def _values(file: str, covariate: Covariate, series: pl.Series) -> Array:
    name = covariate.name
    if covariate.levels:
        return _codes(file, covariate, series)
    values = _numbers(file, name, series)
    outside = (values < covariate.bounds[0]) | (values > covariate.bounds[1])
    _first(file, name, series, outside, f"{covariate.unit} is out of bounds".lstrip("1 "), covariate.expected)
    return values


def _codes(file: str, covariate: Covariate, series: pl.Series) -> Array:
    name, levels = covariate.name, covariate.levels
    _first(file, name, series, series.is_null().to_numpy(), "is missing", "a value in every row")
    if series.dtype.is_numeric():
        raise InputError(f"{file}: column {name} holds numbers", expected=f"names: {covariate.expected}")
    said = _text(series)
    if levels == ("no", "yes"):
        said = said.replace({"true": "yes", "false": "no"})
    unknown_level = said.is_in(levels).not_().to_numpy()
    _first(file, name, series, unknown_level, "is no level", covariate.expected, lambda value: nearest(value, levels))
    return said.replace_strict({level: float(i) for i, level in enumerate(levels)}, return_dtype=pl.Float64).to_numpy()
