"""A file read row by row: every fault in one pass, nothing half-read in silence, and what it would add to a diary."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diary.examples import a_rise

from anagen.diary.entries import Lab, ShedCount
from anagen.diary.formats.bundle import write_bundle
from anagen.diary.formats.files import WRITERS, given_text, read_text
from anagen.diary.formats.rows import MOST_FAULTY, ManyFaults
from anagen.diary.history import Kept
from anagen.diary.incoming import incoming
from anagen.diary.moment import read_moment
from anagen.diary.plain import faults_in, from_plain, to_plain
from anagen.errors import InputError, PregnancyStop

HEADING = "kind,at,hairs,method,mg,note\n"
GOOD = "count,2026-01-05,14,comb,,\n"
WRONG = {"at": "yesterday", "hairs": "many", "method": "comp", "club": "-1", "protocol": "perhaps", "combed_s": "9,5"}
RIGHT = {
    "kind": "count",
    "at": "2026-03-01T08:00+01:00",
    "hairs": "12",
    "method": "comb",
    "club": "3",
    "protocol": "kept",
    "combed_s": "60",
}


@given(st.sets(st.sampled_from(sorted(WRONG))), st.sets(st.sampled_from(["hairs", "method"])), st.booleans())
@settings(deadline=None, max_examples=80)
def test_every_fault_of_a_row_is_found_and_no_other(broken, gone, strange):
    table = {**RIGHT, **{name: WRONG[name] for name in broken}, **({"mg": "20"} if strange else {})}
    table = {name: value for name, value in table.items() if name not in gone}
    faults = faults_in(table, zone=UTC, written=True)
    assert {fault.field for fault in faults} == broken | gone | ({"mg"} if strange else set())
    if faults:
        with pytest.raises(InputError) as told:
            from_plain(table, zone=UTC, written=True)
        assert str(told.value) == str(faults[0].error)  # the first is what a strict reader says
    else:
        assert isinstance(from_plain(table, zone=UTC, written=True), ShedCount)


CELL = st.sampled_from(
    ["", "12", "x", "2026-03-01", "05.01.2026", "comb", "comp", "20,5", "count", "dose", 'a "b"', "\n"]
)
ROW = st.lists(CELL, min_size=5, max_size=7) | st.just(["count", "2026-01-05", "14", "comb", "", ""])


@given(st.lists(ROW, max_size=6))
@settings(deadline=None, max_examples=80)
def test_a_row_is_read_as_if_it_stood_alone(rows):
    """The oracle: each row as a file of its own, read strictly."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows]
    given_rows = given_text(HEADING + "".join(lines), "d.csv", UTC).rows
    assert len(given_rows) == len(rows)
    for row, line in zip(given_rows, lines, strict=True):
        alone = given_text(HEADING + line, "d.csv", UTC)
        try:
            assert [row.entry] == read_text(HEADING + line, "d.csv", UTC)
        except InputError:
            assert row.entry is None
        assert [str(fault) for fault in row.faults] == [str(fault) for fault in alone.rows[0].faults]


def test_places_are_lines_and_rows_of_the_table():
    text = HEADING + 'count,2026-01-05,14,comb,,"two\nlines"\n\n' + "count,x,14,comb,,\n" + GOOD + "weight,2026,,,,\n"
    found = given_text(text, "d.csv")
    assert [row.place for row in found.faulty] == ["line 5 (row 4 of the table)", "line 7 (row 6 of the table)"]
    assert [text.splitlines()[line - 1][:6] for line in (5, 7)] == ["count,", "weight"]
    assert found.faulty[0].words == "count,x,14,comb,,"


