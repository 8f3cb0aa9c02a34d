"""`anagen trial` as a newcomer and as a program use it; the trial itself is replaced by one that takes no time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.analysis.trial_results import trial_result

from anagen.cli.trial import cores
from anagen.errors import InputError
from anagen.trial.events import Finished, Started
from anagen.trial.file import EXAMPLE, json_schema, parse_trial

from .test_commands import run

FILES = {"trial.html", "trial.json", "trial.toml"}
BOX = "Never in pregnancy"
PERSON: dict[str, Any] = {
    "person": 7,
    "covariates": {"sex": "female", "weight_kg": 61.25, "pattern_hair_loss": False},
    "arms": [
        {
            "name": "0.5 mg/kg daily",
            "regimen": "0.5 mg/kg once daily",
            "visits": [
                {"week": 4, "did": None, "measured": {"triglycerides_mg_per_dl": 151.0}},
                {"week": 8, "did": "hold 4 weeks [rule 1]", "measured": {"triglycerides_mg_per_dl": 512.0}},
            ],
            "mg_taken": 4321.0,
            "mg_per_kg": 70.5,
            "series": {"shed_per_day": {"unit": "hairs/d", "day": [0.0, 7.0, 14.0], "value": [90.0, 95.5, 101.0]}},
            "endpoints": {"extra_hairs_shed": 1234.0, "tg_200": None},
        },
        {"name": "no treatment", "regimen": None, "visits": [], "mg_taken": 0, "mg_per_kg": 0, "endpoints": {}},
    ],
    "safety": [],
    "provenance": {"seed": 1},
}


def without_record(table: dict[str, Any]) -> dict[str, Any]:
    """A trial's JSON without its provenance, which says more where it is written."""
    return {key: value for key, value in table.items() if key != "provenance"}


