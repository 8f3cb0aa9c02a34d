"""`anagen rerun`: identical for each command in each form; what differs is told; what is not ours is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.cli.test_commands import run
from tests.interchange.results.results import DAILY, FEW, FORMS, TABLES, WHO, result, write

import anagen
from anagen.cli.rerun import of_people, rerun_command
from anagen.errors import InputError, PregnancyStop
from anagen.interchange.results import rerun as room
from anagen.interchange.results.arrow_file import write_packed
from anagen.interchange.results.csv_file import write_csv
from anagen.interchange.results.differences import of_json, of_tables, of_texts
from anagen.interchange.results.json_file import json_text, with_record
from anagen.interchange.results.record import record_of
from anagen.interchange.results.rerun import rerun
from anagen.simulation.result import Simulation
from anagen.trial.events import Finished, Lost, Noted, Started

TRIAL = """
title = "t"
people = 60
seed = 7
follow_up_weeks = 24
visits_every_weeks = 4
[population]
file = "who.toml"
[[arms]]
name = "20 mg"
regimen = "20 mg once daily with food for 24 weeks"
[[arms]]
name = "none"
regimen = "none"
[[endpoints]]
outcome = "extra_hairs_shed"
"""
PEOPLE = '[covariates.weight_kg]\nunit = "kg"\ndistribution = "constant"\nvalue = 70\n'


@pytest.fixture
def command(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *map(str, arguments))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("of", ["simulate", "compare"])
def test_identical_in_every_form(tmp_path, of, form):
    found = rerun(write(result(of), form, tmp_path / "x"))
    assert (found.identical, found.changed, found.command) == (True, {}, of)


@pytest.mark.parametrize("form", ["json", "html", "csv"])
def test_an_analysis_is_identical(tmp_path, form):
    assert rerun(write(result("analyse"), form, tmp_path / "x")).identical


@pytest.mark.parametrize("layout", ["wide", "cdisc"])
@pytest.mark.parametrize("form", TABLES)
def test_identical_in_every_layout(tmp_path, form, layout, monkeypatch):
    monkeypatch.setattr(room, "repeat", lambda *_: result("compare"))  # computed again above
    assert rerun(write(result("compare"), form, tmp_path / "x", layout)).identical


@pytest.mark.parametrize("of", ["daily", "untreated"])
def test_runs_that_only_python_can_ask_for(tmp_path, of):
    assert rerun(write(result(of), "parquet", tmp_path / "x", "cdisc")).identical


def test_doses_of_an_event_table_are_repeated(tmp_path):
    table = tmp_path / "doses.csv"
    table.write_text("ID,TIME,AMT,EVID,II,ADDL,WT\n1,0,20,1,24,20,80\n1,504,10,1,24,5,80\n")
    one = anagen.from_nonmem(table).simulate(1, **FEW)
    file = write(one, "json", tmp_path / "x.json")
    table.unlink()
    found = rerun(file)
    assert found.identical
    assert found.regimens == ("doses of doses.csv, ID 1",)


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """A folder with a trial's file, its people, and its results in every form."""
    folder = tmp_path_factory.mktemp("trial")
    (folder / "trial.toml").write_text(TRIAL, "utf-8")
    (folder / "who.toml").write_text(PEOPLE, "utf-8")
    return folder


def test_a_trial_is_identical_as_folder_page_and_table(command, trial, monkeypatch):
    monkeypatch.chdir(trial)
    options = ("--seed", "9", "--power", "50,100", "--workers", "1", "--csv", "t.csv", "--parquet", "t.parquet")
    code, _, err = command("trial", "trial.toml", "-o", "out", "--quiet", *options)
    assert code == 0, err
    # The trial is carried out again once; the other forms are compared with that.
    again: list[Any] = []
    real = room.repeat_trial

    def once(*arguments: Any, **options: Any) -> Any:
        if not again:
            again.append(real(*arguments, **options))
        return again[0]

    monkeypatch.setattr(room, "repeat_trial", once)
    for name in ("out", "out/trial.json", "out/trial.html", "t.csv", "t.parquet"):
        code, out, err = command("rerun", name, "--workers", "1")
        assert code == 0, out + err
        assert "Never in pregnancy" in out.splitlines()[0]
        assert "Identical" in out
    monkeypatch.undo()
    _edited_folders(trial)


