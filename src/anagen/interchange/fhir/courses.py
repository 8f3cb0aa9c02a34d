"""Steps in order -> one Regimen: by start day, else by sequence. Overlaps, and gaps that are not said, are refused.

The last stage of reading a MedicationRequest; the Regimen is read through the regimen language's own door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from anagen.errors import RegimenError
from anagen.regimen.course import Course, Dose, Length, Off, Once, OnWeekdays, Phase, Until
from anagen.regimen.events import dose_events
from anagen.regimen.normalise import phases_text
from anagen.regimen.regimen import Regimen

from .dosage import Step
from .moments import Moment, day_of
from .spot import Spot


def regimen_of(steps: Sequence[Step], treatment: str, spot: Spot) -> tuple[Regimen, Moment | None]:
    """The regimen of all steps, and the day or moment it starts, where that is said.

    Raises:
        InputError: steps that overlap, whose order or length is not said, or a regimen beyond its limits.
    """
    ordered = _ordered(steps, spot)
    phases: list[Phase] = []
    day: date | None = None  # the first day after what there is so far
    for step in ordered:
        if phases and step.start is not None and day is not None:
            gap = (day_of(step.start) - day).days
            if gap < 0:
                raise step.spot.error(
                    f"begins on {day_of(step.start)}, while the course before runs until {day - timedelta(days=1)}: "
                    "courses never run at the same time here",
                    expected="one course after another",
                )
            if gap:
                phases.append(Off(Length(float(gap), "day")))
        course, length = _with_count(step, phases)
        phases.append(course)
        _note_weekday(step)
        if step is not ordered[-1] and length is None:
            raise step.spot.error("how long is not said, and another course follows", expected="bounds, or a count")
        if step.start is not None and length is not None:
            day = day_of(step.start) + timedelta(days=length)
    try:
        return Regimen.from_text(phases_text(tuple(phases)), treatment), ordered[0].start
    except RegimenError as error:
        raise spot.from_(error) from None


def _ordered(steps: Sequence[Step], spot: Spot) -> list[Step]:
    if len(steps) == 1:
        return list(steps)
    starts = [step.start for step in steps if step.start is not None]
    if len(starts) == len(steps):
        return sorted(steps, key=lambda step: day_of(step.start) if step.start else date.min)
    if starts:
        missing = next(step for step in steps if step.start is None)
        raise missing.spot.error("has no start, while others have one", expected="boundsPeriod in each, or in none")
    if len({step.spot.path[:-2] for step in steps}) > 1:
        raise steps[1].spot.error(
            "a second request, and neither says when it starts: their order is not known",
            expected="boundsPeriod in each, or one request",
        )
    numbers = [step.sequence for step in steps]
    if None in numbers or len(set(numbers)) < len(numbers):
        raise steps[1].spot.error(
            "runs at the same time as the one before (no sequence, or the same one): courses never overlap here",
            expected="a different sequence in each, or one dose with its times",
        )
    return sorted(steps, key=lambda step: step.sequence or 0)


def _with_count(step: Step, before: list[Phase]) -> tuple[Course, int | None]:
    """The course with the length that its number of doses means, and its days; None where neither is said."""
    course, at = step.course, step.spot.at("timing", "repeat", "count")
    if isinstance(course.days, Once):
        return course, 1
    if step.count is None:
        return course, None if course.length is None else course.length_days
    alike = replace(course, dose=Dose(1.0))

    def refuse(message: str, *_: object) -> RegimenError:
        return RegimenError(message)

    if course.length is not None:
        if dose_events((alike,), 1.0, refuse).time_h.size != step.count:
            raise at.error("does not agree with the bounds", expected="one of them, or both alike")
        return course, course.length_days
    try:
        counted = dose_events((replace(alike, length=Until(float(step.count), per_kg=False)),), 1.0, refuse)
    except RegimenError:
        raise at.error(f"{step.count:,} doses take longer than 5 years", expected="at most 5 years") from None
    whole = Length(counted.course_days, "day")
    if dose_events((replace(alike, length=whole),), 1.0, refuse).time_h.size == step.count:
        return replace(course, length=whole), whole.days
    # No whole number of days has so many doses: the course ends with the dose that reaches their sum.
    courses = [phase for phase in before if isinstance(phase, Course)]
    if any(one.dose.per_kg != course.dose.per_kg or isinstance(one.length, Until) for one in courses):
        raise at.error("ends within a day, after a course in another unit", expected="doses of whole days")
    unit = [replace(one, dose=replace(one.dose, per_kg=False)) if isinstance(one, Course) else one for one in before]
    taken = float(dose_events(tuple(unit), 1.0, refuse).amount_mg.sum()) if courses else 0.0
    total = taken + step.count * course.dose.value
    return replace(course, length=Until(float(f"{total:.12g}"), course.dose.per_kg)), whole.days


def _note_weekday(step: Step) -> None:
    days = step.course.days
    if step.start is None or not isinstance(days, OnWeekdays) or day_of(step.start).weekday() == days.days[0]:
        return
    step.spot.note("A course on named days starts on another day: in the regimen it begins with the first of the week.")
