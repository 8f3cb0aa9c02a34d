"""How often: the clauses of one course that say days, times a day and clock times, taken together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anagen.regimen.clock import clock_of, match_clock, weekdays_of
from anagen.regimen.course import (
    Days,
    Dose,
    EveryDays,
    EveryHours,
    Once,
    Span,
    TimesAWeek,
)
from anagen.regimen.normalise import number
from anagen.regimen.place import Place
from anagen.regimen.syntax import Node

_LATIN = {"qd": 1, "od": 1, "bid": 2, "bd": 2, "tid": 3, "tds": 3, "qid": 4, "qds": 4}
_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_HOW_OFTEN = ("once", "a_day", "a_week", "every_hours", "every_days", "every_weeks", "weekdays")
_MOST_A_DAY = 24


@dataclass(frozen=True)
class Schedule:
    """What the clauses say together; `parts` is the number of doses the written amount is divided into."""

    days: Days
    times: int = 1
    clock_min: tuple[int, ...] = ()
    parts: int = 1


def schedule_of(place: Place, dose: Dose, clauses: list[Node]) -> Schedule:
    """The schedule of one course, or a `RegimenError` where its clauses say nothing or contradict each
    other."""
    said = [clause for clause in clauses if clause.kind in _HOW_OFTEN]
    clock = next((clause for clause in clauses if clause.kind == "clock"), None)
    division = next((clause for clause in clauses if clause.kind == "division"), None)
    minutes = clock_of(place, clock) if clock else ()
    if not said and not clock:
        end = dose.span.end
        words = ("/day",) if division else (" once daily", " once")
        raise place.error(
            "how often is missing",
            dose.span,
            "how often, such as once daily, every 8 h, on Mon and Fri, or once",
            *[place.text[:end] + word + place.text[end:] for word in words],
        )
    times = 1
    counted: Node | None = None  # the clause that says how many times a day
    daily = next((clause for clause in said if clause.kind == "a_day"), None)
    if daily is not None:
        times, counted = _times_a_day(place, daily), daily
    others = [clause for clause in said if clause is not daily]
    if len(others) > 1 or (others and daily is not None and not _may_join(place, daily, others[0], times)):
        first, second = (said[0], said[1]) if len(said) > 1 else (said[0], said[0])
        times = max(_times_a_day(place, clause) for clause in said if clause.kind == "a_day") if daily else 1
        divided = place.instead(second.span, f"in {times} doses") if times > 1 else ""
        raise place.error(
            f"how often is said twice: `{first.text}` and `{second.text}`",
            second.span,
            "how often, once",
            divided,
            place.without(second.span),
            place.without(first.span),
        )
    days = _days(place, others[0]) if others else EveryDays(1)
    parts = _parts(place, division, days, times, counted) if division else 1
    times = max(times, parts)
    if clock is not None:
        match_clock(place, clock, minutes, days, times, counted or division)
        times = times if isinstance(days, Once | EveryHours) else len(minutes)
    return Schedule(days, times, minutes, parts)


def _may_join(place: Place, daily: Node, other: Node, times: int) -> bool:
    # `once daily on Mon` says one thing, and so does `twice daily every other day`;
    # `once daily every other day` says two.
    return other.kind == "weekdays" or (
        times > 1 and other.kind in ("a_week", "every_days", "every_weeks") and not daily.text.startswith("/")
    )


def _count(place: Place, clause: Node) -> float:
    first = clause.parts[0]
    if first.kind != "count":
        return 1.0
    token = first.parts[0]
    if token.kind == "number":
        return token.value
    return 3.0 if token.text.lower().startswith("thrice") else 2.0 if token.kind == "TWICE" else 1.0


def _whole(place: Place, value: float, at: Span, most: int, what: str, *better: str) -> int:
    if value < 1 or value != int(value) or value > most:
        raise place.error(
            f"{what}: {number(value)}",
            at,
            f"a whole number from 1 to {most:,}",
            *[place.instead(at, b) for b in better],
        )
    return int(value)


def _times_a_day(place: Place, clause: Node) -> int:
    latin = clause.parts[0]
    if latin.kind == "LATIN":
        return _LATIN[latin.text.lower().replace(".", "")]
    return _whole(place, _count(place, clause), clause.span, _MOST_A_DAY, "not a number of doses a day", "once daily")


def _days(place: Place, clause: Node) -> Days:
    at = clause.span
    if clause.kind == "once":
        return Once()
    if clause.kind == "weekdays":
        return weekdays_of(place, clause)
    count = _count(place, clause)
    if clause.kind == "a_week":
        times = _whole(place, count, at, 7, "not a number of days a week", "once daily", "twice daily")
        return EveryDays(1) if times == 7 else TimesAWeek(times)
    if count != 1:
        raise place.error(
            f"two counts: `{clause.text}`",
            at,
            "one dose each time, such as every 8 h or every other day",
            place.instead(at, re.sub(r"^.*?(?=every|each)", "", clause.text, flags=re.IGNORECASE)),
        )
    value = _interval(place, clause)
    if clause.kind == "every_hours":
        return _hours(place, value, at)
    if value <= 0:
        raise place.error(
            "the interval is not above zero",
            at,
            "an interval of at least 1 day",
            place.instead(at, "every day"),
        )
    days = value * (7 if clause.kind == "every_weeks" else 1)
    if days != int(days):
        raise place.error(
            f"not a whole number of days: {number(days)}",
            at,
            "whole days, or hours",
            place.instead(at, f"every {number(days * 24)} h"),
        )
    whole = _whole(place, days, at, 366, "too many days between doses", "every other day")
    return TimesAWeek(1) if clause.kind == "every_weeks" and whole == 7 else EveryDays(whole)


def _interval(place: Place, clause: Node) -> float:
    for child in clause.parts:
        kind = child.kind
        if child.kind == "number":
            return child.value
        if kind in ("Q_HOURS", "Q_DAYS"):
            return float(re.sub(r"[^\d.]", "", child.text))
        if kind in ("OTHER", "ALTERNATE"):
            return 2.0
        if kind == "ORDINAL":
            return float(_ORDINALS.get(child.text.lower()) or child.text[0])
    return 1.0


def _hours(place: Place, hours: float, at: Span) -> EveryHours:
    if hours <= 0:
        raise place.error(
            f"the interval is not above zero: {number(hours)} h",
            at,
            "an interval of at least 1 h",
            place.instead(at, "every 8 h"),
        )
    if not 1 <= hours <= 366 * 24:
        raise place.error(
            f"the interval is not between 1 h and a year: {number(hours)} h",
            at,
            "1 h to 8,784 h",
            place.instead(at, "every 8 h"),
        )
    return EveryHours(hours)


def _parts(place: Place, division: Node, days: Days, times: int, counted: Node | None) -> int:
    at, amount = division.span, division.parts[1]
    if amount.kind == "DIVIDED":
        raise place.error("into how many doses is missing", at, "a number of doses", place.instead(at, "in two doses"))
    if isinstance(days, Once | EveryHours) or (counted is not None and times > 1):
        raise place.error(
            f"`{division.text}` divides the dose of a day, and the doses of a day are already said",
            at,
            "1 mg/kg/day in two doses, or 0.5 mg/kg twice daily",
            place.without(at),
        )
    return _whole(place, amount.value, at, _MOST_A_DAY, "not a number of doses", "in two doses")
