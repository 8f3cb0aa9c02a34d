"""Which of the planned doses of a day are not written down yet, so that "as planned" is one tap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from anagen.errors import AnagenError

from .entries import DosePlanned, DoseTaken, Entry, Plan

if TYPE_CHECKING:
    from anagen.regimen.regimen import Regimen

MEALS = {"standard": "food", "high_fat": "high-fat", "fasted": "fasted"}
_USUAL_KG = 70.0  # for a plan in mg/kg, where the diary has no weight (assumed)


@dataclass(frozen=True, slots=True)
class Due:
    """A dose that was planned: mg, `meal` in the diary's words or None where not said, brand where said."""

    mg: float
    meal: str | None = None
    product: str = ""


def due(entries: Sequence[Entry], day: date) -> tuple[Due, ...] | None:
    """The planned doses of `day` that are neither written as taken nor as left out; None where none was planned.

    Single planned doses of the day count; where there are none, the newest plan that had begun by then. A plan that
    cannot be laid out on the calendar (it comes to weekdays only later) counts as none.

    >>> from anagen.diary.words import read_words
    >>> plan = read_words("plan", ["20 mg every other day with food for 4 weeks"], "2026-03-02")
    >>> due([plan], date(2026, 3, 4)), due([plan], date(2026, 3, 5))
    ((Due(mg=20.0, meal='food', product=''),), None)
    >>> due([plan, read_words("dose", ["20"], "2026-03-04")], date(2026, 3, 4))
    ()
    """
    planned = [Due(one.mg, one.meal, one.product) for one in entries if isinstance(one, DosePlanned) and one.day == day]
    if not planned:
        plans = [one for one in entries if isinstance(one, Plan) and one.day <= day]
        planned = _of_plan(max(plans, key=lambda plan: plan.at), entries, day) if plans else []
    if not planned:
        return None
    written = sum(isinstance(one, DoseTaken) and one.day == day for one in entries)
    return tuple(planned[written:])


def _of_plan(plan: Plan, entries: Sequence[Entry], day: date) -> list[Due]:
    from anagen.regimen.course import DEFAULT_CLOCK_MIN, FORMULATIONS, Course
    from anagen.regimen.regimen import Regimen

    from .describe.doses import formulation_of, weight_at, weights_of

    weights = weights_of(entries)
    try:
        regimen = Regimen.from_text(plan.regimen)
        events = regimen.events(weight_at(weights, plan.at) if weights else _USUAL_KG)
    except AnagenError:
        return []  # a plan in words of the person's own
    begins = _begins(regimen, plan.day)
    if begins is None:
        return []
    first = regimen.courses[0]
    assert isinstance(first, Course)
    clock_h = (first.clock_min[0] if first.clock_min else DEFAULT_CLOCK_MIN) / 60
    brand = next((one.product for one in reversed(entries) if isinstance(one, DoseTaken) and one.product), "")
    found = []
    for place, hours in enumerate(events.time_h):
        if begins + timedelta(days=math.floor((float(hours) + clock_h) / 24 + 1e-9)) != day:
            continue
        course = regimen.courses[events.course[place]]
        assert isinstance(course, Course)
        fits = formulation_of(brand) == course.formulation
        if not fits and course.formulation != FORMULATIONS[0]:
            return []  # without a brand the diary would take it for the conventional one
        meal = MEALS[course.meal] if course.meal else None
        found.append(Due(float(events.amount_mg[place]), meal, brand if fits else ""))
    return found


def _begins(regimen: Regimen, day: date) -> date | None:
    """The day of the first dose: that of the plan, or the weekday that it begins with, on that day or before."""
    from anagen.regimen.course import Course, OnWeekdays

    first, *later = regimen.courses
    if not isinstance(first, Course):
        return None
    if isinstance(first.days, OnWeekdays):
        return day - timedelta(days=(day.weekday() - first.days.days[0]) % 7)
    return None if any(isinstance(one, Course) and isinstance(one.days, OnWeekdays) for one in later) else day
