"""Records: the columns of an event table as arrays, with what NONMEM's defaults say of a column that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.regimen import FORMULATIONS, MEALS

from .cells import coded, numbers
from .clock import hours_of
from .columns import FORM_CODES, MEAL_CODES
from .faults import Faults, Sheet

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Records:
    """All records, `(rows,)` each, in the order of the table.

    `id` whole numbers; `time_h`; `evid` 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose; `amt_mg`; `addl`
    more doses every `ii_h` hours; `ss` 0, 1 or 2; `cmt` 0 where not said; `mdv` 1 where `dv` (ng/mL) is no observation;
    `rate` as written; `meal` and `formulation`, indexes as in a regimen, -1 where not said. `calendar`: times come from
    dates or clock times.
    """

    id: Array
    time_h: Array
    evid: Array
    amt_mg: Array
    ii_h: Array
    addl: Array
    ss: Array
    cmt: Array
    dv: Array
    mdv: Array
    rate: Array
    meal: Array
    formulation: Array
    calendar: bool

    @property
    def dosing(self) -> Array:
        """Which records give doses."""
        return (self.evid == 1) | (self.evid == 4)

    @property
    def observed(self) -> Array:
        """Which records are observations with a value."""
        return (self.evid == 0) & (self.mdv == 0)


def records_of(sheet: Sheet, faults: Faults, decimal: str) -> Records:
    """The records of a sheet; what no cell says has its default, and cells that cannot be read are faults."""

    def column(name: str, default: float = 0.0) -> Array:
        if name not in sheet.frame.columns:
            return np.full(sheet.frame.height, default)
        values = numbers(sheet, name, faults, decimal)
        return values if np.isnan(default) else np.where(np.isnan(values), default, values)

    identity = column("ID", np.nan)
    faults.add(~(np.mod(identity, 1) == 0), "ID", "is no whole number", "a whole number for each person")
    time, calendar = hours_of(sheet, faults, decimal)
    amount, dv = column("AMT"), column("DV", np.nan)
    mdv, evid = column("MDV", np.nan), column("EVID", np.nan)
    there = sheet.frame.columns
    if "EVID" in there:
        faults.add(np.isnan(evid), "EVID", "is missing", "0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose")
    else:
        dosed = amount != 0
        for name in ("RATE", "II", "ADDL", "SS"):
            dosed = dosed | (column(name) != 0)
        evid = np.where(dosed, 1.0, np.where(np.isnan(dv) | (mdv == 1), 2.0, 0.0))
    mdv = np.where(np.isnan(mdv), np.where(evid == 0, 0.0, 1.0), mdv)
    meal = coded(sheet, "MEAL", MEAL_CODES, MEALS, faults) if "MEAL" in there else None
    form = coded(sheet, "FORM", FORM_CODES, FORMULATIONS, faults) if "FORM" in there else None
    nothing = np.full(sheet.frame.height, -1)
    return Records(
        id=identity,
        time_h=time,
        evid=evid,
        amt_mg=amount,
        ii_h=column("II"),
        addl=column("ADDL"),
        ss=column("SS"),
        cmt=column("CMT") if not _named(sheet) else _compartments(sheet, faults),
        dv=dv,
        mdv=mdv,
        rate=column("RATE"),
        meal=nothing if meal is None else meal,
        formulation=nothing if form is None else form,
        calendar=calendar,
    )


def _named(sheet: Sheet) -> bool:
    """Whether compartments are called by their names."""
    import polars as pl

    if "CMT" not in sheet.frame.columns or sheet.frame["CMT"].dtype != pl.String:
        return False
    return bool(sheet.frame["CMT"].str.contains("[A-Za-z]").fill_null(False).any())


def _compartments(sheet: Sheet, faults: Faults) -> Array:
    from .columns import COMPARTMENTS

    names = ("none", *COMPARTMENTS.values())
    codes = {str(number): name for number, name in enumerate(names)}
    return np.maximum(coded(sheet, "CMT", codes, names, faults), 0).astype(float)
