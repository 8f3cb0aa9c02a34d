"""Days and times as people write them; daylight saving; and that what is written reads back the same."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.diary.moment import read_moment, write_moment
from anagen.errors import InputError

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 9, 15, 42, tzinfo=BERLIN)

GOOD = {
    "2026-01-05": ("2026-01-05T12:00:00+01:00", False),
    "2026-07-05": ("2026-07-05T12:00:00+02:00", False),
    " 2026-01-05 20:00 ": ("2026-01-05T20:00:00+01:00", True),
    "2026-01-05T20:00:30": ("2026-01-05T20:00:30+01:00", True),
    "2026-01-05T20:00:30.123456Z": ("2026-01-05T20:00:30+00:00", True),
    "2026-01-05 7:05-05:00": ("2026-01-05T07:05:00-05:00", True),
    "2026-01-05T20:00+0530": ("2026-01-05T20:00:00+05:30", True),
    "2026-01-05+01:00": ("2026-01-05T12:00:00+01:00", False),
    "now": ("2026-03-10T09:15:00+01:00", True),
    "today": ("2026-03-10T12:00:00+01:00", False),
    "yesterday": ("2026-03-09T12:00:00+01:00", False),
    "Yesterday 20:00": ("2026-03-09T20:00:00+01:00", True),
    "20:00": ("2026-03-10T20:00:00+01:00", True),
    "2024-02-29": ("2024-02-29T12:00:00+01:00", False),
}


@pytest.mark.parametrize("text", GOOD)
def test_good(text):
    at, known = read_moment(text, now=NOW, zone=BERLIN)
    assert (at.isoformat(), known) == GOOD[text]


BAD = {
    "": "not a day or a time",
    "   ": "not a day or a time",
    "soon": "not a day or a time",
    "2026-02-29": "there is no day 2026-02-29",
    "2026-13-01": "there is no day",
    "0000-01-01": "there is no day",
    "2026-01-05 24:00": "not a time of day",
    "2026-01-05 20:60": "not a time of day",
    "2026-01-05 8pm": "not a day or a time",
    "2026-1-5": "not a day or a time",
    "05.01.2026": "not a day or a time",
    "1/5/2026": "not a day or a time",
    "20260105": "not a day or a time",
    "2026-01-05 20:00 Berlin": "not a day or a time",
    "2026-01-05T20:00+99:00": "not a time of day",
    "٢٠٢٦-٠١-٠٥": "not a day or a time",
    "tomorrow": "not a day or a time",
    "1e3": "not a day or a time",
}


@pytest.mark.parametrize("text", BAD)
def test_bad(text):
    with pytest.raises(InputError, match=BAD[text]) as told:
        read_moment(text, now=NOW, zone=BERLIN)
    assert "expected: a day or a time, such as 2026-03-01" in str(told.value)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "1949-12-31", "2151-01-01 08:00"])
def test_years_that_no_diary_has(text):
    with pytest.raises(InputError, match="the year is") as told:
        read_moment(text)
    assert told.value.expected == "a day from 1950 to 2150"


@pytest.mark.parametrize("text", ["now", "Now", "today", "yesterday 20:00", "20:00"])
def test_what_is_another_day_tomorrow_is_refused_in_a_file(text):
    with pytest.raises(InputError, match="not a day or a time") as told:
        read_moment(text, now=NOW, zone=BERLIN, dated=True)
    assert "the date itself" in str(told.value)


def test_other_orders_are_not_guessed_but_offered():
    with pytest.raises(InputError) as told:
        read_moment("05.01.2026")
    assert told.value.nearest == ("2026-01-05", "2026-05-01")
    with pytest.raises(InputError) as told:
        read_moment("25.11.2026")
    assert told.value.nearest == ("2026-11-25",)


def test_clocks_go_forward():
    with pytest.raises(InputError, match="the clocks skipped 2026-03-29 02:30") as told:
        read_moment("2026-03-29 02:30", zone=BERLIN)
    assert told.value.nearest == ("2026-03-29 01:30", "2026-03-29 03:30")
    for text in ("2026-03-29 01:59", "2026-03-29 03:00", "2026-03-29"):
        read_moment(text, zone=BERLIN)


def test_clocks_go_back():
    with pytest.raises(InputError, match="the clocks showed 2026-10-25 02:30 twice") as told:
        read_moment("2026-10-25 02:30", zone=BERLIN)
    assert told.value.nearest == ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00")
    first, second = (read_moment(text, zone=BERLIN)[0] for text in told.value.nearest)
    assert second - first == timedelta(hours=1)
    read_moment("2026-10-25 03:00", zone=BERLIN)


@pytest.mark.parametrize(("text", "says"), [("2026-03-29 02:30", "skipped"), ("2026-10-25 02:30", "twice")])
def test_the_rules_of_this_machine(text, says):
    """The same without a zone said: those of the machine, here of a process of its own."""
    program = (
        f"from anagen.diary.moment import read_moment\ntry: read_moment({text!r})\nexcept Exception as e: print(e)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TZ": "Europe/Berlin"}, capture_output=True, text=True
    )
    assert says in told.stdout


@settings(deadline=None, max_examples=150)
@given(
    st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    st.integers(-14 * 60, 14 * 60),
    st.booleans(),
)
def test_what_is_written_reads_back_the_same(naive, minutes, known):
    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    at = at if known else at.replace(hour=12, minute=0, second=0)
    assert read_moment(write_moment(at, known)) == (at, known)
    assert read_moment(write_moment(at, known))[0].utcoffset() == at.utcoffset()


@settings(deadline=None, max_examples=150)
@given(
    st.datetimes(datetime(1985, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_a_local_time_is_what_the_zone_says_or_refused(naive, name):
    """Oracle: all moments of that day in UTC, shown in the zone."""
    zone, naive = ZoneInfo(name), naive.replace(second=0, microsecond=0)
    shown = [
        moment
        for minutes in range(-16 * 60, 16 * 60 + 1, 30)
        if (moment := naive.replace(tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(zone).replace(tzinfo=None)
        == naive
    ]
    text = f"{naive:%Y-%m-%d %H:%M}"
    if len(shown) == 1:
        assert read_moment(text, zone=zone)[0] == shown[0]
        return
    with pytest.raises(InputError, match="twice" if shown else "skipped"):
        read_moment(text, zone=zone)
