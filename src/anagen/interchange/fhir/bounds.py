"""How long: `boundsDuration` or `boundsPeriod` of a Timing -> a length, and the day it begins. Part of a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from anagen.interchange.ucum.table import SYSTEM
from anagen.regimen.course import LIMIT_DAYS, Length

from .datatypes import Period, Quantity, Repeat
from .moments import Moment, day_of, moment
from .spot import Spot

_UNITS = {"d": "day", "wk": "week", "mo": "month", "a": "year"}
_HOURS = {"h": 1.0, "min": 1 / 60, "s": 1 / 3600}


@dataclass(frozen=True)
class Bounds:
    """The length, None where open; `start`, the first day or moment; `clock_min`, its minute after midnight."""

    length: Length | None = None
    start: Moment | None = None
    clock_min: int | None = None


def bounds_of(repeat: Repeat, spot: Spot) -> Bounds:
    """The bounds of a Timing's repeat at `spot`.

    Raises:
        InputError: two kinds at once, no length in days, or one that ends in the middle of a day.
    """
    if repeat.boundsDuration is not None and repeat.boundsPeriod is not None:
        raise spot.at("boundsPeriod").error("stands beside boundsDuration", expected="one of them")
    if repeat.boundsDuration is not None:
        return Bounds(_duration(repeat.boundsDuration, spot.at("boundsDuration")))
    if repeat.boundsPeriod is not None:
        return _period(repeat.boundsPeriod, spot.at("boundsPeriod"))
    return Bounds()


def _duration(quantity: Quantity, spot: Spot) -> Length:
    if quantity.comparator is not None:
        raise spot.at("comparator").error("is not one length", expected="a length without < or >")
    if quantity.value is None:
        raise spot.error("has no value", expected="a value and a unit of time")
    if quantity.system not in (None, SYSTEM):
        raise spot.at("system").error("is not UCUM", expected=SYSTEM)
    code = quantity.code or quantity.unit or ""
    unit, value = _UNITS.get(code, ""), quantity.value
    if code in _HOURS:
        unit, value = "day", value * _HOURS[code] / 24.0
        if value != int(value):
            raise spot.error(f"is {quantity.value:g} {code}: no whole number of days", expected="whole days")
    if not unit:
        raise spot.error("has no unit of time of UCUM", expected=", ".join((*_UNITS, *_HOURS)))
    length = Length(float(f"{value:.12g}"), unit)
    if not 0 < value < 1e6 or not 1 <= length.days <= LIMIT_DAYS:
        raise spot.error(f"is {quantity.value:g} {code}", expected="1 day to 5 years")
    return length


def _period(period: Period, spot: Spot) -> Bounds:
    if period.start is None:
        if period.end is None:
            raise spot.error("has neither start nor end", expected="a start")
        raise spot.error("has an end and no start: how long is not said", expected="a start")
    start = moment(period.start, spot.at("start"))
    clock = start.hour * 60 + start.minute if isinstance(start, datetime) else None
    if period.end is None:
        return Bounds(None, start, clock)
    at = spot.at("end")
    end = moment(period.end, at)
    if isinstance(end, datetime) and not (end.hour == 23 and end.minute == 59):
        raise at.error(
            "ends in the middle of a day: how many doses are meant is not sure",
            expected="a date (that day counts), or 23:59:59 of it",
            near=day_of(end).isoformat(),
        )
    days = (day_of(end) - day_of(start)).days + 1  # the last day counts
    if days < 1:
        raise at.error("is before the start", expected=f"{day_of(start)} or later")
    if days > LIMIT_DAYS:
        raise at.error(f"is {days:,} days after the start", expected="at most 5 years")
    return Bounds(Length(float(days), "day"), start, clock)
