"""Courses -> the one text that means them. Reading that text again gives the same courses."""

from __future__ import annotations

from decimal import Decimal

from anagen.regimen.course import (
    WEEKDAYS,
    Course,
    EveryDays,
    EveryHours,
    Length,
    Off,
    Once,
    Phase,
    TimesAWeek,
    Until,
)

_WORDS = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
_COUNTS = {2: "two", 3: "three", 4: "four"}
_MEALS = {"high_fat": "with a high-fat meal", "standard": "with a standard meal", "fasted": "fasted"}


def number(value: float) -> str:
    """The shortest plain decimal that reads back as `value`: no exponent, no trailing `.0`.

    >>> number(20.0), number(1e-7), number(1.8)
    ('20', '0.0000001', '1.8')
    """
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(items: list[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def phases_text(phases: tuple[Phase, ...]) -> str:
    """The normalised text of a whole regimen."""
    return ", ".join(phase_text(phase) for phase in phases)


def phase_text(phase: Phase) -> str:
    """The normalised text of one course or pause."""
    if isinstance(phase, Off):
        return f"off {length_text(phase.length)}"
    unit = "mg/kg" if phase.dose.per_kg else "mg"
    divided_daily = phase.dose.parts > 1 and phase.days == EveryDays(1)
    words = [f"{number(phase.dose.value)} {unit}" + ("/day" if divided_daily else "")]
    if phase.product:
        words.append(f"of {phase.product}")
    words += [*_how_often(phase, divided_daily), *_clock(phase)]
    if phase.meal:
        words.append(_MEALS[phase.meal])
    if isinstance(phase.length, Until):
        words.append(f"until {number(phase.length.total)} " + ("mg/kg" if phase.length.per_kg else "mg"))
    elif phase.length is not None:
        words.append(f"for {length_text(phase.length)}")
    return " ".join(words)


def length_text(length: Length) -> str:
    """`24 weeks`, `1 day`."""
    return f"{number(length.value)} {length.unit}" + ("" if length.value == 1 else "s")


def _how_often(course: Course, divided_daily: bool) -> list[str]:
    divided = [f"in {_COUNTS.get(course.dose.parts, course.dose.parts)} doses"] if course.dose.parts > 1 else []
    days = course.days
    if isinstance(days, Once):
        return ["once"]
    if isinstance(days, EveryHours):
        return [f"every {number(days.hours)} h"]
    if isinstance(days, EveryDays) and days.days == 1:
        if divided_daily:
            return divided
        return [] if course.clock_min else [f"{_times(course.times)} daily"]
    if isinstance(days, EveryDays):
        on = "every other day" if days.days == 2 else f"every {days.days} days"
    elif isinstance(days, TimesAWeek):
        on = f"{_times(days.times)} a week"
    else:
        on = "on " + listed([WEEKDAYS[day] for day in days.days])
    plainly = course.times > 1 and not course.clock_min and not divided
    return [*([f"{_times(course.times)} daily"] if plainly else []), on, *divided]


def _clock(course: Course) -> list[str]:
    if not course.clock_min:
        return []
    return ["at " + listed([f"{minute // 60:02d}:{minute % 60:02d}" for minute in course.clock_min])]


def _times(count: int) -> str:
    return _WORDS.get(count, f"{count} times")
