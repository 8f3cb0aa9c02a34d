"""Numbers as a person reads them: few digits, ranges, and frequencies beside percentages."""

from __future__ import annotations

import math
from collections.abc import Sequence

from anagen.simulation.outcomes import LEVELS

MINUS = "−"
assert LEVELS == (0.05, 0.5, 0.95), "the words '90 of 100 people' say so"


def number(value: float) -> str:
    """Two or three digits, thousands with a comma, a real minus sign.

    >>> [number(x) for x in (96.4, 9996, 1234567, 2.34, 0.26, 0.004, -16.6)]
    ['96', '10,000', '1,230,000', '2.3', '0.3', '0', '−17']
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 999.5:
        digits = math.floor(math.log10(size)) - 2
        text = f"{round(size / 10**digits) * 10**digits:,}"
    else:
        text = f"{size:.0f}" if size >= 9.95 else f"{size:.1f}".removesuffix(".0")
    return (MINUS if value < 0 and text != "0" else "") + text


def with_unit(value: str, unit: str) -> str:
    """A number and its unit; a percent sign stands off by a thin space that does not break.

    >>> with_unit("96", "hairs a day")
    '96 hairs a day'
    """
    return f"{value}\u202f{unit}" if unit.startswith("%") else f"{value} {unit}" if unit else value


def spread(middle: float, low: float, high: float) -> str:
    """The middle, and the range of 90 of 100 people where there is one.

    >>> spread(96.2, 52.4, 205.1)
    '96 (52 to 205)'
    >>> spread(100.0, 100.0, 100.0)
    '100'
    """
    if number(low) == number(high):
        return number(middle)
    return f"{number(middle)} ({number(low)} to {number(high)})"


def denominator(chances: Sequence[float]) -> int:
    """100, or 1,000 where one of the chances would round to none of 100: the same for all of a row.

    >>> denominator([0.04, 0.0]), denominator([0.04, 0.003])
    (100, 1000)
    """
    return 1000 if any(0 < chance < 0.0095 for chance in chances) else 100


def count_of(chance: float, of: int = 100) -> str:
    """How many of `of`, never a false none or all.

    >>> count_of(0.042), count_of(0.9961), count_of(0.0001, 1000), count_of(0.0)
    ('4 of 100', 'more than 99 of 100', 'fewer than 1 of 1,000', '0 of 100')
    """
    count = round(chance * of)
    if count == 0 and chance > 0:
        return f"fewer than 1 of {of:,}"
    if count == of and chance < 1:
        return f"more than {of - 1:,} of {of:,}"
    return f"{count:,} of {of:,}"


def percent(chance: float, of: int = 100) -> str:
    """The same as a percentage.

    >>> percent(0.042), percent(0.003, 1000), percent(0.9961)
    ('4\u202f%', '0.3\u202f%', 'over 99\u202f%')
    """
    step = 100 / of
    count = round(chance * of)
    if count == 0 and chance > 0:
        return f"under {number(step)}\u202f%"
    if count == of and chance < 1:
        return f"over {number(100 - step)}\u202f%" if of == 100 else "over 99.9\u202f%"
    return f"{number(count * step)}\u202f%"


def frequency(chance: float, of: int = 100) -> str:
    """Frequency and percent.

    >>> frequency(0.042)
    '4 of 100 (4\u202f%)'
    """
    return f"{count_of(chance, of)} ({percent(chance, of)})"


def listed(parts: Sequence[str]) -> str:
    """Commas, and the last with "and".

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""
