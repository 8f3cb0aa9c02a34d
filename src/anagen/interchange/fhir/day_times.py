"""The times of day in a Timing: `timeOfDay`, or `when` with its assumed clock time and its meal. Part of a schedule."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from anagen.errors import nearest
from anagen.regimen.normalise import listed

from .datatypes import Repeat
from .spot import Spot, shown

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.0+)?", re.ASCII)
_NO_OFFSET = ("C", "CM", "CD", "CV")


@dataclass(frozen=True)
class DayTimes:
    """Minutes after midnight, in order, empty where no hour is said; how many `events` of a day are named; the meal."""

    clock_min: tuple[int, ...] = ()
    events: int = 0
    meal: str | None = None


@cache
def facts() -> Mapping[str, Any]:
    """The table of `when.toml`."""
    return tomllib.loads(resources.files(__package__).joinpath("when.toml").read_text("utf-8"))


def day_times(repeat: Repeat, spot: Spot) -> DayTimes:
    """What a Timing's `repeat` (at `spot`) says of the hours of the day.

    Raises:
        InputError: both kinds at once, one named twice, or an event of the day that has no place in a regimen.
    """
    if repeat.timeOfDay and repeat.when:
        raise spot.error("has both timeOfDay and when", expected="one of them (R4, rule tim-10)")
    if repeat.offset is not None and (not repeat.when or set(repeat.when) & set(_NO_OFFSET)):
        raise spot.at("offset").error(
            "stands without an event of the day that it counts from", expected="a `when` such as PCM (R4, rule tim-9)"
        )
    if repeat.timeOfDay:
        return DayTimes(_clocks(repeat.timeOfDay, spot), len(repeat.timeOfDay))
    return _events(repeat, spot) if repeat.when else DayTimes()


def _clocks(times: tuple[str, ...], spot: Spot) -> tuple[int, ...]:
    minutes = []
    for k, text in enumerate(times):
        at = spot.at("timeOfDay", k)
        found = _TIME.fullmatch(text)
        if found is None:
            raise at.error(f"{shown(text)} is no time of day", expected="hours, minutes and seconds, such as 08:00:00")
        if int(found[3]):
            raise at.error(f"{shown(text)} has seconds", expected="whole minutes", near=text[:6] + "00")
        minute = int(found[1]) * 60 + int(found[2])
        if minute in minutes:
            raise at.error(f"{shown(text)} is named twice", expected="each time once")
        minutes.append(minute)
    return tuple(sorted(minutes))


def _events(repeat: Repeat, spot: Spot) -> DayTimes:
    known = facts()["when"]
    minutes: list[int] = []
    told: list[str] = []
    meals = set()
    for k, code in enumerate(repeat.when):
        at = spot.at("when", k)
        if code not in known:
            raise at.error(
                f"{shown(code)} is no event of the day", expected=", ".join(known), near=nearest(code, list(known))
            )
        event = known[code]
        if "refused" in event:
            raise at.error(f"{code} cannot be simulated: {event['refused']}", expected="C, CM, CD or CV: with a meal")
        meals.add(event.get("meal"))
        if "clock" in event:
            hour, minute = event["clock"].split(":")
            minutes.append((int(hour) * 60 + int(minute) + _shift(repeat, code)) % 1440)
            told.append(f"{event['says']} is read as {minutes[-1] // 60:02d}:{minutes[-1] % 60:02d}")
        elif len(repeat.when) > 1:
            raise at.error(f"{code} stands beside other events", expected="events that have their hour, such as CM")
    if len(set(minutes)) < len(minutes):
        raise spot.at("when").error("names two events at one hour", expected="each once")
    if len(meals) > 1:
        raise spot.at("when").error("is partly with a meal", expected="all doses with a meal, or none")
    if told:
        spot.note(f"{listed(told).capitalize()} (assumed).")
    if repeat.offset and not minutes:
        spot.note(f"The offset of {repeat.offset} minutes from the meal is not used.")
    return DayTimes(tuple(sorted(minutes)), len(minutes), meals.pop())


def _shift(repeat: Repeat, code: str) -> int:
    offset = repeat.offset or 0
    return -offset if code in ("HS", "WAKE") else offset
