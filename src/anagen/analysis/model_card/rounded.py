"""Numbers of studies and of parameters as a person reads them, each with its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from anagen.analysis.charts.units import Unit, said
from anagen.analysis.numbers import MINUS, with_unit
from anagen.analysis.trial.cells import NONE, together

PARTS = 20
"""Into how many parts a range is cut: its numbers need no finer steps."""
OWN = {
    "1": Unit(1, ""),
    "ratio": Unit(1, ""),
    "ratio of shares": Unit(1, ""),
    "share": Unit(100, "%"),
    "fraction": Unit(100, "%"),
    "d": Unit(1, "days"),
    "h": Unit(1, "h"),
    "%": Unit(1, "%"),
    "mg/kg/d": Unit(1, "mg/kg a day"),
}
"""Units that are said otherwise here than beside a series."""


def unit_of(unit: str) -> Unit:
    """The factor and the words of a unit.

    >>> unit_of("hairs/d"), unit_of("d")
    (Unit(factor=1, words='hairs a day'), Unit(factor=1, words='days'))
    >>> unit_of("ng h/mL").words, unit_of("share of those normal before")
    ('ng·h/mL', Unit(factor=100, words='% of those normal before'))
    """
    if unit in OWN:
        return OWN[unit]
    known = said(unit)
    if known.words == unit and (found := re.match(r"(?:share |fraction )?(of .+)", unit)):
        return Unit(100, f"% {found[1]}")
    return Unit(known.factor, known.words.replace("*", "·").replace(" h/", "·h/"))


def value_and_range(
    observed: float | None, low: float, middle: float, high: float, unit: str = ""
) -> tuple[str, str, str]:
    """What was seen, the middle of a prediction, and its range, all rounded alike; `unit` is in words.

    >>> value_and_range(812.3, 640.2, 837.0, 1093.9, "ng/mL")
    ('810 ng/mL', '840 ng/mL', '640 to 1,090 ng/mL')
    """
    seen, lowest, mid, highest = together([observed, low, middle, high], high - low, PARTS)
    ends = lowest if lowest == highest else f"{lowest} to {highest}"
    return (
        with_unit(seen, unit) if seen != NONE else NONE,
        with_unit(mid, unit),
        with_unit(ends, unit),
    )


def levels_text(levels: Sequence[float]) -> str:
    """A middle and its interval.

    >>> levels_text([7.01, 8.0, 9.22])
    '8.0 (7.0 to 9.2)'
    """
    low, middle, high = together(levels, abs(levels[2] - levels[0]), PARTS)
    return middle if low == high else f"{middle} ({low} to {high})"


def signed(z: float) -> str:
    """A distance in SDs with one digit and its sign.

    >>> signed(1.26), signed(-0.04), signed(-2.0)
    ('+1.3', '0.0', '−2.0')
    """
    text = f"{abs(z):.1f}"
    return text if float(text) == 0 else f"{'+' if z > 0 else MINUS}{text}"


def plain_value(value: float) -> str:
    """A parameter's value to four digits.

    >>> plain_value(0.00012), plain_value(10004.0), plain_value(-1.5)
    ('0.00012', '10,004', '−1.5')
    """
    text = f"{abs(value):,.0f}" if 1e4 <= abs(value) < 1e15 else f"{abs(value):.4g}"
    return (MINUS if value < 0 else "") + text
