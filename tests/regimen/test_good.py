"""Regimens that must be read, what they normalise to, and the doses they mean for 70 kg."""

import numpy as np
import pytest

from anagen.regimen import FORMULATIONS, MEALS, EveryDays, Off, Once, Regimen

WEEK = 168.0

GOOD = [
    # text, normalised text, number of doses, first hours, mg, days
    (
        "20 mg once daily with food for 24 weeks",
        "20 mg once daily with a standard meal for 24 weeks",
        168,
        [0, 24, 48],
        20,
        168,
    ),
    (
        "0.5 mg/kg/day with food for 20 weeks",
        "0.5 mg/kg once daily with a standard meal for 20 weeks",
        140,
        [0, 24, 48],
        35,
        140,
    ),
    ("10 mg every other day for 6 months", "10 mg every other day for 6 months", 92, [0, 48, 96], 10, 183),
    ("1.8 mg every 8 h for 26 weeks", "1.8 mg every 8 h for 26 weeks", 546, [0, 8, 16], 1.8, 182),
    (
        "40 mg twice daily with a high-fat meal for 4 weeks then 20 mg once daily for 16 weeks",
        "40 mg twice daily with a high-fat meal for 4 weeks, 20 mg once daily for 16 weeks",
        168,
        [0, 12, 24],
        40,
        140,
    ),
    ("20 mg on Mon, Wed and Fri", "20 mg on Mon, Wed and Fri", 72, [0, 48, 96, WEEK], 20, 168),
    ("80 mg once fasted", "80 mg once fasted", 1, [0], 80, 1),
    (
        "32 mg of Absorica LD once daily fasted for 20 weeks",
        "32 mg of Absorica LD once daily fasted for 20 weeks",
        140,
        [0, 24],
        32,
        140,
    ),
    (
        "2.5 mg three times a week for 6 months",
        "2.5 mg three times a week for 6 months",
        79,
        [0, 48, 96, WEEK],
        2.5,
        183,
    ),
    (
        "1 mg/kg/day in two doses with food until 120 mg/kg",
        "1 mg/kg/day in two doses with a standard meal until 120 mg/kg",
        240,
        [0, 12, 24],
        35,
        120,
    ),
    (
        "20 mg once daily for 8 weeks, off 4 weeks, 20 mg once daily for 8 weeks",
        "20 mg once daily for 8 weeks, off 4 weeks, 20 mg once daily for 8 weeks",
        112,
        [0, 24],
        20,
        140,
    ),
    ("10 mg at 08:00, 14:00 and 20:00", "10 mg at 08:00, 14:00 and 20:00", 504, [0, 6, 12, 24], 10, 168),
    ("20 mg qd", "20 mg once daily", 168, [0, 24], 20, 168),
    ("20 mg od for 1 week", "20 mg once daily for 1 week", 7, [0, 24], 20, 7),
    ("20 mg b.i.d. for 2 wks.", "20 mg twice daily for 2 weeks", 28, [0, 12], 20, 14),
    (
        "20mg bid, with food, for 2 weeks",
        "20 mg twice daily with a standard meal for 2 weeks",
        28,
        [0, 12],
        20,
        14,
    ),
    ("10 mg tid for 10 days", "10 mg three times daily for 10 days", 30, [0, 8, 16, 24], 10, 10),
    ("10 mg qid for 10 days", "10 mg four times daily for 10 days", 40, [0, 6, 12, 18, 24], 10, 10),
    ("10 mg q12h for 10 days", "10 mg every 12 h for 10 days", 20, [0, 12], 10, 10),
    ("10 mg q8h", "10 mg every 8 h", 504, [0, 8], 10, 168),
    ("20 mg qod", "20 mg every other day", 84, [0, 48], 20, 168),
    ("20 mg eod on an empty stomach", "20 mg every other day fasted", 84, [0, 48], 20, 168),
    ("20 mg on alternate days", "20 mg every other day", 84, [0, 48], 20, 168),
    ("20 mg once every other day", "20 mg every other day", 84, [0, 48], 20, 168),
    ("20 mg every third day", "20 mg every 3 days", 56, [0, 72], 20, 168),
    ("20 mg every day for one year", "20 mg once daily for 1 year", 365, [0, 24], 20, 365),
    ("20 mg a day", "20 mg once daily", 168, [0, 24], 20, 168),
    ("20 mg weekly", "20 mg once a week", 24, [0, WEEK], 20, 168),
    ("20 mg every 2 weeks", "20 mg every 14 days", 12, [0, 2 * WEEK], 20, 168),
    ("20 mg twice a week", "20 mg twice a week", 48, [0, 72, WEEK], 20, 168),
    ("10 mg 3x daily", "10 mg three times daily", 504, [0, 8], 10, 168),
    ("10 mg 3 times a day", "10 mg three times daily", 504, [0, 8], 10, 168),
    ("0.5 mg/kg twice daily", "0.5 mg/kg twice daily", 336, [0, 12], 35, 168),
    ("40 mg/day in 2 divided doses", "40 mg/day in two doses", 336, [0, 12], 20, 168),
    ("40 mg every other day in two doses", "40 mg every other day in two doses", 168, [0, 12, 48], 20, 168),
    ("20 mg on Fri and Wednesday", "20 mg on Wed and Fri", 48, [0, 48, WEEK], 20, 168),
    ("20 mg twice daily on Mon", "20 mg twice daily on Mon", 48, [0, 12, WEEK], 20, 168),
    ("20 mg at 8 pm and 8:30 am", "20 mg at 08:30 and 20:00", 336, [0, 11.5, 24], 20, 168),
    ("20 mg once daily at 20:00", "20 mg at 20:00", 168, [0, 24], 20, 168),
    ("20 mg of roaccutane daily", "20 mg of Roaccutane once daily", 168, [0, 24], 20, 168),
    ("20 mg of isotretinoin daily", "20 mg once daily", 168, [0, 24], 20, 168),
    ("  20  MG   ONCE DAILY   WITH FOOD. ", "20 mg once daily with a standard meal", 168, [0, 24], 20, 168),
    ("20 mg for 8 weeks once daily", "20 mg once daily for 8 weeks", 56, [0, 24], 20, 56),
    (
        "10 mg qd for 2 weeks; 20 mg qd for 2 weeks",
        "10 mg once daily for 2 weeks, 20 mg once daily for 2 weeks",
        28,
        [0, 24],
        10,
        28,
    ),
    ("80 mg once, 20 mg daily for 2 weeks", "80 mg once, 20 mg once daily for 2 weeks", 15, [0, 24], 80, 15),
    ("20 mg once daily for 5 years", "20 mg once daily for 5 years", 1826, [0, 24], 20, 1826),
]


