"""A value from one UCUM unit to another: of one kind, or between mass and moles where the molar mass is known."""

from __future__ import annotations

import math

from anagen.errors import InputError

from .table import Substance, Unit, substance, unit

_MASS, _MOLES = "mass_concentration", "amount_concentration"
_ENZYME, _ARBITRARY = "enzyme_concentration", "arbitrary_concentration"


def convert(value: float, source: str, target: str, *, of: str = "", written: bool = False) -> float:
    """`value` in the unit `target`.

    Args:
        value: a finite number in `source`.
        source: a UCUM code; with `written`, also a usual spelling of one.
        target: a UCUM code.
        of: what is measured, such as `"glucose"`: its molar mass joins mg/dL and mmol/L; of an enzyme, IU are U.

    Raises:
        InputError: a unit that is not accepted, or two that do not measure the same: both are named.

    >>> convert(2.0, "ukat/L", "U/L"), round(convert(100.0, "mg/dL", "mmol/L", of="glucose"), 3)
    (120.0, 5.551)
    >>> convert(5.0, "mg", "ng/mL")
    Traceback (most recent call last):
    ...
    anagen.errors.InputError: mg is a mass and ng/mL is a mass concentration: neither can be turned into the other
    expected: a unit of a mass concentration
    nearest: ng/mL
    """
    if not math.isfinite(value):
        raise InputError(f"{value} {source} is no value", expected="a finite number")
    first, second = unit(source, written=written), unit(target)
    factor = ratio(first, second, substance(of))
    if factor is None:
        raise InputError(
            f"{first.code} is {first.says} and {second.code} is {second.says}: neither can be turned into the other"
            + _why(first, second, of),
            expected=f"a unit of {second.says}",
            nearest=second.code,
        )
    return float(f"{value * factor:.12g}")


def ratio(first: Unit, second: Unit, of: Substance) -> float | None:
    """The factor from the first unit to the second for that substance; None where they do not measure the same."""
    if first.kind == second.kind:
        return first.factor / second.factor
    kinds = (first.kind, second.kind)
    if of.molar_mass is not None and kinds == (_MASS, _MOLES):
        return first.factor / second.factor / of.molar_mass
    if of.molar_mass is not None and kinds == (_MOLES, _MASS):
        return first.factor / second.factor * of.molar_mass
    if of.enzyme and set(kinds) == {_ENZYME, _ARBITRARY}:
        return first.factor / second.factor
    return None


def _why(first: Unit, second: Unit, of: str) -> str:
    if {first.kind, second.kind} == {_MASS, _MOLES}:
        return f" (no molar mass is known of {of})" if of else " without saying of which substance"
    if {first.kind, second.kind} == {_ENZYME, _ARBITRARY}:
        return " (only of an enzyme is 1 IU also 1 U)"
    return ""
