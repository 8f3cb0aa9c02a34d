"""What is written is read back to the bit, whatever the numbers; every change of a file is found out."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.interchange.results.results import FORMS, TABLES, result, write

from anagen.errors import InputError
from anagen.interchange.results.arrow_file import read_packed, write_packed
from anagen.interchange.results.box import box
from anagen.interchange.results.csv_file import csv_bytes, split
from anagen.interchange.results.json_file import json_content, json_text, with_record
from anagen.interchange.results.opening import open_result
from anagen.interchange.results.page_file import page_with_record, split_page
from anagen.interchange.results.seal import seal_of
from anagen.safety import pregnancy_notice

FLOATS = st.floats(allow_nan=False, width=64)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="#"), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(WORDS, PLAIN, max_size=4).map(lambda more: {**more, "treatment": "isotretinoin"})


@st.composite
def frames(draw: Any) -> pl.DataFrame:
    height = draw(st.integers(1, 6))
    columns: dict[str, Any] = {"series": draw(st.lists(WORDS.filter(bool), min_size=height, max_size=height))}
    for name in ("day", "typical", "p50"):
        values = draw(st.lists(FLOATS, min_size=height, max_size=height))
        columns[name] = np.array(values)
    columns["TRTPN"] = draw(st.lists(st.integers(0, 9), min_size=height, max_size=height))
    return pl.DataFrame(columns)


def same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Equal to the bit: -0.0 is not 0.0."""
    assert one.columns == other.columns
    for name in one.columns:
        a, b = one[name], other[name]
        if a.dtype == pl.Float64:
            if a.to_numpy().tobytes() != b.to_numpy().tobytes():
                return False
        elif a.to_list() != b.to_list():
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(frames(), RECORDS)
def test_csv_is_read_back_to_the_bit(frame, record):
    data = csv_bytes(frame, record)
    found = split(data)
    assert found is not None
    said, content, body = found
    assert {key: value for key, value in said.items() if key != "seal"} == json.loads(json.dumps(record))
    assert said["seal"] == seal_of(said, content)
    assert same(pl.read_csv(body, schema=frame.schema), frame)
    assert same(pl.read_csv(data, schema=frame.schema, comment_prefix="#"), frame), "as any reader of CSV reads it"


@settings(max_examples=40, deadline=None)
@given(frames(), RECORDS, st.sampled_from(["parquet", "arrow"]))
def test_parquet_and_arrow_are_read_back_to_the_bit(frame, record, form):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        write_packed(frame, record, {"day": "d"}, path, form)
        found = read_packed(path.read_bytes(), form)
        other = pl.read_parquet(path) if form == "parquet" else pl.read_ipc(path)
    assert found is not None
    said, content, back = found
    assert same(back, frame)
    assert same(other, frame)
    assert {key: value for key, value in said.items() if key != "seal"} == json.loads(json.dumps(record))
    assert said["seal"] == seal_of(said, content)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(WORDS, PLAIN, max_size=4), RECORDS)
def test_json_keeps_its_seal_whatever_the_blanks_and_the_order(table, record):
    table.pop("provenance", None)
    made = with_record(table, record)
    for text in (json_text(made), json.dumps(made, indent=3, sort_keys=True)):
        back = json.loads(text)
        assert back["provenance"]["seal"] == seal_of(back["provenance"], json_content(back))
        del back["provenance"]
        assert back == json.loads(json.dumps(table))


@settings(max_examples=60, deadline=None)
@given(WORDS, RECORDS)
def test_a_page_gives_its_record_and_itself_back(text, record):
    page = f'<!doctype html>\n<meta name="generator" content="x">\n<p>{text.replace("<", "&lt;")}</p>\n'
    found = split_page(page_with_record(page, record))
    assert found is not None
    said, content, without = found
    assert without == page
    assert {key: value for key, value in said.items() if key != "seal"} == json.loads(json.dumps(record))
    assert said["seal"] == seal_of(said, content)


@settings(max_examples=60, deadline=None)
@given(RECORDS, st.binary(max_size=40), st.integers(0, 10**6), st.integers(1, 255))
def test_a_seal_shows_any_byte_that_changed(record, content, place, by):
    changed = bytearray(content or b"x")
    before = seal_of(record, bytes(changed))
    changed[place % len(changed)] ^= by
    assert seal_of(record, bytes(changed)) != before
    assert seal_of({**record, "more": 1}, bytes(content)) != seal_of(record, content)


