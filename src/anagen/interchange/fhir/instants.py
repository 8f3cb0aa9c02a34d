"""Doses at named moments (`Timing.event`) -> one even interval, or a single dose; others are refused."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from anagen.regimen.course import Days, EveryDays, EveryHours, Length, Once

from .moments import Moment, moment
from .spot import Spot

Found = tuple[Days, int, tuple[int, ...], None, int | None, Length | None, Moment]


def schedule_of_events(events: tuple[str, ...], spot: Spot) -> Found:
    """Days, doses a day, clock, no meal, the number of doses, no length, and the first moment.

    Raises:
        InputError: moments that are partly days only, named twice, or unevenly apart.
    """
    moments = [moment(text, spot.at(k)) for k, text in enumerate(events)]
    timed = [isinstance(one, datetime) for one in moments]
    if any(timed) and not all(timed):
        raise spot.error("names days and moments together", expected="all with a time of day, or none")
    order = sorted(range(len(moments)), key=lambda k: moments[k].isoformat() if not timed[k] else _seconds(moments[k]))
    first = moments[order[0]]
    clock = (first.hour * 60 + first.minute,) if isinstance(first, datetime) else ()
    if len(moments) == 1:
        return Once(), 1, clock, None, None, None, first
    hours = {_hours(moments[a], moments[b]) for a, b in pairwise(order)}
    if len(hours) > 1:
        raise spot.error(
            "moments that are unevenly apart: the regimen language has no such list", expected="one even interval"
        )
    step = hours.pop()
    if not 1 <= step <= 366 * 24:
        raise spot.error(f"doses {step:g} h apart", expected="1 h to 366 days")
    days: Days = EveryDays(int(step // 24)) if step % 24 == 0 else EveryHours(step)
    return days, 1, clock, None, len(moments), None, first


def _seconds(when: Moment) -> str:
    assert isinstance(when, datetime)
    return f"{when.timestamp():020.3f}"


def _hours(first: Moment, second: Moment) -> float:
    span = second - first  # type: ignore[operator]  # both are days, or both moments
    return float(f"{span.total_seconds() / 3600.0:.12g}")
