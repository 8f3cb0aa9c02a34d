"""From draws to what is written: the rules of the report, on draws made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from calibration.blocks import Block
from calibration.fit import QUICK, Fit
from calibration.priors import Prior
from calibration.report import changes, score, uninformed, written, written_with
from tests.calibration import toy

from anagen.patient.parameters import read_parameters
from calibration import __main__ as command
from calibration import work

TABLE = '[{}]\nvalue = 9.0\nunit = "1"\nmeaning = "m"\nstatus = "{}"\ncertainty = "low"\nsource = ["assumed"]\n'
LOG = Prior(name="a.b", block="x", value=1.0, interval=(0.5, 2.0), scale="log", source=("assumed",))


def made(z: np.ndarray, priors: tuple[Prior, ...]) -> Fit:
    """A fit whose draws are these."""
    values = {prior.name: np.asarray(prior.at(z[:, i])) for i, prior in enumerate(priors)}
    names = [prior.name for prior in priors]
    block = Block("x", "X", priors, (), lambda values: z)
    nothing = np.zeros((len(z), 0))
    ones = dict.fromkeys(names, 1.0)
    return Fit(block, QUICK, z, values, nothing, {}, ones, ones, 0)


def test_a_value_that_the_rows_do_not_speak_against_stays() -> None:
    z = np.random.default_rng(1).normal(size=(20000, 1))
    assert written(made(0.5 * z + 0.2, (LOG,)))["a.b"] == 1.0  # 0.4 SD beside the median: within the middle half
    moved = made(0.5 * z + 0.5, (LOG,))
    sd = 0.5 * np.log(2) / 1.96
    (change,) = changes(moved, read_parameters(TABLE.format("a.b", "assumed")))
    assert change.keys["value"] == pytest.approx(np.exp(sd), rel=0.01)
    assert change.keys["unknown"] == pytest.approx([np.exp(sd - 1.96 * sd), np.exp(sd + 1.96 * sd)], rel=0.02)


def test_values_that_the_rows_fix_together_move_together() -> None:
    rng = np.random.default_rng(6)
    common = rng.normal(size=(20000, 1))
    z = 0.5 * (common + 0.3 * rng.normal(size=(20000, 3))) + [0.0, 0.7, 0.0]
    z[:, 2] = 0.5 * rng.normal(size=20000)
    priors = tuple(LOG.model_copy(update={"name": f"a.{letter}"}) for letter in "bcd")
    found = written(made(z + np.array([0.05, 0, 0.05]), priors))
    assert found["a.c"] > 1.2
    assert found["a.b"] != 1.0  # its own median is near, but it goes with the one that moved
    assert found["a.d"] == 1.0


def test_what_no_row_informs_goes_back_to_its_prior() -> None:
    z = np.random.default_rng(2).normal(size=(20000, 2)) * [0.5, 0.97] + [1.0, 1.0]
    other = LOG.model_copy(update={"name": "a.c", "status": "class-effect"})
    table = (
        '[a.{}]\nvalue = 9.0\nunit = "1"\nmeaning = "m"\nstatus = "fitted"\ncertainty = "low"\nsource = ["assumed"]\n'
    )
    known = read_parameters(table.format("b") + table.format("c"))
    first, second = changes(made(z, (LOG, other)), known)
    assert (first.keys["status"], first.keys["calibrated"]) == ("fitted", "x")
    assert first.keys["value"] == pytest.approx(np.exp(np.log(2) / 1.96), rel=0.02)
    assert (second.keys["value"], second.keys["unknown"]) == (1.0, [0.5, 2.0])
    assert (second.keys["status"], second.keys["calibrated"]) == ("class-effect", None)


def test_correlations_are_stated_once_and_can_be_drawn_from() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(size=(4000, 1))
    z = 0.5 * (common * [1, -1, 1, 0] + 0.05 * rng.normal(size=(4000, 4)) + rng.normal(size=(4000, 4)) * [0, 0, 0, 1])
    priors = tuple(LOG.model_copy(update={"name": f"a.{letter}"}) for letter in "bcde")
    found = written_with(made(z, priors))
    assert set(found) == {"a.c", "a.d"}
    assert found["a.c"]["a.b"] < -0.9
    matrix = np.eye(4)
    for i, prior in enumerate(priors):
        for name, value in found.get(prior.name, {}).items():
            k = [p.name for p in priors].index(name)
            matrix[i, k] = matrix[k, i] = value
    assert np.linalg.eigvalsh(matrix)[0] > 0.01


def test_a_limit_that_is_kept_scores_nothing() -> None:
    draws = np.full((10, 1), 2.0)
    for limit, value, sign in (("at least", 1.0, 0), ("at least", 3.0, 1), ("at most", 3.0, 0), ("at most", 1.0, -1)):
        block = toy.block(toy.row(value, 0.5, limit=limit))
        one = SimpleNamespace(block=block, predicted=draws, study_sd={})
        assert np.sign(score(one, 0)) == sign  # type: ignore[arg-type]
    block = toy.block(toy.row(3.0, 0.5, discrepancy=1.2))
    one = SimpleNamespace(block=block, predicted=draws, study_sd={"rate": np.full(10, 0.84)})
    assert score(one, 0) == pytest.approx(1 / (0.5**2 + 1.2**2 + 0.84**2) ** 0.5)  # type: ignore[arg-type]


def test_uninformed_names_what_is_assumed_and_what_no_row_moved() -> None:
    table = '[{}]\nvalue = 9.0\nunit = "1"\nmeaning = "m"\nstatus = "{}"\ncertainty = "low"\nsource = ["assumed"]\n'
    known = read_parameters(
        "".join(
            table.format(*pair) for pair in [("a", "assumed"), ("b", "measured"), ("c", "assumed"), ("d", "fitted")]
        )
    )
    own = [("c", True), ("d", False), ("b:between", False)]
    block = {"parameters": [{"name": name, "informed": says, "nuisance": False} for name, says in own]}
    assert uninformed([block], known) == ["a", "d", "b:between"]


def test_the_command_writes_both_files_and_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prior = toy.PRIOR.model_copy(update={"name": "sebum.lasting_decay_rate", "value": 1.0})
    row = toy.row()
    block = Block("sebum", "Sebum", (prior,), (row,), lambda values: values["sebum.lasting_decay_rate"][None])
    monkeypatch.setattr(work, "load", lambda name: block)
    command.calibrate(["sebum"], QUICK, tmp_path)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(files) == {"parameters.toml", "calibration.json"}
    shown = json.loads(files["calibration.json"])
    assert shown["blocks"][0]["rows"][0]["observed"] == 3.0
    assert read_parameters(files["parameters.toml"].decode())["sebum.lasting_decay_rate"].value == pytest.approx(
        2.6, abs=0.2
    )
    command.calibrate(["sebum"], QUICK, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_quick_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "load", lambda name: toy.block(toy.row()))
    monkeypatch.chdir(tmp_path)
    assert command.main(["--block", "sebum", "--quick", "--to", str(tmp_path)]) == 0
    assert not list(tmp_path.iterdir())


def test_an_unknown_block_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command.main(["--block", "sebun", "--to", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "unknown block: sebun" in said
    assert "nearest: sebum" in said
    assert not list(tmp_path.iterdir())


def test_a_stop_during_the_fit_writes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*args: object) -> tuple[Fit, float]:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "load", lambda name: toy.block(toy.row()))
    monkeypatch.setattr(work, "one", stopped)
    assert command.main(["--block", "sebum", "--to", str(tmp_path)]) == 130
    assert not list(tmp_path.iterdir())
    assert "nothing was written" in capsys.readouterr().err
