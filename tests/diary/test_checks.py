"""Questions about what looks wrong: a table of entries that are asked about, and of entries that are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diary.examples import a_rise, at, no_rise
from tests.diary.strategies import entries

from anagen.diary.checks import doubts
from anagen.diary.entries import DosePlanned, DoseTaken, Event, Lab, Level, Plan, ShedCount, Weight
from anagen.diary.laboratory import find_test, fold, known_tests
from anagen.diary.pregnancy import is_pregnancy
from anagen.diary.store import Diary, Kept, Version
from anagen.pregnancy import says_pregnant

NOW = at(30)


def asked(*written, now=NOW):
    return [doubt.name for doubt in doubts([Kept(i, e, NOW) for i, e in enumerate(written, 1)], now=now)]


ASKED = [
    ((ShedCount(at=at(0), hairs=3000, method="comb"),), ["count-high"]),
    ((ShedCount(at=at(0), hairs=3000, method="wash", interval_h=48.0),), ["count-high"]),
    ((ShedCount(at=at(0), hairs=120, method="wash"),), ["count-interval"]),
    ((ShedCount(at=at(0), hairs=100, method="day", interval_h=96.0),), ["count-interval"]),
    ((ShedCount(at=at(0), hairs=10, method="comb", combed_s=600.0),), ["comb-time"]),
    ((ShedCount(at=at(0), hairs=10, method="comb"), ShedCount(at=at(0, 20), hairs=12, method="comb")), ["two-counts"]),
    ((DoseTaken(at=at(0), mg=400.0),), ["dose-high"]),
    ((Weight(at=at(0), kg=40.0), DoseTaken(at=at(1), mg=100.0)), ["dose-high"]),
    ((DoseTaken(at=at(1), mg=100.0), DoseTaken(at=at(1, 20), mg=100.0)), ["dose-high"]),
    ((DosePlanned(at=at(1), mg=400.0),), ["dose-high"]),
    ((DoseTaken(at=at(0), mg=0.02),), ["dose-unit"]),
    ((DoseTaken(at=at(31), mg=20.0),), ["future"]),
    ((DoseTaken(at=at(0), mg=20.0), DoseTaken(at=at(0), mg=20.0)), ["twice"]),
    ((Lab(at=at(0), name="TG", value=1.2, unit="mg/dL"),), ["lab-value"]),
    ((Lab(at=at(0), name="triglycerides", value=120.0, unit="mmol/L"),), ["lab-value"]),
    ((Lab(at=at(0), name="Hb", value=13.5, unit="g/L"),), ["lab-value"]),
    ((Lab(at=at(0), name="ferritin", value=24.0, unit="stones"),), ["lab-unit"]),
    ((Lab(at=at(0), name="ferritin", value=24.0, unit="ug/L", low=0.01, high=0.2),), ["lab-range"]),
    ((Level(at=at(0), ng_per_ml=0.3),), ["level-unit"]),
    ((Level(at=at(0), ng_per_ml=30_000.0),), ["level-high"]),
    ((Weight(at=at(0), kg=70.0), Weight(at=at(7), kg=154.0)), ["weight-jump"]),
    ((Weight(at=at(0), kg=70.0), Weight(at=at(7), kg=50.0)), ["weight-jump"]),
    ((Event(at=at(0), what="weight-loss", kg=5.0),), ["weight-sign"]),
]


@pytest.mark.parametrize(("written", "names"), ASKED)
def test_asked(written, names):
    assert asked(*written) == names


NOT_ASKED = [
    (ShedCount(at=at(0), hairs=78, method="comb"), ShedCount(at=at(0), hairs=78, method="day")),
    (ShedCount(at=at(0), hairs=0, method="comb"), ShedCount(at=at(1), hairs=0, method="comb")),
    (DoseTaken(at=at(0), mg=80.0), DoseTaken(at=at(0, 20), mg=80.0), DoseTaken(at=at(1), mg=0.0)),
    (DosePlanned(at=at(100), mg=20.0), Plan(at=at(100), regimen="20 mg daily")),
    (DoseTaken(at=at(30), mg=20.0, time_known=False),),
    (
        Lab(at=at(0), name="triglycerides", value=1.2, unit="mmol/l"),
        Lab(at=at(1), name="TG", value=1900.0, unit="mg/dl"),
    ),
    (Lab(at=at(0), name="ferritin", value=4.0, unit="µg/L"), Lab(at=at(0), name="anti-dsDNA", value=3.0, unit="IU")),
    (Weight(at=at(0), kg=70.0), Weight(at=at(29), kg=66.0), Event(at=at(29), what="weight-loss", kg=-4.0)),
]


@pytest.mark.parametrize("written", NOT_ASKED)
def test_not_asked(written):
    assert asked(*written) == []


def test_a_right_diary_is_not_asked_about():
    assert asked(*no_rise(), now=at(200)) == []
    assert asked(*a_rise(), now=at(200)) == []


def test_swapped_units_are_offered():
    (doubt,) = doubts([Kept(1, Lab(at=at(0), name="TG", value=1.2, unit="mg/dL"), NOW)], now=NOW)
    assert "usual in mmol/L" in doubt.asks
    assert "Were the units swapped?" in doubt.asks


def test_nothing_changes_by_asking_and_an_answer_ends_it(tmp_path):
    with Diary.new(tmp_path / "d") as diary:
        number = diary.add(ShedCount(at=at(0), hairs=3000, method="comb"))
        before = diary.history()
        assert [doubt.name for doubt in doubts(diary.entries(), now=NOW)] == ["count-high"]
        assert diary.history() == before
        diary.confirm(number, "count-high")
        assert doubts(diary.entries(), now=NOW) == ()
        diary.change(number, ShedCount(at=at(0), hairs=3001, method="comb"))
        assert len(doubts(diary.entries(), now=NOW)) == 1


def test_a_clock_that_went_back_is_asked_about():
    entry = Weight(at=at(0), kg=70.0)
    history = [
        Version(1, 1, "written", at(10), entry),
        Version(2, 2, "written", at(3), Weight(at=at(1), kg=70.0)),
        Version(3, 3, "written", at(11), Weight(at=at(2), kg=70.0)),
    ]
    kept = [Kept(v.number, v.entry, v.recorded) for v in history if v.entry]
    (doubt,) = doubts(kept, now=NOW, history=history)
    assert (doubt.name, doubt.numbers) == ("clock-back", (2,))
    assert "7 days" in doubt.asks


@settings(deadline=None, max_examples=80)
@given(st.lists(entries(), max_size=5))
def test_any_diary_can_be_checked(written):
    kept = [Kept(i, e, NOW) for i, e in enumerate(written, 1)]
    for doubt in doubts(kept, now=NOW):
        assert doubt.asks.endswith(("?", "."))
        assert set(doubt.numbers) <= {one.number for one in kept}


def test_factors_against_molar_masses_and_definitions():
    """Grams per mole of trimyristin-like triglyceride (885.7), cholesterol (386.65), and so on; 1 katal is 6e7 U."""
    masses = {
        ("triglycerides", "mmol/L"): 88.57,
        ("cholesterol", "mmol/L"): 38.665,
        ("zinc", "umol/L"): 6.538,
        ("selenium", "umol/L"): 78.97,
        ("vitamin-d", "nmol/L"): 0.40064,
        ("vitamin-e", "umol/L"): 0.43071,
        ("folate", "nmol/L"): 0.44140,
        ("b12", "pmol/L"): 1.35537,
        ("glucose", "mmol/L"): 18.016,
        ("alt", "ukat/L"): 60.0,
        ("alt", "nkat/L"): 0.06,
        ("homocysteine", "mg/L"): 1000 / 135.18,
    }
    for (name, unit), factor in masses.items():
        assert known_tests()[name].factor(unit) == pytest.approx(factor, rel=1e-3), (name, unit)
    assert {fold(unit) for test in known_tests().values() for unit in test.units} >= {"mg/dl", "u/l", "ug/l"}
    assert find_test("Vitamin B12") is known_tests()["b12"]


SAYS = [
    "I am pregnant",
    "Pregnant!",
    "found out that I'm 6 weeks pregnant today",
    "pregnancy test positive",
    "positive pregnancy test this morning",
    "pregnancy confirmed by the doctor",
    "my pregnancy makes me tired",
    "bin schwanger",
    "je suis enceinte",
    "estoy embarazada",
    "not tired. pregnant",
    "I'm pregnant, due in June",
    "I am pregnant, booked a scan",
    "No, I am pregnant",
    "I was sick before, now I am pregnant",
    "I was told I am pregnant",
    "no period, pregnancy test positive",
    "last night's pregnancy test was positive",
    "did a pregnancy test. It was positive",
    "pregnancy test: positive",
    "expecting a baby",
]
SAYS_NOT = [
    "not pregnant",
    "I'm not pregnant",
    "I’m not pregnant",
    "she isn’t pregnant",
    "pregnancy test was not positive",
    "pregnancy test negative. Feeling positive",
    "if a pregnancy test is positive, call the clinic",
    "pregnancy test due, booked for Friday",
    "pregnancy: negative",
    "pregnancy test negative",
    "monthly pregnancy test: negative",
    "pregnancy test done",
    "pregnancy test on Friday",
    "negative pregnancy test",
    "before my pregnancy in 2019",
    "was pregnant two years ago",
    "pregnancy prevention programme signed",
    "nicht schwanger",
    "ferritin low",
    "",
]


@pytest.mark.parametrize("words", SAYS)
def test_words_that_say_pregnant(words):
    assert says_pregnant(words)


@pytest.mark.parametrize("words", SAYS_NOT)
def test_words_that_do_not(words):
    assert not says_pregnant(words)


def test_an_event_a_test_or_words_say_it():
    assert is_pregnancy(Event(at=at(0), what="pregnancy"))
    assert is_pregnancy(DoseTaken(at=at(0), mg=20.0, note="I am pregnant"))
    assert is_pregnancy(DoseTaken(at=at(0), mg=20.0, product="pregnant"))
    assert is_pregnancy(Lab(at=at(0), name="pregnancy test", value=1.0, unit="positive"))
    assert not is_pregnancy(Lab(at=at(0), name="pregnancy test", value=0.0, unit="negative"))
    assert not is_pregnancy(Event(at=at(0), what="birth"))
    assert timedelta(0) == NOW - at(30)
