"""Dates and times of FHIR: a whole date, or a time with its offset from UTC. Used by every reader of this room."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from .spot import Spot, shown

Moment = date | datetime
"""A `date` where only the day is known; else an aware `datetime`."""

_FORM = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?)?)?", re.ASCII
)
YEARS = range(1900, 2200)
"""No date of a living person or of a plan is outside of these; sums of dates stay far from the calendar's end."""
EXPECTED = "a whole date, or a time with its offset from UTC: 2026-03-01, 2026-03-01T08:00:00+01:00"


def moment(text: str, spot: Spot) -> Moment:
    """A date or dateTime of FHIR; parts of a second are left out.

    Raises:
        InputError: it is none, is less than a whole day, or a time without its offset.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        near = f"{text[:19]}Z" if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", text) else ""
        near = near.replace("Z", ":00Z") if len(text) == 16 else near
        raise spot.error(f"{shown(text)} is no date or time of FHIR", expected=EXPECTED, near=near or ())
    year, month, day, hour, minute, second, offset = found.groups()
    if day is None:
        raise spot.error(f"{shown(text)} is no single day", expected=EXPECTED)
    if int(year) not in YEARS:
        raise spot.error(f"{shown(text)} is no year that can be meant", expected=f"{YEARS[0]} to {YEARS[-1]}")
    try:
        whole = date(int(year), int(month), int(day))
        if hour is None:
            return whole
        zone = UTC if offset == "Z" else _zone(offset)
        return datetime(whole.year, whole.month, whole.day, int(hour), int(minute), int(second), tzinfo=zone)
    except (ValueError, OverflowError):
        raise spot.error(f"there is no such day or time: {shown(text)}", expected=EXPECTED) from None


def day_of(when: Moment) -> date:
    """The day, as a clock at that place shows it."""
    return when.date() if isinstance(when, datetime) else when


def in_order(when: Moment) -> tuple[date, float]:
    """A key to sort by: days first, then the moments of a day."""
    return day_of(when), when.timestamp() if isinstance(when, datetime) else 0.0


def _zone(offset: str) -> timezone:
    hours, minutes = int(offset[1:3]), int(offset[4:])
    if hours > 14 or minutes > 59 or (hours == 14 and minutes):
        raise ValueError("no offset")
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if offset[0] == "-" else span)
