"""Regimens that must be refused: what is said, the words under the caret, and a correction that can be
read."""

import pickle

import pytest

from anagen.errors import AnagenError, InputError, PregnancyStop, RegimenError, Where, nearest
from anagen.regimen import Regimen

REFUSED = [
    # text, part of the message, words under the caret, nearest form
    ("20 g once daily", "unknown unit: g", "g", "20 mg once daily"),
    ("20 µg once daily", "unknown unit: µg", "µg", "0.02 mg once daily"),
    ("20 mcg once daily", "unknown unit: mcg", "mcg", "0.02 mg once daily"),
    ("20 ml once daily", "unknown unit: ml", "ml", "20 mg once daily"),
    ("0.5 g/kg/day", "unknown unit: g/kg/day", "g/kg/day", "0.5 mg/kg/day"),
    ("20 mg/m2 once daily", "unknown unit: mg/m2", "/m2", "20 mg once daily"),
    ("20 once daily", "unknown unit: once", "once", "20 mg once daily"),
    ("-20 mg once daily", "sign", "-20", "20 mg once daily"),
    ("0 mg once daily", "zero", "0", None),
    ("0.0001 mg once daily", "too small", "0.0001", None),
    ("once daily with food", "no dose", "once", "20 mg once daily with food"),
    ("isotretinoin 20 mg once daily", "begins with its dose", "isotretinoin", "20 mg once daily"),
    ("20 mg", "how often is missing", "20 mg", "20 mg once daily"),
    (
        "20 mg once daily for 8 weeks and 10 mg once daily for 8 weeks",
        "overlapping",
        "10 mg once daily for 8 weeks",
        "20 mg once daily for 8 weeks then 10 mg once daily for 8 weeks",
    ),
    ("20 mg once daily and 10 mg at 20:00", "overlapping", "10 mg at 20:00", None),
    ("20 mg at 08:00, 10 mg at 20:00", "overlapping", "10 mg at 20:00", None),
    ("20 mg once daily then 10 mg once daily", "overlapping", "10 mg once daily", None),
    ("10 mg every 0 h", "not above zero", "every 0 h", "10 mg every 8 h"),
    ("10 mg q0h", "not above zero", "q0h", None),
    ("10 mg every 0 days", "not above zero", "every 0 days", None),
    ("10 mg every -8 h", "not above zero", "every -8 h", None),
    ("10 mg every 1.5 days", "whole number of days", "every 1.5 days", "10 mg every 36 h"),
    ("10 mg 0 times a day", "number of doses a day", "0 times a day", None),
    ("10 mg 8 times a week", "number of days a week", "8 times a week", None),
    ("20 mg once daily for 0 weeks", "less than a day", "0 weeks", None),
    ("20 mg once daily for -4 weeks", "less than a day", "-4 weeks", None),
    ("20 mg once daily for 6 years", "beyond 5 years", "6 years", "20 mg once daily for 5 years"),
    ("20 mg once daily for 262 weeks", "beyond 5 years", "262 weeks", None),
    (
        "20 mg qd for 3 years, off 1 year, 20 mg qd for 2 years",
        "beyond 5 years",
        "20 mg qd for 2 years",
        None,
    ),
    ("20 mg once daily with breakfast", "unknown meal: breakfast", "breakfast", None),
    ("20 mg once daily with a low-fat meal", "unknown meal", "a low-fat meal", "20 mg once daily with food"),
    ("20 mg once daily with fod", "unknown meal", "fod", "20 mg once daily with food"),
    ("20 mg once dialy", "not understood", "dialy", "20 mg once daily"),
    ("20 mg twice dayly", "not understood", "dayly", "20 mg twice daily"),
    ("20 mg evry other day", "not understood", "evry", "20 mg every other day"),
    ("20 mg on Mon, Tuse and Fri", "not understood", "Tuse", "20 mg on Mon, Tue and Fri"),
    ("20 mg prn", "as needed", "prn", "20 mg once daily"),
    ("20 mg as needed", "as needed", "as needed", "20 mg once daily"),
    ("1,8 mg every 8 h", "comma", "1,8", "1.8 mg every 8 h"),
    ("20 mg every 1,5 days", "comma", "1,5", None),
    (".5 mg/kg once daily", "no digit before", ".5", "0.5 mg/kg once daily"),
    ("1. mg once daily", "no digit after", "1.", "1 mg once daily"),
    ("10-20 mg once daily", "a range", "10-20", "10 mg once daily"),
    ("1e3 mg once daily", "exponent", "1e3", None),
    ("20 mg of Absorika LD once daily", "unknown product", "Absorika LD", "20 mg of Absorica LD once daily"),
    ("20 mg of Aknetrend once daily", "unknown product", "Aknetrend", "20 mg of Aknetrent once daily"),
    ("20 mg of Isotrex once daily", "for the skin", "Isotrex", "20 mg once daily"),
    ("20 mg of Isotrexin once daily", "for the skin", "Isotrexin", "20 mg once daily"),
    ("20 mg Absorica once daily", "not understood", "Absorica", "20 mg of Absorica once daily"),
    ("20 mg once daily every other day", "said twice", "every other day", None),
    ("20 mg/day twice daily", "said twice", "twice daily", "20 mg/day in 2 doses"),
    ("20 mg once daily with food fasted", "said twice", "fasted", None),
    (
        "20 mg once daily at 08:00 and 20:00",
        "2 clock times",
        "at 08:00 and 20:00",
        "20 mg at 08:00 and 20:00",
    ),
    ("20 mg at 25:00", "not a clock time", "25:00", None),
    ("20 mg at 8, 14 and 20", "not a clock time", "8", "20 mg at 08:00, 14:00 and 20:00"),
    ("20 mg once for 4 weeks", "single dose", "for 4 weeks", "20 mg once"),
    ("off 4 weeks, 20 mg once daily", "before the first", "off 4 weeks", "20 mg once daily"),
    ("20 mg qd for 4 weeks, off 4 weeks", "after the last", "off 4 weeks", "20 mg qd for 4 weeks"),
    ("20 mg once daily 24 weeks", "`for` is missing", "24 weeks", "20 mg once daily for 24 weeks"),
    ("20 mg once daily for 24 wekes", "unknown length", "wekes", "20 mg once daily for 24 weeks"),
    ("20 mg once daily for 48 h", "in hours", "48 h", "20 mg once daily for 2 days"),
    ("10 mg every 8 hourz", "unknown interval", "hourz", None),
    ("20 mg once daily, from week 9", "not understood", "from", None),
    ("1 mg/kg once daily until 0 mg/kg", "not above zero", "0", None),
    ("20 mg on Mon for 1 week, 20 mg on Sun for 2 days", "no dose falls", "20 mg on Sun for 2 days", None),
    ("20\tmg once daily", "does not print: a tab", "\t", "20 mg once daily"),
    ("20 mg once\x00daily", "does not print", "\x00", "20 mg once daily"),
    ("garbage", "no dose", "garbage", None),
]


