"""Numbers of a trial as a person reads them: rounded by how sure they are, frequencies over one denominator."""

from __future__ import annotations

import math
from collections.abc import Sequence

from anagen.analysis.numbers import MINUS, number

NONE = "–"
LARGEST, SMALLEST = 1e15, 1e-6
"""Beyond these, numbers are written with a power of ten."""
CHANCE, PEOPLE = 5, 20
"""Into how many parts an interval, or the range of people, is cut: finer would be chance, or more than anyone reads."""
FINEST = 5000
DENOMINATORS = (100, 1_000, 10_000, 100_000)


def together(values: Sequence[float | None], span: float | None, parts: int = CHANCE, scale: float = 0.0) -> list[str]:
    """Values rounded alike, to a `parts`-th of `span`, as further digits would be chance; else to three digits.

    Nothing is finer than a `FINEST`-th of `scale`, the size of what stands beside them.

    >>> together([96.4231, 96.103, 96.714], 0.611), together([None, 1234567.0], 9000.0), together([0.00412], 0.0012)
    (['96.4', '96.1', '96.7'], ['–', '1,235,000'], ['0.0041'])
    >>> together([0.0004, 0.0012], 0.0008, scale=60)
    ['0', '0']
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    size = max((abs(value) for value in known), default=0.0)
    if not span or not math.isfinite(span) or span < 1e-12 * size:
        span = None
    step = max((span or 0.0) / parts, scale / FINEST if math.isfinite(scale) else 0.0)
    return [_rounded(value, step, size) for value in values]


def _rounded(value: float | None, step: float, size: float) -> str:
    if value is None or not math.isfinite(value):
        return NONE
    if size >= LARGEST or (0 < size < SMALLEST and step < size):
        text = f"{abs(value):.3g}"
    elif step == 0:
        text = number(abs(value)) if size >= 1 else f"{abs(value):.2g}"
    else:
        places = -math.floor(math.log10(step) + 1e-9)
        text = f"{round(abs(value), places):,.{max(0, min(places, 8))}f}"
    if not text.strip("0.,"):
        return "0"
    return (MINUS if value < 0 else "") + text


def with_interval(middle: float | None, interval: Sequence[float] | None, scale: float = 0.0) -> tuple[str, str]:
    """A number, and its interval as "low to high"; a dash for either where there is none.

    >>> with_interval(96.4231, [96.103, 96.714]), with_interval(3.0, None), with_interval(None, None)
    (('96.4', '96.1 to 96.7'), ('3', '–'), ('–', '–'))
    """
    if not interval:
        return together([middle], None, scale=scale)[0], NONE
    low, high = interval
    said = together([middle, low, high], high - low, scale=scale)
    return said[0], f"{said[1]} to {said[2]}"


def range_text(low: float | None, high: float | None, scale: float = 0.0) -> str:
    """The range of 90 of 100 people, two digits of its width.

    >>> range_text(12.34, 98.7), range_text(1.0, 1.0), range_text(None, 2.0)
    ('12 to 99', '1', '–')
    """
    if low is None or high is None:
        return NONE
    first, second = together([low, high], high - low, PEOPLE, scale)
    return first if first == second else f"{first} to {second}"


def spread_text(middle: float | None, low: float | None, high: float | None, scale: float = 0.0) -> str:
    """The middle person, and the range of 90 of 100 people.

    >>> spread_text(0.5, 0.12, 0.81), spread_text(2.0, 2.0, 2.0), spread_text(None, None, None)
    ('0.50 (0.12 to 0.81)', '2', '–')
    """
    if middle is None or low is None or high is None:
        return NONE
    said = together([middle, low, high], high - low, PEOPLE, scale)
    return said[0] if said[1] == said[2] else f"{said[0]} ({said[1]} to {said[2]})"


def denominator_of(shares: Sequence[float | None], people: int) -> int:
    """Of how many all shares of a row are said: the fewest that show the smallest, and no more than there were people.

    >>> denominator_of([0.2, 0.0], 10_000), denominator_of([0.2, 0.003], 10_000), denominator_of([0.2, 0.003], 200)
    (100, 1000, 100)
    """
    smallest = min((share for share in shares if share), default=1.0)
    enough = [of for of in DENOMINATORS if smallest * of >= 0.95]
    return min(enough[0] if enough else DENOMINATORS[-1], max(100, 10 ** math.floor(math.log10(max(people, 1)))))


def count_in(share: float | None, of: int, people: bool = False) -> str:
    """How many of `of`, never a false none or all.

    >>> count_in(0.042, 100), count_in(0.9999, 100), count_in(0.00001, 1000, people=True), count_in(None, 100)
    ('4 of 100', 'more than 99 of 100', 'fewer than 1 of 1,000 people', '–')
    """
    if share is None:
        return NONE
    count = round(share * of)
    if count == 0 and share > 0:
        text = f"fewer than 1 of {of:,}"
    elif count == of and share < 1:
        text = f"more than {of - 1:,} of {of:,}"
    else:
        text = f"{count:,} of {of:,}"
    return text + " people" * people


def percent_of(share: float | None, of: int = 100) -> str:
    """A percentage with the digits of the denominator.

    >>> percent_of(0.042), percent_of(0.00345, 1000), percent_of(0.00001, 1000), percent_of(0.99999)
    ('4\u202f%', '0.3\u202f%', 'under 0.1\u202f%', 'over 99\u202f%')
    """
    if share is None:
        return NONE
    places = DENOMINATORS.index(of) if of in DENOMINATORS else 0
    step = 10.0**-places
    percent = 100 * share
    if 0 < percent < step / 2:
        return f"under {step:g}\u202f%"
    if 100 - step / 2 <= percent < 100:
        return f"over {100 - step:g}\u202f%"
    return f"{percent:.{places}f}\u202f%"


def interval_percent(interval: Sequence[float] | None) -> str:
    """An interval of a share, in percent.

    >>> interval_percent([0.0381, 0.0462]), interval_percent([0.0, 0.0]), interval_percent(None)
    ('3.8 to 4.6\u202f%', '0\u202f%', '–')
    """
    if not interval:
        return NONE
    low, high = (100 * end for end in interval)
    first, second = together([low, high], high - low)
    return f"{first}\u202f%" if first == second else f"{first} to {second}\u202f%"
