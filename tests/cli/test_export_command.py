"""`anagen export sbml` as a newcomer and as a program use it, and everything that it refuses."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anagen.cli import main
from anagen.mechanisms.liver_strike import LiverStrike

REGIMEN = "20 mg once daily with food for 2 weeks"


@pytest.fixture
def anagen(capsys, monkeypatch):
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["anagen", *arguments])
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_writes_a_model_and_says_what_is_left_out(anagen, tmp_path: Path) -> None:
    libsbml = pytest.importorskip("libsbml")
    path = tmp_path / "model.xml"
    code, out, err = anagen("export", "sbml", REGIMEN, "--weight", "70", "--weeks", "4", "-o", str(path))
    assert (code, err) == (0, "")
    said = " ".join(out.split())  # lines break where the path is long
    assert said.index("birth defects") < said.index("Wrote")
    assert "14 doses, 4 weeks" in said
    assert "Left out: creatine kinase: spikes after hard exercise" in said
    document = libsbml.readSBMLFromFile(str(path))
    assert document.getNumErrors() == 0
    assert (document.getLevel(), document.getVersion()) == (3, 2)
    assert "severe birth defects" in document.getModel().getNotesString()


def test_json_says_what_was_written(anagen, tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    code, out, _ = anagen("export", "sbml", REGIMEN, "--person", "3", "--weeks", "4", "-o", str(path), "--json")
    said = json.loads(out)
    assert code == 0
    assert said["safety"][0]["level"] == "stop"
    assert (said["person"], said["doses"], said["weeks"], said["findings"]) == (3, 14, 4, [])
    assert {"shed_per_day", "concentration_mean", "sebum_fraction"} <= set(said["series"])
    assert said["provenance"]["regimens"] == [said["regimen"]]
    assert path.read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["20 g once daily"], "^"),
        (["twenty"], "^"),
        (["700 mg once daily"], "at most 8 mg/kg"),
        ([REGIMEN, "--weight", "29"], "from 30 to 250 kg"),
        ([REGIMEN, "--person", "somebody"], "typical, or the number of a simulated person"),
        ([REGIMEN, "--person", "typicall"], "nearest: typical"),
        ([REGIMEN, "--person", "-1"], "from 0 to"),
        ([REGIMEN, "--person", "2147483648"], "from 0 to"),
        ([REGIMEN, "--person", "1.5"], "typical, or the number of a simulated person"),
        ([REGIMEN, "--weeks", "0"], "from 1 to 312"),
        ([REGIMEN, "--weeks", "313"], "from 1 to 312"),
        ([REGIMEN, "--seed", "-1"], "from 0 to"),
        ([REGIMEN, "--treatment", "isotretinoine"], "nearest: isotretinoin"),
        ([REGIMEN, "--assume", "anagen-efluvium"], "nearest: anagen-effluvium"),
        ([REGIMEN, "--event", "feber@3"], "nearest: fever"),
        ([REGIMEN, "-o", "{folder}"], "is a folder"),
        ([REGIMEN, "-o", "{folder}/no/such/model.xml"], "no folder"),
    ],
)
def test_refused_before_anyone_is_drawn(anagen, monkeypatch, tmp_path: Path, arguments, said) -> None:
    monkeypatch.setattr("anagen.interchange.sbml.draw", lambda *a, **k: pytest.fail("somebody was drawn"))
    given = [text.replace("{folder}", str(tmp_path)) for text in arguments]
    if "-o" not in given:
        given += ["-o", str(tmp_path / "model.xml")]
    code, out, err = anagen("export", "sbml", *given)
    assert code == 2
    assert err.startswith("anagen: ")
    assert said in err
    assert not out
    assert not list(tmp_path.iterdir())


def test_a_hypothesis_without_sbml_form_is_refused_by_name(anagen, monkeypatch, tmp_path: Path) -> None:
    from anagen.interchange import sbml

    def with_it(*arguments: object, assumed: frozenset[str], **more: object) -> sbml.Drawn:
        drawn = draw(*arguments, assumed=frozenset(), **more)  # its own people need no new program
        return replace(drawn, wiring=replace(drawn.wiring, mechanisms=(strike,)))

    draw, strike = sbml.draw, LiverStrike(*[np.float64(1.0)] * 5)
    monkeypatch.setattr(sbml, "draw", with_it)
    path = tmp_path / "model.xml"
    code, out, err = anagen("export", "sbml", REGIMEN, "--assume", "anagen-effluvium", "-o", str(path))
    assert (code, out) == (2, "")
    assert "the mechanism 'LiverStrike' has no SBML form (assumed: anagen-effluvium)" in err
    assert not path.exists()


def test_pregnancy_stops_with_nothing_written(anagen, tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    code, out, err = anagen("export", "sbml", REGIMEN, "--pregnant", "-o", str(path))
    assert (code, out) == (3, "")
    assert "birth defects" in err
    assert not path.exists()


def test_without_libsbml_it_says_what_to_install(anagen, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "libsbml", None)
    code, out, err = anagen("export", "sbml", REGIMEN, "-o", str(tmp_path / "model.xml"))
    assert (code, out) == (2, "")
    assert "pip install 'anagen[sbml]'" in err
    assert not list(tmp_path.iterdir())


def test_an_old_file_stays_where_the_new_one_finds_no_room(anagen, monkeypatch, tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    path.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    code, _, err = anagen("export", "sbml", REGIMEN, "--weeks", "2", "-o", str(path))
    assert code == 2
    assert "No space left" in err
    assert path.read_text("utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["model.xml"]