@pytest.fixture
def anagen(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trial.toml").write_text(EXAMPLE, "utf-8")
    return lambda *arguments: run(capsys, monkeypatch, "trial", *arguments)


@pytest.fixture
def asked(monkeypatch):
    """What `run_trial` was asked for; it makes the folder, and gives a result of three arms."""
    calls: list[dict[str, Any]] = []

    def run_trial(trial: Any, output: Path | None = None, **options: Any) -> SimpleNamespace:
        calls.append({"trial": trial, "output": output, **options})
        options["report"](Started(1, 0, trial.people))
        if output:
            Path(output).mkdir(exist_ok=True)
        options["report"](Finished(0, trial.people, 0.1))
        return SimpleNamespace(to_json=lambda: trial_result(3) | {"mode": options["mode"]})

    monkeypatch.setattr("anagen.trial.run.run_trial", run_trial)
    return calls


def test_a_trial_leaves_its_page_its_numbers_and_its_file(anagen, asked, tmp_path):
    code, out, err = anagen("trial.toml", "-o", "out", "--quiet")
    assert (code, err) == (0, "")
    assert {file.name for file in (tmp_path / "out").iterdir()} == FILES
    assert without_record(json.loads((tmp_path / "out/trial.json").read_text("utf-8"))) == without_record(
        trial_result(3)
    )
    assert (tmp_path / "out/trial.html").read_text("utf-8").startswith("<!doctype html>")
    assert (tmp_path / "out/trial.toml").read_text("utf-8") == EXAMPLE
    order = [
        out.index(text) for text in (BOX, "Two doses, with stopping rules", "Endpoints", "Differences", "Written:")
    ]
    assert order == sorted(order)
    for text in ("People in each arm", "Rules that acted", "95 % interval", "B against A", "Stopped by a rule"):
        assert text in out
    heads = next(line for line in out.splitlines() if "A: no treatment" in line)
    assert "B: 10 mg every other day" in heads
    assert out.count("never in pregnancy") >= 6
    for name in FILES:
        assert str(tmp_path / "out" / name) in out


def test_what_is_asked_for_is_passed_on(anagen, asked, tmp_path):
    code, _, _ = anagen(
        *("trial.toml", "-o", "out", "--patients", "300", "--seed", "9", "--workers", "3", "--resume", "--no-page"),
        *("--power", "200, 50,50", "--scheduler", "tcp://somewhere:8786", "--mode", "clinician", "--quiet"),
    )
    assert code == 0
    (call,) = asked
    assert (call["trial"].people, call["trial"].seed) == (300, 9)
    assert call["trial"].arms == parse_trial(EXAMPLE).arms
    assert {key: call[key] for key in ("workers", "scheduler", "resume", "power", "mode")} == {
        "workers": 3,
        "scheduler": "tcp://somewhere:8786",
        "resume": True,
        "power": (50, 200),
        "mode": "clinician",
    }
    assert call["output"] == Path("out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == FILES - {"trial.html"}


def test_left_out_options_mean_all_cores_and_the_file(anagen, asked):
    assert anagen("trial.toml", "--quiet")[0] == 0
    (call,) = asked
    assert call["trial"] == parse_trial(EXAMPLE)
    assert (call["workers"], call["scheduler"], call["resume"], call["power"]) == (cores(), None, False, ())
    assert call["output"] == Path("results")


def test_json_alone_is_one_object_and_no_folder(anagen, asked, tmp_path):
    code, out, _ = anagen("trial.toml", "--json", "--quiet")
    assert code == 0
    assert without_record(json.loads(out)) == without_record(trial_result(3))
    assert asked[0]["output"] is None
    assert {file.name for file in tmp_path.iterdir()} == {"trial.toml"}


def test_progress_for_a_program_is_lines_of_json(anagen, asked):
    code, _, err = anagen("trial.toml", "--progress", "json")
    assert code == 0
    events = [json.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events] == ["start", "part"]
    assert events[-1]["done_people"] == events[-1]["people"] == 2000
    assert anagen("trial.toml", "--progress", "none")[2] == ""


def test_example_and_schema(anagen, asked):
    code, out, _ = anagen("--example")
    assert code == 0
    assert parse_trial(out).title == parse_trial(EXAMPLE).title
    code, out, _ = anagen("--schema")
    assert code == 0
    assert json.loads(out) == json_schema()
    assert not asked


def test_one_person(anagen, asked, monkeypatch):
    calls = []

    def replay(trial: Any, person: int, **options: Any) -> dict[str, Any]:
        calls.append((person, options))
        return PERSON

    monkeypatch.setitem(sys.modules, "anagen.trial.replay", SimpleNamespace(replay=replay))
    code, out, _ = anagen("trial.toml", "--replay", "7")
    assert code == 0
    assert out.index(BOX) < out.index("Person 7")
    for text in (
        "weight kg 61",
        "pattern hair loss no",
        "4,320 mg",
        "hold 4 weeks [rule 1]",
        "512",
        "1,230",
        "hairs/d",
    ):
        assert text in out
    code, out, _ = anagen("trial.toml", "--replay", "7", "--json")
    assert json.loads(out) == PERSON
    assert calls == [(7, {"mode": "reader"})] * 2
    assert not asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no trial file was given"),
        (["trail.toml"], "nearest: trial.toml"),
        (["broken.toml"], "line 2"),
        (["trial.toml", "--patients", "0"], "from 1 to 100,000,000"),
        (["trial.toml", "--seed", "-1"], "from 0 to 4,294,967,295"),
        (["trial.toml", "--workers", "0"], "1 or more"),
        (["trial.toml", "--power", "50,many"], "'many' is no number"),
        (["trial.toml", "--power", "1"], "from 2 to"),
        (["trial.toml", "--power", ""], "is no number"),
        (["trial.toml", "--replay", "2000"], "from 0 to 1,999"),
        (["trial.toml", "--replay", "-1"], "from 0 to 1,999"),
        (["trial.toml", "-o", "trial.toml"], "is a file"),
        (["trial.toml", "-o", "no/such/results"], "no folder"),
        (["trial.toml", "--json", "--resume"], "no folder to go on with"),
        (["trial.toml", "--scheduler", "tcp://x:1", "--cluster-example"], "two clusters"),
        (["trial.toml", "--mode", "writer"], "writer"),
        (["trial.toml", "--progress", "loud"], "loud"),
    ],
)
def test_refused_before_anything_is_computed(anagen, asked, tmp_path, arguments, said):
    (tmp_path / "broken.toml").write_text('title = "x"\npeople = \n', "utf-8")
    code, out, err = anagen(*arguments)
    assert code == 2
    assert said in err
    assert not out
    assert not asked
    assert {file.name for file in tmp_path.iterdir()} == {"trial.toml", "broken.toml"}


