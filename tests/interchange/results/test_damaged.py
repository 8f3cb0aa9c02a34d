"""Files that are not ours, damaged, or edited: each refused in plain words, before anything is simulated."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.interchange.results.results import FORMS, result, write

from anagen.errors import AnagenError
from anagen.interchange.results.arrow_file import write_packed
from anagen.interchange.results.csv_file import csv_bytes
from anagen.interchange.results.json_file import json_text, with_record
from anagen.interchange.results.opening import open_result
from anagen.interchange.results.record import record_of
from anagen.interchange.results.rerun import rerun

BYTES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "blank": lambda data: b" \n\n",
    "one byte": lambda data: data[:1],
    "ten bytes": lambda data: data[:10],
    "half": lambda data: data[: len(data) // 2],
    "the last byte gone": lambda data: data[:-2],
    "the first byte gone": lambda data: data[1:],
    "a byte changed in the middle": lambda data: flipped(data, len(data) // 2),
    "a byte changed at three quarters": lambda data: flipped(data, 3 * len(data) // 4),
    "zeros in the second half": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "twice": lambda data: data + data,
    "something after it": lambda data: data + b"more\n",
    "packed": gzip.compress,
    "a mark of byte order": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode("latin-1").encode("utf-16"),
}


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def edit(old: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    """An edit of a text that must be there."""

    def edited(data: bytes) -> bytes:
        text = data.decode()
        assert old in text
        return text.replace(old, new, count).encode()

    return edited


def lines(change: Callable[[list[str]], list[str]]) -> Callable[[bytes], bytes]:
    return lambda data: "".join(change(data.decode().splitlines(keepends=True))).encode()


EDITS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a number": ("csv", edit(",ng/mL,7.0,", ",ng/mL,7.5,")),
    "a unit": ("csv", edit(",mg/dL,", ",mmol/L,")),
    "the name of a column": ("csv", edit("typical", "mean")),
    "the seed": ("csv", edit('"seed":5', '"seed":6')),
    "the weight": ("csv", edit('"weight_kg":61.5', '"weight_kg":70')),
    "the regimen": ("csv", edit("20 mg once", "40 mg once")),
    "the seal": ("csv", edit('"seal":"', '"seal":"0')),
    "no seal": ("csv", edit('"seal"', '"shut"')),
    "the box softened": ("csv", edit("NEVER IN PREGNANCY", "CARE IN PREGNANCY")),
    "the box gone": ("csv", lines(lambda a: a[1:])),
    "the record gone": ("csv", lines(lambda a: [a[0], *a[2:]])),
    "both gone": ("csv", lines(lambda a: a[2:])),
    "the record cut": ("csv", lines(lambda a: [a[0], a[1][:200] + "\n", *a[2:]])),
    "the record no object": ("csv", lines(lambda a: [a[0], "# anagen 12\n", *a[2:]])),
    "a row gone": ("csv", lines(lambda a: a[:-1])),
    "two rows swapped": ("csv", lines(lambda a: [*a[:5], a[6], a[5], *a[7:]])),
    "line ends of Windows": ("csv", edit("\n", "\r\n", -1)),
    "semicolons": ("csv", edit(",", ";", -1)),
    "a decimal comma": ("csv", edit("0.0", "0,0", -1)),
    "JSON: a number": ("json", edit('"p50": [', '"p50": [1, ')),
    "JSON: the box gone": ("json", edit('"id": "pregnancy"', '"id": "x"')),
    "JSON: no provenance": ("json", edit('"provenance"', '"provenience"')),
    "JSON: the seed": ("json", edit('"seed": 5', '"seed": 4')),
    "JSON: not a number": ("json", edit('"typical": [', '"typical": [NaN, ')),
    "JSON: a list": ("json", lambda data: b"[" + data + b"]"),
    "JSON: nested deep": ("json", lambda data: b'{"provenance":' + b"[" * 100_000),
    "JSON: provenance null": ("json", lambda data: b'{"provenance": null}'),
    "JSON: nothing": ("json", lambda data: b"{}"),
    "JSON: a huge number": ("json", edit('"seed": 5', '"seed": ' + "9" * 5000)),
    "page: a number": ("html", edit("</td>", "1</td>")),
    "page: the box": ("html", edit("Never in pregnancy", "Not in pregnancy")),
    "page: the record gone": ("html", edit("anagen-provenance", "other")),
    "page: the record twice": ("html", edit("</head>", '<meta name="anagen-provenance" content="{}">\n</head>')),
    "page: the record empty": ("html", lambda data: b'<!doctype html>\n<meta name="anagen-provenance" content="">\n'),
    "page: saved by a browser": ("html", edit("<!doctype html>", "<html>")),
}
RECORDS: dict[str, dict[str, Any]] = {
    "a newer form": {"format": 99},
    "a form that is no number": {"format": "1"},
    "another program's": {"made_by": "banagen"},
    "an unknown command": {"command": "explode"},
    "an unknown treatment": {"treatment": "isotretinoine"},
    "a treatment that is a path": {"treatment": "../../x"},
    "no regimen": {"regimens": []},
    "two regimens": {"regimens": ["20 mg once daily", "10 mg once daily"]},
    "a regimen that is no text": {"regimens": [20]},
    "a regimen that cannot be read": {"regimens": ["20 g once"]},
    "too much": {"regimens": ["5000 mg once daily"]},
    "a child": {"patient": {"age_years": 9.0}},
    "a weight that is a text": {"patient": {"weight_kg": "70"}},
    "a weight that cannot be": {"patient": {"weight_kg": 7e9}},
    "an unknown sex": {"patient": {"sex": "x"}},
    "more of a person": {"patient": {"name": "x"}},
    "nobody": {"patient": None},
    "an unknown supplement": {"patient": {"supplements": ["zink"]}},
    "weeks": {"weeks": 10**9},
    "people": {"people": 0},
    "people as a text": {"people": "20"},
    "half a seed": {"seed": 1.5},
    "a seed below zero": {"seed": -1},
    "a person below zero": {"first_person": -1},
    "an unknown spread": {"spread": "wide"},
    "an unknown mode": {"mode": "writer"},
    "an unknown layout": {"layout": "tidy"},
    "an unknown hypothesis": {"assumed": ["flat-hair"]},
    "an unknown structure": {"structures": "no-such-structure"},
    "a day that is none": {"date": "yesterday"},
    "doses that do not fit": {"doses": [None, None]},
    "a trial without text": {"command": "trial"},
    "a trial whose text is none": {"command": "trial", "trial": "title =", "population": "0"},
}


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch):
    """Whatever is refused is refused before the engine begins."""
    result("simulate"), result("compare")
    for place in ("anagen.simulation.simulate.run_arm", "anagen.trial.run.run_parts"):
        monkeypatch.setattr(place, lambda *_, **__: pytest.fail("it was simulated"))


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, bytes]:
    """A result in every form."""
    path = tmp_path_factory.mktemp("files") / "x"
    return {form: write(result("simulate"), form, path).read_bytes() for form in FORMS}


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(AnagenError) as caught:
        rerun(path)
    text = str(caught.value)
    assert caught.value.exit_code == 2
    assert caught.value.expected
    assert "Traceback" not in text
    assert len(text) < 1200
    return text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", BYTES)
def test_damaged_bytes_are_refused(tmp_path, files, form, change):
    data = BYTES[change](files[form])
    assert data != files[form]
    if form in ("parquet", "arrow") and unhurt(tmp_path, files[form], data):
        return  # bytes that no reader looks at
    assert str(tmp_path / "x") in refused(tmp_path / "x", data)


def unhurt(folder: Path, before: bytes, after: bytes) -> bool:
    """Whether all that the file holds is still the same."""
    (folder / "before").write_bytes(before)
    (folder / "after").write_bytes(after)
    one = open_result(folder / "before")
    try:
        other = open_result(folder / "after")
    except AnagenError:
        return False
    assert one.record == other.record
    assert one.content.equals(other.content)
    return True


@pytest.mark.parametrize("what", EDITS)
def test_edits_are_refused(tmp_path, files, what):
    form, change = EDITS[what]
    said = refused(tmp_path / "x", change(files[form]))
    assert "changed after it was written" in said or "of ours" in said or "not ours" in said or "damaged" in said


@pytest.mark.parametrize("what", RECORDS)
def test_records_that_fit_their_seal_and_cannot_be_run_are_refused(tmp_path, what):
    """Made by hand with a seal that fits: every entry is checked all the same."""
    one = result("simulate")
    record = record_of(one, layout="long")
    changed = {k: record[k] | v if isinstance(v, dict) else v for k, v in RECORDS[what].items()}
    record |= changed
    if what.startswith("a treatment") or what == "an unknown treatment" or what == "an unknown structure":
        data = json_text(with_record({"safety": []}, record)).encode()
    else:
        data = csv_bytes(one.to_polars(), record)
    refused(tmp_path / "x", data)


def test_every_entry_that_is_missing_is_named(tmp_path):
    one = result("simulate")
    needed = "regimens patient weeks people seed spread assumed mode"
    for name in needed.split():
        record = {key: value for key, value in record_of(one, layout="long").items() if key != name}
        assert name in refused(tmp_path / "x", csv_bytes(one.to_polars(), record))


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_tables_rewritten_by_others_are_refused(tmp_path, form):
    frame, path = result("simulate").to_polars(), tmp_path / "x"
    other = tmp_path / "y"
    (frame.write_parquet if form == "parquet" else frame.write_ipc)(path)
    assert "without our provenance" in refused(other, path.read_bytes())
    record = record_of(result("simulate"), layout="long")
    for changed in (
        frame.with_columns(p50=pl.col("p50") + 1e-12),
        frame.rename({"p50": "median"}),
        frame.drop("p95"),
        frame.reverse(),
        frame.with_columns(unit=pl.lit("mg/L")),
        frame.head(3),
    ):
        write_packed(frame, record, {}, path, form)
        original = pq.read_table(path) if form == "parquet" else pa.ipc.open_file(path).read_all()
        table = changed.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata(original.schema.metadata)
        if form == "parquet":
            pq.write_table(table, other)
        else:
            with pa.OSFile(str(other), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
        assert "changed after it was written" in refused(other, other.read_bytes())


def test_a_table_rewritten_with_the_same_numbers_is_still_ours(tmp_path, monkeypatch):
    """Another compression or another order of blanks is no edit."""
    monkeypatch.setattr("anagen.interchange.results.rerun.repeat", lambda *_: result("simulate"))
    path = write(result("simulate"), "parquet", tmp_path / "x")
    pq.write_table(pq.read_table(path), tmp_path / "y", compression="snappy", row_group_size=7)
    assert rerun(tmp_path / "y").identical
    path = write(result("simulate"), "json", tmp_path / "x")
    (tmp_path / "y").write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=4, sort_keys=True))
    assert rerun(tmp_path / "y").identical


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "pictures hold no provenance"),
        ("others.csv", b"series,unit\na,b\n", "is not a file of ours"),
        ("comment.csv", b"# a table\nseries,unit\na,b\n", "a text table without our provenance"),
        ("others.html", b"<!doctype html><p>Hello</p>", "a page without our provenance"),
        ("others.json", b'{"provenance": {"seed": 1}}', "JSON without our provenance"),
        ("stop.json", b'{"safety": [{"id": "pregnancy"}]}', "JSON without our provenance"),
        ("program.py", b"print(1)\n", "is not a file of ours"),
        ("bytes.bin", bytes(range(256)), "is not a file of ours"),
    ],
)
def test_files_of_others_are_refused(tmp_path, name, content, said):
    assert said in refused(tmp_path / name, content)


def test_what_is_not_there_is_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "result.csv").write_text("x")
    with pytest.raises(AnagenError, match=r"No such file.*\n.*\nnearest: result\.csv"):
        rerun(tmp_path / "reslt.csv")
    with pytest.raises(AnagenError, match=r"no finished trial: there is no trial\.json"):
        rerun(tmp_path)


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b"])
def test_a_path_that_cannot_be_one(name):
    for read in (open_result, rerun):
        with pytest.raises(AnagenError, match=r"^cannot read a") as caught:
            read(Path(name))
        assert len(str(caught.value)) < 500


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_name_twice_is_refused(tmp_path, files, form):
    """Of two, readers of JSON take the second: what stood first would be passed over."""
    change = edit('"weight_kg":', '"weight_kg":1.0,"weight_kg":')
    assert "'weight_kg' is said twice in one object" in refused(tmp_path / "x", change(files[form]))
