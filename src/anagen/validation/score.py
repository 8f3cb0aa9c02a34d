"""Whether what was seen lies in what was predicted: percentiles, inside or outside, z; and coverage over rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EXPECTED = 0.9
MOST_Z = 4.0
"""Scores by rank end here: beyond, a few hundred possible studies tell nothing."""
SKEWED = 1.5
"""Where one half of the interval is longer than the other by more than this factor, z is a score by rank."""
_HALF_90 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Score:
    """Percentiles of the prediction, whether the observed value is among its middle 90 %, and how far off it is."""

    p05: float
    p50: float
    p95: float
    inside: bool
    z: float


def score(draws: Floats, observed: float, bound: str | None = None) -> Score:
    """`z` is (observed - median) / SD, the SD that of a normal with the same 5th and 95th percentile; where the
    prediction is skewed, the normal score of the observed value's rank, from -4 to 4. `bound` is "at most" or "at
    least", where that is all that was observed.

    >>> found = score(np.linspace(0.0, 1.0, 1001), 0.5)
    >>> found.inside, found.p05, found.z
    (True, 0.05, 0.0)
    """
    if bound is not None:
        return _of_bound(draws, observed, 1.0 if bound == "at most" else -1.0)
    p05, p50, p95 = (float(q) for q in np.quantile(draws, [0.05, 0.5, 0.95]))
    inside = _within(p05, observed, p95)
    low, high = p50 - p05, p95 - p50
    if low <= 0 or high <= 0 or max(low, high) > SKEWED * min(low, high):
        return Score(p05, p50, p95, inside, by_rank(draws, observed))
    return Score(p05, p50, p95, inside, (observed - p50) / ((p95 - p05) / (2 * _HALF_90)))


def _of_bound(draws: Floats, observed: float, sign: float) -> Score:
    """A figure "at most" (sign 1) or "at least" (-1) what was observed: inside where the middle 90 % reaches it; z is 0
    where the median keeps to it."""
    found = score(draws, observed)
    end = found.p05 if sign > 0 else found.p95
    reached = sign * end <= sign * observed + 1e-9 * max(abs(end), abs(observed))
    kept = sign * found.p50 <= sign * observed
    return Score(found.p05, found.p50, found.p95, reached, 0.0 if kept else found.z)


def _within(low: float, value: float, high: float) -> bool:
    """Ends count; a value that rounding put beside an end is at it."""
    slack = 1e-9 * max(abs(low), abs(value), abs(high))
    return low - slack <= value <= high + slack


def by_rank(draws: Floats, observed: float) -> float:
    """The normal score of the share of `draws` below, half of the equal ones among them.

    >>> by_rank(np.array([1.0, 2.0, 3.0]), 2.0), by_rank(np.array([1.0, 1.0]), 1.0)
    (0.0, 0.0)
    """
    below = float(np.sum(draws < observed)) + 0.5 * float(np.sum(draws == observed))
    if below <= 0 or below >= draws.size:
        return math.copysign(MOST_Z, below - draws.size / 2)
    return float(np.clip(NormalDist().inv_cdf(below / draws.size), -MOST_Z, MOST_Z))


@dataclass(frozen=True)
class Coverage:
    """How many of some rows lie inside, and how many would by chance: the middle 90 % of a binomial with 0.9."""

    rows: int
    inside: int
    share: float
    p05: float
    p95: float


def coverage(inside: Sequence[bool]) -> Coverage | None:
    """None where there are no rows.

    >>> coverage([True] * 18 + [False] * 2)
    Coverage(rows=20, inside=18, share=0.9, p05=0.8, p95=1.0)
    """
    n, found = len(inside), sum(inside)
    if n == 0:
        return None
    logs = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)]
    k = np.arange(n + 1)
    chance = np.exp(np.array(logs) + k * math.log(EXPECTED) + (n - k) * math.log(1 - EXPECTED))
    low, high = (int(np.searchsorted(np.cumsum(chance), q)) for q in (0.05, 0.95))
    return Coverage(n, found, found / n, low / n, min(high, n) / n)
