"""When a rise counts as one: two counted weeks in a row above a limit. How often that is chance is simulated and shown.

One week above the limit is not enough: over half a year of weekly looks, chance alone puts some week above it in about
one diary of four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .counts import Counts, Floats, Ints
from .scatter import ASSUMED_PHI, LEAST_DF, Scatter, groups_of, pearson

ALONE = 0.99
"""One-sided level of the limit for a single week."""
FURTHEST_DAYS = 35
"""Two counted weeks further apart than this are not in a row: counts may be kept in one week of each month."""
DIARIES = 4000
STANDARD_WEEKS, STANDARD_BASELINE, STANDARD_A_WEEK = 26, 9, 3


@dataclass(frozen=True, slots=True)
class Rule:
    """`weeks` counted and `above` the limit; `since` the first of two in a row, None where there are none.

    `alone` and `in_a_row` are the chances that a diary of this shape and scatter, without any change, has a week above
    the limit, and two in a row.
    """

    weeks: tuple[int, ...]
    above: tuple[bool, ...]
    since: int | None
    limit: float
    alone: float
    in_a_row: float


def rule_of(counts: Counts, scatter: Scatter) -> Rule:
    """The rule on a diary that has a baseline."""
    group = groups_of(counts)
    used = group >= 0
    hairs, exposure, group = counts.hairs[used], counts.exposure[used], group[used]
    weeks = np.unique(group[group > 0])
    quantile = np.array([scatter.quantile(ALONE)])
    above = _above(hairs[None, :], exposure, group, np.array([scatter.phi]), quantile)[0]
    pairs = _in_a_row(above[None, :], weeks)[0]
    before = group == 0
    rate = float(hairs[before].sum() / exposure[before].sum())
    alone, in_a_row = false_alarms(exposure, group, max(rate, 0.5), scatter.phi)
    last = float(exposure[group == weeks[-1]].sum()) if weeks.size else 1.0
    wide = float(quantile[0]) * np.sqrt(scatter.phi * max(rate, 0.5) * (1 / last + 1 / exposure[before].sum()))
    return Rule(
        weeks=tuple(int(week) for week in weeks),
        above=tuple(bool(one) for one in above),
        since=int(weeks[pairs.argmax()]) if pairs.any() else None,
        limit=rate + float(wide),
        alone=alone,
        in_a_row=in_a_row,
    )


def false_alarms(exposure: Floats, group: Ints, rate: float, phi: float, diaries: int = DIARIES) -> tuple[float, float]:
    """Chances of a week above the limit, and of two in a row, where nothing changes.

    Args:
        exposure: what each count is over, (n,).
        group: 0 for the baseline, else the week, (n,).
        rate: hairs over exposure, the same before and after.
        phi: variance over mean of a count.
        diaries: how many are simulated; always the same ones.
    """
    weeks = np.unique(group[group > 0])
    if weeks.size == 0:
        return 0.0, 0.0
    hairs = over_dispersed(np.random.default_rng(20260101), rate * exposure, phi, diaries)
    found, df = pearson(hairs, exposure, group)
    known = df >= LEAST_DF
    quantiles = {int(one): Scatter(1.0, int(one)).quantile(ALONE) for one in np.unique(df)}
    normal = Scatter(1.0, 0).quantile(ALONE)
    quantile = np.array([quantiles[int(one)] if enough else normal for one, enough in zip(df, known, strict=True)])
    above = _above(hairs, exposure, group, np.where(known, found, ASSUMED_PHI), quantile)
    return float(above.any(1).mean()), float(_in_a_row(above, weeks).any(1).mean())


def standard_false_alarms(phi: float, rate: float = 10.2) -> tuple[float, float]:
    """The same for nine comb counts before, and three in each of 26 weeks after.

    >>> alone, in_a_row = standard_false_alarms(1.5)
    >>> 0.15 < alone < 0.3, in_a_row < 0.04
    (True, True)
    """
    weeks = np.repeat(np.arange(1, STANDARD_WEEKS + 1), STANDARD_A_WEEK)
    group = np.concatenate([np.zeros(STANDARD_BASELINE, np.int64), weeks])
    return false_alarms(np.ones(group.size), group, rate, phi)


def over_dispersed(generator: np.random.Generator, mean: Floats, phi: float, rows: int) -> Floats:
    """Counts with a variance of phi × mean, (rows, n): Poisson for phi of 1, else negative binomial."""
    if phi <= 1 + 1e-9:
        return generator.poisson(mean, (rows, mean.size)).astype(float)
    return generator.negative_binomial(mean / (phi - 1), 1 / phi, (rows, mean.size)).astype(float)


def _above(hairs: Floats, exposure: Floats, group: Ints, phi: Floats, quantile: Floats) -> npt.NDArray[np.bool_]:
    """Whether each week is above the limit, (rows, weeks): its rate over the baseline's by more than chance of one in
    a hundred, where nothing has changed."""
    weeks = np.unique(group[group > 0])
    before = group == 0
    over = exposure[before].sum()
    usual = hairs[:, before].sum(1) / over
    above = np.zeros((hairs.shape[0], weeks.size), bool)
    for place, week in enumerate(weeks):
        mine = group == week
        over_week = exposure[mine].sum()
        rate = hairs[:, mine].sum(1) / over_week
        least = np.maximum(usual, 0.5 / over)
        above[:, place] = rate - usual > quantile * np.sqrt(phi * least * (1 / over_week + 1 / over))
    return above


def _in_a_row(above: npt.NDArray[np.bool_], weeks: Ints) -> npt.NDArray[np.bool_]:
    """Whether a week and the next counted one are both above, (rows, weeks)."""
    near = np.append(np.diff(weeks) * 7 <= FURTHEST_DAYS, False)
    following = np.concatenate([above[:, 1:], np.zeros((above.shape[0], 1), bool)], 1)
    return above & following & near
