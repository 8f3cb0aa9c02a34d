"""Certainty by rule, after GRADE: where the design starts, what takes a step down, what adds one, what caps it.

The rule is data (`START`, `DOWN`, `UP`, `CAPS`): page and documentation print the very rule that is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .records import Record, Sources

Design = Literal[
    "trials",
    "crossover exposure study",
    "cohort",
    "before and after",
    "case-control",
    "cross-sectional",
    "survey",
    "case series",
    "one account",
    "laboratory",
    "theory",
    "official text",
    "none",
]
Level = Literal[1, 2, 3, 4]
NAMES: dict[int, str] = {1: "very low", 2: "low", 3: "moderate", 4: "high"}

START: dict[Design, Level] = {
    "trials": 4,
    "crossover exposure study": 4,
    "official text": 4,
    "cohort": 2,
    "before and after": 2,
    "case-control": 2,
    "cross-sectional": 2,
    "survey": 2,
    "case series": 1,
    "one account": 1,
    "laboratory": 1,
    "theory": 1,
    "none": 1,
}
"""Where each design starts. `trials`: people were allotted by chance. `official text`: the claim is about what a label
or a register says, and the text itself was read."""

DOWN: dict[str, dict[str, int]] = {
    "bias": {"no concern": 0, "serious": 1, "very serious": 2},
    "consistency": {"consistent": 0, "one study": 0, "inconsistent": 1},
    "directness": {"direct": 0, "indirect": 1, "very indirect": 2},
}
SMALL = 100
"""Fewer people than this, over all studies, is imprecise: one step down."""
UP: dict[str, int] = {"large_effect": 1, "dose_response": 1}
"""Only for designs that start at 2, and only where bias is no concern."""
CAPS: dict[str, Level] = {"one small study": 2, "laboratory surrogate": 2}


class Body(Record):
    """The studies behind a statement, and the judgements on them. `people` over all `studies`; `why` gives the reasons
    for the judgements; `surrogate`: what was measured stands for something people would notice."""

    design: Design
    studies: int
    people: int
    bias: Literal["no concern", "serious", "very serious"]
    consistency: Literal["consistent", "one study", "inconsistent"]
    directness: Literal["direct", "indirect", "very indirect"]
    large_effect: bool = False
    dose_response: bool = False
    surrogate: bool = False
    why: str
    source: Sources


@dataclass(frozen=True)
class Certainty:
    """`level` from 1 to 4, and the `steps` by which the rule came to it."""

    level: int
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        return NAMES[self.level]

    @property
    def dots(self) -> str:
        """Four dots, filled up to the level; always shown beside the name.

        >>> Certainty(2, ()).dots
        '●●○○'
        """
        return "●" * self.level + "○" * (4 - self.level)


def certainty(body: Body) -> Certainty:
    """The certainty of a body of evidence.

    >>> body = Body(
    ...     design="cohort",
    ...     studies=1,
    ...     people=42,
    ...     bias="no concern",
    ...     consistency="one study",
    ...     directness="direct",
    ...     large_effect=True,
    ...     why="one centre",
    ...     source=("schulpis-1999",),
    ... )
    >>> certainty(body).name
    'low'
    """
    start = START[body.design]
    level = start
    steps = [f"starts {NAMES[start]} ({body.design})"]
    for name, costs in DOWN.items():
        judged = getattr(body, name)
        if costs[judged]:
            level = level - costs[judged]  # type: ignore[assignment]
            steps.append(f"{name}: {judged}, −{costs[judged]}")
    if START[body.design] > 1 and body.design != "official text" and body.people < SMALL:
        level = level - 1  # type: ignore[assignment]
        steps.append(f"fewer than {SMALL} people, −1")
    for name, gain in UP.items():
        if getattr(body, name) and start == 2 and body.bias == "no concern":
            level = level + gain  # type: ignore[assignment]
            steps.append(f"{name.replace('_', ' ')}, +{gain}")
    caps = {
        "one small study": body.studies <= 1 and body.people < SMALL and body.design != "official text",
        "laboratory surrogate": body.surrogate,
    }
    for name, holds in caps.items():
        if holds and level > CAPS[name]:
            level = CAPS[name]
            steps.append(f"{name}: at most {NAMES[CAPS[name]]}")
    return Certainty(min(max(level, 1), 4), tuple(steps))
