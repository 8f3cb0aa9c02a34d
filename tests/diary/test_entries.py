"""Kinds of entries: what can be, what cannot, and how a line on the command line is read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diary.examples import a_rise, at
from tests.diary.strategies import entries

from anagen.diary import entries as room
from anagen.diary.entries import KINDS, DoseTaken, Entry, Event, Lab, ShedCount, fields_of, free_text_of
from anagen.diary.plain import from_plain, to_plain
from anagen.diary.words import EXAMPLES, read_changes, read_words
from anagen.errors import InputError

COUNT = {"hairs": 20, "method": "comb"}
IMPOSSIBLE = [
    (ShedCount, {**COUNT, "hairs": -1}, "hairs is -1"),
    (ShedCount, {**COUNT, "hairs": 10**6}, "hairs is 1000000"),
    (ShedCount, {**COUNT, "hairs": 1.5}, "hairs is 1.5"),
    (ShedCount, {**COUNT, "hairs": True}, "hairs is True"),
    (ShedCount, {**COUNT, "hairs": None}, "hairs is missing"),
    (ShedCount, {**COUNT, "method": "combs"}, "method is 'combs'"),
    (ShedCount, {**COUNT, "club": 21}, "more than hairs"),
    (ShedCount, {**COUNT, "club": 15, "broken": 6}, "club 15 \\+ broken 6 are 21"),
    (ShedCount, {**COUNT, "short_hairs": 21}, "more than hairs"),
    (ShedCount, {**COUNT, "interval_h": 0}, "interval_h is 0"),
    (DoseTaken, {"mg": -1.0}, "mg is -1"),
    (DoseTaken, {"mg": float("nan")}, "mg is nan"),
    (DoseTaken, {"mg": float("inf")}, "mg is inf"),
    (DoseTaken, {"mg": 5000.0}, "mg is 5000"),
    (DoseTaken, {"mg": "20"}, "mg is '20'"),
    (DoseTaken, {"mg": 20.0, "meal": "lunch"}, "meal is 'lunch'"),
    (DoseTaken, {"mg": 20.0, "note": "x" * 3000}, "note is"),
    (DoseTaken, {"mg": 20.0, "note": "a\0b"}, "note is"),
    (room.PullTest, {"hairs": 60, "pulled": 55}, "more than pulled"),
    (room.ShedScale, {"scale": "sinclair", "grade": 7}, "1 to 6 on the sinclair"),
    (room.Symptom, {"name": "itch", "grade": 5}, "grade is 5"),
    (Lab, {"name": "ferritin", "value": -1.0, "unit": "ug/L"}, "value is -1"),
    (Lab, {"name": " ", "value": 1.0, "unit": "ug/L"}, "without its name or unit"),
    (Lab, {"name": "ferritin", "value": 1.0, "unit": "ug/L", "low": 9.0, "high": 5.0}, "low is 9 and high is 5"),
    (Event, {"what": "fewer"}, "what is 'fewer'"),
    (Event, {"what": "fever", "temperature_c": 102.0}, "temperature_c is 102"),
    (room.Weight, {"kg": 7.0}, "kg is 7"),
]


@pytest.mark.parametrize(("kind", "values", "message"), IMPOSSIBLE)
def test_what_cannot_be_is_refused(kind, values, message):
    with pytest.raises(InputError, match=message) as told:
        kind(at=at(0), **values)
    assert "expected: " in str(told.value)


def test_times_must_be_aware_and_of_this_age():
    with pytest.raises(InputError, match="offset from UTC"):
        ShedCount(at=datetime(2026, 1, 1), **COUNT)
    with pytest.raises(InputError, match="a day from 1950"):
        ShedCount(at=datetime(1850, 1, 1, tzinfo=UTC), **COUNT)


def test_entries_are_frozen_and_of_every_kind():
    assert {type(entry) for entry in a_rise()} == set(KINDS.values())
    with pytest.raises((FrozenInstanceError, AttributeError)):
        a_rise()[0].hairs = 3  # type: ignore[attr-defined]


def test_free_text_is_found_where_a_person_wrote_it():
    event = Event(at=at(0), what="new-drug", name="for the back", note="from Ann")
    assert free_text_of(event) == ("for the back", "from Ann")
    assert free_text_of(Lab(at=at(0), name="ferritin", value=3.0, unit="ug/L")) == ()


@settings(deadline=None, max_examples=150)
@given(entries())
def test_plain_tables_hold_all_of_an_entry(entry):
    assert from_plain(to_plain(entry)) == entry


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_reads(kind):
    import shlex

    words = shlex.split(EXAMPLES[kind])
    entry = read_words(words[0], words[1:], "2026-03-01 08:00+01:00")
    assert entry.kind == kind
    said = to_plain(entry)
    for name, value in (word.split("=") for word in words if "=" in word):
        assert str(said[name]).removesuffix(".0") == value


LINES = [
    ("dose", ["20"], {"mg": 20.0}),
    ("dose", ["20", "mg"], {"mg": 20.0}),
    ("dose", ["20mg", "meal=high-fat"], {"mg": 20.0, "meal": "high-fat"}),
    ("dose", ["mg=20", "note=with a=b"], {"mg": 20.0, "note": "with a=b"}),
    ("count", ["14", "hairs", "comb"], {"hairs": 14, "method": "comb"}),
    ("count", ["method=wash", "140", "interval_h=48"], {"hairs": 140, "method": "wash", "interval_h": 48.0}),
    ("note", ["a=b is a sum"], {"text": "a=b is a sum"}),
    ("lab", ["total cholesterol", "200", "mg/dL", "fasting=No"], {"name": "total cholesterol", "fasting": False}),
    ("weight", ["70.5", "kg"], {"kg": 70.5}),
    ("level", ["312", "ng/mL"], {"ng_per_ml": 312.0}),
]


@pytest.mark.parametrize(("kind", "words", "holds"), LINES)
def test_lines(kind, words, holds):
    said = to_plain(read_words(kind, words))
    assert {name: said[name] for name in holds} == holds


BAD_LINES = [
    ("dose", [], "mg is missing"),
    ("dose", ["twenty"], "mg is 'twenty'"),
    ("dose", ["20", "g"], "'g' is not expected"),
    ("dose", ["20g"], "is not in mg"),
    ("dose", ["20", "mg", "mg"], ""),
    ("dose", ["20,5"], "mg is '20,5'"),
    ("dose", ["2_0"], "'2_0' is not in mg"),
    ("dose", ["1e400"], "'1e400' is not in mg"),
    ("dose", ["20", "mael=food"], "has no field 'mael'"),
    ("dose", ["20", "mg=30"], "said twice"),
    ("count", ["comb", "14"], "hairs is 'comb'"),
    ("count", ["14.5", "comb"], "hairs is '14.5'"),
    ("count", ["1,000", "wash"], "hairs is '1,000'"),
    ("count", ["14", "comb", "15"], "'15' is not expected"),
    ("note", ["new", "pillow"], "one word too many"),
    ("lab", ["total", "cholesterol", "200", "mg/dL"], "no value comes after it"),
    ("lab", ["ferritin", "24"], "unit is missing"),
    ("weight", ["154", "lb"], "'lb' is not expected"),
    ("cuont", ["3"], "unknown kind of entry: 'cuont'"),
    ("", [], "the kind of entry is missing"),
]


@pytest.mark.parametrize(("kind", "words", "message"), [line for line in BAD_LINES if line[2]])
def test_lines_that_cannot_be_read(kind, words, message):
    with pytest.raises(InputError, match=message) as told:
        read_words(kind, words)
    assert "expected" in str(told.value)


def test_changes():
    count = read_words("count", ["14", "comb", "note=x", "club=3"])
    assert isinstance(count, ShedCount)
    changed = read_changes(count, ["hairs=15", "club=", "note="], "2026-01-01")
    assert (to_plain(changed)["hairs"], changed.note) == (15, "")
    assert "club" not in to_plain(changed)
    for words in (["hairs"], ["hair=3"], ["hairs=2"], ["hairs="]):
        with pytest.raises(InputError):
            read_changes(count, words)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(KINDS)), st.lists(st.text(max_size=12), max_size=5))
def test_any_line_is_read_or_refused_with_a_reason(kind, words):
    with suppress(InputError):  # anything else fails the test
        assert isinstance(read_words(kind, words), Entry)


def test_every_field_says_what_it_is():
    for kind in KINDS.values():
        for name, spec in fields_of(kind).items():
            assert spec.says, (kind, name)
            assert spec.kind != "number" or spec.unit or kind is Lab, (kind, name)
