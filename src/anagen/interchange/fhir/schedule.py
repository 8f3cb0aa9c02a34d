"""A Timing of FHIR -> how often, at what times, how long: the parts of a course. Ranges and riddles are refused.

The inverse is `timing_out`. A time that FHIR leaves to the institution is assumed and told, or not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import Any

from anagen.errors import nearest
from anagen.regimen.course import Days, EveryDays, EveryHours, Length, Once, OnWeekdays, TimesAWeek

from .bounds import bounds_of
from .datatypes import Repeat, Timing
from .day_times import DayTimes, day_times, facts
from .instants import schedule_of_events
from .moments import Moment
from .spot import Spot, shown

GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
_HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0, "wk": 168.0}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOW_OFTEN = "frequency, period and periodUnit, such as 1 per 1 d"


@dataclass(frozen=True)
class Schedule:
    """What a Timing says. `count`: the number of doses; `start`, `end` as in boundsPeriod (the last day counts)."""

    days: Days
    times: int = 1
    clock_min: tuple[int, ...] = ()
    meal: str | None = None
    count: int | None = None
    length: Length | None = None
    start: Moment | None = None


def schedule_of(timing: Timing, spot: Spot) -> Schedule:
    """The schedule of a Timing at `spot`.

    Raises:
        InputError: it is missing, a range, contradicts itself, or cannot be a regimen; the reason is said.
    """
    repeat = timing.repeat or Repeat()
    at = spot.at("repeat") if timing.repeat else spot
    if timing.event:
        if timing.repeat is not None or timing.code is not None:
            raise spot.at("event").error("stands beside a repeat or a code", expected="event alone, or repeat")
        return Schedule(*schedule_of_events(timing.event, spot.at("event")))
    _refuse_ranges(repeat, at)
    code = _abbreviation(timing, repeat, spot)
    frequency, period, unit = repeat.frequency, repeat.period, str(repeat.periodUnit or "") or None
    if code is not None:
        frequency, period, unit = _agreed(code, repeat, spot)
        repeat = repeat.model_copy(update={"when": _agreed_when(code, repeat, spot)})
    if (period is None) != (unit is None):
        raise at.at("period" if period is not None else "periodUnit").error(
            "period and periodUnit belong together (R4, rule tim-2)", expected=_HOW_OFTEN
        )
    times = day_times(repeat, at)
    bounds = bounds_of(repeat, at)
    if period is None and repeat.count == 1 and frequency in (None, 1) and not repeat.dayOfWeek:
        return Schedule(Once(), 1, times.clock_min, times.meal, None, None, bounds.start)
    days, each = _days(repeat, frequency, period, unit, times, at)
    clock, starts = times.clock_min, bounds.clock_min
    if not clock and starts is not None and each == 1:
        clock = (starts,)
    elif not clock and starts is not None:
        at.note("The hour of the first dose is not used: it is the time zero of the regimen.")
    return Schedule(days, each, clock, times.meal, repeat.count, bounds.length, bounds.start)


def _refuse_ranges(repeat: Repeat, at: Spot) -> None:
    for name, other in (("frequencyMax", "frequency"), ("periodMax", "period"), ("countMax", "count")):
        if getattr(repeat, name) is not None:
            raise at.at(name).error(f"is a range: {other} up to {name}", expected=f"one {other}")
    if repeat.boundsRange is not None:
        raise at.at("boundsRange").error("is a range of lengths", expected="boundsDuration or boundsPeriod")
    for name in ("duration", "durationMax", "durationUnit"):
        if getattr(repeat, name) is not None:
            raise at.at(name).error("a dose that lasts cannot be a capsule", expected="doses without a duration")


def _abbreviation(timing: Timing, repeat: Repeat, spot: Spot) -> dict[str, Any] | None:
    """What a known abbreviation means; one that is not known may only stand beside a whole repeat."""
    if timing.code is None:
        return None
    known = facts()["code"]
    codes = timing.code.codes(GTS)
    if len(set(codes)) > 1:
        raise spot.at("code").error("has two abbreviations", expected="one")
    if codes and codes[0] in known:
        found: dict[str, Any] = known[codes[0]]
        return found
    if repeat.period is None and not repeat.when and not repeat.timeOfDay and not repeat.dayOfWeek:
        said = codes[0] if codes else next(iter(timing.code.words), "")
        raise spot.at("code").error(
            f"the abbreviation {shown(said)} is not known, and repeat does not say how often",
            expected=", ".join(known) + f" of {GTS}, or {_HOW_OFTEN}",
            near=nearest(said, list(known)),
        )
    spot.note(f"A timing code was not read ({shown(next(iter(timing.code.words), 'without words'))}): repeat was.")
    return None


def _agreed(code: dict[str, Any], repeat: Repeat, spot: Spot) -> tuple[int, float, str]:
    told = (code["frequency"], float(code["period"]), code["unit"])
    said = (repeat.frequency, repeat.period, repeat.periodUnit)
    if any(one is not None for one in said[1:]):
        same = isclose((repeat.frequency or 1) / _in_hours(repeat), told[0] / (told[1] * _HOURS.get(told[2], 730.5)))
        if not same:
            raise spot.error("its code and its repeat do not say the same", expected="one of them, or both alike")
    elif repeat.frequency not in (None, told[0]):
        raise spot.at("repeat", "frequency").error("does not agree with the code", expected=str(told[0]))
    return told


def _agreed_when(code: dict[str, Any], repeat: Repeat, spot: Spot) -> tuple[str, ...]:
    """The event of the day: that of the repeat, where the code may mean it; that of the code where there is none."""
    if "when" not in code or repeat.timeOfDay:
        return repeat.when
    may = tuple(code.get("may", (code["when"],)))
    for event in repeat.when:
        if not event.startswith(may) and not (event == "CM" and "MORN" in may):
            raise spot.at("repeat", "when").error("does not agree with the code", expected=" or ".join(may))
    return repeat.when or (code["when"],)


def _in_hours(repeat: Repeat) -> float:
    return (repeat.period or 0.0) * _HOURS.get(repeat.periodUnit or "", 730.5) or 1e-9


def _days(
    repeat: Repeat, frequency: int | None, period: float | None, unit: str | None, times: DayTimes, at: Spot
) -> tuple[Days, int]:
    """Which days, and how many doses on each."""
    count = frequency or 1
    if period is not None and period <= 0:
        raise at.at("period").error("is not above zero", expected="a period above zero")
    if unit in ("mo", "a"):
        raise at.at("periodUnit").error(
            "months and years differ in length: the days of the doses are not said", expected="d or wk", near="wk"
        )
    if repeat.dayOfWeek:
        return _weekdays(repeat, frequency, period, unit, times, at)
    if period is None:
        if times.events and frequency in (None, times.events):
            return EveryDays(1), times.events
        if times.events:
            raise at.at("frequency").error(f"is {frequency}, with {times.events} times of day", expected=_HOW_OFTEN)
        raise at.error("how often is not said", expected=_HOW_OFTEN)
    hours = period * _HOURS[unit or "d"]
    days = hours / 24.0
    if unit in ("s", "min", "h") and not (days == 1 and count > 1):
        if count > 1:
            raise at.at("frequency").error(f"{count} doses in {period:g} {unit}: when is not said", expected="1")
        if hours < 1 or times.events > 1 or (repeat.when and times.events):
            raise at.error(
                f"every {hours:g} h with {times.events} times of day" if times.events else f"every {hours:g} h",
                expected="at least 1 h, and at most the hour of the first dose",
            )
        return EveryHours(float(f"{hours:.12g}")), 1
    if days != int(days):
        if count > 1 or times.events > 1:
            raise at.at("period").error("is no whole number of days", expected="whole days, or 1 per so many hours")
        return EveryHours(float(f"{hours:.12g}")), 1
    return _whole_days(count, frequency is not None, int(days), unit == "wk", times, at)


def _whole_days(count: int, said: bool, days: int, weekly: bool, times: DayTimes, at: Spot) -> tuple[Days, int]:
    """`count` doses in so many whole days."""
    spot = at.at("frequency") if said else at
    if not 1 <= days <= 366:
        raise at.at("period").error(f"is {days:,} days", expected="1 to 366 days")
    if times.events and count not in (times.events, 1 if not said else times.events):
        if weekly and days == 7 and times.events == 1 and count <= 7:
            return _a_week(count, spot, at)
        raise spot.error(f"is {count}, with {times.events} times of day", expected=str(times.events))
    if times.events > 1:
        return EveryDays(days), times.events
    if count == 1:
        return (TimesAWeek(1) if weekly and days == 7 else EveryDays(days)), 1
    if days == 1:
        if count > 24:
            raise spot.error(f"{count} doses a day", expected="1 to 24")
        return EveryDays(1), count
    if days == 7:
        return _a_week(count, spot, at)
    raise spot.error(f"{count} doses in {days} days: on which days is not said", expected="1, or times a week")


def _a_week(count: int, spot: Spot, at: Spot) -> tuple[Days, int]:
    if count % 7 == 0 and count <= 7 * 24:
        return EveryDays(1), count // 7
    if count > 7:
        raise spot.error(f"{count} doses a week: on which days is not said", expected="1 to 7, or a multiple of 7")
    at.note(f"{count} times a week: on which days was not said; they are spread as the regimen language does.")
    return TimesAWeek(count), 1


def _weekdays(
    repeat: Repeat, frequency: int | None, period: float | None, unit: str | None, times: DayTimes, at: Spot
) -> tuple[Days, int]:
    named = tuple(sorted(WEEKDAYS.index(day) for day in repeat.dayOfWeek))
    if len(set(named)) < len(named):
        raise at.at("dayOfWeek").error("names a day twice", expected="each day once")
    a_day = times.events or 1
    span = period * _HOURS[unit or "d"] if period is not None else 24.0
    if span == 24.0:
        each = frequency or a_day
    elif span == 168.0 and frequency in (None, len(named) * a_day):
        each = a_day
    elif span == 168.0 and not times.events and frequency and frequency % len(named) == 0:
        each = frequency // len(named)
    else:
        raise at.error(
            f"{frequency or 1} per {period:g} {unit} does not fit {len(named)} named days",
            expected="1 per 1 d: a dose on each named day",
        )
    if times.events and each != times.events:
        raise at.at("frequency").error(f"is {each}, with {times.events} times of day", expected=str(times.events))
    if each > 24:
        raise at.at("frequency").error(f"{each} doses a day", expected="1 to 24")
    return OnWeekdays(named), each