def test_all_that_is_wrong_is_said_at_once():
    text = HEADING + GOOD + "count,05.01.2026,some,comb,,\n" + 'dose,2026-01-06,,,"20,5",\n' + "count,2026-01-07\n"
    with pytest.raises(ManyFaults, match=r"d\.csv: 3 of 4 rows cannot be read; 4 faults") as told:
        read_text(text, "d.csv")
    said = str(told.value)
    assert [said.count(f"d.csv, line {line}:") for line in (2, 3, 4, 5)] == [0, 2, 1, 1]
    assert '    dose,2026-01-06,,,"20,5",\n                      ^^^^^^\n' in said  # the whole cell with its quotes
    assert "nearest: 20.5" in said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d.csv", HEADING + GOOD + "count,x,14,comb,,\n"),
        ("d.json", json.dumps({"anagen_diary": 1, "entries": [to_plain(a_rise()[0]), {"kind": "count"}]})),
        ("d.json", json.dumps(json.loads(write_bundle(a_rise()[:2])) | {"entry": [
            *json.loads(write_bundle(a_rise()[:1]))["entry"], {"resource": {"resourceType": "Observation"}}]})),
    ],
)  # fmt: skip
def test_the_good_rows_are_given_only_when_that_is_said(name, text):
    found = given_text(text, name)
    assert (len(found.good), len(found.faulty), found.can_skip) == (1, 1, True)
    with pytest.raises(InputError):
        found.entries()
    assert len(found.entries(skip_faulty=True)) == 1
    assert found.faulty[0].words


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("d.csv", "knd,at,hairs\ncount,2026-01-05,14\n", 0),
        ("d.csv", HEADING + GOOD + 'count,2026-01-05,14,comb,,"a\n' + GOOD, 1),  # the rest stands inside a quote
        ("d.csv", HEADING + "count,x,14,comb,,\n", 0),
        ("d.csv", HEADING + GOOD + "count,x,14,comb,,\n" * (MOST_FAULTY + 1), 1),
        ("d.json", '{"anagen_diary": 2, "entries": [{"kind": "weight", "at": "2026-01-05", "kg": 70}]}', 1),
        ("d.json", '{"anagen_diary": 1, "entries": [', 0),
        ("d.txt", GOOD, 0),
        ("d.json", json.dumps({"resourceType": "Observation", "status": "final"}), 0),
    ],
)
def test_nothing_of_a_file_is_given_that_could_not_be_seen_whole(name, text, seen):
    found = given_text(text, name)
    assert (len(found.good), found.can_skip) == (seen, False)
    with pytest.raises(InputError):
        found.entries(skip_faulty=True)


def test_a_column_that_is_misspelt_is_said_once():
    found = given_text("knd,at,hiars\n", "d.csv")
    assert [fault.message for fault in found.broken] == [
        "d.csv, line 1: unknown column: 'knd'",
        "d.csv, line 1: unknown column: 'hiars'",
    ]


@pytest.mark.parametrize("form", WRITERS)
def test_rows_of_a_good_file_are_its_entries(form):
    found = given_text(WRITERS[form](a_rise()), "d.csv" if form == "csv" else "d.json")
    assert [row.entry for row in found.rows] == a_rise()
    assert found.entries() == found.entries(skip_faulty=True) == a_rise()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d.csv", "kind,at,what\nevent,31.02.2026,pregnancy\n"),
        ("d.csv", "kind,at,what\nevent,2026-02-01,pregnancy,\n"),
        ("d.csv", "kind,at,text\nnote,when,I am pregnant\n"),
        ("d.csv", "kind,at,name,value,unit\nlab,2026-01-05,pregnancy test,high,positive\n"),
        ("d.csv", "kind,at,kg,note\nweight,2026-01-05,seventy,\nweight,2026-01-06,x,pregnant since May\n"),
        ("d.json", '{"anagen_diary": 1, "entries": [{"kind": "note", "at": 3, "text": "I am pregnant"}]}'),
        ("d.json", '{"anagen_diary": 1, "entries": [["pregnancy"]]}'),
    ],
)
def test_a_row_that_says_pregnant_stops_though_it_cannot_be_read(name, text):
    """Else it would be left out, and the rest imported."""
    with pytest.raises(PregnancyStop):
        given_text(text, name)


def test_a_negative_test_that_cannot_be_read_is_a_fault_and_no_stop():
    found = given_text("kind,at,name,value,unit\nlab,2026-01-05,pregnancy test,none,negative\n", "d.csv")
    assert len(found.faulty) == 1


def test_what_would_be_added_what_stands_already_and_what_is_said_twice():
    at = read_moment("2026-01-05")[0]
    mine = [
        Kept(7, ShedCount(at=at, time_known=False, hairs=14, method="comb"), at),
        Kept(8, Lab(at=at, name="ferritin", value=24.0, unit="ug/L"), at),
    ]
    text = (
        HEADING + GOOD + "count,2026-01-06,15,comb,,\n" + "count,x,14,comb,,\n" + "count,2026-01-06,15,comb,,\n" + GOOD
    )
    found = incoming(given_text(text, "d.csv"), mine)
    assert [row.place for row in found.fresh] == ["line 3", "line 5"]
    assert [(row.place, number) for row, number in found.there] == [("line 2", 7), ("line 6", 7)]
    assert found.again == {"line 5": "line 3"}
    assert [row.place for row in found.faulty] == ["line 4"]
    with pytest.raises(InputError):
        found.entries()
    assert [entry.hairs for entry in found.entries(skip_faulty=True)] == [15, 15]
