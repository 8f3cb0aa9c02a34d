"""Confidence intervals of 95 %: of a mean by Student's t, of a share of people by Wilson's score."""

from __future__ import annotations

import math
from statistics import NormalDist

from .student import t_quantile

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


def mean_interval(n: int, mean: float, sd: float) -> tuple[float, float] | None:
    """Of a mean of `n` values with standard deviation `sd`; None below two values.

    >>> [round(end, 3) for end in mean_interval(4, 10.0, 2.0)]
    [6.818, 13.182]
    """
    if n < 2:
        return None
    half = t_quantile((1 + LEVEL) / 2, n - 1) * sd / math.sqrt(n)
    return mean - half, mean + half


def wilson(count: float, n: float) -> tuple[float, float] | None:
    """Of the share `count / n`; `n` may be an effective number that is not whole. None where nobody counts.

    Wilson 1927, J Am Stat Assoc 22:209.

    >>> [round(end, 4) for end in wilson(0, 20)]
    [0.0, 0.1611]
    """
    if n <= 0:
        return None
    share, z2 = count / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(max(share * (1 - share), 0.0) / n + z2 / (4 * n * n))
    low = 0.0 if count <= 0 else max(0.0, middle - half)
    high = 1.0 if count >= n else min(1.0, middle + half)
    return low, high
