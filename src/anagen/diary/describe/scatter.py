"""How far counts scatter: more than chance alone (variance = phi × mean), with phi from the diary itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anagen.trial.student import t_quantile

from .counts import Counts, Floats, Ints

ASSUMED_PHI = 3.0
"""Where the diary cannot say: the larger of the two values for which the design gives power (assumed)."""
LEAST_DF = 4
"""Counts more than groups below which phi is not estimated."""


@dataclass(frozen=True, slots=True)
class Scatter:
    """`phi`, at least 1; `df` degrees of freedom it rests on; 0 where it is assumed."""

    phi: float
    df: int

    @property
    def assumed(self) -> bool:
        """Whether the diary holds too few counts to say."""
        return self.df == 0

    def quantile(self, level: float) -> float:
        """Of Student's t, which knows that phi is uncertain; of the normal where phi is assumed."""
        return t_quantile(level, self.df if self.df else 1e9)


def groups_of(counts: Counts) -> Ints:
    """The group of each count within which no change is expected: the baseline (0), then each week after the start.

    Counts from before the baseline are in group -1 and tell nothing.
    """
    group = np.where(counts.before, 0, counts.week)
    return np.where(counts.day < 0, np.where(counts.before, 0, -1), group)


def scatter_of(counts: Counts) -> Scatter:
    """Phi from how counts differ within groups (Pearson's statistic over its degrees of freedom), never below 1."""
    group = groups_of(counts)
    used = group >= 0
    phi, df = pearson(counts.hairs[used][None, :], counts.exposure[used], group[used])
    return Scatter(float(phi[0]), int(df[0])) if df[0] >= LEAST_DF else Scatter(ASSUMED_PHI, 0)


def pearson(hairs: Floats, exposure: Floats, group: Ints) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Phi (rows,), at least 1, and its degrees of freedom (rows,), for many diaries of one shape at once.

    Args:
        hairs: counts, (rows, n).
        exposure: what each count is over, (n,).
        group: which counts share a rate, (n,).
    """
    _, place = np.unique(group, return_inverse=True)
    member = np.eye(place.max() + 1)[place] if place.size else np.zeros((0, 0))
    rate = (hairs @ member) / (exposure @ member)
    expected = rate[:, place] * exposure
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(expected > 0, (hairs - expected) ** 2 / expected, 0.0)
    df = ((rate > 0) * (member.sum(0) - 1)).sum(1).astype(np.int64)
    return np.maximum(parts.sum(1) / np.maximum(df, 1), 1.0), df
