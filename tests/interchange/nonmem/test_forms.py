"""The same table in every form that may be read: it reads as the same records."""

from __future__ import annotations

import datetime

import numpy as np
import polars
import pytest

from anagen.errors import InputError, PregnancyStop
from anagen.interchange.nonmem import from_nonmem

PLAIN = """ID,TIME,AMT,DV,EVID,MDV,CMT,II,ADDL,SS,RATE,WT
1,0,20,.,1,1,1,24,6,0,0,70.5
1,8.5,.,120.25,0,0,2,.,.,.,.,70.5
2,0,40,,1,1,1,,,,,82
2,30,,95,0,0,2,,,,,82
"""
ROWS = [line.split(",") for line in PLAIN.splitlines()]


def joined(separator: str, dot: str = ".") -> str:
    return "\n".join(
        separator.join("." if field in ("", ".") else field.replace(".", dot) for field in row) for row in ROWS
    )


FORMS = {
    "commas": PLAIN.encode(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "lines of Windows": PLAIN.replace("\n", "\r\n").encode(),
    "lines of an old Mac": PLAIN.replace("\n", "\r").encode(),
    "no last line end": PLAIN.strip().encode(),
    "blank lines": (PLAIN.replace("\n", "\n\n") + "\n \n").encode(),
    "semicolons": joined(";").encode(),
    "tabs": joined("\t").encode(),
    "spaces": joined("  ").encode(),
    "spaces around": PLAIN.replace(",", " , ").encode(),
    "small letters": (PLAIN.splitlines()[0].lower() + PLAIN[PLAIN.index("\n") :]).encode(),
    "a header behind #": b"#" + PLAIN.encode(),
    "a header behind @ and a space": b"@ " + PLAIN.encode(),
    "remarks before the header": b"# made by hand, ID and so on\n@ nothing\n" + PLAIN.encode(),
    "remarks among the records": PLAIN.replace("\n2,0", "\n# the second\nC 2,9,9,9\n@\n2,0", 1).encode(),
    "quotes": PLAIN.replace("120.25", '"120.25"').replace("ID,TIME", '"ID","TIME"').encode(),
    "longer names": PLAIN.replace("WT", "weight_kg").encode(),
    "exponents and signs": PLAIN.replace("8.5", "+8.5E0").replace("82", "8.2e1").encode(),
    "trailing zeros": PLAIN.replace(",1,1,1,", ",1.0,1.0,1.00,").encode(),
    "names of compartments": PLAIN.replace("0,0,2,", "0,0,central,").replace("1,1,1,", "1,1,depot,").encode(),
}


def same(one, other):
    for name, column in vars(one.records).items():
        if name != "calendar":
            np.testing.assert_array_equal(column, getattr(other.records, name), err_msg=name)
    np.testing.assert_array_equal(one.people, other.people)
    np.testing.assert_array_equal(one.kg, other.kg)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "plain.csv"
    path.write_text(PLAIN)
    return from_nonmem(path)


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_text(form, plain, tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(FORMS[form])
    same(from_nonmem(path), plain)
    assert plain.people.tolist() == [1, 2]
    assert plain.records.time_h.tolist() == [0, 8.5, 0, 30]


def test_commas_as_decimal_marks_only_when_said(plain, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(joined(";", ","))
    same(from_nonmem(path, decimal=","), plain)
    with pytest.raises(InputError, match=r"row 1 \(line 2\), column WT: '70,5': .*decimal=','"):
        from_nonmem(path)
    path.write_text(joined(";", "."))
    with pytest.raises(InputError, match="has a point"):
        from_nonmem(path, decimal=",")
    path.write_text(joined(",", ","))
    with pytest.raises(InputError, match="a comma separates fields"):
        from_nonmem(path)


def test_tables_in_hand_and_parquet(plain, tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = polars.read_csv(PLAIN.encode(), null_values=["."])
    same(from_nonmem(frame), plain)
    same(from_nonmem(frame.lazy()), plain)
    same(from_nonmem(frame.to_arrow()), plain)
    same(from_nonmem(pandas.read_csv(__import__("io").StringIO(PLAIN), na_values=["."])), plain)
    frame.write_parquet(tmp_path / "data.parquet")
    same(from_nonmem(tmp_path / "data.parquet"), plain)
    frame.with_columns(polars.all().cast(polars.String)).write_parquet(tmp_path / "texts.parquet")
    same(from_nonmem(tmp_path / "texts.parquet"), plain)


def test_faults_in_tables_name_rows_without_lines():
    frame = polars.read_csv(PLAIN.encode(), null_values=["."]).with_columns(EVID=polars.Series([1, 0, 1, 7]))
    with pytest.raises(InputError, match=r"^table: row 4, column EVID: 7: is no kind of event"):
        from_nonmem(frame)
    with pytest.raises(InputError, match="row 2, column DV: nan: is no number"):
        from_nonmem(
            polars.read_csv(PLAIN.encode(), null_values=["."]).with_columns(
                DV=polars.Series([None, float("nan"), None, 95.0])
            )
        )


DATES = [
    ("DATE", "03/31/2024", "04/01/2024"),
    ("DAT1", "31/03/2024", "01/04/2024"),
    ("DAT1", "31-3-2024", "1-4-2024"),
    ("DAT1", "31.03.2024", "01.04.2024"),
    ("DAT2", "2024-03-31", "2024-04-01"),
    ("DAT2", "2024/3/31", "2024/4/1"),
    ("DAT3", "2024-31-03", "2024-01-04"),
]


@pytest.mark.parametrize(("column", "first", "second"), DATES)
def test_dates_and_clock_times(column, first, second, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(f"ID,{column},TIME,AMT\n1,{first},20:30,20\n1,{second},08:00:36,20\n1,{second},23:59,20\n")
    table = from_nonmem(path)
    assert np.diff(table.records.time_h) == pytest.approx([11.51, 15 + 58.4 / 60])
    assert table.records.calendar


def test_dates_over_a_leap_day_and_hours_of_the_day(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,DAT2,TIME,AMT\n1,2024-02-28,8,20\n1,2024-03-01,8.5,20\n")
    assert np.diff(from_nonmem(path).records.time_h).tolist() == [48.5]


def test_dates_of_parquet(tmp_path):
    frame = polars.DataFrame(
        {
            "ID": [1, 1],
            "DATE": [datetime.date(2024, 2, 28), datetime.date(2024, 2, 29)],
            "TIME": [datetime.time(8), datetime.time(9, 30)],
            "AMT": [20.0, 20.0],
        }
    )
    frame.write_parquet(tmp_path / "data.parquet")
    assert np.diff(from_nonmem(tmp_path / "data.parquet").records.time_h).tolist() == [25.5]


def test_clock_times_of_one_day(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT\n1,08:00,20\n1,14:00,20\n")
    assert from_nonmem(path).records.time_h.tolist() == [8, 14]
    path.write_text("ID,TIME,AMT\n1,08:00,20\n1,07:00,20\n")
    with pytest.raises(InputError, match="before the record above"):
        from_nonmem(path)


def test_what_is_left_out_is_named(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,STUDY\n1,0,20,S1\n")
    with pytest.raises(InputError, match="column STUDY is not known"):
        from_nonmem(path)
    assert len(from_nonmem(path, drop=["study"])) == 1
    with pytest.raises(InputError, match="no column CENTRE"):
        from_nonmem(path, drop=["STUDY", "CENTRE"])


def test_rows_marked_as_remarks_keep_the_numbers_of_the_others(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,C\n1,0,20,.\n1,1,999999,C\n1,2,-5,.\n")
    with pytest.raises(InputError, match=r"row 3 \(line 4\), column AMT: '-5'"):
        from_nonmem(path)
    path.write_text("ID,TIME,AMT,C\n1,0,20,.\n1,1,999999,C\n1,2,5,.\n")
    table = from_nonmem(path)
    assert table.records.amt_mg.tolist() == [20, 5]
    assert any("1 rows marked C" in note for note in table.notes)


@pytest.mark.parametrize(
    ("missing", "evid"),
    [
        ("ID,TIME,AMT,DV,MDV\n1,0,20,.,1\n1,5,.,9,0\n1,6,.,9,1\n", [1, 0, 2]),
        ("ID,TIME,AMT,DV\n1,0,20,.\n1,5,0,9\n1,6,0,.\n", [1, 0, 2]),
    ],
)
def test_events_where_evid_is_not_there(missing, evid, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(missing)
    table = from_nonmem(path)
    assert table.records.evid.tolist() == evid
    assert any(note.startswith("EVID is not there") for note in table.notes)


@pytest.mark.parametrize("said", ["1", "yes", "Y", "true", "perhaps", "2"])
@pytest.mark.parametrize("name", ["PREG", "pregnant", "Pregnancy"])
def test_a_pregnancy_stops_before_anything_else_is_said(name, said, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(f"ID,TIME,AMT,{name}\n1,0,-20,0\n1,x,20,{said}\n")
    with pytest.raises(PregnancyStop):
        from_nonmem(path)


def test_notes_say_what_was_assumed_and_what_is_often_not_meant(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,EVID,II,ADDL\n1,0,20,1,24,9\n1,0,10,1,.,.\n1,30,5,1,.,.\n2,0,.,2,.,.\n")
    told = " ".join(from_nonmem(path).notes)
    for part in (
        "standard meal",
        "conventional",
        "1 dose records come at the time",
        "additional doses",
        "1 people have no dose: ID 2",
    ):
        assert part in told
