"""Fuzzing of the reader of NONMEM-style data: whatever the bytes, it reads them or says why not. See `fuzzed`."""

from __future__ import annotations

from contextlib import suppress

import polars
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzed import fuzzed

from anagen.errors import InputError, PregnancyStop
from anagen.interchange.nonmem import from_nonmem

NAMES = [
    *("ID", "TIME", "AMT", "DV", "EVID", "MDV", "CMT", "II", "ADDL", "SS", "RATE", "MEAL", "FORM", "WT", "AGE", "SEX"),
    *("MALE", "DATE", "DAT1", "DAT2", "DAT3", "C", "PREG"),
    *("height_cm", "pattern_hair_loss", "STUDY", "", "id", "#ID", "ID "),
]
CELLS = st.one_of(
    st.sampled_from(
        ["0", "1", "2", "3", "4", "20", "24", ".", "", "70", "-1", "0.5", "1e400", "NA", "08:30", "1/2/2024"]
    ),
    st.sampled_from(
        ["2024-02-30", "male", "fasted", "yes", "1,5", '"1"', '"', "C", "#", "999999999999", "nan", "-0", "+1."]
    ),
    st.integers(-5, 3000).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.text(max_size=6),
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n#\n"])


@st.composite
def files(draw) -> bytes:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=14))
    if draw(st.booleans()):
        names = list(dict.fromkeys(["ID", "TIME", "AMT", *names]))
    separator, end = draw(st.sampled_from([",", ";", "\t", " "])), draw(ENDS)
    rows = draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=12))
    head = draw(st.sampled_from(["", "\ufeff", "# a remark\n", "@ "]))
    return (head + separator.join(names) + end + end.join(separator.join(row) for row in rows)).encode(
        "utf-8", "replace"
    )


def read_or_refused(source, **options) -> None:
    try:
        table = from_nonmem(source, **options)
    except (InputError, PregnancyStop) as error:
        said = str(error)
    else:
        said = ""
        whole(table)
    assert said or table


def whole(table) -> None:
    """A table that was read can be written, read again and used."""
    assert len(table) > 0
    frame = table.to_nonmem()
    assert len(from_nonmem(frame, interpolation=table.interpolation)) == len(table)
    for identity in table.people[:2]:
        with suppress(InputError):
            table.doses(float(identity)).events(table.weight(float(identity)).kg[0])


@fuzzed
@given(data=st.one_of(files(), st.binary(max_size=300)), decimal=st.sampled_from([".", ","]))
def test_any_bytes_of_a_text(data, decimal, tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(data)
    read_or_refused(path, decimal=decimal, drop=() if b"STUDY" not in data else ("STUDY",))


@fuzzed
@given(data=st.binary(max_size=300))
def test_any_bytes_of_a_parquet_file(data, tmp_path):
    path = tmp_path / "data.parquet"
    path.write_bytes(data)
    read_or_refused(path)
    good = tmp_path / "good.parquet"
    if not good.exists():
        polars.DataFrame({"ID": [1, 1], "TIME": [0.0, 8.0], "AMT": [20.0, None]}).write_parquet(good)
    whole = good.read_bytes()
    at = sum(data) % len(whole)
    path.write_bytes(whole[:at] + data[:4] + whole[at + len(data[:4]) :])
    read_or_refused(path)


VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=4), st.booleans(), st.dates(), st.times()
)


@fuzzed
@given(data=st.data())
def test_any_frame(data):
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True))
    rows = data.draw(st.integers(0, 6))
    columns = {}
    for name in dict.fromkeys(["ID", "TIME", *names]):
        kind = data.draw(
            st.sampled_from([st.integers(0, 4), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=4)])
            | st.sampled_from(
                [st.booleans(), st.dates(), st.times(), st.none(), st.lists(st.integers(0, 3), max_size=2)]
            )
        )
        columns[name] = polars.Series(data.draw(st.lists(st.none() | kind, min_size=rows, max_size=rows)), strict=False)
    read_or_refused(polars.DataFrame(columns))
