"""Power: how often a real trial of so many people would find the difference that the simulated one shows.

A test of the difference of two means at 5 %, two-sided. Parallel: different people in each arm, by Welch's t test (for
shares the test of two proportions). Paired: the same people in both arms, by the t test of their differences. The
chances of two arms in one simulated person are the same person's twice over; in life a crossover comes near to it at
best, and hair does not go back to where it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

from anagen.errors import InputError

from .groups import Merged
from .layout import EVERYONE, Layout
from .student import t_above, t_quantile

ALPHA = 0.05
MOST = 10_000_000
PAIRED_NOTE = (
    "Paired: every person is simulated in both arms and compared with themselves. Such pairs exist only in a model; "
    "a real trial with different people in its arms needs the numbers of the parallel design."
)
_NORMAL = NormalDist()


def sizes_of(text: str | None, name: str = "power") -> tuple[int, ...]:
    """Numbers of people per arm from a text, rising, each once; `name` is how errors call it.

    >>> sizes_of("200, 50,100,50"), sizes_of(None)
    ((50, 100, 200), ())

    Raises:
        InputError: a part of it is no number of people.
    """
    if text is None:
        return ()
    parts = [part.strip() for part in text.split(",")]
    wrong = next((part for part in parts if not _is_size(part)), None)
    if wrong is not None:
        raise InputError(
            f"{name}: '{wrong[:40]}' is no number of people",
            expected="whole numbers from 2 to 10,000,000, as 50,100,200",
        )
    return tuple(sorted({int(part) for part in parts}))


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 20 and 2 <= int(text) <= MOST


def paired_power(n: int, difference: float, sd: float, alpha: float = ALPHA) -> float:
    """Of `n` pairs whose differences have this mean and standard deviation.

    >>> round(paired_power(34, 0.5, 1.0), 3)
    0.808
    """
    if n < 2:
        return 0.0
    return _t_power(difference, sd / math.sqrt(n), n - 1, alpha)


def means_power(n: int, difference: float, sd: float, other_sd: float, alpha: float = ALPHA) -> float:
    """Of two arms of `n` people each, whose means differ so; Welch's degrees of freedom.

    >>> round(means_power(64, 0.5, 1.0, 1.0), 3)
    0.801
    """
    if n < 2:
        return 0.0
    one, other = sd * sd, other_sd * other_sd
    df = (n - 1) * (one + other) ** 2 / (one**2 + other**2) if one + other > 0 else 2 * n - 2
    return _t_power(difference, math.sqrt((one + other) / n), df, alpha)


def shares_power(n: int, share: float, other: float, alpha: float = ALPHA) -> float:
    """Of two arms of `n` people each, of whom these shares have the event.

    The variance is pooled under no difference (Fleiss, Levin and Paik 2003, Statistical Methods for Rates and
    Proportions, chapter 4), without a correction for continuity.

    >>> round(shares_power(388, 0.4, 0.5), 3)
    0.801
    """
    if n < 2 or share == other:
        return alpha if n >= 2 else 0.0
    middle = (share + other) / 2
    null = math.sqrt(2 * middle * (1 - middle))
    true = math.sqrt(share * (1 - share) + other * (1 - other))
    limit, step = _NORMAL.inv_cdf(1 - alpha / 2) * null, abs(share - other) * math.sqrt(n)
    if true == 0:
        return 1.0 if step > limit else 0.0
    return _NORMAL.cdf((step - limit) / true) + _NORMAL.cdf((-step - limit) / true)


def n_for(power: Callable[[int], float], wanted: float = 0.8) -> int | None:
    """The smallest `n` from 2 whose power is at least `wanted`; None beyond ten million.

    >>> n_for(lambda n: means_power(n, 0.5, 1.0, 1.0))
    64
    """
    high = 2
    while power(high) < wanted:
        high *= 2
        if high > MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= wanted else (middle, high)
    return high


def power_table(layout: Layout, merged: Merged, n_per_arm: int, alpha: float = ALPHA) -> list[dict[str, Any]]:
    """The rows of the JSON's `power`: each contrast of each endpoint, paired and parallel.

    `n_for_80` is the number per arm for a power of 80 %. With replicates, `assurance` is the power averaged over what
    each replicate takes for true; its spread within replicates is used. A row is left out where people are too few.
    """
    found = []
    for pair, arm in enumerate(layout.compared):
        for place, endpoint in enumerate(layout.endpoints):
            for design, test in (("parallel", _parallel), ("paired", _paired)):
                tests = test(layout, merged, pair, arm, place, alpha)
                if tests is None:
                    continue
                overall, replicates = tests
                row: dict[str, Any] = {
                    "endpoint": endpoint.name,
                    "arm": layout.arms[arm],
                    "against": layout.arms[layout.against],
                    "n_per_arm": n_per_arm,
                    "power": overall(n_per_arm),
                    "design": design,
                    "n_for_80": n_for(overall, 0.8),
                }
                if layout.replicates > 1 and replicates:
                    row["assurance"] = math.fsum(one(n_per_arm) for one in replicates) / len(replicates)
                found.append(row)
    return found


Test = Callable[[int], float]


def _parallel(
    layout: Layout, merged: Merged, pair: int, arm: int, place: int, alpha: float
) -> tuple[Test, list[Test]] | None:
    sides = (arm, layout.against)
    (n, mean, sd), (other_n, other, other_sd) = (merged.of_arms.at(side, place, EVERYONE) for side in sides)
    if min(n, other_n) < 2:
        return None
    by_replicate = merged.of_arms_by_replicate
    held = (by_replicate.n[arm, place] > 0) & (by_replicate.n[layout.against, place] > 0)
    means = [by_replicate.mean[side, place][held].tolist() for side in sides]
    if layout.endpoints[place].kind == "share":
        replicates = [_shares(a, b, alpha) for a, b in zip(*means, strict=True)]
        return _shares(mean, other, alpha), replicates
    within, other_within = (_within(merged, side, place) for side in sides)
    replicates = [_means(a - b, within, other_within, alpha) for a, b in zip(*means, strict=True)]
    return _means(mean - other, sd, other_sd, alpha), replicates


def _paired(
    layout: Layout, merged: Merged, pair: int, arm: int, place: int, alpha: float
) -> tuple[Test, list[Test]] | None:
    n, mean, sd = merged.of_pairs.at(pair, place, EVERYONE)
    whole = [int(merged.whole[side, place].sum()) == merged.of_arms.n[side, place, 0] for side in (arm, layout.against)]
    if n < 2 or (layout.endpoints[place].kind == "share" and not all(whole)):
        # the spread of chances is not that of who has the event
        return None
    by_replicate = merged.of_pairs_by_replicate
    within = _pooled(by_replicate.n[pair, place], by_replicate.squares[pair, place])
    means = by_replicate.mean[pair, place][by_replicate.n[pair, place] > 0].tolist()
    return _pairs(mean, sd, alpha), [_pairs(one, within, alpha) for one in means]


def _within(merged: Merged, arm: int, place: int) -> float:
    of_arm = merged.of_arms_by_replicate
    return _pooled(of_arm.n[arm, place], of_arm.squares[arm, place])


def _pooled(n: Any, squares: Any) -> float:
    """Standard deviation within replicates."""
    df = int((n - 1)[n > 0].sum())
    return math.sqrt(float(squares.sum()) / df) if df > 0 else 0.0


def _means(difference: float, sd: float, other_sd: float, alpha: float) -> Test:
    return lambda n: means_power(n, difference, sd, other_sd, alpha)


def _shares(share: float, other: float, alpha: float) -> Test:
    return lambda n: shares_power(n, share, other, alpha)


def _pairs(difference: float, sd: float, alpha: float) -> Test:
    return lambda n: paired_power(n, difference, sd, alpha)


def _t_power(difference: float, error: float, df: float, alpha: float) -> float:
    if error == 0:
        return 1.0 if difference else 0.0
    limit, shift = t_quantile(1 - alpha / 2, df), difference / error
    return t_above(limit, df, shift) + t_above(limit, df, -shift)
