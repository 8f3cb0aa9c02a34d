"""Fuzzing of `rerun`'s readers: whatever the bytes, a file is as we wrote it or refused; nothing else. See `fuzzed`."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzed import fuzzed
from tests.interchange.results.results import FORMS, result, write

from anagen.errors import AnagenError
from anagen.interchange.results.arrow_file import ARROW_MARK, PARQUET_MARK
from anagen.interchange.results.csv_file import MARK, csv_bytes
from anagen.interchange.results.json_file import json_content, json_text, with_record
from anagen.interchange.results.opening import Opened, open_result
from anagen.interchange.results.record import record_of
from anagen.interchange.results.request import request
from anagen.interchange.results.seal import seal_of

BEGINNINGS = st.sampled_from(
    [
        PARQUET_MARK,
        ARROW_MARK + b"\0\0",
        b"# x\n" + MARK.encode(),
        b"{",
        b"<!doctype html>",
        b"<html>",
        b"",
        b"[",
        b"# ",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["simulate", "trial", "compare", "female", "isotretinoin", "20 mg once daily", "pregnant", "no"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FRAME = pl.DataFrame({"series": ["a"], "p50": [1.0]})


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """A small result in every form."""
    with tempfile.TemporaryDirectory() as folder:
        return {form: write(result("untreated"), form, Path(folder) / "x").read_bytes() for form in FORMS}


@lru_cache(maxsize=8)
def opened(form: str) -> Opened:
    found = read(files()[form])
    assert found is not None
    return found


def read(data: bytes) -> Opened | None:
    """The file opened and its record checked; None where it was refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        try:
            found = open_result(path)
            request(found.record, path)
        except AnagenError:
            return None
        return found


@fuzzed
@given(st.sampled_from(FORMS), st.data())
def test_a_file_of_ours_with_bytes_changed_is_the_same_or_refused(form, data):
    content = bytearray(files()[form])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        cut = data.draw(st.integers(0, 20))
        content[at : at + cut] = data.draw(st.binary(max_size=20))
    found = read(bytes(content))
    if found is not None:
        assert found.record == opened(form).record
        same = found.content.equals if isinstance(found.content, pl.DataFrame) else found.content.__eq__
        assert same(opened(form).content)


@fuzzed
@given(BEGINNINGS, st.binary(max_size=300))
def test_other_bytes_are_refused(begin, rest):
    assert read(begin + rest) is None


@fuzzed
@given(st.data())
def test_any_record_with_a_seal_that_fits_is_checked(data):
    record: dict[str, Any] = {**record_of(result("untreated")), "layout": "long"}
    for name in data.draw(st.lists(st.sampled_from([*record, "doses", "structures", "trial", "date"]), max_size=3)):
        record[name] = data.draw(VALUES)
    if not isinstance(record["treatment"], str) or record["treatment"] != "isotretinoin":
        made = json_text(with_record({}, record)).encode()
    else:
        made = csv_bytes(FRAME, record)
    found = read(made)
    if found is not None:
        assert found.record["seal"] == seal_of(
            found.record, json_content({}) if made[:1] == b"{" else found_content(made)
        )


def found_content(data: bytes) -> bytes:
    """What is sealed of a CSV: all but the line of the record."""
    lines = data.split(b"\n", 2)
    return lines[0] + b"\n" + lines[2]
