"""What happens while the parts of a trial are computed, as small records: workers tell, the display listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Started:
    """All is ready: of `parts` parts with `people` simulated people, `reused` (with `reused_people`) are on disk."""

    parts: int
    reused: int
    people: int
    reused_people: int = 0


@dataclass(frozen=True)
class Finished:
    """A part is computed and on disk; `seconds` is the time its worker took for it."""

    part: int
    people: int
    seconds: float


@dataclass(frozen=True)
class Lost:
    """The worker that computed a part died; the part is begun again."""

    part: int
    reason: str


@dataclass(frozen=True)
class Redone:
    """What is on disk of a part cannot be used, so the part is computed again."""

    part: int
    reason: str


@dataclass(frozen=True)
class Noted:
    """Something the person who runs the trial should know; the run goes on."""

    text: str


Event = Started | Finished | Lost | Redone | Noted
Report = Callable[[Event], None]
