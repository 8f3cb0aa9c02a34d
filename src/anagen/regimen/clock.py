"""Days of the week and clock times of one course."""

from __future__ import annotations

import re

from anagen.regimen.course import WEEKDAYS, Days, EveryHours, Once, OnWeekdays
from anagen.regimen.normalise import listed
from anagen.regimen.place import Place
from anagen.regimen.syntax import Node


def weekdays_of(place: Place, clause: Node) -> OnWeekdays:
    """The named days, in calendar order; a day named twice is refused."""
    named = [(token, WEEKDAYS.index(token.text[:3].title())) for token in clause.parts if token.kind == "WEEKDAY"]
    days = sorted({day for _, day in named})
    if len(days) < len(named):
        again = next(token for k, (token, day) in enumerate(named) if day in [d for _, d in named[:k]])
        raise place.error(
            f"a day named twice: {again.text}",
            again.span,
            "each day once",
            place.instead(clause.span, "on " + listed([WEEKDAYS[day] for day in days])),
        )
    return OnWeekdays(tuple(days))


def clock_of(place: Place, clause: Node) -> tuple[int, ...]:
    """The clock times in minutes after midnight, in order."""
    minutes: list[int] = []
    for token in clause.parts:
        if token.kind != "CLOCK":
            continue
        hour, minute = (int(part) for part in [*re.findall(r"\d+", token.text), "0"][:2])
        half = re.search(r"([ap])\.?m", token.text.lower())
        sane = minute < 60 and (1 <= hour <= 12 if half else hour < 24)
        at = token.span
        if half and sane:
            hour = hour % 12 + 12 * (half.group(1) == "p")
        if not sane:
            raise place.error(
                f"not a clock time: {token.text}",
                at,
                "24-hour times from 00:00 to 23:59",
                place.instead(at, f"{hour % 24:02d}:{min(minute, 59):02d}"),
            )
        if hour * 60 + minute in minutes:
            rest = [t.text for t in clause.parts if t.kind == "CLOCK" and t is not token]
            raise place.error(
                f"a clock time named twice: {token.text}",
                at,
                "each time once",
                place.instead(clause.span, "at " + listed(rest)),
            )
        minutes.append(hour * 60 + minute)
    return tuple(sorted(minutes))


def match_clock(
    place: Place, clock: Node, minutes: tuple[int, ...], days: Days, times: int, counted: Node | None
) -> None:
    """Refuse clock times that do not fit the number of doses, said by the clause `counted`."""
    single = isinstance(days, Once | EveryHours)
    if single and len(minutes) > 1:
        raise place.error(
            "one clock time is enough: that of the first dose",
            clock.span,
            "one clock time",
            place.instead(clock.span, f"at {minutes[0] // 60:02d}:{minutes[0] % 60:02d}"),
        )
    if counted is not None and not single and len(minutes) != times:
        raise place.error(
            f"`{counted.text}` and {len(minutes)} clock time" + "s" * (len(minutes) > 1),
            clock.span,
            f"{times} clock time" + "s" * (times > 1) + ", or the clock times alone (then each is a full dose)",
            place.without(counted.span),
            place.without(clock.span),
        )