def _edited_folders(trial: Path) -> None:
    """Every file of a results folder changed: refused, without any simulation."""
    edits = {
        "trial.json": lambda text: text.replace('"seed": 9', '"seed": 8', 1),
        "trial.toml": lambda text: text + "\n",
        "manifest.json": lambda text: text.replace("visits_every_weeks = 4", "visits_every_weeks = 8"),
        "parts/part-00000.json": lambda text: text[:-9],
    }
    for name, edit in edits.items():
        folder = trial / "edited"
        shutil.copytree(trial / "out", folder)
        file = folder / name
        text = file.read_text("utf-8")
        assert edit(text) != text
        file.write_text(edit(text), "utf-8")
        with pytest.raises(InputError, match=r"changed|as Anagen wrote it"):
            rerun(folder)
        file.unlink()
        if not name.startswith("parts"):
            with pytest.raises(InputError, match=r"cannot read|no finished trial"):
                rerun(folder)
        shutil.rmtree(folder)
    shutil.copytree(trial / "out", trial / "edited")
    people = trial / "edited" / "parts" / "part-00000.people.parquet"
    people.write_bytes(people.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"people\.parquet of part 00000 is not as it was written"):
        rerun(trial / "edited")
    shutil.rmtree(trial / "edited")
    (trial / "who.toml").rename(trial / "others.toml")
    with pytest.raises(InputError, match=r"took its people from who\.toml"):
        rerun(trial / "t.csv")
    (trial / "who.toml").write_text(PEOPLE.replace("70", "71"), "utf-8")
    with pytest.raises(InputError, match="not those it was run with"):
        rerun(trial / "t.csv")
    (trial / "who.toml").write_text("[covariates.pregnant]\n" + PEOPLE, "utf-8")
    with pytest.raises(PregnancyStop):
        rerun(trial / "t.csv")


def _otherwise(one: Simulation) -> Simulation:
    """The same with one series moved: by 0.5 in one week, for everybody."""
    values = np.array(one.signals["shed_per_day"])
    values[3] += 0.5
    return replace(one, signals={**one.signals, "shed_per_day": values})


@pytest.mark.parametrize("form", FORMS)
def test_what_differs_is_told_by_series(tmp_path, monkeypatch, form):
    file = write(_otherwise(result("simulate")), form, tmp_path / "x")
    monkeypatch.setattr(room, "repeat", lambda *_: result("simulate"))
    found = rerun(file)
    assert not found.identical
    if form == "html":
        assert found.differences[0].what.startswith(("line", "the number of lines"))
        return
    (shed,) = (one for one in found.differences if "shed_per_day" in one.what)
    assert shed.count == 4
    assert shed.largest == pytest.approx(0.5, abs=1e-3 if form == "json" else 1e-9)
    assert all("shed" in one.what or "outcomes" in one.what for one in found.differences)


def test_the_command_leaves_with_1_where_it_differs(tmp_path, monkeypatch, command):
    file = write(_otherwise(result("simulate")), "csv", tmp_path / "x.csv")
    monkeypatch.setattr(room, "repeat", lambda *_: result("simulate"))
    code, out, _ = command("rerun", file)
    assert code == 1
    assert out.index("Never in pregnancy") < out.index("NOT identical: 4 values")
    assert "shed_per_day: 4 values, largest difference 0.5" in out
    assert "Nothing that is recorded has changed since" in out
    code, out, _ = command("rerun", file, "--json")
    told = json.loads(out)
    assert (code, told["identical"], told["safety"][0]["id"]) == (1, False, "pregnancy")
    assert told["differences"][0]["count"] == 4


