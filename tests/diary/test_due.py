"""What is due on a day: the plan laid out on the calendar, against lists made by hand; what is written counts off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from anagen.diary.due import Due, due
from anagen.diary.words import read_words

START = date(2026, 3, 4)  # a Wednesday
DAYS = [START + timedelta(days=day) for day in range(-3, 60)]


def doses(text: str, day: date) -> int:
    found = due([read_words("plan", [text], f"{START}")], day)
    return 0 if found is None else len(found)


def since(day: date) -> int:
    return (day - START).days


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("20 mg once daily for 4 weeks", lambda day: int(0 <= since(day) < 28)),
        ("10 mg twice daily for 4 weeks", lambda day: 2 * (0 <= since(day) < 28)),
        ("10 mg every other day for 4 weeks", lambda day: int(0 <= since(day) < 28 and since(day) % 2 == 0)),
        ("10 mg at 08:00, 14:00 and 20:00 for 2 weeks", lambda day: 3 * (0 <= since(day) < 14)),
        ("20 mg once daily at 23:30 for 2 weeks", lambda day: int(0 <= since(day) < 14)),
        (
            "20 mg once daily for 2 weeks, then pause 1 week, then 10 mg once daily for 1 week",
            lambda day: int(0 <= since(day) < 14 or 21 <= since(day) < 28),
        ),
        ("20 mg on Mondays and Fridays for 6 weeks", lambda day: int(0 <= since(day) < 35 and day.weekday() in (0, 4))),
    ],
)
def test_a_plan_on_the_calendar(text: str, right: Callable[[date], int]) -> None:
    days = [day for day in DAYS if "Mondays" not in text or since(day) < 35]  # the last week of a plan by weekdays
    assert [doses(text, day) for day in days] == [right(day) for day in days]


def test_what_is_written_or_left_out_counts_off() -> None:
    entries = [read_words("plan", ["10 mg twice daily with food for 4 weeks"], f"{START}")]
    assert due(entries, START) == (Due(10.0, "food"), Due(10.0, "food"))
    entries.append(read_words("dose", ["10"], f"{START} 08:00"))
    assert due(entries, START) == (Due(10.0, "food"),)
    entries.append(read_words("dose", ["0"], f"{START} 20:00"))
    assert due(entries, START) == ()
    assert due(entries, START + timedelta(days=1)) == (Due(10.0, "food"), Due(10.0, "food"))


def test_the_newest_plan_counts_and_a_planned_dose_before_it() -> None:
    old = read_words("plan", ["20 mg once daily for 24 weeks"], f"{START}")
    new = read_words("plan", ["5 mg once daily fasted for 24 weeks"], f"{START + timedelta(days=7)}")
    single = read_words("planned-dose", ["40", "product=roaccutane"], f"{START + timedelta(days=8)}")
    assert due([new, old, single], START + timedelta(days=6)) == (Due(20.0),)
    assert due([new, old, single], START + timedelta(days=7)) == (Due(5.0, "fasted"),)
    assert due([new, old, single], START + timedelta(days=8)) == (Due(40.0, None, "roaccutane"),)


def test_a_dose_by_weight_takes_the_weight_of_its_time() -> None:
    plan = read_words("plan", ["0.5 mg/kg once daily for 4 weeks"], f"{START}")
    weight = read_words("weight", ["80"], f"{START - timedelta(days=1)}")
    assert due([weight, plan], START) == (Due(40.0),)


@pytest.mark.parametrize("text", ["as the doctor said", "20 g once daily", "", "20 mg"])
def test_a_plan_that_cannot_be_read_is_none(text: str) -> None:
    plan = read_words("plan", ["20 mg once daily for 4 weeks"], f"{START}")
    object.__setattr__(plan, "regimen", text)
    assert due([plan], START + timedelta(days=1)) is None


@pytest.mark.parametrize(("brand", "found"), [("", None), ("Absorica LD", (Due(20.0, None, "Absorica LD"),))])
def test_a_formulation_needs_its_brand(brand: str, found: tuple[Due, ...] | None) -> None:
    plan = read_words("plan", ["20 mg of Absorica LD once daily for 4 weeks"], f"{START}")
    before = read_words("dose", ["20", f"product={brand}"], f"{START - timedelta(days=1)}")
    assert due([before, plan], START) == found
