"""Flow of people through an arm: who started, was held, reduced, stopped, left, finished, and who takes doses when.

Whole numbers only, read off the statuses at visits (conduct.py); those of tiles add up in any order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .status import Status, advance

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
STEPS = ("started", "held", "reduced", "stopped", "left", "finished")


@dataclass(frozen=True, eq=False)
class Flow:
    """Of one arm: `steps` people at each of `STEPS`; `on` people who take doses, by week from 0 (weeks + 1,); `fired`
    (rules, 2) people whom each rule reached, and how often it acted."""

    steps: Ints
    on: Ints
    fired: Ints

    @classmethod
    def of(cls, status: Status, on: Bools, valid: Bools | None = None) -> Flow:
        """Of a tile: the last `status`, and `on` (weeks + 1, people) from `on_by_week`; `valid`, who is no padding.

        Held and reduced: at least once. Stopped: at the end, so without who resumed. Finished: neither stopped nor
        left, whether the course went as planned or not.
        """
        who = np.ones(status.on.shape, bool) if valid is None else valid
        ever = (who, status.holds > 0, status.reductions > 0, status.stopped, status.left)
        finished = who & ~status.stopped & ~status.left
        fired = status.fired[:, who]
        return cls(
            steps=np.array([int((step & who).sum()) for step in (*ever, finished)], np.int64),
            on=on[:, who].sum(1, dtype=np.int64),
            fired=np.stack([(fired > 0).sum(1), fired.sum(1)], axis=1).astype(np.int64),
        )

    def __add__(self, other: Flow) -> Flow:
        return Flow(self.steps + other.steps, self.on + other.on, self.fired + other.fired)

    def to_arrays(self, head: str = "flow.") -> dict[str, npt.NDArray[Any]]:
        """As plain arrays by name."""
        return {f"{head}steps": self.steps, f"{head}on": self.on, f"{head}fired": self.fired}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], head: str = "flow.") -> Flow:
        """What `to_arrays` made of it."""
        return cls(*(arrays[head + name] for name in ("steps", "on", "fired")))

    def to_json(self) -> dict[str, Any]:
        """The arm's `flow`."""
        started = int(self.steps[0])
        share = [int(n) / started for n in self.on] if started else []
        weeks = list(range(len(self.on)))
        return {
            **dict(zip(STEPS, self.steps.tolist(), strict=True)),
            "on_treatment": {"week": weeks, "share": share},
        }

    def rules_to_json(self, rules: Sequence[str]) -> list[dict[str, Any]]:
        """The arm's `rules_fired`; `rules` are their texts."""
        counts = self.fired.tolist()
        return [{"rule": r, "people": p, "times": t} for r, (p, t) in zip(rules, counts, strict=True)]


def on_by_week(statuses: Sequence[Status], weeks: int) -> Bools:
    """Who takes doses in the week after each week from 0 to `weeks`, `(weeks + 1, people)`.

    Args:
        statuses: before the first dose and after each visit, in order of their weeks; the first is of week 0. Between
            visits only holds end.
    """
    on = np.empty((weeks + 1, statuses[0].on.size), bool)
    begins = [*(math.ceil(status.week) for status in statuses), weeks + 1]
    for status, begin, end in zip(statuses, begins, begins[1:], strict=False):
        on[begin:end] = status.on
        if (status.held_until >= 0).any():
            for week in range(begin, end):
                on[week] = advance(status, week).on
    return on