def test_other_versions_and_parameters_are_told(tmp_path, monkeypatch, command):
    one = result("simulate")
    older = replace(one, provenance={**one.provenance, "anagen": "0.0.9", "parameters": "0123456789abcdef"})
    monkeypatch.setattr(room, "repeat", lambda *_: one)
    code, out, _ = command("rerun", write(older, "parquet", tmp_path / "x"))
    assert code == 0
    assert "version of Anagen: 0.0.9 then" in out
    assert "parameters: 0123456789abcdef then" in out


def test_another_seed_differs_in_what_is_drawn_and_not_in_the_typical_person(tmp_path):
    one = result("simulate")
    lying = replace(one, provenance={**one.provenance, "seed": 6})
    found = rerun(write(lying, "parquet", tmp_path / "x"))
    assert not found.identical
    now = anagen.simulate("isotretinoin", DAILY, WHO, spread="between", assume=("onset-arrest",), seed=6, **FEW)
    for name, column in (("typical", 0), ("p50", 2)):
        same = np.array_equal(one.to_polars()[name].to_numpy(), now.to_polars()[name].to_numpy())
        assert same == (column == 0)


@pytest.mark.parametrize("form", FORMS)
def test_pregnant_in_a_file_stops_whatever_else_is_wrong(tmp_path, monkeypatch, command, form):
    monkeypatch.setattr(room, "repeat", lambda *_: pytest.fail("it was simulated"))
    one = result("simulate")
    record = {**record_of(one, layout="long"), "patient": {"weight_kg": 60.0, "pregnant": True}}
    path = tmp_path / "x"
    if form == "csv":
        write_csv(one.to_polars(), record, path)
    elif form in ("parquet", "arrow"):
        write_packed(one.to_polars(), record, {}, path, form)
    elif form == "json":
        path.write_text(json_text(with_record({"patient": record["patient"]}, record)))
    else:
        text = write(one, "html", path).read_text("utf-8")
        path.write_text(text.replace("&quot;weight_kg&quot;", "&quot;pregnant&quot;:1,&quot;x&quot;"), "utf-8")
    code, out, err = command("rerun", path)
    assert code == 3
    assert not out
    assert "Nothing was simulated" in err


def test_texts_tables_and_objects_that_differ_in_shape():
    one = pl.DataFrame({"series": ["a", "a"], "p50": [1.0, float("nan")]})
    assert of_tables(one, one) == []
    assert of_tables(one, one.head(1))[0].what == "the shape of the table"
    (nan,) = of_tables(one, one.with_columns(p50=pl.Series([1.0, 2.0])))
    assert (nan.count, nan.largest) == (1, None)
    (gone,) = of_json({"a": 1, "b": 2}, {"a": 1})
    assert (gone.what, gone.then, gone.now) == ("b", 2, "absent")
    (longer,) = of_json({"series": {"x": {"p50": [1]}}}, {"series": {"x": {"p50": [1, 2]}}})
    assert longer.what == "series.x"
    (line,) = of_texts("a\n<p>12</p>\n", "a\n<p>13</p>\n")
    assert (line.what, line.then, line.now) == ("line 2 of the page", "<p>12</p>", "<p>13</p>")
    assert of_texts("a\n", "a\nb\n")[0].largest is None


def test_a_trial_moves_the_bar_by_its_people():
    shares: list[float] = []
    told = of_people(shares.append)
    for event in (Noted("x"), Started(4, 1, 4000, 1000), Finished(1, 1000, 9.0), Lost(2, "x"), Finished(2, 2000, 9.0)):
        told(event)
    assert shares == [0.25, 0.5, 0.5, 1.0]


def test_the_bar_is_told_of_a_trial_only_where_somebody_watches(tmp_path, monkeypatch):
    seen: list[Any] = []

    def stopped(*_: Any, report: Any, **__: Any) -> Any:
        seen.append(report)
        raise InputError("enough", expected="nothing more")

    monkeypatch.setattr("anagen.interchange.results.rerun.rerun", stopped)
    for watched in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda watched=watched: watched, raising=False)
        with pytest.raises(InputError, match="enough"):
            rerun_command(tmp_path, workers=1)
    assert seen[0] is None
    assert callable(seen[1])
