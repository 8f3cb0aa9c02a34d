"""The parts of a regimen: doses, how often, how long. Plain frozen values; nothing here reads text.

Units: mg or mg per kg of body weight for doses, hours for intervals, minutes after midnight for clock times,
days for lengths. A `Span` remembers where a part stood in the text; it never counts in equality.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

MEALS = ("high_fat", "standard", "fasted")
FORMULATIONS = ("conventional", "lidose", "micronised")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS_IN = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
LIMIT_DAYS = 1826  # five years
DEFAULT_WEEKS = 24
DEFAULT_CLOCK_MIN = 8 * 60  # 08:00


class Span(NamedTuple):
    """Characters `start` to `end` (not included) of the text a part was read from."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Dose:
    """One amount as written: `value` mg, or mg/kg where `per_kg`. `parts` is the number of doses it is
    divided into (`1 mg/kg/day in two doses` has value 1 and parts 2)."""

    value: float
    per_kg: bool = False
    parts: int = 1
    span: Span = field(default=Span(), compare=False, repr=False)

    def mg(self, weight_kg: float) -> float:
        """The amount of each single dose in mg.

        >>> Dose(1.0, per_kg=True, parts=2).mg(70.0)
        35.0
        """
        # Rounded to 12 digits, so that 0.1 mg/kg for 30 kg is 3 mg and not a hair above.
        return float(f"{self.value * (weight_kg if self.per_kg else 1.0) / self.parts:.12g}")


@dataclass(frozen=True)
class Once:
    """A single dose."""


@dataclass(frozen=True)
class EveryHours:
    """One dose every `hours` hours, through the night."""

    hours: float


@dataclass(frozen=True)
class EveryDays:
    """Doses on every `days`-th day: 1 is daily, 2 is every other day."""

    days: int = 1


@dataclass(frozen=True)
class TimesAWeek:
    """Doses on `times` days of each week counted from the course's first day (see `DAYS_OF_THE_WEEK`)."""

    times: int


@dataclass(frozen=True)
class OnWeekdays:
    """Doses on named days of the calendar week, Monday = 0, in calendar order."""

    days: tuple[int, ...]


Days = Once | EveryHours | EveryDays | TimesAWeek | OnWeekdays

DAYS_OF_THE_WEEK = {
    1: (0,),
    2: (0, 3),
    3: (0, 2, 4),
    4: (0, 2, 4, 6),
    5: (0, 1, 2, 3, 4),
    6: (0, 1, 2, 3, 4, 5),
}
"""Which days of a week (day 0 is the course's first) `n times a week` means."""


@dataclass(frozen=True)
class Length:
    """A written length of time, kept as written so that it prints back.

    >>> Length(6, "month").days, Length(26, "week").days
    (183, 182)
    """

    value: float
    unit: str  # a key of DAYS_IN

    @property
    def days(self) -> int:
        """Whole days, halves up; a month is 30.4375 days, a year 365.25."""
        return math.floor(self.value * DAYS_IN[self.unit] + 0.5)


@dataclass(frozen=True)
class Until:
    """Dosing ends with the dose that brings the total of the whole regimen to `total` mg (mg/kg where
    `per_kg`)."""

    total: float
    per_kg: bool = True

    def mg(self, weight_kg: float) -> float:
        """The total in mg."""
        return float(f"{self.total * (weight_kg if self.per_kg else 1.0):.12g}")


@dataclass(frozen=True)
class Course:
    """One dosing phase. `length` None means it was not said (24 weeks); `meal` None likewise (a standard
    meal).

    `clock_min` holds clock times in minutes after midnight, in order; empty means not said. `times` is the
    number of doses on a dosing day. `product` is the canonical brand name, or None.
    """

    dose: Dose
    days: Days
    times: int = 1
    clock_min: tuple[int, ...] = ()
    meal: str | None = None
    product: str | None = None
    formulation: str = "conventional"
    length: Length | Until | None = None
    span: Span = field(default=Span(), compare=False, repr=False)

    @property
    def length_days(self) -> int | None:
        """Planned length in days; None where it depends on the person (`until ...`). A single dose takes a
        day."""
        if isinstance(self.days, Once):
            return 1
        if isinstance(self.length, Until):
            return None
        return (self.length or Length(DEFAULT_WEEKS, "week")).days


@dataclass(frozen=True)
class Off:
    """A pause between two courses."""

    length: Length
    span: Span = field(default=Span(), compare=False, repr=False)

    @property
    def length_days(self) -> int:
        """Length of the pause in days."""
        return self.length.days


Phase = Course | Off
