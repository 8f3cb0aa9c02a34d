"""Events by date, each with the published window after it. All that fit are listed; none is ranked, none is chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

from anagen.diary.entries import Entry, Event

from .counts import first_taken

DRUG = "drug"


@dataclass(frozen=True, slots=True)
class Happened:
    """Something on `day`; the published window after it as dates, if there is one; `says` of it; source keys.

    `fits` says whether the rise began inside the window; None where there was no rise, or no window.
    """

    day: date
    what: str
    opens: date | None
    closes: date | None
    fits: bool | None
    says: str
    sources: tuple[str, ...]


def timeline(entries: Sequence[Entry], rise: date | None) -> tuple[Happened, ...]:
    """Everything that happened, by date.

    Args:
        entries: the diary.
        rise: the day from which counts were above the limit, if they were.
    """
    first = first_taken(entries)
    things = [(first, DRUG, "First dose of isotretinoin")] if first else []
    things += [(entry.day, entry.what, _said(entry)) for entry in entries if isinstance(entry, Event)]
    return tuple(
        _happened(day, what, said, rise) for day, what, said in sorted(things, key=lambda one: (one[0], one[2]))
    )


def season() -> tuple[str, tuple[str, ...]]:
    """What is published of the season, and its sources."""
    table = _tables()["season"]
    return table["text"], tuple(table["source"])


def windows() -> Mapping[str, Mapping[str, Any]]:
    """The published window by the word of the event."""
    return {event: window for window in _tables()["window"] for event in window["events"]}


def _happened(day: date, what: str, said: str, rise: date | None) -> Happened:
    window = windows()[what]
    ends = window.get("days")
    opens, closes = (day + timedelta(days=end) for end in ends) if ends else (None, None)
    fits = opens <= rise <= closes if rise and opens and closes else None
    return Happened(day, said, opens, closes, fits, window["text"], tuple(window["source"]))


def _said(event: Event) -> str:
    words = event.what.replace("-", " ").capitalize()
    more = []
    if event.days:
        more.append(f"{event.days:g} day{'s' * (event.days != 1)}")
    if event.kg:
        more.append(f"{event.kg:+g} kg".replace("-", "−"))
    if event.temperature_c:
        more.append(f"{event.temperature_c:g} °C")
    return f"{words} ({', '.join(more)})" if more else words


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("anagen.diary.describe").joinpath("windows.toml").read_text("utf-8"))
