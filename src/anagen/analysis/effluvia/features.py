"""What can be read off the course of an effluvium: when it begins, how high, how long, what falls, when it is back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from anagen.analysis.numbers import count_of, number, with_unit

from .courses import Course, Floats

RAISED = 1.5
"""Times the usual: shedding above this counts as raised (as in `simulation.effluvium`)."""
BACK = 95.0
"""Percent of the start: density or volume above this counts as back."""


@dataclass(frozen=True)
class Features:
    """Read off one course; days after the event. None where it does not happen within the course.

    Extra hairs are those that fall on top of the usual daily number, of each kind of root by itself:
    `extra_percent` of the hairs on the scalp at the start, `broken_percent` of them with a broken shaft.
    """

    usual_per_day: float
    raised_first_day: int | None
    raised_last_day: int | None
    peak_day: int
    peak_per_day: float
    extra_percent: float
    broken_percent: float
    club_most_percent: float
    club_most_day: int
    density_least_percent: float
    density_least_day: int
    density_back_day: int | None
    volume_least_percent: float
    volume_least_day: int
    volume_back_day: int | None

    @classmethod
    def of(cls, course: Course) -> Features:
        """Of a course that starts in its steady state.

        >>> from anagen.analysis.effluvia.courses import effluvia
        >>> from anagen.treatments.registry import treatment
        >>> read = Features.of(effluvia(treatment()).telogen)
        >>> read.raised_first_day, read.peak_day, round(read.peak_ratio, 1), read.broken_percent
        (59, 100, 5.9, 0.0)
        """
        shed = course.shed_per_day
        usual = float(shed[0])
        raised = np.flatnonzero(shed > RAISED * usual)
        broken = _extra(course.broken_per_day)
        extra = broken + _extra(course.club_shed_per_day)
        density, volume = course.density_percent, course.volume_percent
        return cls(
            usual_per_day=usual,
            raised_first_day=int(raised[0]) if raised.size else None,
            raised_last_day=int(raised[-1]) if raised.size else None,
            peak_day=int(shed.argmax()),
            peak_per_day=float(shed.max()),
            extra_percent=100 * extra / float(course.hairs[0]),
            broken_percent=round(100 * broken / extra, 6) if extra else 0.0,
            club_most_percent=float(course.club_percent.max()),
            club_most_day=int(course.club_percent.argmax()),
            density_least_percent=float(density.min()),
            density_least_day=int(density.argmin()),
            density_back_day=_back(density),
            volume_least_percent=float(volume.min()),
            volume_least_day=int(volume.argmin()),
            volume_back_day=_back(volume),
        )

    @property
    def raised_days(self) -> int:
        """From the first to the last day of raised shedding."""
        if self.raised_first_day is None or self.raised_last_day is None:
            return 0
        return self.raised_last_day - self.raised_first_day + 1

    @property
    def peak_ratio(self) -> float:
        """Highest shedding, times the usual."""
        return self.peak_per_day / self.usual_per_day


def day_and_week(day: float) -> str:
    """A day, and the week it is near.

    >>> day_and_week(100), day_and_week(6)
    ('day 100 (week 14)', 'day 6 (week 1)')
    """
    return f"day {day:.0f} (week {max(1, round(day / 7))})"


def _extra(per_day: Floats) -> float:
    """Hairs on top of what fell on the first day."""
    return float(np.maximum(per_day - per_day[0], 0.0)[1:].sum())


def _back(percent_of_start: Floats) -> int | None:
    """First day from which it stays above `BACK`; 0 where it never falls below."""
    below = np.flatnonzero(percent_of_start < BACK)
    if not below.size:
        return 0
    return int(below[-1]) + 1 if below[-1] < percent_of_start.size - 1 else None


def _from(day: int | None) -> str:
    return "not within the time drawn" if day is None else f"from {day_and_week(day)}" if day else "never below it"


def _onset(f: Features) -> str:
    if f.raised_first_day is None:
        return f"Never above {RAISED} times the usual"
    return f"{day_and_week(f.raised_first_day).capitalize()}: above {RAISED} times the usual"


def _peak(f: Features) -> str:
    return (
        f"{day_and_week(f.peak_day).capitalize()}: {number(f.peak_ratio)} times the usual, "
        f"{number(f.peak_per_day)} hairs a day"
    )


def _length(f: Features) -> str:
    if f.raised_last_day is None:
        return f"Never above {RAISED} times the usual"
    return f"{f.raised_days} days above {RAISED} times the usual, until {day_and_week(f.raised_last_day)}"


def _roots(f: Features) -> str:
    broken = f.broken_percent / 100
    return f"Of the extra hairs, {count_of(broken)} are broken shafts and {count_of(1 - broken)} have a club root"


def _lost(f: Features) -> str:
    return f"{count_of(f.extra_percent / 100)} hairs fall on top of the usual"


def _clubs(f: Features) -> str:
    return f"At most {count_of(f.club_most_percent / 100)} hairs, on {day_and_week(f.club_most_day)}"


def _density(f: Features) -> str:
    return f"{with_unit(number(f.density_least_percent), '% of the start')}, on {day_and_week(f.density_least_day)}"


def _volume(f: Features) -> str:
    return f"{with_unit(number(f.volume_least_percent), '% of the start')}, on {day_and_week(f.volume_least_day)}"


def _return(f: Features) -> str:
    level = with_unit(number(BACK), "%")
    return f"Visible hairs over {level} {_from(f.density_back_day)}; hair volume {_from(f.volume_back_day)}"


SAID: Mapping[str, Callable[[Features], str]] = {
    "onset": _onset,
    "peak": _peak,
    "length": _length,
    "roots": _roots,
    "lost": _lost,
    "clubs": _clubs,
    "density": _density,
    "volume": _volume,
    "return": _return,
}
"""What is read off, in words; by the name that `effluvia.toml` calls it."""
