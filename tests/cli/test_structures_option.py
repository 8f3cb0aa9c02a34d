"""`--structures` on the command line."""

from __future__ import annotations

import json

import pytest
from tests.cli.test_commands import run

FEW = ["--people", "100", "--weeks", "8"]
REGIMEN = "20 mg once daily fasted for 4 weeks"


@pytest.fixture
def anagen(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


def test_json_has_the_structures_only_when_asked(anagen):
    code, out, _ = anagen("simulate", REGIMEN, "--structures", "all", "--json", *FEW)
    assert code == 0
    asked = json.loads(out)
    _, out, _ = anagen("simulate", REGIMEN, "--json", *FEW)
    usual = json.loads(out)
    structures = asked.pop("structures")
    assert asked.pop("provenance")["structures"] == "all"
    assert "structures" not in usual.pop("provenance")
    assert asked == usual
    assert {"no-lasting-suppression", "saturable-absorption", "band"} <= set(structures)
    low, high = (max(structures["band"]["oxo_ng_per_ml"][end]) for end in ("low", "high"))
    assert low < high


def test_tables_say_which_structure_moves_what(anagen):
    code, out, _ = anagen("simulate", REGIMEN, "--structures", "fasted-absorption", *FEW)
    assert code == 0
    assert out.lower().index("never in pregnancy") < out.index("Outcomes between structures")
    assert "A larger share of a smaller dose" in out
    assert "in use / saturable-absorption" in out
    assert out.count("never in pregnancy") >= 2


def test_compare(anagen):
    two = (REGIMEN, "10 mg once daily fasted for 4 weeks")
    code, out, _ = anagen("compare", *two, "--structures", "fasted-absorption", "--json", *FEW)
    assert code == 0
    structures = json.loads(out)["structures"]
    assert [arm["regimen"] for arm in structures["saturable-absorption"]["arms"]] == list(two)
    assert len(structures["band"]) == 2
    code, out, _ = anagen("compare", *two, "--structures", "saturable-absorption", *FEW)
    assert code == 0
    assert out.count("Outcomes between structures") == 2


@pytest.mark.parametrize("command", [["simulate", REGIMEN], ["compare", REGIMEN, "10 mg once daily for 4 weeks"]])
@pytest.mark.parametrize(("word", "near"), [("no-lasting-supression", "no-lasting-suppression"), ("oxo", "oxo-ratio")])
def test_an_unknown_structure_is_refused(anagen, command, word, near):
    code, out, err = anagen(*command, "--structures", word, "--json", *FEW)
    assert (code, out) == (2, "")
    assert f"unknown structure: '{word}'" in err
    assert near in err


def test_pregnancy_stops_it(anagen):
    code, out, _ = anagen("simulate", REGIMEN, "--structures", "all", "--pregnant", "--json")
    assert code == 3
    assert "structures" not in json.loads(out)


def test_a_file_that_cannot_be_written_is_refused_at_once(anagen, tmp_path):
    code, _, err = anagen("simulate", REGIMEN, "--structures", "all", "--csv", str(tmp_path / "no" / "x.csv"))
    assert code == 2
    assert "there is no folder" in err