@pytest.mark.parametrize(("text", "normal", "count", "hours", "mg", "days"), GOOD, ids=[row[0] for row in GOOD])
def test_good(text: str, normal: str, count: int, hours: list[float], mg: float, days: float) -> None:
    regimen = Regimen.from_text(text)
    events = regimen.events(70.0)
    assert regimen.text == normal
    assert Regimen.from_text(regimen.text) == regimen
    assert hash(Regimen.from_text(regimen.text)) == hash(regimen)
    assert events.time_h.size == count
    assert events.time_h[: len(hours)].tolist() == hours
    assert events.amount_mg[0] == pytest.approx(mg, abs=1e-12)
    assert events.course_days == days
    assert events.single_dose == (count == 1)


def test_dtypes_and_read_only() -> None:
    events = Regimen.from_text("20 mg once daily").events(70)
    assert (events.time_h.dtype, events.amount_mg.dtype) == (np.float64, np.float64)
    assert (events.meal.dtype, events.formulation.dtype) == (np.int8, np.int8)
    with pytest.raises(ValueError, match="read-only"):
        events.time_h[0] = 1.0


def test_pause_shifts_the_next_course() -> None:
    regimen = Regimen.from_text("20 mg once daily for 8 weeks, off 4 weeks, 10 mg once daily for 8 weeks")
    assert isinstance(regimen.courses[1], Off)
    events = regimen.events(70)
    assert events.time_h[56] == 84 * 24.0
    assert events.amount_mg[55:57].tolist() == [20.0, 10.0]


