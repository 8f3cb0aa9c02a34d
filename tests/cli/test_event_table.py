"""`anagen simulate --data` and `anagen export nonmem`, as a newcomer and as a program use them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars
import pytest
from tests.cli.test_commands import run

PAGE = (Path(__file__).parents[2] / "docs" / "nonmem.md").read_text("utf-8")
(DATA,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
FEW = ["--people", "2", "--weeks", "4", "--quiet"]
REGIMEN = "20 mg once daily with food for 2 weeks"


@pytest.fixture
def anagen(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text(DATA)
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


def test_a_person_of_a_table(anagen, tmp_path):
    code, out, err = anagen("simulate", "--data", "data.csv", "--id", "1", "--predictions", "levels.csv", *FEW)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert said.index("birth defects") < said.index("doses of data.csv, ID 1")
    assert "like: 82 kg, male" in said
    assert "FORM is not there: conventional capsules are assumed" in said
    assert "Observed, ID 1" in said
    levels = polars.read_csv(tmp_path / "levels.csv")
    assert levels.columns == ["ID", "TIME", "EVID", "CMT", "DV", "PRED", "RES"]
    assert levels.height == 6
    assert levels["RES"].null_count() == 2


def test_json_is_that_of_any_simulation_and_names_the_table(anagen):
    code, out, _ = anagen("simulate", "--data", "data.csv", "--id", "2", "--json", *FEW)
    said = json.loads(out)
    assert code == 0
    assert said["regimen"] == "doses of data.csv, ID 2"
    assert said["patient"]["weight_kg"] == 61
    assert said["safety"][0]["level"] == "stop"


REFUSED = [
    (["--data", "data.csv"], "2 people, and none was named"),
    (["--data", "data.csv", "--id", "3"], "there is no person 3"),
    (["--data", "none.csv", "--id", "1"], "No such file"),
    (["--data", "data.csv", "--id", "1", REGIMEN], "a regimen and an event table were given"),
    (["--data", "data.csv", "--id", "1", "--decimal", "."  ";"], "decimal: '.;'"),
    (["--data", "data.csv", "--id", "1", "--predictions", "levels.txt"], "ends in .csv or .parquet"),
    (["--data", "data.csv", "--id", "1", "--drop", "AGE"], "no column AGE"),
    ([], "there is no regimen"),
    ([REGIMEN, "--id", "1"], "--id is of an event table"),
    ([REGIMEN, "--interpolation", "locf"], "--interpolation is of an event table"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_is_refused_says_why(anagen, arguments, said):
    code, out, err = anagen("simulate", *arguments)
    assert code == 2
    assert out == ""
    assert said in err
    assert "expected: " in err


def test_pregnancy_stops(anagen, tmp_path):
    (tmp_path / "p.csv").write_text("ID,TIME,AMT,PREG\n1,0,20,1\n")
    for arguments in (["simulate", "--data", "p.csv"], ["export", "nonmem", REGIMEN, "--pregnant", "-o", "out.csv"]):
        code, _, err = anagen(*arguments)
        assert code == 3
        assert "birth defects" in err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_regimen_goes_out_and_comes_in(anagen, tmp_path, name):
    code, out, err = anagen("export", "nonmem", REGIMEN, "--weight", "61", "-o", name)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert said.index("birth defects") < said.index("Wrote")
    assert "as 1 records of 14 doses" in said
    if name.endswith(".csv"):
        assert (tmp_path / name).read_text().startswith("@ NEVER IN PREGNANCY")
    code, out, _ = anagen("simulate", "--data", name, "--json", *FEW)
    recorded = json.loads(out)
    _, out, _ = anagen("simulate", REGIMEN, "--weight", "61", "--json", *FEW)
    usual = json.loads(out)
    assert recorded["series"] == usual["series"]
    assert recorded["exposure"] == usual["exposure"]


def test_export_says_as_json_what_was_written_and_refuses_other_endings(anagen, tmp_path):
    code, out, _ = anagen("export", "nonmem", REGIMEN, "-o", "out.csv", "--json")
    said = json.loads(out)
    assert (code, said["records"], said["doses"], said["safety"][0]["level"]) == (0, 1, 14, "stop")
    code, _, err = anagen("export", "nonmem", REGIMEN, "-o", "out.xpt")
    assert code == 2
    assert "out.xpt" in err
    assert "expected: .csv or .parquet" in err
    assert not (tmp_path / "out.xpt").exists()
