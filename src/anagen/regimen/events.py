"""Courses -> dose events: hours since the first dose, mg, meal and formulation of every single dose.

Hours inside; day 0 is the calendar day of the first dose. Where a clock time was not said, a course keeps
the clock time of the regimen's first dose (08:00 where that was not said either).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from anagen.errors import RegimenError
from anagen.regimen.course import (
    DAYS_OF_THE_WEEK,
    DEFAULT_CLOCK_MIN,
    FORMULATIONS,
    LIMIT_DAYS,
    MEALS,
    Course,
    EveryDays,
    EveryHours,
    Length,
    Off,
    Once,
    OnWeekdays,
    Phase,
    TimesAWeek,
    Until,
)

_SAME_TIME_H = 1e-6
Refuse = Callable[[str, Course, str, Course], RegimenError]


@dataclass(frozen=True, eq=False)
class DoseEvents:
    """Every single dose of a regimen, in order; arrays are read-only and of one length J.

    `time_h` hours since the first dose, the first exactly 0.0 (float64); `amount_mg` (float64); `meal` and
    `formulation` indexes into `MEALS` and `FORMULATIONS` (int8); `course` index into `Regimen.courses`
    (int32); `course_days` planned length in days from the first dose to the end of the last course.
    """

    time_h: npt.NDArray[np.float64]
    amount_mg: npt.NDArray[np.float64]
    meal: npt.NDArray[np.int8]
    formulation: npt.NDArray[np.int8]
    course: npt.NDArray[np.int32]
    course_days: float
    single_dose: bool

    def __post_init__(self) -> None:
        for array in (self.time_h, self.amount_mg, self.meal, self.formulation, self.course):
            array.setflags(write=False)


def dose_events(phases: tuple[Phase, ...], weight_kg: float, refuse: Refuse) -> DoseEvents:
    """The dose events of a person of `weight_kg`.

    `refuse(message, course, expected, nearest course)` makes the error for a course that cannot be laid out:
    `until` a total that is already reached, or that takes longer than 5 years.
    """
    first_clock_h = _first_clock_h(phases)
    monday: int | None = None  # the day number of some Monday, once a course has named weekdays
    start_day, total_mg = 0, 0.0
    times: list[npt.NDArray[np.float64]] = []
    courses: list[tuple[int, Course]] = []
    for index, phase in enumerate(phases):
        if isinstance(phase, Off):
            start_day += phase.length.days
            continue
        if monday is None and isinstance(phase.days, OnWeekdays):
            monday = start_day - phase.days.days[0]
        limit = LIMIT_DAYS if phase.length_days is None else phase.length_days
        time_h = _times_h(phase, limit, start_day, first_clock_h, monday or 0)
        if isinstance(phase.length, Until):
            time_h, limit = _until(phase, phase.length, time_h, start_day, total_mg, weight_kg, refuse)
        if time_h.size == 0:
            raise refuse(
                f"no dose falls in the {limit} days of this course",
                phase,
                "a longer course",
                replace(phase, length=Length(1, "week")),
            )
        time_h = time_h + start_day * 24.0 - first_clock_h
        if times:  # a dose of the night before never lands on or after the next course's first
            times[-1] = times[-1][times[-1] < time_h[0] - _SAME_TIME_H]
        times.append(time_h)
        courses.append((index, phase))
        total_mg += time_h.size * phase.dose.mg(weight_kg)
        start_day += limit
        if start_day > LIMIT_DAYS:
            raise refuse(
                f"the courses together are beyond 5 years: {start_day:,} days up to the end of this one",
                phase,
                f"at most 5 years ({LIMIT_DAYS:,} days) in all",
                replace(phase, length=Length(max(1, limit - start_day + LIMIT_DAYS), "day")),
            )
    counts = [part.size for part in times]

    taken = [course for _, course in courses]
    meal = [MEALS.index(course.meal or "standard") for course in taken]
    formulation = [FORMULATIONS.index(course.formulation) for course in taken]
    return DoseEvents(
        time_h=np.concatenate(times),
        amount_mg=np.repeat(np.array([course.dose.mg(weight_kg) for course in taken], dtype=np.float64), counts),
        meal=np.repeat(np.array(meal, dtype=np.int8), counts),
        formulation=np.repeat(np.array(formulation, dtype=np.int8), counts),
        course=np.repeat(np.array([index for index, _ in courses], dtype=np.int32), counts),
        course_days=float(start_day),
        single_dose=sum(counts) == 1,
    )


def _first_clock_h(phases: tuple[Phase, ...]) -> float:
    first = next(phase for phase in phases if isinstance(phase, Course))
    return (first.clock_min[0] if first.clock_min else DEFAULT_CLOCK_MIN) / 60.0


def _times_h(
    course: Course, length_days: int, start_day: int, first_clock_h: float, monday: int
) -> npt.NDArray[np.float64]:
    """Hours after midnight of the course's first day."""
    clock_h = course.clock_min[0] / 60.0 if course.clock_min else first_clock_h
    days = course.days
    if isinstance(days, Once):
        return np.array([clock_h])
    if isinstance(days, EveryHours):
        count = math.ceil(length_days * 24.0 / days.hours - 1e-9)
        return clock_h + np.arange(count, dtype=np.float64) * days.hours
    day = np.arange(length_days)
    if isinstance(days, EveryDays):
        day = day[:: days.days]
    elif isinstance(days, TimesAWeek):
        day = day[np.isin(day % 7, DAYS_OF_THE_WEEK[days.times])]
    else:
        day = day[np.isin((start_day + day - monday) % 7, days.days)]
    if course.clock_min:
        within_h = np.array(course.clock_min, dtype=np.float64) / 60.0
    else:
        within_h = clock_h + np.arange(course.times, dtype=np.float64) * (24.0 / course.times)
    return (day[:, None] * 24.0 + within_h[None, :]).ravel()


def _until(
    course: Course,
    until: Until,
    time_h: npt.NDArray[np.float64],
    start_day: int,
    taken_mg: float,
    weight_kg: float,
    refuse: Refuse,
) -> tuple[npt.NDArray[np.float64], int]:
    dose_mg, total_mg = course.dose.mg(weight_kg), until.mg(weight_kg)

    def with_total(total_mg: float) -> Course:
        total = total_mg / (weight_kg if until.per_kg else 1.0)
        return replace(course, length=Until(float(f"{total:.12g}"), until.per_kg))

    needed = (total_mg - taken_mg) / dose_mg - 1e-9
    if needed <= 0:
        raise refuse(
            f"the total of {total_mg:,.6g} mg is already reached before this course ({taken_mg:,.6g} mg)",
            course,
            "a total above what the courses before it give",
            with_total(taken_mg + dose_mg),
        )
    end_day = LIMIT_DAYS - start_day
    if needed <= time_h.size:
        time_h = time_h[: math.ceil(needed)]
        # The course ends a whole number of days after its first dose, so that its last dose lies inside it.
        end_day = math.floor((time_h[-1] - time_h[0]) / 24.0 + 1e-9) + 1
    if needed > time_h.size or start_day + end_day > LIMIT_DAYS:
        raise refuse(
            f"the total of {total_mg:,.6g} mg is not reached within 5 years at {dose_mg:.6g} mg a dose",
            course,
            "a total that these doses reach within 5 years (1,826 days)",
            with_total(taken_mg + dose_mg * max(1, int(np.sum(time_h < time_h[0] + 24.0 * (LIMIT_DAYS - start_day))))),
        )
    return time_h, end_day
