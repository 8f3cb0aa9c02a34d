"""What more counts would show: power to see a change, and how many counts it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from .change import LEVEL

RATIO, POWER = 1.5, 0.80
MOST = 200
_NORMAL = NormalDist()


def power(ratio: float, rate: float, phi: float, before: int, after: int) -> float:
    """Chance that the 95 % interval of the ratio leaves 1 out, where the change is `ratio`.

    Args:
        ratio: of the rate after to that before.
        rate: hairs at one count before.
        phi: variance over mean of a count.
        before: counts before.
        after: counts after.

    >>> round(power(1.5, 10.2, 1, 9, 9), 2), round(power(1.5, 10.2, 3, 9, 9), 2)
    (0.85, 0.41)
    """
    error = math.sqrt(phi / rate * (1 / before + 1 / (ratio * after)))
    limit = _NORMAL.inv_cdf((1 + LEVEL) / 2)
    return _NORMAL.cdf(abs(math.log(ratio)) / error - limit)


@dataclass(frozen=True, slots=True)
class Needed:
    """Counts after the start that would see a change of `ratio` with 80 % power; None: no number can, with this
    baseline. `have` are there already, and see it with `power_now`."""

    ratio: float
    counts: int | None
    have: int
    power_now: float


def counts_needed(rate: float, phi: float, before: int, have: int, ratio: float = RATIO) -> Needed:
    """How many counts after the start it takes.

    >>> counts_needed(10.2, 1.0, 9, 4).counts
    7
    """
    rate = max(rate, 0.5)
    counts = next((n for n in range(1, MOST + 1) if power(ratio, rate, phi, before, n) >= POWER), None)
    return Needed(ratio, counts, have, power(ratio, rate, phi, before, have) if have else 0.0)


def baseline_needed(rate: float, phi: float, ratio: float = RATIO) -> int | None:
    """Counts before, and as many after, that see a change of `ratio` with 80 % power; None: not even 200 do.

    >>> baseline_needed(10.2, 3.0)
    24
    """
    rate = max(rate, 0.5)
    return next((n for n in range(1, MOST + 1) if power(ratio, rate, phi, n, n) >= POWER), None)
