"""The official R4 timing examples: each is read as hours of doses worked out by hand, or is refused with a reason.

Three lists of the specification: the table of examples on the Timing page, the examples of the data type, and the
timing abbreviations of the value set. `hours` are those of the first doses, counted from the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .requests import coded, quantity, repeat


@dataclass(frozen=True)
class Example:
    name: str
    timing: dict[str, Any]
    hours: tuple[float, ...] = ()  # the first doses
    doses: int | None = None  # how many in all, where it is said
    meal: str | None = None
    refused: str = ""


def _p(frequency: int | None, period: float | None, unit: str | None, **more: Any) -> dict[str, Any]:
    said = {"frequency": frequency, "period": period, "periodUnit": unit}
    return repeat(**{name: value for name, value in said.items() if value is not None}, **more)


EVERY_DAY = (0, 24, 48)
TABLE = [
    Example("Every 8 hours", _p(1, 8, "h"), (0, 8, 16, 24)),
    Example("Every 7 days", _p(1, 7, "d"), (0, 168, 336)),
    Example("3 times a day", _p(3, 1, "d"), (0, 8, 16, 24)),
    Example("3-4 times a day", _p(3, 1, "d", frequencyMax=4), refused="is a range: frequency up to frequencyMax"),
    Example("Every 4-6 hours", _p(1, 4, "h", periodMax=6), refused="is a range: period up to periodMax"),
    Example(
        "Every 21 days for 1 hour", _p(1, 21, "d", duration=1, durationUnit="h"), refused="a dose that lasts cannot be"
    ),
    Example(
        "Three times a week for 1/2 hour",
        _p(3, 1, "wk", duration=0.5, durationUnit="h"),
        refused="a dose that lasts cannot be",
    ),
    Example("Three times a week (the same without its half hour)", _p(3, 1, "wk"), (0, 48, 96, 168)),
    Example("With breakfast", repeat(when=["CM"]), EVERY_DAY, meal="standard"),
    Example(
        "For 5 minutes, 10 minutes before meals",
        repeat(when=["AC"], offset=10, duration=5, durationUnit="min"),
        refused="a dose that lasts cannot be",
    ),
    Example(
        "1 tablet 3 times daily, 30 minutes before meals",
        _p(3, 1, "d", when=["AC"], offset=30),
        refused="before a meal is neither fasted nor with food",
    ),
    Example(
        "BID, 30 mins before meal, for next 10 days",
        _p(2, 1, "d", when=["AC"], offset=30, boundsDuration=quantity(10, "d")),
        refused="before a meal is neither fasted nor with food",
    ),
    Example("TID, for 14 days", _p(3, 1, "d", boundsDuration=quantity(14, "d")), (0, 8, 16, 24), doses=42),
    Example(
        "BID, start on 7/1/2015 at 1:00 PM",
        _p(2, 1, "d", boundsPeriod={"start": "2015-07-01T13:00:00+00:00"}),
        (0, 12, 24),
    ),
    Example(
        "The same without an offset from UTC, as the page prints it",
        _p(2, 1, "d", boundsPeriod={"start": "2015-07-01T13:00:00"}),
        refused="is no date or time of FHIR",
    ),
    Example("Mon, Wed, Fri Morning", _p(1, 1, "d", dayOfWeek=["mon", "wed", "fri"], when=["MORN"]), (0, 48, 96, 168)),
    Example("Every day at 10am", _p(1, 1, "d", timeOfDay=["10:00:00"]), EVERY_DAY),
    Example("Take once, at any time", repeat(count=1), (0,), doses=1),
    Example(
        "Take every second day, in the morning, until 20 have been taken",
        _p(1, 2, "d", when=["MORN"], count=20),
        (0, 48, 96),
        doses=20,
    ),
    Example(
        "Every second day starting on Day 2 (R6)",
        repeat(frequency=1, period=2, periodUnit="d", startOffset=quantity(1, "d")),
        refused="this is FHIR R6, not R4",
    ),
]
TYPE_EXAMPLES = [
    Example(
        "A series of appointments (events a week, then eight days and two hours apart)",
        {"event": ["2012-01-07T09:00:00+10:00", "2012-01-14T09:00:00+10:00", "2012-01-22T11:00:00+10:00"]},
        refused="unevenly apart",
    ),
    Example("BID (twice a day), no start or end", _p(2, 1, "d"), (0, 12, 24)),
    Example(
        "1/2 an hour before breakfast for 10 days from 23-Dec 2011",
        _p(1, 1, "d", when=["ACM"], offset=30, boundsPeriod={"start": "2011-12-23", "end": "2012-01-02"}),
        refused="before a meal is neither fasted nor with food",
    ),
    Example(
        "The same with breakfast (the last day counts)",
        _p(1, 1, "d", when=["CM"], boundsPeriod={"start": "2011-12-23", "end": "2012-01-02"}),
        EVERY_DAY,
        doses=11,
        meal="standard",
    ),
]
ABBREVIATIONS = [
    Example("BID", coded("BID"), (0, 12, 24)),
    Example("TID", coded("TID"), (0, 8, 16, 24)),
    Example("QID", coded("QID"), (0, 6, 12, 18, 24)),
    Example("AM", coded("AM"), EVERY_DAY),
    Example("PM", coded("PM"), EVERY_DAY),
    Example("QD", coded("QD"), EVERY_DAY),
    Example("QOD", coded("QOD"), (0, 48, 96)),
    Example("Q1H", coded("Q1H"), (0, 1, 2)),
    Example("Q2H", coded("Q2H"), (0, 2, 4)),
    Example("Q3H", coded("Q3H"), (0, 3, 6)),
    Example("Q4H", coded("Q4H"), (0, 4, 8)),
    Example("Q6H", coded("Q6H"), (0, 6, 12)),
    Example("Q8H", coded("Q8H"), (0, 8, 16)),
    Example("BED", coded("BED"), EVERY_DAY),
    Example("WK", coded("WK"), (0, 168, 336)),
    Example("MO", coded("MO"), refused="months and years differ in length"),
]
EXAMPLES = [*TABLE, *TYPE_EXAMPLES, *ABBREVIATIONS]
