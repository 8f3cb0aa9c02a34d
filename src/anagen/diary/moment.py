"""When: days and times as people write them, read as aware local times, and written so that they read back the same."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from anagen.errors import InputError, Where

NOON = 12
FIRST_YEAR, LAST_YEAR = 1950, 2150
EXPECTED = "a day or a time, such as 2026-03-01, 2026-03-01 20:00, 20:00 (today), yesterday, now"
DATED = "the date itself, such as 2026-03-01 or 2026-03-01 20:00"
_DAY = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?"
_OFFSET = r"(?P<offset>Z|[+-]\d{2}:?\d{2})"
_FULL = re.compile(rf"{_DAY}(?:[T ]{_CLOCK})?\s*{_OFFSET}?", re.ASCII)
_WORD = re.compile(rf"(?P<word>today|yesterday)?\s*(?:{_CLOCK})?", re.ASCII)
_OTHER_ORDER = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)


def read_moment(
    text: str, *, now: datetime | None = None, zone: tzinfo | None = None, dated: bool = False
) -> tuple[datetime, bool]:
    """An aware time, and whether the time of day was said (else noon).

    Args:
        text: as in `EXPECTED`; an offset from UTC may follow.
        now: for words such as today; the clock where left out.
        zone: the place's rules for its clocks; those of this machine where left out.
        dated: refuse what means another day when it is read again, such as yesterday; for files.

    Raises:
        InputError: it cannot be read, or the clocks skipped that time, or passed it twice.

    >>> from zoneinfo import ZoneInfo
    >>> at, known = read_moment("2026-07-01 08:30", zone=ZoneInfo("Europe/Berlin"))
    >>> at.isoformat(), known
    ('2026-07-01T08:30:00+02:00', True)
    """
    words = text.strip()
    now = now or datetime.now().astimezone(zone)
    if words.casefold() == "now" and not dated:
        return _fixed(now.replace(second=0, microsecond=0)), True
    found = _FULL.fullmatch(words)
    if found is None:
        found = None if dated else _WORD.fullmatch(words.casefold())
        if not words or found is None:
            raise _unread(text, DATED if dated else EXPECTED)
        day = now.date() - timedelta(days=found["word"] == "yesterday")
        offset = None
    else:
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            raise InputError(f"there is no day {words[:10]}", where=Where(text, 0, 10), expected=EXPECTED) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            expected = f"a day from {FIRST_YEAR} to {LAST_YEAR}"
            raise InputError(f"the year is {day.year}", where=Where(text, 0, 4), expected=expected)
        offset = found["offset"]
    known = found["hour"] is not None
    try:
        hour, minute, second = (int(found[part] or 0) if known else 0 for part in ("hour", "minute", "second"))
        naive = datetime.combine(day, time(hour if known else NOON, minute, second))
        if offset is not None:
            return naive.replace(tzinfo=_offset(offset)), known
    except ValueError:
        raise InputError(f"not a time of day: {words}", where=Where(text, 0, len(text)), expected=EXPECTED) from None
    return _local(naive, text, zone), known


def _local(naive: datetime, text: str, zone: tzinfo | None) -> datetime:
    """The local time, with the offset that holds then."""

    def placed(fold: int) -> datetime:
        bare = naive.replace(fold=fold)
        return bare.astimezone() if zone is None else bare.replace(tzinfo=zone)

    first, second = _fixed(placed(0)), _fixed(placed(1))
    back = [_fixed(one.astimezone(UTC).astimezone(zone)).replace(tzinfo=None, fold=0) for one in (first, second)]
    if naive not in back:
        raise InputError(
            f"the clocks skipped {naive:%Y-%m-%d %H:%M} (they went forward)",
            where=Where(text, 0, len(text)),
            expected="a time that the clocks showed",
            nearest=sorted(f"{one:%Y-%m-%d %H:%M}" for one in set(back)),
        )
    if first != second:
        raise InputError(
            f"the clocks showed {naive:%Y-%m-%d %H:%M} twice (they went back)",
            where=Where(text, 0, len(text)),
            expected="the offset from UTC with it",
            nearest=(write_moment(first, True), write_moment(second, True)),
        )
    return first


def write_moment(at: datetime, time_known: bool) -> str:
    """The text that `read_moment` reads back as the same: always with the offset, the time only where it was said.

    >>> at, known = read_moment("2026-03-01+01:00")
    >>> write_moment(at, known)
    '2026-03-01+01:00'
    """
    if time_known:
        return at.isoformat(timespec="seconds" if at.second else "minutes")
    return f"{at:%Y-%m-%d}{at.isoformat()[-6:]}"


def _fixed(at: datetime) -> datetime:
    """The same time with its offset alone, which stays what it was when a country changes its rules."""
    offset = at.utcoffset()
    assert offset is not None
    whole = timedelta(minutes=round(offset / timedelta(minutes=1)))  # offsets of long ago have seconds
    return at.replace(tzinfo=timezone(whole), fold=0)


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _unread(text: str, expected: str) -> InputError:
    near: tuple[str, ...] = ()
    if found := _OTHER_ORDER.match(text.strip()):
        first, second, year = (int(part) for part in found.groups())
        near = tuple(
            f"{year}-{month:02d}-{day:02d}"
            for day, month in dict.fromkeys([(first, second), (second, first)])
            if 1 <= month <= 12 and 1 <= day <= 31
        )
    where = Where(text, 0, max(1, len(text)))
    return InputError(f"not a day or a time: '{text}'", where=where, expected=expected, nearest=near)
