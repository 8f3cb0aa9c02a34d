"""Fuzzing of tables of people, CSV and Parquet: whatever the bytes, they are people or refused. See `fuzzed`."""

from __future__ import annotations

import polars
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzed import fuzzed

from anagen.errors import InputError, PregnancyStop
from anagen.patient.covariate_table import read_table
from anagen.patient.covariates import covariates

KNOWN = covariates("isotretinoin")
NAMES = st.sampled_from([*KNOWN, "person", "pregnant", "weight", ""])
CELLS = st.sampled_from(["70", "0", "1", "2", "female", "male", "yes", "no", "none", "", "nan", "1e400", "1,5", '"'])
GOOD = polars.DataFrame({"weight_kg": [70.0, 81.5], "sex": ["male", "female"], "person": [1, 0]})


def tried(path):
    try:
        table = read_table(path, KNOWN)
    except (InputError, PregnancyStop):
        return
    assert table.rows > 0
    for name, column in table.columns.items():
        low, high = KNOWN[name].bounds if not KNOWN[name].levels else (0, len(KNOWN[name].levels) - 1)
        assert column.shape == (table.rows,)
        assert ((column >= low) & (column <= high)).all()


@fuzzed
@given(
    header=st.lists(NAMES, min_size=1, max_size=5),
    rows=st.lists(st.lists(CELLS | st.text(max_size=4), max_size=5), max_size=5),
)
def test_any_text(header, rows, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *rows]), "utf-8", "replace")
    tried(path)


@fuzzed
@given(data=st.binary(max_size=200))
def test_any_bytes(data, tmp_path):
    for name in ("people.csv", "people.parquet"):
        (tmp_path / name).write_bytes(data)
        tried(tmp_path / name)


@fuzzed
@given(data=st.data())
def test_a_parquet_file_with_bytes_changed(data, tmp_path):
    path = tmp_path / "people.parquet"
    GOOD.write_parquet(path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    path.write_bytes(content)
    tried(path)


@fuzzed
@given(data=st.data())
def test_any_frame(data, tmp_path):
    rows = data.draw(st.integers(0, 4))
    kinds = [st.integers(-3, 200), st.floats(), st.sampled_from(["male", "no", "70"]), st.booleans(), st.dates()]
    columns = {}
    for name in data.draw(st.lists(NAMES.filter(bool), min_size=1, max_size=4, unique=True)):
        kind = data.draw(st.sampled_from([*kinds, st.lists(st.integers(0, 2), max_size=2), st.binary(max_size=3)]))
        columns[name] = polars.Series(data.draw(st.lists(st.none() | kind, min_size=rows, max_size=rows)), strict=False)
    polars.DataFrame(columns).write_parquet(tmp_path / "people.parquet")
    tried(tmp_path / "people.parquet")
