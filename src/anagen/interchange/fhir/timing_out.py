"""A course -> a Timing of FHIR R4 that is read back as the same doses. The inverse of `schedule`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from anagen.errors import InputError
from anagen.interchange.ucum.table import SYSTEM
from anagen.regimen.course import DEFAULT_CLOCK_MIN, Course, EveryDays, EveryHours, Length, Once, OnWeekdays
from anagen.regimen.normalise import phase_text

from .schedule import WEEKDAYS

_CODES = {"day": "d", "week": "wk", "month": "mo", "year": "a"}


def timing_of(
    course: Course, *, start: date | None, days: int | None, count: int | None, first_clock: int | None
) -> dict[str, Any]:
    """The Timing of a course.

    Args:
        start: its first day, where the regimen has a start.
        days: its length; None where it was not said.
        count: the number of its doses, where it ends with a total.
        first_clock: minutes after midnight of the regimen's first dose, where hours of the day must be said.

    Raises:
        InputError: R4 cannot say it.
    """
    repeat: dict[str, Any] = {}
    if start is not None:
        repeat["boundsPeriod"] = {"start": start.isoformat()}
        if days is not None and count is None:
            repeat["boundsPeriod"]["end"] = (start + timedelta(days=days - 1)).isoformat()
    elif isinstance(course.length, Length):
        code = _CODES[course.length.unit]
        value = plain(course.length.value)
        repeat["boundsDuration"] = {"value": value, "unit": course.length.unit, "system": SYSTEM, "code": code}
    if count is not None or isinstance(course.days, Once):
        repeat["count"] = count or 1
    repeat |= _how_often(course)
    times = _times_of_day(course, first_clock)
    if times:
        repeat["timeOfDay"] = [f"{minute // 60:02d}:{minute % 60:02d}:00" for minute in times]
    return {"repeat": repeat}


def _how_often(course: Course) -> dict[str, Any]:
    days = course.days
    if isinstance(days, Once):
        return {}
    if isinstance(days, EveryHours):
        return {"frequency": 1, "period": plain(days.hours), "periodUnit": "h"}
    if isinstance(days, EveryDays):
        return {"frequency": course.times, "period": days.days, "periodUnit": "d"}
    if isinstance(days, OnWeekdays):
        named = [WEEKDAYS[day] for day in days.days]
        return {"frequency": course.times, "period": 1, "periodUnit": "d", "dayOfWeek": named}
    if course.times > 1:
        raise _cannot(course, "several doses on each of some days of a week that are not named")
    return {"frequency": days.times, "period": 1, "periodUnit": "wk"}


def _times_of_day(course: Course, first_clock: int | None) -> tuple[int, ...]:
    """The hours of the day, where they are said, or where the number of doses a day would not be clear without."""
    if course.clock_min:
        single = isinstance(course.days, EveryHours)
        return () if single and first_clock is None else course.clock_min
    if not (isinstance(course.days, EveryDays) and course.days.days > 1 and course.times > 1):
        return ()
    first = DEFAULT_CLOCK_MIN if first_clock is None else first_clock
    apart = 1440 / course.times
    times = tuple(first + k * apart for k in range(course.times))
    if times[-1] >= 1440 or apart != int(apart):
        raise _cannot(course, "several doses on each of some days, without their hours")
    return tuple(int(minute) for minute in times)


def plain(value: float) -> int | float:
    """A number as JSON writes it: whole where it is whole, else with 12 digits."""
    return int(value) if value == int(value) else float(f"{value:.12g}")


def _cannot(course: Course, what: str) -> InputError:
    return InputError(
        f"FHIR R4 has no timing for '{phase_text(course)}': {what}",
        expected="days of the week by name, or the hours of the doses",
        nearest="at 08:00 and 20:00" if isinstance(course.days, EveryDays) else "twice daily on Mon, Wed and Fri",
    )
