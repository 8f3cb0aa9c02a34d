"""Units of study rows: what a unit measures, and the factor that takes a value to the unit used inside.

Inside: ng/mL, h, ng·h/mL, shares from 0 to 1, and the unit of the series for laboratory values and hair counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from anagen.errors import nearest

MONTH_DAYS = 365.25 / 12
_MASS = {"ng/mL": 1.0, "ug/L": 1.0, "mcg/L": 1.0, "ug/mL": 1e3, "mg/L": 1e3, "ug/dL": 10.0, "mg/dL": 1e4, "g/L": 1e6}
_MOLAR = {"nmol/L": 1e-3, "umol/L": 1.0, "nM": 1e-3, "uM": 1.0, "mmol/L": 1e3}
"""In umol/L; 1 umol/L is as many ng/mL as a mole weighs in grams."""
_HOURS = {"h": 1.0, "min": 1 / 60, "d": 24.0, "days": 24.0, "weeks": 168.0, "months": 24 * MONTH_DAYS}
SHARES = {"%": 0.01, "fraction": 1.0}
RELATIVE = {"%": 0.01, "% of baseline": 0.01, "fraction of baseline": 1.0}
COUNT = "people"


@dataclass(frozen=True)
class UnitFault(Exception):
    """A unit that does not fit: `expected` in words, and the nearest that would."""

    message: str
    expected: str
    near: tuple[str, ...] = ()


def normalised(unit: str) -> str:
    """One spelling: `u` for micro, `*` for a product, no digits above the line.

    >>> normalised("µg·h/L"), normalised("hairs/cm²"), normalised("IU/L")
    ('ug*h/L', 'hairs/cm2', 'U/L')
    """
    for wrong, right in (("µ", "u"), ("μ", "u"), ("·", "*"), ("²", "2")):
        unit = unit.replace(wrong, right)
    unit = " ".join(unit.split())
    return {"IU/L": "U/L", "hours": "h", "hour": "h", "day": "d", "week": "weeks", "month": "months"}.get(unit, unit)


def concentration(unit: str, molar_mass: float | None) -> float:
    """Factor from `unit` to ng/mL; moles need the `molar_mass` in g/mol.

    >>> concentration("mg/L", None), concentration("umol/L", 300.44)
    (1000.0, 300.44)
    """
    return _concentration(unit, molar_mass, tuple(u for u in _MASS), "a concentration")


def area(unit: str, molar_mass: float | None) -> float:
    """Factor from `unit` to ng·h/mL.

    >>> area("ug*h/L", None), area("umol*h/L", 300.44)
    (1.0, 300.44)
    """
    for hours in ("*h/", " h/", ".h/"):
        if hours in unit:
            return concentration(unit.replace(hours, "/"), molar_mass)
    choices = tuple(u.replace("/", "*h/") for u in (*_MASS, *_MOLAR))
    raise UnitFault(f"'{unit}' is no area under a concentration", ", ".join(choices), nearest(unit, choices))


def time(unit: str) -> float:
    """Factor from `unit` to hours.

    >>> time("d")
    24.0
    """
    if unit not in _HOURS:
        raise UnitFault(f"'{unit}' is no time", ", ".join(_HOURS), nearest(unit, tuple(_HOURS)))
    return _HOURS[unit]


def share(unit: str, n: int | None) -> float:
    """Factor from `unit` to a share from 0 to 1; "people" counts among `n`.

    >>> share("%", None), share("people", 50)
    (0.01, 0.02)
    """
    if unit == COUNT and n:
        return 1 / n
    if unit not in SHARES:
        choices = (*SHARES, COUNT)
        raise UnitFault(f"'{unit}' is no share of people", ", ".join(choices), nearest(unit, choices))
    return SHARES[unit]


def of_series(unit: str, own: str, molar_mass: float | None) -> float:
    """Factor from `unit` to the `own` unit of a series; mass and moles are converted, all else must be the same.

    >>> of_series("U/L", "U/L", None), round(of_series("mmol/L", "mg/dL", 386.65), 3)
    (1.0, 38.665)
    """
    own = normalised(own)
    plain = own.split(" of ")[0]
    if unit in (own, plain):
        return 1.0
    if own in _MASS or own in _MOLAR:
        return _concentration(unit, molar_mass, (own,), "this value") / _concentration(own, molar_mass, (own,), "it")
    raise UnitFault(f"'{unit}' does not fit a value in {own}", plain, nearest(unit, (plain,)))


def _concentration(unit: str, molar_mass: float | None, fitting: tuple[str, ...], what: str) -> float:
    if unit in _MASS:
        return _MASS[unit]
    if unit in _MOLAR and molar_mass is not None:
        return _MOLAR[unit] * molar_mass
    if unit in _MOLAR:
        raise UnitFault(f"'{unit}' counts moles", f"{', '.join(fitting)}; or the key molar_mass in g/mol", fitting[:1])
    choices = (*_MASS, *_MOLAR)
    raise UnitFault(f"'{unit}' does not fit {what}", ", ".join(fitting), nearest(unit, choices) or fitting[:1])