@pytest.mark.parametrize("form", FORMS)
def test_the_box_and_the_record_stand_in_every_form(tmp_path, form):
    path = write(result("simulate"), form, tmp_path / "x")
    opened = open_result(path)
    assert opened.form == form
    record = opened.record
    assert (record["command"], record["seed"], record["people"], record["weeks"]) == ("simulate", 5, 20, 8)
    assert record["patient"]["events"][0] == {"kind": "fever", "day": 3, "fraction": 0.25}
    assert {"anagen", "parameters", "source", "platform", "spread", "assumed", "mode", "tile"} <= record.keys()
    assert "pregnant" not in json.dumps(record["patient"])
    notice = pregnancy_notice()
    data = path.read_bytes()
    if form == "csv":
        assert data.decode().splitlines()[0] == f"# {box('isotretinoin')}"
        assert box("isotretinoin").startswith(notice["title"].upper())
        assert notice["text"].split()[-3:] == box("isotretinoin").split()[-3:]
    elif form == "parquet":
        assert pyarrow.parquet.read_schema(path).metadata[b"safety"].decode() == box("isotretinoin")
    elif form == "arrow":
        assert pyarrow.feather.read_table(path).schema.metadata[b"safety"].decode() == box("isotretinoin")
    elif form == "json":
        assert json.loads(data)["safety"][0] == dict(notice)
    else:
        assert notice["title"] in data.decode()


@pytest.mark.parametrize("layout", ["long", "wide", "cdisc"])
@pytest.mark.parametrize("form", TABLES)
def test_files_hold_the_table(tmp_path, form, layout):
    frame = result("compare").to_polars(layout)
    path = write(result("compare"), form, tmp_path / "x", layout)
    if form == "csv":
        found = pl.read_csv(path, comment_prefix="#", schema=frame.schema)
        assert path.read_bytes().count(b"#") == 2, "a reader that cuts lines at # loses nothing"
    else:
        found = pl.read_parquet(path) if form == "parquet" else pl.read_ipc(path)
    assert same(found, frame)
    if form == "parquet":
        schema = pyarrow.parquet.read_schema(path)
        column = {"long": "day", "wide": "alt_u_per_l_p50", "cdisc": "ADY"}[layout]
        assert schema.field(column).metadata[b"unit"].decode() == ("U/L" if layout == "wide" else "d")


def test_pandas_reads_the_files_as_they_are(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = result("simulate").to_polars()
    file = write(result("simulate"), "csv", tmp_path / "x.csv")
    csv = pandas.read_csv(file, comment="#")
    parquet = pandas.read_parquet(write(result("simulate"), "parquet", tmp_path / "x.parquet"))
    for one in (csv, parquet):
        assert list(one.columns) == frame.columns
        assert np.array_equal(one["p95"].to_numpy(), frame["p95"].to_numpy())


def test_numbers_that_are_none_pass(tmp_path):
    frame = pl.DataFrame({"series": ["a", "b"], "p50": [math.nan, None]})
    for form in ("parquet", "arrow"):
        write_packed(frame, {"treatment": "isotretinoin"}, {}, tmp_path / form, form)
        found = read_packed((tmp_path / form).read_bytes(), form)
        assert found is not None
        assert found[0]["seal"] == seal_of(found[0], found[1])


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow", "json"])
def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path, form):
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "no" / "x", "there is no folder")):
        with pytest.raises(InputError, match=said):
            write(result("simulate"), form, path)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    path = tmp_path / "x.parquet"
    path.write_text("the old one")
    with pytest.raises(InputError, match="No space left"):
        write(result("simulate"), "parquet", path)
    assert path.read_text() == "the old one"
    assert [file.name for file in tmp_path.iterdir()] == ["x.parquet"]


SLOW = """
import sys, time
from pathlib import Path
from anagen.files.writing import write

def slowly(file):
    with open(file, "w") as out:
        out.write("half")
        out.flush()
        print("writing", flush=True)
        time.sleep(60)

write(Path(sys.argv[1]), slowly)
"""


def test_ctrl_c_in_the_middle_of_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("the old one")
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert path.read_text() == "the old one"
    assert [file.name for file in tmp_path.iterdir()] == ["x.csv"]
