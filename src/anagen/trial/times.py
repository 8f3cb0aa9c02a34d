"""Times to an event: counts by week of who had it and who left before, and the Kaplan-Meier curve of a group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .intervals import wilson

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def weekly_counts(week: Floats, left_week: Floats, weeks: int) -> Ints:
    """Events, leavings without it, and people, by week 0 to `weeks`: `(3, weeks + 1)`; people are all in week 0.

    Args:
        week: of the event, infinite where it was not seen, NaN for who does not count, `(people,)`.
        left_week: when the person was last seen, infinite for who stayed.
        weeks: the time followed.

    >>> weekly_counts(np.array([1.0, np.inf, np.inf]), np.array([np.inf, 0.5, np.inf]), 2).tolist()
    [[0, 1, 0], [1, 0, 0], [3, 0, 0]]
    """
    counted = ~np.isnan(week)
    event = counted & (week <= weeks)
    leaving = counted & ~event & (left_week < weeks)
    counts = np.zeros((3, weeks + 1), np.int64)
    counts[0] = np.bincount(np.floor(week[event]).astype(np.int64), minlength=weeks + 1)
    counts[1] = np.bincount(np.floor(np.maximum(left_week[leaving], 0)).astype(np.int64), minlength=weeks + 1)
    counts[2, 0] = counted.sum()
    return counts


ROUNDING = 1e-12
"""A half is a half, however its product was rounded."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Share of people who have had the event by the end of each week, `share` (weeks + 1,), and its end."""

    n: int
    share: Floats
    ci: tuple[float, float] | None

    @property
    def median(self) -> float | None:
        """The first week by which half have had it; None where fewer do."""
        half = np.flatnonzero(self.share >= 0.5 - ROUNDING)
        return float(half[0]) if half.size else None

    def to_json(self) -> dict[str, Any]:
        """The entry of an endpoint, but for its title."""
        return {
            "n": self.n,
            "share_by_end": float(self.share[-1]) if self.n else None,
            "ci": list(self.ci) if self.ci else None,
            "median": self.median,
            "curve": {"week": list(range(len(self.share))), "share": [float(x) for x in self.share] if self.n else []},
        }


def curve(counts: Ints) -> Curve:
    """Kaplan-Meier from `weekly_counts`: who leaves in a week is at risk of that week's events.

    The interval of the last share is Wilson's with the effective number of people, from Greenwood's variance (Rothman
    1978, J Chronic Dis 31:557); without leavings that is Wilson's of all people.

    >>> curve(weekly_counts(np.array([1.0, np.inf]), np.array([np.inf, np.inf]), 2)).share.tolist()
    [0.0, 0.5, 0.5]
    """
    events, leavings, people = counts
    n = int(people[0])
    free, variance = 1.0, 0.0  # variance of log(free), Greenwood's sum
    at_risk, last_at_risk = n, n
    share = np.zeros(len(events))
    for week, (event, leaving) in enumerate(zip(events.tolist(), leavings.tolist(), strict=True)):
        if at_risk:
            last_at_risk = at_risk
        if event:
            free *= (at_risk - event) / at_risk
            variance += event / (at_risk * (at_risk - event)) if at_risk > event else math.inf
        at_risk -= event + leaving
        share[week] = 1 - free
    effective = float(n if free == 0 else last_at_risk)  # where Greenwood's variance says nothing
    if 0 < free < 1:
        effective = (1 - free) / (free * variance)
    return Curve(n, share, wilson((1 - free) * effective, effective) if n else None)
