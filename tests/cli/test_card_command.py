"""`anagen card` as a newcomer and as a program use it; it simulates nothing."""

from __future__ import annotations

import json

import pytest

from anagen.analysis.model_card.card import model_card
from anagen.treatments.registry import treatment

from .test_commands import run

BOX = "Never in pregnancy"


@pytest.fixture
def anagen(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: run(capsys, monkeypatch, "card", *arguments)


def test_it_writes_the_card_and_prints_it_in_short(anagen, tmp_path):
    code, out, err = anagen("isotretinoin", "-o", "mine.html")
    assert (code, err) == (0, "")
    page = (tmp_path / "mine.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "Model card: oral isotretinoin" in page
    assert out.index(BOX) < out.index("Model card:")
    assert "Not for:" in out
    assert "Checked by people:" in out
    assert treatment().parameter_hash() in out
    assert "wrote mine.html" in out


def test_without_a_name_it_is_card_html(anagen, tmp_path):
    assert anagen()[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["card.html"]


def test_json_is_the_card(anagen, tmp_path):
    code, out, err = anagen("--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads(json.dumps(model_card()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("isotretinon",), "isotretinoin"),
        (("isotretinoin", "-o", "no/card.html"), "there is no folder"),
        (("isotretinoin", "-o", "."), "is a folder"),
    ],
)
def test_what_cannot_be_done_is_refused(anagen, tmp_path, arguments, says):
    code, out, err = anagen(*arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert list(tmp_path.iterdir()) == []
