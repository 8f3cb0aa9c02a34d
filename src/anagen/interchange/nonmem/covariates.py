"""Covariates of an event table: who each person is, and the weight, which may change. After records, beside events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from anagen.errors import InputError, PregnancyStop, nearest
from anagen.patient.covariates import Covariate, covariates

from .cells import coded, numbers, texts
from .columns import PREGNANT, covariate_names
from .faults import Faults, Sheet
from .sheet import sheet_of, written_as

Array = npt.NDArray[Any]
Interpolation = Literal["locf", "nocb", "linear"]
WEIGHT = "weight_kg"
_NO = ("0", "0.0", "no", "n", "false", "")


def nobody_pregnant(sheet: Sheet) -> None:
    """Stop where a column says that a person is pregnant, also one that was to be left out; before anything else is
    looked at.

    Raises:
        PregnancyStop: a cell says so, or says neither yes nor no.
    """
    for name in sheet.frame.columns:
        if written_as(name).upper() in PREGNANT:
            said = sheet.frame[name].cast(pl.String, strict=False).fill_null("").str.strip_chars().str.to_lowercase()
            if not said.is_in([*_NO, "."]).all():
                raise PregnancyStop(f"{sheet.name} says that a person is pregnant: nothing is simulated")


def values_of(sheet: Sheet, faults: Faults, decimal: str, treatment: str) -> dict[str, Array]:
    """Covariates of the rows, NaN where missing; categories as codes. Out of bounds is a fault."""
    known = covariates(treatment)
    found: dict[str, Array] = {}
    for name in covariate_names(treatment):
        if name in sheet.frame.columns:
            found[name] = (
                _category(sheet, known[name], faults)
                if known[name].levels
                else _number(sheet, known[name], faults, decimal)
            )
    for name in ("SEX", "MALE", "FEMALE"):
        if name in sheet.frame.columns:
            found["sex"] = _sex(sheet, name, known["sex"], faults, decimal)
    return found


def _number(sheet: Sheet, covariate: Covariate, faults: Faults, decimal: str) -> Array:
    values = numbers(sheet, covariate.name, faults, decimal)
    low, high = covariate.bounds
    faults.add((values < low) | (values > high), covariate.name, "is out of bounds", covariate.expected)
    return values


def _category(sheet: Sheet, covariate: Covariate, faults: Faults) -> Array:
    codes = {str(i): level for i, level in enumerate(covariate.levels)}
    found = coded(sheet, covariate.name, codes, covariate.levels, faults).astype(float)
    return np.where(found < 0, np.nan, found)


def _sex(sheet: Sheet, column: str, covariate: Covariate, faults: Faults, decimal: str) -> Array:
    male = float(covariate.levels.index("male"))
    if column != "SEX":
        values = numbers(sheet, column, faults, decimal)
        faults.add(~np.isnan(values) & ~np.isin(values, (0, 1)), column, "is neither 0 nor 1", "0 no, 1 yes")
        return np.where(np.isnan(values), np.nan, np.where((values == 1) == (column == "MALE"), male, 1 - male))
    said = texts(sheet, column)
    numeric = said.str.contains(r"^[0-9]").fill_null(False).to_numpy()
    faults.add(
        numeric,
        column,
        "is a number, and which sex it means differs between tables",
        "female or male; or a column MALE, or FEMALE, of 0 and 1",
    )
    short = said.str.to_lowercase().replace({"f": "female", "m": "male"})
    index = {level: float(i) for i, level in enumerate(covariate.levels)}
    found = short.replace_strict(index, default=None, return_dtype=pl.Float64)
    bad = (said.is_not_null() & found.is_null()).to_numpy() & ~numeric
    faults.add(
        bad,
        column,
        "is none of the choices",
        "female, male",
        lambda row: next(iter(nearest(str(said[row]), covariate.levels)), ""),
    )
    return found.fill_null(np.nan).to_numpy()


def one_each(sheet: Sheet, column: Array, name: str, person: Array, first: Array, faults: Faults) -> Array:
    """The one value of each person, `(people,)`, NaN where it is never said; a second value is a fault. `person` is the
    number of the person of each row, `first` the first row of each."""
    found = np.full(first.size, np.nan)
    there = np.flatnonzero(~np.isnan(column))[::-1]
    found[person[there]] = column[there]  # backwards, so that the first stays
    if name != "age_years":  # people grow older in a table; the first age counts
        other = ~np.isnan(column) & (column != found[person])
        faults.add(
            other, name, "differs from the person's value before, and only the weight may change", "one value a person"
        )
    return found


def of_file(source: Any, people: Array, decimal: str, treatment: str, drop: Iterable[str] = ()) -> Mapping[str, Array]:
    """The covariates in a second table, one row a person, in the order of `people`.

    Raises:
        InputError: a person in one table and not in the other, or twice; a column of events.
        PregnancyStop: a row says that the person is pregnant.
    """
    sheet = sheet_of(source, drop=drop, treatment=treatment)
    nobody_pregnant(sheet)
    faults = Faults(sheet)
    events = [
        name
        for name in sheet.frame.columns
        if name.isupper() and name not in ("ID", "SEX", "MALE", "FEMALE", "C", *PREGNANT)
    ]
    if events:
        raise InputError(
            f"{sheet.name}: column {events[0]} in a table of covariates", expected="ID and covariates alone"
        )
    identity = numbers(sheet, "ID", faults, decimal)
    faults.add(np.isnan(identity), "ID", "is missing", "the number of a person in the event table")
    _, first = np.unique(identity, return_index=True)
    again = np.ones(identity.size, bool)
    again[first] = False
    faults.add(again, "ID", "is there twice", "one row for each person")
    faults.add(
        ~np.isin(identity, people),
        "ID",
        "is a person without a record in the event table",
        "the same people in both tables",
    )
    values = values_of(sheet, faults, decimal, treatment)
    for name, column in values.items():
        faults.add(np.isnan(column), name, "is missing", "a value for every person")
    faults.raise_first()
    left = people[~np.isin(people, identity)]
    if left.size:
        raise InputError(
            f"{sheet.name}: there is no row for ID {left[0]:g}, who is in the event table"
            + (f" (and {left.size - 1} more)" if left.size > 1 else ""),
            expected="the same people in both tables",
        )
    order = np.argsort(identity)[np.searchsorted(np.sort(identity), people)]
    return {name: column[order] for name, column in values.items()}


def check_interpolation(name: str | None) -> None:
    """Refuse an interpolation that is none."""
    choices = get_args(Interpolation)
    if name is not None and name not in choices:
        raise InputError(
            f"unknown interpolation: '{name}'", expected=", ".join(choices), nearest=nearest(str(name), choices)
        )