def test_a_file_that_says_pregnant_stops(anagen, asked, tmp_path):
    (tmp_path / "trial.toml").write_text("pregnant = true\n" + EXAMPLE, "utf-8")
    code, out, err = anagen("trial.toml")
    assert code == 3
    assert "Nothing was simulated" in err
    assert not out
    assert not asked


def test_what_the_run_refuses_is_told_and_nothing_is_written(anagen, monkeypatch, tmp_path):
    def refuses(*_: object, **__: object) -> None:
        raise InputError("results holds a trial already", expected="`--resume`, which goes on with it")

    monkeypatch.setattr("anagen.trial.run.run_trial", refuses)
    code, out, err = anagen("trial.toml")
    assert code == 2
    assert err == "anagen: results holds a trial already\nexpected: `--resume`, which goes on with it\n"
    assert not out
    assert {file.name for file in tmp_path.iterdir()} == {"trial.toml"}


def test_a_page_that_fails_leaves_the_numbers(anagen, asked, monkeypatch, tmp_path):
    def full(*_: object, **__: object) -> str:
        raise InputError("no room")

    monkeypatch.setattr("anagen.analysis.trial_page.trial_page", full)
    assert anagen("trial.toml", "-o", "out", "--quiet")[0] == 2
    assert {file.name for file in (tmp_path / "out").iterdir()} == FILES - {"trial.html"}


SLOW = """
import sys, time
from pathlib import Path
import anagen.trial.run as place

def run_trial(trial, output=None, **options):
    print("running", file=sys.stderr, flush=True)
    time.sleep(60)

place.run_trial = run_trial
sys.argv = ["anagen", "trial", "trial.toml", "--quiet", *sys.argv[1:]]
from anagen.cli import run
run()
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [([], "stopped; the parts that are finished are kept, and `--resume` goes on with them."), (["--json"], "nothing")],
)
def test_ctrl_c_says_what_is_kept(tmp_path, more, said):
    (tmp_path / "trial.toml").write_text(EXAMPLE, "utf-8")
    command = [sys.executable, "-c", SLOW, *more]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env={**os.environ}
    ) as process:
        assert process.stderr
        assert process.stderr.readline() == "running\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def test_help_names_every_option(anagen):
    code, out, _ = anagen("--help")
    assert code == 0
    options = "--output --patients --seed --workers --scheduler --cluster-example --resume --replay --power --example"
    for option in (*options.split(), "--schema", "--json", "--quiet", "--progress", "--mode", "--no-page"):
        assert option in out


@pytest.mark.parametrize("option", ["--help", "--example"])
def test_help_and_example_load_no_engine(option):
    heavy = "('jax', 'polars', 'altair', 'distributed')"
    last = f"print('LOADED', [m for m in {heavy} if m in sys.modules])"
    code = f"import atexit, sys; sys.argv = ['anagen', 'trial', {option!r}]; atexit.register(lambda: {last}); "
    out = subprocess.check_output([sys.executable, "-c", code + "from anagen.cli import main; main()"], text=True)
    assert "LOADED []" in out
