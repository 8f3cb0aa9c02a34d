"""Fuzzing of the files that a diary is read from: whatever the text, its entries come back or it is refused. See
`fuzzed`."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st
from tests.diary.examples import a_rise
from tests.fuzz.fuzzed import fuzzed

from anagen.diary.formats.files import WRITERS, read_file, read_text
from anagen.errors import InputError, PregnancyStop

ENDINGS = {"csv": "d.csv", "json": "d.json", "fhir": "d.json"}
GOOD = {form: write(a_rise()) for form, write in WRITERS.items()}
HEADERS = st.sampled_from(["kind", "at", "mg", "kg", "text", "name", "value", "unit", "time_known", "product", "x", ""])
CELLS = st.one_of(
    st.sampled_from(
        ["dose", "note", "weight", "lab", "shed", "plan", "2026-03-01", "2026-03-01T08:00:00+01:00", "1e999"]
    ),
    st.sampled_from(
        ["", "20", "-1", "nan", "yes", "no", "pregnant", "9999-12-31", "0001-01-01", '"', "ferritin", "ug/L"]
    ),
    st.integers(-5, 10**6).map(str),
    st.text(max_size=6),
)
LEAVES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | CELLS
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*"abc", "at", "kind", "mg", "kg", "text", "resourceType", "entry"]), inner)
    ),
    max_leaves=12,
)


def tried(text: str, name: str) -> None:
    """Read, written again in every form and read back the same; or refused."""
    try:
        entries = read_text(text, name, UTC)
    except (InputError, PregnancyStop):
        return
    for form, write in WRITERS.items():
        assert read_text(write(entries), ENDINGS[form], UTC) == entries


@fuzzed
@given(st.sampled_from(sorted(WRITERS)), st.data())
def test_a_good_text_with_wrong_characters(form, data):
    text = GOOD[form]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.text(max_size=3) | CELLS) + text[at + data.draw(st.integers(0, 4)) :]
    tried(text, ENDINGS[form])


@fuzzed
@given(st.lists(HEADERS, min_size=1, max_size=8), st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_any_table(header, rows):
    tried("\n".join(",".join(row) for row in [header, *rows]), "d.csv")


@fuzzed
@given(st.dictionaries(st.sampled_from(["anagen_diary", "safety", "entries"]), TREES), st.data())
def test_any_object(table, data):
    tried(json.dumps(table), "d.json")
    whole = json.loads(GOOD["json"])
    entry = data.draw(st.sampled_from(whole["entries"]))
    entry[data.draw(st.sampled_from([*entry, "kind", "at", "more"]))] = data.draw(TREES)
    tried(json.dumps(whole), "d.json")


@fuzzed
@given(data=st.binary(max_size=200), name=st.sampled_from(["d.csv", "d.json"]))
def test_any_bytes(data, name, tmp_path):
    file = tmp_path / name
    file.write_bytes(data)
    with suppress(InputError, PregnancyStop):
        read_file(file, UTC)
