"""The arms of a trial as the columns of its page: letter, name, regimen, rules, and what was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.analysis.charts.theme import MARKS
from anagen.analysis.numbers import listed, with_unit

from .cells import NONE, percent_of, spread_text

UNTREATED = "none"
SHORT = 40
"""Letters of a name in the heading of a table; the whole name stands in the list of the arms."""
NAMED = 3
"""With more arms than this, sentences give the range over them."""


@dataclass(frozen=True)
class TrialArm:
    """One arm; `said` stands in sentences: "with A". `entry` is its part of the JSON."""

    letter: str
    place: int
    name: str
    regimen: str
    rules: tuple[str, ...]
    taken: str
    entry: Mapping[str, Any]

    @property
    def head(self) -> str:
        """The heading of a column of a table."""
        name = self.name if len(self.name) <= SHORT else self.name[: SHORT - 1].rstrip() + "…"
        return f"{self.letter}: {name}"

    @property
    def said(self) -> str:
        return f" with {self.letter}"

    @property
    def dash(self) -> str:
        """The dashes of its lines, as SVG wants them."""
        return ",".join(map(str, MARKS[self.place].dash))

    @property
    def color(self) -> str:
        return MARKS[self.place].color


def trial_arms(result: Mapping[str, Any]) -> list[TrialArm]:
    """The arms in their order; a trial has at most as many as there are letters."""
    return [
        TrialArm(
            letter=MARKS[i].letter,
            place=i,
            name=str(entry["name"]),
            regimen=_regimen(entry.get("regimen")),
            rules=tuple(str(rule) for rule in entry.get("rules") or ()),
            taken=_taken(entry.get("doses") or {}),
            entry=entry,
        )
        for i, entry in enumerate(result["arms"])
    ]


def in_arms(
    texts: Sequence[str], values: Sequence[float], arms: Sequence[TrialArm], every: str = "in every arm"
) -> str:
    """What is said of each arm, listed; once where it is the same in all; the range where there are many arms.

    >>> two = trial_arms({"arms": [{"name": "low"}, {"name": "high"}]})
    >>> in_arms(["3 %", "5 %"], [3, 5], two), in_arms(["3 %", "3 %"], [3, 3], two)
    ('3 % with A and 5 % with B', '3 % in every arm')
    """
    if len(texts) > 1 and len(set(texts)) == 1:
        return f"{texts[0]} {every}"
    if len(texts) > NAMED:
        order = sorted(range(len(values)), key=lambda i: values[i])
        return f"{texts[order[0]]} to {texts[order[-1]]}, by arm"
    return listed([f"{text}{arm.said}" for text, arm in zip(texts, arms, strict=True)])


def by_name(arms: Sequence[TrialArm]) -> Mapping[str, TrialArm]:
    """The arms by the names that other parts of the JSON use."""
    return {arm.name: arm for arm in arms}


def _regimen(text: Any) -> str:
    return "no treatment" if text in (None, "", UNTREATED) else str(text)


def _taken(doses: Mapping[str, Any]) -> str:
    """What people took of what was planned, and how much that is."""
    total = doses.get("mg_per_kg") or {}
    amount = spread_text(total.get("p50"), total.get("p05"), total.get("p95"))
    share = doses.get("taken_share")
    if isinstance(share, Mapping):  # of each person: the middle one
        share = share.get("p50")
    parts = [f"{percent_of(share)} of the planned amount taken"] if share is not None else []
    if amount not in (NONE, "0"):
        parts.append(with_unit(amount, "mg/kg in all, middle person (90 of 100 people)"))
    return "; ".join(parts)
