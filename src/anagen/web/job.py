"""One job: a trial that waits, runs, or has ended, and what is said of it. `jobs.py` changes it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anagen.safety import pregnancy_notice
from anagen.trial.events import Finished, Started
from anagen.trial.progress import Rate

from .problems import Problem
from .trial_process import Order

OVER = ("done", "failed", "cancelled")
STATES = ("waiting", "running", *OVER)


def seconds_said(seconds: float) -> str:
    """A time, as one says it.

    >>> [seconds_said(s) for s in (0.4, 1.2, 48.7, 75, 600, 5400)]
    ['1 second', '1 second', '49 seconds', '1 minute 15 seconds', '10 minutes', '90 minutes']
    """
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes >= 10:
        return f"{round(whole / 60)} minutes"
    parts = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((minutes, "minute"), (rest, "second")) if n]
    return " ".join(parts)


@dataclass(eq=False)
class Job:
    """`state` is one of STATES; `version` rises with every change."""

    order: Order
    clock: Callable[[], float] = time.monotonic
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: str = "waiting"
    version: int = 0
    before: int = 0
    """Jobs that must end before it begins."""
    cancelled: bool = False
    problem: Problem | None = None
    rate: Rate = field(default_factory=Rate)
    writing: bool = False
    _began: float = 0.0
    _took: float = 0.0

    @property
    def folder(self) -> Path:
        """Where the results are once it is done."""
        return self.order.folder

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def share(self) -> float:
        """Of the people, 0 to 1."""
        return self.rate.done_people / self.rate.people if self.rate.people else 0.0

    @property
    def says(self) -> str:
        """Where it stands, in a sentence."""
        people = self.order.trial.people
        match self.state:
            case "waiting":
                many = f"{self.before} other trial{'s' if self.before != 1 else ''}"
                return f"Waiting: {many} first." if self.before else "Waiting for its turn."
            case "running" if self.cancelled:
                return "Being cancelled."
            case "running" if self.writing:
                return "All people are simulated. The page is being made."
            case "running" if self.rate.per_s is None or self.rate.left_s is None:
                return "Getting ready." if not self.rate.people else f"0 of {people:,} people so far."
            case "running" if not self.rate.left_s:
                return "All people are simulated. The numbers are being put together."
            case "running":
                left = seconds_said(self.rate.left_s or 0)
                done = f"{self.rate.done_people:,} of {people:,} people"
                return f"{done}, {self.rate.per_s:,.0f} a second, about {left} left."
            case "done":
                return f"Done: {people:,} people in {seconds_said(self._took)}."
            case "cancelled":
                return "Cancelled. Nothing of it was kept."
        return "It could not be finished. Nothing of it was kept."

    def to_json(self) -> dict[str, Any]:
        """What the API says of it; a title may name a dose, so the notice comes along."""
        trial, left, rate = self.order.trial, self.rate.left_s, self.rate.per_s
        here = f"/api/v1/trials/{self.id}"
        return {
            "safety": [dict(pregnancy_notice(trial.treatment))],
            "id": self.id,
            "state": self.state,
            "says": self.says,
            "title": trial.title,
            "mode": self.order.mode,
            "people": trial.people,
            "arms": [arm.name for arm in trial.arms],
            "done_people": self.rate.done_people,
            "share": round(self.share, 4),
            "rate_per_s": None if rate is None else round(rate, 1),
            "left_s": None if left is None or self.over else round(left, 1),
            "before": self.before,
            "problem": self.problem.to_json() if self.problem else None,
            "links": {
                "self": here,
                "events": f"{here}/events",
                **({"result": f"{here}/result"} if self.state == "done" else {}),
            },
        }

    def wait_behind(self, others: int) -> None:
        if others != self.before:
            self.before = others
            self.version += 1

    def begin(self) -> None:
        self.state, self.before, self._began = "running", 0, self.clock()
        self.version += 1

    def note(self, event: Started | Finished) -> None:
        self.rate.note(event)
        self.version += 1

    def write(self) -> None:
        self.writing = True
        self.version += 1

    def cancel(self) -> None:
        """It is being ended."""
        self.cancelled = True
        self.version += 1

    def end(self, state: str, problem: Problem | None) -> None:
        self.state, self.problem, self._took = state, problem, self.clock() - self._began
        self.writing = False
        self.version += 1
