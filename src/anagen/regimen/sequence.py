"""How courses follow one another: one after the other, each with its end, within five years."""

from __future__ import annotations

from dataclasses import replace

from anagen.regimen.course import LIMIT_DAYS, Course, Length, Off, Once, Phase
from anagen.regimen.normalise import phases_text
from anagen.regimen.place import Place
from anagen.regimen.syntax import Node


def endless(course: Course) -> bool:
    """Whether a course was given no end."""
    return course.length is None and not isinstance(course.days, Once)


def refuse_overlap(place: Place, second: Node, joined: Node) -> None:
    """Refuse a second course joined to the first by `and`."""
    at, gap = second.span, joined.span
    text = place.text
    raise place.error(
        "overlapping courses: the second would run at the same time as the first",
        at,
        "one course after another, each with its length, joined by `then`",
        place.instead(gap, "then"),
        text[: gap.start].rstrip() + " for 8 weeks then " + text[at.start :],
    )


def refuse_endless(place: Place, first: Course, second: Phase) -> None:
    """Refuse a course that follows one without an end."""
    end = first.span.end
    raise place.error(
        "overlapping courses: the course before has no end, so this one would begin inside it",
        second.span,
        "a length for every course but the last",
        place.text[:end] + " for 8 weeks" + place.text[end:],
    )


def refuse_beyond_limit(place: Place, phases: list[Phase]) -> None:
    """Refuse courses that are beyond 5 years together."""
    total = 0
    for index, phase in enumerate(phases):
        total += phase.length_days or 0
        if total > LIMIT_DAYS:
            raise place.error(
                f"the courses together are beyond 5 years: {total:,} days up to the end of this one",
                phase.span,
                "at most 5 years (1,826 days) in all",
                _shortened(phases[: index + 1], LIMIT_DAYS - total),
            )


def _shortened(phases: list[Phase], excess: int) -> str:
    """The text of the phases with the last cut by `-excess` days, or left out with a pause before it."""
    *kept, last = phases
    days = (last.length_days or 0) + excess
    if days >= 1 and isinstance(last, Course):
        kept.append(replace(last, length=Length(days, "day")))
    while isinstance(kept[-1], Off):
        kept.pop()
    return phases_text(tuple(kept))
