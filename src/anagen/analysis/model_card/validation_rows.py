"""The rows of a validation as its page shows them: numbers said, whether inside, and of which study."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rounded import signed, unit_of, value_and_range

NORMAL_95 = 1.959963984540054
LEVELS = ("p05", "p50", "p95")
MOST_Z = 4.0
"""Distances by rank end here."""
NEVER = "never reached"
"""Said of a time that the simulated people do not reach."""


@dataclass(frozen=True)
class ValidationRow:
    """One result of one study beside its prediction, in the unit as said; `number` counts rows of the page from 1."""

    number: int
    study: str
    about: str
    title: str
    arm: str
    people: int | None
    unit: str
    observed: float
    own: tuple[float, float] | None
    low: float
    middle: float
    high: float
    inside: bool
    z: float
    known: str
    bound: str
    course: Mapping[str, Any] | None
    source: tuple[str, ...]
    assumed: tuple[str, ...]

    @property
    def key(self) -> str:
        """The id of its picture."""
        return f"row-{self.number}"

    @property
    def said(self) -> tuple[str, str, str]:
        """What was seen, the middle predicted, and the range predicted; an end that is never reached is open."""
        seen, middle, ends = self._said()
        return f"{self.bound} {seen}".lstrip(), middle, ends

    def _said(self) -> tuple[str, str, str]:
        finite = [end for end in (self.low, self.middle, self.high) if math.isfinite(end)]
        if len(finite) == 3:
            return value_and_range(self.observed, self.low, self.middle, self.high, self.unit)
        ends = [*finite, self.observed]
        seen, _, _ = value_and_range(self.observed, min(ends), self.observed, max(ends), self.unit)
        lowest = value_and_range(None, min(ends), min(finite or ends), max(ends), self.unit)[1]
        middle = value_and_range(None, min(ends), self.middle, max(ends), self.unit)[1]
        return (
            seen,
            middle if math.isfinite(self.middle) else NEVER,
            f"{lowest} or more" if finite else NEVER,
        )

    @property
    def distance(self) -> str:
        """How far off in SDs; at the clip of the engine, at least so far."""
        return f"{signed(self.z)} or beyond" if abs(self.z) == MOST_Z else signed(self.z)

    @property
    def standing(self) -> str:
        """Inside or outside, and whether that was known."""
        if self.known:
            return "inside now, known failure" if self.inside else "outside, known failure"
        if self.bound:
            return "agrees with the bound" if self.inside else "against the bound"
        return "inside" if self.inside else "outside"

    @property
    def words(self) -> str:
        """What was measured, and in which arm where that is not said already."""
        named = not self.arm or all(part in self.title for part in self.arm.split(" against "))
        return self.title if named else f"{self.title}, {self.arm}"

    @property
    def who(self) -> str:
        """The arm and how many people were in it."""
        count = "" if self.people is None else "1 person" if self.people == 1 else f"{self.people:,} people"
        return ", ".join(part for part in (self.arm, count) if part)


def validation_rows(result: Mapping[str, Any]) -> list[ValidationRow]:
    """The rows of a validation's JSON, in its order; what all titles of a study begin with is said once, as `about`."""
    titles: dict[str, list[str]] = {}
    for entry in result["rows"]:
        titles.setdefault(str(entry["study"]), []).append(str(entry.get("title") or ""))
    shared = {study: shared_start(own) for study, own in titles.items()}
    return [
        _row(number, entry, shared[str(entry["study"])], str(entry.get("title") or ""))
        for number, entry in enumerate(result["rows"], 1)
    ]


def shared_start(titles: Sequence[str]) -> str:
    """What titles of the form "study: row" share up to a colon; nothing where they do not.

    >>> shared_start(["Zinc in acne: at week 2", "Zinc in acne: at week 4"]), shared_start(["a", "b"])
    ('Zinc in acne', '')
    """
    if len(set(titles)) == 1:
        return titles[0].partition(": ")[0] if ": " in titles[0] else ""
    first, last = min(titles), max(titles)  # what these two share, all share
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same].rpartition(": ")[0]


def by_study(rows: Sequence[ValidationRow]) -> dict[str, list[ValidationRow]]:
    """The rows under their studies, in the order in which studies first come."""
    found: dict[str, list[ValidationRow]] = {}
    for row in rows:
        found.setdefault(row.study, []).append(row)
    return found


def _row(number: int, entry: Mapping[str, Any], about: str, title: str) -> ValidationRow:
    title = title.removeprefix(f"{about}: ") if about else title
    title = title[:1].upper() + title[1:]
    unit = unit_of(str(entry.get("unit") or ""))
    factor = unit.factor
    observed, error = float(entry["observed"]), entry.get("observed_se")
    own = None if not error else (observed - NORMAL_95 * float(error), observed + NORMAL_95 * float(error))
    course = entry.get("course")
    source = entry.get("source") or (entry["study"],)
    return ValidationRow(
        number=number,
        study=str(entry["study"]),
        about=about,
        title=title or str(entry.get("quantity") or entry.get("row")),
        arm=_arm(entry.get("arm")),
        people=int(entry["n"]) if entry.get("n") is not None else None,
        unit=unit.words,
        observed=factor * observed,
        own=None if own is None else (factor * own[0], factor * own[1]),
        low=factor * _end(entry["p05"]),
        middle=factor * _end(entry["predicted_p50"]),
        high=factor * _end(entry["p95"]),
        inside=bool(entry["inside"]),
        z=float(entry["z"]),
        known=str(entry.get("known_failure") or ""),
        bound=str(entry.get("bound") or ""),
        course=_course(course, factor) if course else None,
        source=tuple([source] if isinstance(source, str) else source),
        assumed=tuple(str(text) for text in entry.get("assumed") or ()),
    )


def _end(value: float | None) -> float:
    """JSON has no infinity: what is missing there was never reached."""
    return math.inf if value is None else float(value)


def _arm(arm: Any) -> str:
    """An arm by name; several, as those of a ratio, in order.

    >>> _arm("5 mg daily"), _arm(["high", "low"]), _arm(None)
    ('5 mg daily', 'high against low', '')
    """
    if arm is None:
        return ""
    return str(arm) if isinstance(arm, str) else " against ".join(map(str, arm))


def _course(course: Mapping[str, Any], factor: float) -> Mapping[str, Any] | None:
    """A course in the unit as said; None where it holds no time."""
    if not course.get("day"):
        return None
    rows = [i for i in range(len(course["day"])) if all(course[name][i] is not None for name in LEVELS)]
    if not rows:
        return None
    levels = {name: [factor * float(course[name][i]) for i in rows] for name in LEVELS}
    points = [(float(day), factor * float(value)) for day, value in course.get("observed") or ()]
    return {"day": [float(course["day"][i]) for i in rows], **levels, "observed": points}
