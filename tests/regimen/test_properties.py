"""Any regimen reads back from its own text; any text at all is read or refused, quickly and in words."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anagen.errors import RegimenError
from anagen.regimen import Regimen

amounts = st.decimals(min_value="0.001", max_value="60", places=3).map(lambda d: format(d.normalize(), "f"))
products = st.sampled_from(["", " of Absorica LD", " of Roaccutane", " of Isotret-HEXAL", " of Curacne"])
schedules = st.one_of(
    st.sampled_from(
        [
            " once daily",
            " twice daily",
            " three times a day",
            " every other day",
            " three times a week",
            " weekly",
            " on Mon, Wed and Fri",
            " on Sun",
            " twice daily on Tue and Sat",
            " tid",
            " q8h",
            " qod",
            " at 08:00, 14:00 and 20:00",
            " every 3 days at 06:30",
            "/day in two doses",
            " on Mon in three doses",
        ]
    ),
    st.integers(1, 200).map(lambda h: f" every {h} h"),
    st.integers(1, 30).map(lambda d: f" every {d} days"),
    st.integers(1, 24).map(lambda n: f" {n} times a day"),
    st.integers(1, 7).map(lambda n: f" {n} times a week"),
)
meals = st.sampled_from(["", " with food", " with a high-fat meal", " fasted", " with a standard meal"])
lengths = st.one_of(
    st.integers(7, 300).map(lambda d: f" for {d} days"),
    st.integers(1, 40).map(lambda w: f" for {w} weeks"),
    st.sampled_from([" for 2 months", " for 1.5 months", " for half".replace("half", "0.5") + " years"]),
)
course = st.builds(lambda a, s, p, m, n: f"{a} mg{s}{p}{m}{n}", amounts, schedules, products, meals, lengths)
pause = st.integers(1, 30).map(lambda w: f"off {w} days")
regimens = st.builds(
    lambda first, rest: first + "".join((f", {p}" if p else "") + f" then {c}" for p, c in rest),
    course,
    st.lists(st.tuples(st.one_of(st.none(), pause), course), max_size=3),
)


@given(regimens)
@settings(max_examples=300, deadline=None)
def test_round_trip_and_events(text: str) -> None:
    regimen = Regimen.from_text(text)
    again = Regimen.from_text(regimen.text)
    assert again == regimen
    assert hash(again) == hash(regimen)
    assert again.text == regimen.text
    try:
        events = regimen.events(70.0)
    except RegimenError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert "8 mg/kg" in refused
        return
    assert events.time_h[0] == 0.0
    assert np.all(np.diff(events.time_h) > 0)
    assert np.all(events.amount_mg > 0)
    assert events.time_h.shape == events.amount_mg.shape == events.meal.shape == events.formulation.shape
    assert events.time_h[-1] < (events.course_days + 1) * 24


@given(st.integers(1, 260), st.integers(1, 24))
@settings(deadline=None)
def test_counts_are_exact(weeks: int, times: int) -> None:
    events = Regimen.from_text(f"0.5 mg {times} times a day for {weeks} weeks").events(70)
    assert events.time_h.size == weeks * 7 * times


@given(st.floats(30, 250), st.sampled_from(["1 mg/kg/day in two doses", "20 mg once daily", "0.4 mg/kg qod"]))
@settings(deadline=None)
def test_until_reaches_the_total_within_one_dose(weight_kg: float, doses: str) -> None:
    amount_mg = Regimen.from_text(f"{doses} until 30 mg/kg").events(weight_kg).amount_mg
    assert -1e-6 <= amount_mg.sum() - 30 * weight_kg < amount_mg[-1]


WORDS = [
    "20",
    "mg",
    "g",
    "mg/kg",
    "/day",
    "once",
    "twice",
    "daily",
    "every",
    "other",
    "day",
    "week",
    "weeks",
    "8",
    "h",
    "0",
    "for",
    "until",
    "then",
    "off",
    "and",
    ",",
    ";",
    ".",
    "of",
    "Absorica",
    "LD",
    "Isotrex",
    "at",
    "08:00",
    "25:00",
    "on",
    "Mon",
    "Fri",
    "with",
    "food",
    "a",
    "high-fat",
    "meal",
    "fasted",
    "qd",
    "prn",
    "in",
    "two",
    "doses",
    "1,5",
    "-3",
    "three",
    "times",
]


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
@settings(max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_are_read_or_refused(text: str) -> None:
    _read_or_refused(text)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=2000)
def test_any_text_is_read_or_refused(text: str) -> None:
    _read_or_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "20 mg " + "x " * 990,
        "20 mg of " + "ab " * 660,
        "1" * 2000,
        "20 mg once daily" + " ," * 900,
        "20 mg on " + "Mon, " * 390 + "Tue",
        ", ".join(["5 mg qd for 1 day"] * 105),
        "(" * 2000,
    ],
)
def test_long_texts_do_not_hang(text: str) -> None:
    _read_or_refused(text)


def _read_or_refused(text: str) -> None:
    refused: RegimenError | None = None
    try:
        regimen = Regimen.from_text(text)
    except RegimenError as error:
        refused = error
    if refused is None:
        assert Regimen.from_text(regimen.text) == regimen
        return
    said = str(refused)
    assert refused.nearest
    assert refused.expected
    assert all(line.isprintable() for line in said.splitlines())
    for token in ("PER_DAY", "SOFT_COMMA", "NUMBER", "ONCE_ALONE", "$END", "Traceback"):
        assert token not in said or token in text


def test_import_is_light() -> None:
    code = "import sys, anagen.regimen; print([m for m in ('lark', 'pydantic', 'jax') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
