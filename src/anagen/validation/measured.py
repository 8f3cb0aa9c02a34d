"""What of a quantity a row means (its level, its change, ...), and the factor from its unit to the unit inside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from anagen.validation import units
from anagen.validation.quantities import AREAS, LEVELS, Quantity
from anagen.validation.schema import RowTable
from anagen.validation.units import RELATIVE, UnitFault, normalised

Form = Literal["level", "change", "percent change", "relative", "share"]
POINTS = "points"
"""Difference of two percentages."""


@dataclass(frozen=True)
class Measured:
    """`form`: the level; its change since before the first dose; that change as a share of what was before; the level
    as a share of what was before; or a share of people. A value of the row times `factor` is in the unit inside, in
    which it can lie in `range`."""

    form: Form
    factor: float
    range: tuple[float, float] = (0.0, math.inf)


def measured(row: RowTable, quantity: Quantity, n: int) -> Measured:
    """What a row means.

    Raises:
        UnitFault: a unit that does not fit the quantity, or what of it is meant.
    """
    found = _plain(row, quantity, n)
    if row.compare is None:
        return found
    unit = normalised(row.unit)
    if row.compare == "difference":
        if found.form == "share" and unit == POINTS:
            return Measured("share", 0.01, (-1.0, 1.0))
        return Measured(found.form, found.factor, (-math.inf, math.inf))
    wanted = "ratio" if row.compare == "ratio" else "%"
    if unit != wanted:
        raise UnitFault(f"'{row.unit}' is no unit of a {row.compare}", wanted, (wanted,))
    if row.compare == "ratio":
        return Measured(found.form, 1.0, (0.0, math.inf))
    return Measured(found.form, 0.01, (-1.0, math.inf))


def _plain(row: RowTable, quantity: Quantity, n: int) -> Measured:
    """As if the row were no comparison; a ratio or a percentage of two values leaves their own unit open."""
    open_unit = row.compare in ("ratio", "percent difference")
    unit = normalised(row.unit)
    if row.kind in ("share", "complaint"):
        points = row.compare == "difference" and unit == POINTS
        return Measured("share", 1.0 if open_unit or points else units.share(unit, n), (0.0, 1.0))
    if row.kind in ("exposure", "concentration", "timing"):
        if row.measure not in (None, "level"):
            raise UnitFault(f"{quantity.label} has no {row.measure}", 'measure = "level", or compare with against')
        return Measured("level", 1.0 if open_unit else _of_levels(row, quantity, unit))
    if open_unit:
        forms: dict[str | None, Form] = {"change": "change", "percent change": "percent change"}
        return Measured(forms.get(row.measure, "level"), 1.0)
    return _of_series(row, quantity, unit)


def _of_levels(row: RowTable, quantity: Quantity, unit: str) -> float:
    if quantity.label in AREAS:
        return units.area(unit, row.molar_mass)
    if quantity.label in LEVELS or row.kind == "concentration":
        return units.concentration(unit, row.molar_mass)
    return units.time(unit)


def _of_series(row: RowTable, quantity: Quantity, unit: str) -> Measured:
    percent = quantity.unit.startswith("%")
    if row.measure == "percent change":
        if unit != "%":
            raise UnitFault(f"'{row.unit}' is no unit of a percent change", "%", ("%",))
        return Measured("percent change", 0.01, (-1.0, math.inf))
    if row.measure == "change":
        wide = (-math.inf, math.inf)
        if percent and unit in (POINTS, "%"):
            return Measured("change", 1.0, (-100.0, 100.0))
        if quantity.relative and row.baseline is None:
            raise UnitFault(f"{quantity.label} is known relative to its start only", 'measure = "percent change"')
        factor = 1.0 if quantity.relative else units.of_series(unit, quantity.unit, row.molar_mass)
        return Measured("change", factor, wide)
    if unit != "%" and unit in RELATIVE:
        return Measured("relative", RELATIVE[unit])
    if percent and unit == POINTS:
        return Measured("change", 1.0, (-100.0, 100.0))
    if unit == "%" and not percent:
        if row.measure == "level":
            raise UnitFault(f"'%' is no unit of a level of {quantity.label}", _own(quantity))
        return Measured("percent change", 0.01, (-1.0, math.inf))
    if quantity.relative:
        if row.baseline is None:
            expected = '"%" (change), "% of baseline"; other units with the key baseline'
            raise UnitFault(
                f"'{row.unit}' does not fit: {quantity.label} is known relative to its start only", expected
            )
        return Measured("level", 1.0)
    return Measured(
        "level", units.of_series(unit, quantity.unit, row.molar_mass), (0.0, 100.0 if percent else math.inf)
    )


def _own(quantity: Quantity) -> str:
    return "% of baseline" if quantity.relative else quantity.unit