@pytest.mark.parametrize(("text", "says", "under", "offers"), REFUSED, ids=[repr(row[0]) for row in REFUSED])
def test_refused(text: str, says: str, under: str, offers: str | None) -> None:
    with pytest.raises(RegimenError) as caught:
        Regimen.from_text(text)
    error = caught.value
    assert error.exit_code == 2
    assert says in error.message
    assert error.where is not None
    assert text[error.where.column : error.where.column + error.where.length] == under
    assert error.expected
    assert error.nearest
    for form in error.nearest:
        Regimen.from_text(form)
    if offers:
        assert error.nearest[0] == offers


def test_the_whole_text_of_an_error() -> None:
    with pytest.raises(RegimenError) as caught:
        Regimen.from_text("20 g once daily")
    assert str(caught.value) == (
        "unknown unit: g (20 g would be 20,000 mg)\n"
        "    20 g once daily\n"
        "       ^\n"
        "expected: mg or mg/kg\n"
        "nearest: 20 mg once daily"
    )


@pytest.mark.parametrize("text", ["", "   ", "20 mg once daily " * 200, "\n"])
def test_empty_and_long(text: str) -> None:
    with pytest.raises(RegimenError) as caught:
        Regimen.from_text(text)
    assert caught.value.nearest


@pytest.mark.parametrize(
    ("text", "weight_kg", "under", "value"),
    [
        ("600 mg once daily", 70, "600 mg", "8.57 mg/kg"),
        ("10 mg/kg once daily", 70, "10 mg/kg", "10 mg/kg"),
        ("5 mg/kg twice daily", 70, "5 mg/kg", "10 mg/kg"),
        ("300 mg twice daily", 70, "300 mg", "8.57 mg/kg"),
        ("20 mg qd for 1 week, 600 mg qd for 1 week", 70, "600 mg", "8.57 mg/kg"),
    ],
)
def test_a_daily_dose_above_8_mg_per_kg(text: str, weight_kg: float, under: str, value: str) -> None:
    regimen = Regimen.from_text(text)
    for ask in (regimen.events, regimen.notes):
        with pytest.raises(RegimenError) as caught:
            ask(weight_kg)
        error = caught.value
        assert error.where is not None
        assert text[error.where.column : error.where.column + error.where.length] == under
        assert value in error.message
        Regimen.from_text(error.nearest[0]).events(weight_kg)


