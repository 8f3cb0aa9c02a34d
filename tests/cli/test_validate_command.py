"""`anagen validate` as a newcomer and as a program use it; the simulation is replaced by one that takes no time."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.analysis.model_results import validation_result

from anagen.errors import InputError, PregnancyStop

from .test_commands import run

BOX = "Never in pregnancy"


@pytest.fixture
def anagen(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: run(capsys, monkeypatch, "validate", *arguments)


@pytest.fixture
def asked(monkeypatch):
    """What `validate` was asked for; `result` is what it gives."""
    calls = SimpleNamespace(folders=[], options=[], result=validation_result())

    def read_studies(folder: Path | None = None) -> tuple[str, ...]:
        calls.folders.append(folder)
        return ("study",)

    def validate(studies: Any, **options: Any) -> SimpleNamespace:
        assert studies == ("study",)
        calls.options.append(options)
        return SimpleNamespace(to_json=lambda: calls.result)

    monkeypatch.setattr("anagen.validation.read_studies", read_studies)
    monkeypatch.setattr("anagen.validation.validate", validate)
    return calls


def test_it_writes_its_page_and_prints_every_row(anagen, asked, tmp_path):
    code, out, err = anagen()
    assert (code, err) == (0, "")
    page = (tmp_path / "validation.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert BOX in out
    assert out.index(BOX) < out.index("Studies that the model was not fitted to")
    assert all(row["study"] in out for row in asked.result["rows"])
    assert f"Of {asked.result['coverage']['rows']} results" in out
    assert "wrote validation.html" in out
    assert asked.folders == [None]
    assert asked.options == [{"progress": None}]


def test_json_is_the_contract_and_nothing_is_written(anagen, asked, tmp_path):
    code, out, err = anagen("--json", "--studies", "dir")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert next(iter(answer)) == "safety"
    assert answer["safety"][0]["level"] == "stop"
    assert {key: value for key, value in answer.items() if key != "safety"} == asked.result
    keys = {"study", "quantity", "observed", "predicted_p50", "p05", "p95", "inside", "z"}
    assert all(keys <= row.keys() for row in answer["rows"])
    assert asked.folders == [Path("dir")]
    assert list(tmp_path.iterdir()) == []


def test_outputs_are_named_by_their_endings(anagen, asked, tmp_path):
    code, _, _ = anagen("-o", "a.html", "-o", "b.json", "--replicates", "50", "--seed", "3")
    assert code == 0
    assert (tmp_path / "a.html").read_text("utf-8").startswith("<!doctype html>")
    assert json.loads((tmp_path / "b.json").read_text("utf-8"))["rows"] == asked.result["rows"]
    assert asked.options == [{"progress": None, "replicates": 50, "seed": 3}]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_known_failure_that_passes_is_named_and_exits_1(anagen, asked, tmp_path, options):
    asked.result = validation_result(passing=(7,))
    code, out, err = anagen(*options, "-o", "v.html")
    assert code == 1
    assert "kerr-1982/tg-7" in err
    assert "kerr-1982/tg-13" not in err
    assert (tmp_path / "v.html").is_file(), "what was found is written all the same"
    assert out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--replicates", "3"), "from 20 to 10,000"),
        (("--replicates", "10001"), "from 20 to 10,000"),
        (("--seed", "-1"), "from 0 to"),
        (("-o", "no/where.html"), "there is no folder"),
        (("-o", "a.html", "-o", "a.html"), "two outputs"),
        (("-o", "."), "is a folder"),
    ],
)
def test_bad_options_are_refused_before_anything_is_read(anagen, asked, tmp_path, options, says):
    code, out, err = anagen(*options)
    assert (code, out) == (2, "")
    assert says in err
    assert asked.folders == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "study"),
        ('study = "x"\n', "a.toml"),
        ("[[rows", "a.toml"),
    ],
)
def test_a_bad_study_file_is_refused_by_name(anagen, tmp_path, text, says):
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "a.toml").write_text(text, "utf-8")
    code, out, err = anagen("--studies", "studies", "--json")
    assert (code, out) == (2, "")
    assert says in err
    assert "expected" in err


def test_a_folder_that_is_not_there_is_refused(anagen):
    code, _, err = anagen("--studies", "nowhere")
    assert code == 2
    assert "nowhere" in err


def test_pregnant_people_stop_it(anagen, asked, monkeypatch):
    def stop(*_: Any) -> None:
        raise PregnancyStop("the file says that people are pregnant")

    monkeypatch.setattr("anagen.validation.read_studies", stop)
    code, out, _ = anagen("--json")
    assert code == 3
    assert BOX in out


def test_an_error_of_the_engine_writes_nothing(anagen, asked, monkeypatch, tmp_path):
    def fail(*_: Any, **__: Any) -> None:
        raise InputError("no")

    monkeypatch.setattr("anagen.validation.validate", fail)
    code, _, err = anagen()
    assert code == 2
    assert "no" in err
    assert list(tmp_path.iterdir()) == []
