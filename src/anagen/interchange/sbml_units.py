"""Units of the SBML file: the field's own symbols ("ng/mL", "1/d", "ng d/mL") as SBML unit definitions."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.errors import DataError, nearest

SECONDS = {"h": 3600.0, "d": 86400.0, "min": 60.0}


@dataclass(frozen=True)
class Factor:
    """One factor of a unit: (`multiplier`·10^`scale`·`kind`)^`exponent`."""

    kind: str
    exponent: int = 1
    scale: int = 0
    multiplier: float = 1.0


KNOWN: dict[str, Factor] = {
    "kg": Factor("gram", scale=3),
    "mg": Factor("gram", scale=-3),
    "ug": Factor("gram", scale=-6),
    "ng": Factor("gram", scale=-9),
    "L": Factor("litre"),
    "dL": Factor("litre", scale=-1),
    "mL": Factor("litre", scale=-3),
    "umol": Factor("mole", scale=-6),
    "cm2": Factor("metre", exponent=2, scale=-2),
    "hairs": Factor("item"),
    "%": Factor("dimensionless", scale=-2),
    **{name: Factor("second", multiplier=seconds) for name, seconds in SECONDS.items()},
}
"""Every unit a formula may use, but for the number one and the enzyme unit."""
DIMENSIONLESS = "dimensionless"
PURE = ("fraction", "probability", "times", "part", "extra", "cumulative")
"""First words of what an output is in, where that is no unit: shares, chances, multiples."""
ENZYME_UNIT = (Factor("mole", scale=-6), Factor("second", exponent=-1, multiplier=60.0))
"""1 U: a micromole turned over in a minute."""


def factors(unit: str) -> tuple[Factor, ...]:
    """The factors of a unit: products with spaces, quotients with `/` from left to right; "1" is none.

    >>> [(f.kind, f.exponent, f.scale) for f in factors("ng/mL")]
    [('gram', 1, -9), ('litre', -1, -3)]

    Raises:
        DataError: a unit that is not known; the nearest are offered.
    """
    found: list[Factor] = []
    for place, part in enumerate(unit.split("/")):
        sign = -1 if place else 1
        for symbol in part.split():
            if symbol == "1":
                continue
            if symbol == "U":
                found += [Factor(f.kind, sign * f.exponent, f.scale, f.multiplier) for f in ENZYME_UNIT]
                continue
            if symbol not in KNOWN:
                raise DataError(
                    f"unit '{unit}' has no SBML form: unknown '{symbol}'",
                    expected=f"a unit made of {', '.join([*KNOWN, 'U'])}",
                    nearest=nearest(symbol, tuple(KNOWN)),
                )
            known = KNOWN[symbol]
            found.append(Factor(known.kind, sign * known.exponent, known.scale, known.multiplier))
    return tuple(found)


def unit_id(unit: str) -> str:
    """The SBML identifier of a unit.

    >>> unit_id("ng/mL"), unit_id("1/d"), unit_id("h/d"), unit_id("%"), unit_id("1")
    ('ng_per_mL', 'per_d', 'h_per_d', 'percent', 'dimensionless')
    """
    if unit == "1":
        return DIMENSIONLESS
    words = unit.replace("%", "percent").replace("/", " per ").split()
    return "_".join(words[1:] if words[0] == "1" else words)


def published(unit: str) -> str:
    """The unit of a mechanism's output as a unit of this file: fractions, probabilities and multiples have none.

    >>> published("fraction of own baseline"), published("% of visible hairs"), published("mg/dL"), published("umol/L")
    ('1', '%', 'mg/dL', 'umol/L')

    Raises:
        DataError: a unit that is not known.
    """
    first = unit.split(" ")[0]
    if first == "%" or first in PURE:
        return "%" if first == "%" else "1"
    factors(unit)
    return unit