def test_exactly_8_mg_per_kg_is_let_through() -> None:
    assert Regimen.from_text("4 mg/kg twice daily for 1 week").events(67.3).time_h.size == 14


@pytest.mark.parametrize(
    "text",
    [
        "1 mg once daily until 120 mg/kg",
        "1 mg/kg qd until 120 mg/kg, 1 mg/kg qd for 1800 days",
        "1 mg/kg qd until 1 mg/kg, 1 mg/kg qd until 1 mg/kg",
    ],
)
def test_until_out_of_reach(text: str) -> None:
    with pytest.raises(RegimenError) as caught:
        Regimen.from_text(text).events(70)
    assert Regimen.from_text(caught.value.nearest[0]).events(70).time_h.size


@pytest.mark.parametrize("weight_kg", [0, -1, float("nan"), float("inf"), "heavy", None])
def test_not_a_weight(weight_kg: object) -> None:
    with pytest.raises(InputError):
        Regimen.from_text("20 mg once daily").events(weight_kg)  # type: ignore[arg-type]


def test_unknown_treatment() -> None:
    with pytest.raises(InputError, match="unknown treatment"):
        Regimen.from_text("20 mg of Absorica once daily", treatment="isotretinion")


def test_errors() -> None:
    assert PregnancyStop("stop").exit_code == 3
    assert str(AnagenError("only this")) == "only this"
    error = RegimenError("a", where=Where("text", 1), expected="b", nearest=["c", "d"])
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (RegimenError, str(error))
    assert nearest("zzz", ["daily"]) == ()


def test_a_long_line_is_cut_around_the_caret() -> None:
    line, caret = Where("x" * 500 + "HERE" + "y" * 500, 500, 4).render().splitlines()
    assert len(line) < 110
    assert line[caret.index("^") : caret.index("^") + 4] == "HERE"


def test_a_regimen_not_made_from_text_is_refused_in_words() -> None:
    made = Regimen(Regimen.from_text("20 mg qd for 2 weeks, off 1 week, 900 mg qd for 2 weeks").courses)
    with pytest.raises(RegimenError, match=r"12\.9 mg/kg") as caught:
        made.events(70)
    assert "20 mg once daily for 2 weeks, off 1 week, 90 mg once daily" in caught.value.nearest[0]