@pytest.mark.parametrize(
    ("words", "meal"),
    [
        ("with food", "standard"),
        ("with a meal", "standard"),
        ("with a standard meal", "standard"),
        ("", "standard"),
        ("with a high-fat meal", "high_fat"),
        ("fasted", "fasted"),
        ("on an empty stomach", "fasted"),
        ("without food", "fasted"),
    ],
)
def test_meals(words: str, meal: str) -> None:
    assert MEALS[Regimen.from_text(f"20 mg once daily {words}").events(70).meal[0]] == meal


@pytest.mark.parametrize(
    ("name", "formulation"),
    [
        ("Absorica", "lidose"),
        ("absorica-ld", "micronised"),
        ("Epuris", "lidose"),
        ("Curacné", "conventional"),
        ("isotret hexal", "conventional"),
    ],
)
def test_product_sets_formulation(name: str, formulation: str) -> None:
    events = Regimen.from_text(f"20 mg of {name} once daily").events(70)
    assert FORMULATIONS[events.formulation[0]] == formulation


def test_clock_of_the_first_dose_is_kept() -> None:
    events = Regimen.from_text("20 mg at 20:00 for 1 day, 10 mg once daily for 1 day, 5 mg at 08:00 for 1 day").events(
        70
    )
    assert events.time_h.tolist() == [0.0, 24.0, 36.0]


def test_weekdays_keep_one_calendar() -> None:
    # 10 days from a Monday end on a Wednesday; the next Monday is day 14.
    regimen = Regimen.from_text("20 mg on Mon for 10 days, 10 mg on Mon for 10 days")
    assert regimen.events(70).time_h.tolist() == [0.0, 168.0, 336.0]


def test_until_counts_the_whole_regimen_and_ends_within_one_dose() -> None:
    regimen = Regimen.from_text("0.5 mg/kg/day for 4 weeks, 1 mg/kg/day until 120 mg/kg")
    total = regimen.events(60).amount_mg.sum()
    assert total == pytest.approx(120 * 60)
    odd = Regimen.from_text("33 mg once daily until 100 mg").events(70)
    assert odd.amount_mg.sum() == 132  # the first dose at or above the total is the last
    assert odd.course_days == 4


def test_structure() -> None:
    assert Regimen.from_text("80 mg once").courses[0].days == Once()
    assert Regimen.from_text("80 mg daily").courses[0].days == EveryDays(1)


NOTES = [
    ("20 mg once daily with food for 24 weeks", []),
    ("20 mg once daily with food", ["duration-assumed"]),
    ("20 mg once daily for 24 weeks", ["meal-assumed"]),
    ("80 mg once fasted", []),
    ("80 mg once", ["meal-assumed"]),
    ("140 mg once daily fasted for 1 week", []),
    ("145 mg once daily fasted for 1 week", ["dose-above-label"]),
    ("1.8 mg every 8 h fasted for 1 week", ["not-marketed"]),
    ("0.5 mg/kg once daily fasted for 1 week", []),
    ("30 mg of Absorica LD once daily fasted for 1 week", ["not-marketed"]),
    ("48 mg of Absorica LD once daily fasted for 1 week", []),
    ("5 mg of Epuris once daily fasted for 1 week", ["not-marketed"]),
]


@pytest.mark.parametrize(("text", "ids"), NOTES, ids=[row[0] for row in NOTES])
def test_notes(text: str, ids: list[str]) -> None:
    assert [note.id for note in Regimen.from_text(text).notes(70.0)] == ids


def test_not_marketed_texts() -> None:
    def last(text: str, weight_kg: float) -> str:
        return Regimen.from_text(text).notes(weight_kg)[-1].text

    assert last("1.8 mg q8h", 70) == "1.8 mg cannot be made from marketed capsules (smallest: 5 mg)"
    assert last("0.5 mg/kg/day", 72) == "36 mg cannot be made from marketed capsules (smallest: 5 mg)"
    assert last("30 mg of Absorica LD daily", 70) == "30 mg cannot be made from Absorica LD capsules (smallest: 8 mg)"
