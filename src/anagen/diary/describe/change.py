"""Change in shed counts against the person's own baseline, with its interval: counts over-dispersed, phi estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .counts import Counts
from .scatter import Scatter

LEAST_BASELINE = 3
"""Baseline counts below which no change is given: one bad day would be the baseline (assumed)."""
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Change:
    """`ratio` of a rate to the baseline's, and the 95 % interval `low` to `high`; `counts` it rests on."""

    ratio: float
    low: float
    high: float
    counts: int
    first_week: int
    last_week: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The person's own usual: `rate`, and its 95 % interval, over `counts` counts."""

    rate: float
    low: float
    high: float
    counts: int


def baseline_of(counts: Counts, scatter: Scatter) -> Baseline | None:
    """The baseline; None where there are too few counts before the start."""
    number = int(counts.before.sum())
    if number < LEAST_BASELINE:
        return None
    hairs, exposure = float(counts.hairs[counts.before].sum()), float(counts.exposure[counts.before].sum())
    wide = scatter.quantile((1 + LEVEL) / 2) * math.sqrt(scatter.phi / max(hairs, 0.5))
    return Baseline(
        hairs / exposure,
        max(hairs, 0.5) / exposure * math.exp(-wide),
        max(hairs, 0.5) / exposure * math.exp(wide),
        number,
    )


def change_of(counts: Counts, scatter: Scatter, chosen: npt.NDArray[np.bool_]) -> Change:
    """The rate of the `chosen` counts over that of the baseline.

    The logarithm of the ratio has variance phi (1/hairs before + 1/hairs chosen), which is that of a quasi-Poisson
    model with one rate for each; where one sum is 0, half a hair is added to both.
    """
    sums = [float(counts.hairs[part].sum()) for part in (counts.before, chosen)]
    over = [float(counts.exposure[part].sum()) for part in (counts.before, chosen)]
    before, after = (total + 0.5 * (0 in sums) for total in sums)
    ratio = (after / over[1]) / (before / over[0])
    wide = scatter.quantile((1 + LEVEL) / 2) * math.sqrt(scatter.phi * (1 / before + 1 / after))
    weeks = counts.week[chosen]
    return Change(
        ratio, ratio * math.exp(-wide), ratio * math.exp(wide), int(chosen.sum()), int(weeks.min()), int(weeks.max())
    )


def changes_by_week(counts: Counts, scatter: Scatter) -> tuple[Change, ...]:
    """The change of each week after the start that has counts."""
    return tuple(
        change_of(counts, scatter, counts.after & (counts.week == week))
        for week in np.unique(counts.week[counts.after])
    )


def latest_change(counts: Counts, scatter: Scatter, weeks: int = 4) -> Change | None:
    """The change of the last `weeks` weeks that the diary reaches; None where there are no counts after the start."""
    if not counts.after.any():
        return None
    last = int(counts.day[counts.after].max())
    return change_of(counts, scatter, counts.after & (counts.day > last - 7 * weeks))
