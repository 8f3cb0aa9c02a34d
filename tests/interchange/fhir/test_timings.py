"""The official timing examples, further combinations of Timing, and the page that lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anagen.errors import InputError
from anagen.interchange.fhir import from_fhir

from .requests import coded, dosage, quantity, repeat, request
from .timings import EXAMPLES, Example

DOCS = Path(__file__).parents[3] / "docs" / "fhir.md"


def hours_of(timing):
    record = from_fhir(request(dosage(timing, quantity(1, "mg"))))
    return record, record.regimen.events(70.0).time_h


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_official_examples(example: Example):
    if example.refused:
        with pytest.raises(InputError, match=re.escape(example.refused)) as caught:
            hours_of(example.timing)
        assert caught.value.where is not None
        assert caught.value.expected
        return
    record, hours = hours_of(example.timing)
    assert hours[: len(example.hours)].tolist() == pytest.approx(list(example.hours))
    if example.doses is not None:
        assert hours.size == example.doses
    assert record.regimen.courses[0].meal == example.meal


GOOD = [
    ("twice a day at the hours said", repeat(timeOfDay=["07:00:00", "18:00:00"]), (0, 11, 24, 35)),
    (
        "frequency beside its hours",
        repeat(frequency=2, period=1, periodUnit="d", timeOfDay=["20:00:00", "08:00:00"]),
        (0, 12),
    ),
    (
        "every other day at two hours",
        repeat(frequency=2, period=2, periodUnit="d", timeOfDay=["08:00:00", "20:00:00"]),
        (0, 12, 48),
    ),
    ("named days, a week", repeat(frequency=2, period=1, periodUnit="wk", dayOfWeek=["mon", "thu"]), (0, 72, 168)),
    ("named days, twice on each", repeat(frequency=2, period=1, periodUnit="d", dayOfWeek=["mon"]), (0, 12, 168)),
    ("named days alone", repeat(dayOfWeek=["fri", "mon"]), (0, 96, 168)),
    ("seven a week is daily", repeat(frequency=7, period=1, periodUnit="wk"), (0, 24)),
    ("every other week", repeat(frequency=1, period=2, periodUnit="wk"), (0, 336)),
    ("every 36 hours as days", repeat(frequency=1, period=1.5, periodUnit="d"), (0, 36, 72)),
    ("every 720 minutes", repeat(frequency=1, period=720, periodUnit="min"), (0, 12)),
    ("twice in 24 hours", repeat(frequency=2, period=24, periodUnit="h"), (0, 12, 24)),
    ("frequency left out is 1", repeat(period=3, periodUnit="d"), (0, 72)),
    ("with three meals", repeat(frequency=3, period=1, periodUnit="d", when=["C"]), (0, 8, 16)),
    ("morning and evening", repeat(when=["MORN", "EVE"]), (0, 11, 24)),
    ("a code beside its own structure", coded("Q8H", frequency=3, period=1, periodUnit="d"), (0, 8)),
    ("a code with bounds", coded("BID", boundsDuration=quantity(3, "d")), (0, 12, 24)),
    ("even events", {"event": ["2026-03-02", "2026-03-04", "2026-03-06"]}, (0, 48, 96)),
    ("events by the hour", {"event": ["2026-03-02T16:00:00Z", "2026-03-02T08:00:00Z"]}, (0, 8)),
    ("events over a change of clocks", {"event": ["2026-03-28T08:00:00+01:00", "2026-03-29T08:00:00+02:00"]}, (0, 23)),
]


@pytest.mark.parametrize(("timing", "hours"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_more_that_is_read(timing, hours):
    found = hours_of(timing)[1]
    assert found[: len(hours)].tolist() == pytest.approx(list(hours))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
@pytest.mark.parametrize(
    "said", [(1, 1, "d"), (2, 1, "d"), (3, 1, "d"), (1, 8, "h"), (1, 2, "d"), (3, 1, "wk"), (1, 5, "h")]
)
def test_a_count_is_the_number_of_doses(said, count):
    frequency, period, unit = said
    timing = repeat(frequency=frequency, period=period, periodUnit=unit, count=count)
    assert hours_of(timing)[1].size == count


BAD = [
    (
        "once a day at two hours",
        repeat(frequency=1, period=1, periodUnit="d", timeOfDay=["02:00:00", "04:00:00"]),
        "2 times of day",
    ),
    ("every 3 days on Friday", repeat(frequency=1, period=3, periodUnit="d", dayOfWeek=["fri"]), "does not fit"),
    (
        "once a week on three days",
        repeat(frequency=1, period=1, periodUnit="wk", dayOfWeek=["mon", "wed", "fri"]),
        "does not fit",
    ),
    ("twice in three days", repeat(frequency=2, period=3, periodUnit="d"), "on which days is not said"),
    ("nine a week", repeat(frequency=9, period=1, periodUnit="wk"), "on which days is not said"),
    ("no period", repeat(frequency=2), "how often is not said"),
    ("a period without its unit", repeat(frequency=1, period=1), "tim-2"),
    ("a unit without its period", repeat(frequency=1, periodUnit="d"), "tim-2"),
    ("no unit of time", repeat(frequency=1, period=1, periodUnit="day"), "periodUnit: is 'day'"),
    ("period of 0", repeat(frequency=1, period=0, periodUnit="d"), "not above zero"),
    ("below 0", repeat(frequency=1, period=-1, periodUnit="d"), "not above zero"),
    ("every half hour", repeat(frequency=1, period=30, periodUnit="min"), "every 0.5 h"),
    ("monthly", repeat(frequency=1, period=1, periodUnit="mo"), "differ in length"),
    ("when and timeOfDay", repeat(when=["MORN"], timeOfDay=["08:00:00"]), "tim-10"),
    ("an offset alone", repeat(frequency=1, period=1, periodUnit="d", offset=30), "tim-9"),
    ("an offset from with breakfast", repeat(when=["CM"], offset=30), "tim-9"),
    ("with meals, how many", repeat(when=["C"]), "how often is not said"),
    ("after sleep", repeat(when=["PHS"]), "after sleep has no hour"),
    ("unknown event of the day", repeat(when=["MORNING"]), "is no event of the day"),
    ("hours and an event", repeat(frequency=1, period=8, periodUnit="h", when=["MORN"]), "every 8 h"),
    ("25 a day", repeat(frequency=25, period=1, periodUnit="d"), "25 doses a day"),
    ("a day twice", repeat(dayOfWeek=["mon", "mon"]), "names a day twice"),
    ("an hour twice", repeat(timeOfDay=["08:00:00", "08:00:00"]), "named twice"),
    ("an hour with seconds", repeat(timeOfDay=["08:00:30"]), "has seconds"),
    ("24:00", repeat(timeOfDay=["24:00:00"]), "no time of day"),
    ("minutes only", repeat(timeOfDay=["08:00"]), "no time of day"),
    ("countMax", repeat(frequency=1, period=1, periodUnit="d", count=5, countMax=7), "is a range"),
    (
        "boundsRange",
        repeat(frequency=1, period=1, periodUnit="d", boundsRange={"low": quantity(1, "wk")}),
        "range of lengths",
    ),
    (
        "two bounds",
        repeat(
            frequency=1,
            period=1,
            periodUnit="d",
            boundsDuration=quantity(1, "wk"),
            boundsPeriod={"start": "2026-01-01"},
        ),
        "stands beside",
    ),
    (
        "bounds in hours",
        repeat(frequency=1, period=1, periodUnit="d", boundsDuration=quantity(30, "h")),
        "no whole number of days",
    ),
    (
        "bounds of another unit",
        repeat(frequency=1, period=1, periodUnit="d", boundsDuration=quantity(30, "mg")),
        "no unit of time",
    ),
    ("bounds of 6 years", repeat(frequency=1, period=1, periodUnit="d", boundsDuration=quantity(6, "a")), "is 6 a"),
    (
        "an end before the start",
        repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"start": "2026-02-01", "end": "2026-01-01"}),
        "before the start",
    ),
    (
        "an end at noon",
        repeat(
            frequency=1, period=1, periodUnit="d", boundsPeriod={"start": "2026-02-01", "end": "2026-03-01T12:00:00Z"}
        ),
        "middle of a day",
    ),
    ("an end alone", repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"end": "2026-03-01"}), "no start"),
    (
        "a month as start",
        repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"start": "2026-02"}),
        "no single day",
    ),
    ("no such day", repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"start": "2026-02-30"}), "no such day"),
    (
        "a count that is not that of the bounds",
        repeat(frequency=1, period=1, periodUnit="d", count=9, boundsDuration=quantity(1, "wk")),
        "does not agree",
    ),
    ("an unknown code alone", coded("QAM"), "is not known"),
    ("a code against its structure", coded("BID", frequency=1, period=1, periodUnit="d"), "do not say the same"),
    ("AM in the evening", coded("AM", when=["EVE"]), "does not agree"),
    ("events beside repeat", {"event": ["2026-01-01"]} | repeat(count=1), "stands beside"),
    ("days and moments", {"event": ["2026-01-01", "2026-01-02T08:00:00Z"]}, "days and moments"),
    ("a moment twice", {"event": ["2026-01-01", "2026-01-01"]}, "0 h apart"),
]


@pytest.mark.parametrize(("timing", "reason"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_refused_says_why(timing, reason):
    with pytest.raises(InputError, match=re.escape(reason)) as caught:
        hours_of(timing)
    assert caught.value.where is not None
    assert caught.value.expected


def test_the_page_lists_every_official_example():
    page = DOCS.read_text("utf-8")
    for example in EXAMPLES:
        row = next((line for line in page.splitlines() if line.startswith(f"| {example.name} |")), None)
        assert row is not None, example.name
        if example.refused:
            assert f"refused: {example.refused}" in row
        else:
            assert ", ".join(f"{hour:g}" for hour in example.hours) in row
