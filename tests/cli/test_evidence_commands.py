"""`anagen claims`, `anagen product` and `anagen analyse`, as a newcomer and as a program use them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from anagen.evidence.claims import load_claims
from anagen.treatments.isotretinoin import __file__ as folder

from .test_commands import run

FEW = ["--people", "20", "--weeks", "8", "--quiet"]
REGIMEN = "10 mg once daily with food for 4 weeks"
MAIN = "from anagen.cli import main; main()"


@pytest.fixture
def anagen(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


def test_the_list_of_claims_stands_under_the_box(anagen):
    code, out, _ = anagen("claims")
    assert code == 0
    assert out.index("Never in pregnancy") < out.index("anagen-effluvium")
    assert all(identity in out for identity in load_claims("isotretinoin"))


def test_a_card_in_words(anagen):
    code, out, _ = anagen("claims", "splitting")
    assert code == 0
    card = load_claims("isotretinoin")["splitting"]
    assert out.index("Never in pregnancy") < out.index(card.title)
    flat = " ".join(out.split())
    for text in (card.claim, card.believed, card.change, "From the model:", "1.9", "Sources"):
        assert " ".join(text.split())[:60] in flat


def test_a_card_for_programs(anagen):
    code, out, _ = anagen("claims", "splitting", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["safety"][0]["level"] == "stop"
    (card,) = found["claims"]
    assert card["id"] == "splitting"
    assert card["verdict"] in ("supported", "partly", "unclear", "contradicted", "not studied")
    assert 1 <= card["certainty"]["level"] <= 4
    assert card["sources"]
    assert all(source["citation"] for source in card["sources"])
    assert any(number["values"]["peak_ratio"] == pytest.approx(1.91, abs=0.02) for number in card["numbers"])


def test_all_claims_for_programs_have_verdict_certainty_and_source(anagen):
    found = json.loads(anagen("claims", "--json")[1])["claims"]
    assert [card["id"] for card in found] == list(load_claims("isotretinoin"))
    assert all(card["verdict"] and card["certainty"]["level"] and card["sources"] for card in found)


def test_words_are_searched(anagen):
    code, out, _ = anagen("claims", "zinc")
    assert code == 0
    assert "nutrients" in out
    assert "weight" not in out.split()


@pytest.mark.parametrize(
    ("words", "near"),
    [("anagn-efluvium", "anagen-effluvium"), ("livr", "liver-intoxication"), ("livr toxic", "liver-intoxication")],
)
def test_an_unknown_claim_names_the_nearest(anagen, words, near):
    code, out, err = anagen("claims", *words.split())
    assert code == 2
    assert out == ""
    assert "unknown claim" in err
    assert f"nearest: {near}" in err


@pytest.mark.parametrize("command", [("claims",), ("product", "roaccutane"), ("analyse",)])
def test_an_unknown_treatment_names_the_nearest(anagen, command, tmp_path):
    where = ["-o", str(tmp_path / "x.html")] if command == ("analyse",) else []
    name = ["isotretinion"] if command == ("analyse",) else ["--treatment", "isotretinion"]
    code, _, err = anagen(*command, *name, *where)
    assert code == 2
    assert "unknown treatment: 'isotretinion'" in err
    assert "nearest: isotretinoin" in err
    assert not list(tmp_path.iterdir())


def test_a_product(anagen):
    code, out, _ = anagen("product", "ROACCUTÁNE", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["status"], found["products"][0]["name"]) == ("found", "Roaccutane")
    assert found["safety"][0]["level"] == "stop"
    code, out, _ = anagen("product", "epuris")
    assert "lidose" in out
    assert "Never in pregnancy" in out


@pytest.mark.parametrize(("typed", "asked"), [("roacutane", "Roaccutane"), ("Aknetrend", "Aknetrent")])
def test_a_misspelt_product_is_asked_about(anagen, typed, asked):
    code, out, _ = anagen("product", typed)
    assert code == 0
    assert "Did you mean" in out
    assert asked in out


def test_a_gel_is_flagged(anagen):
    assert "topical" in anagen("product", "isotrex")[1]


def test_an_unknown_product(anagen):
    code, out, err = anagen("product", "xyzzy")
    assert code == 2
    assert "unknown product" in err
    assert out == ""


def test_analyse_writes_a_page_and_says_where(anagen, tmp_path):
    page = tmp_path / "analysis.html"
    code, out, _ = anagen("analyse", "isotretinoin", "--regimen", REGIMEN, "-o", str(page), *FEW)
    assert code == 0
    assert out.index("Never in pregnancy") < out.index("Ratings")
    assert "maximal" in out
    assert str(page) in out
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert [file.name for file in tmp_path.iterdir()] == ["analysis.html"]


def test_analyse_for_programs(anagen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = anagen("analyse", "--regimen", REGIMEN, "--json", *FEW)
    assert code == 0
    found = json.loads(out)
    assert found["safety"][0]["level"] == "stop"
    assert {"ratings", "claims", "map", "arms", "untreated", "paired", "provenance"} <= set(found)
    assert all(rating["harm"] == 4 for rating in found["ratings"])
    assert not list(tmp_path.iterdir()), "no page where only JSON was asked for"


def test_analyse_stops_for_a_pregnant_person(anagen, tmp_path):
    page = tmp_path / "analysis.html"
    code, out, err = anagen("analyse", "--regimen", REGIMEN, "--pregnant", "-o", str(page), *FEW)
    assert code == 3
    assert "Nothing was simulated" in err
    assert out == ""
    assert not page.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--regimen", "20 g daily"], "^"),
        (["--regimen", REGIMEN, "--regimen", REGIMEN], "the same regimen twice"),
        (["--regimen", REGIMEN, "--assume", "anagen-efluvium"], "nearest: anagen-effluvium"),
        (["--regimen", REGIMEN, "-o", "no/such/folder/x.html"], "there is no folder"),
        (["--regimen", REGIMEN, "--weight", "3"], "from 30 to 250 kg"),
        ([part for dose in range(1, 10) for part in ("--regimen", f"{dose} mg once daily")], "from 1 to 8"),
    ],
)
def test_analyse_refuses(anagen, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = anagen("analyse", *arguments, *FEW)
    assert code == 2
    assert words in err
    assert out == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("claims.toml", 'finding = "agrees"', 'finding = "agree"', ["claims.toml", "parts[", ".finding", "'agrees'"]),
        ("claims.toml", "[splitting]", "[splitting", ["claims.toml", "line"]),
        ("products.toml", 'form = "capsule"', 'form = "pill"', ["products.toml", "product[1].form", "capsule"]),
    ],
)
def test_a_data_file_edited_wrongly_is_named(tmp_path, file, before, after, words):
    """In a copy of the package, as someone who edits a checkout would see it."""
    import shutil

    package = Path(folder).parents[2]
    copy = tmp_path / "anagen"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    edited = copy / "treatments" / "isotretinoin" / file
    text = edited.read_text("utf-8")
    assert before in text
    edited.write_text(text.replace(before, after, 1), "utf-8")
    command = ["product", "roaccutane"] if file == "products.toml" else ["claims"]
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['anagen', *{command!r}]; {MAIN}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=tmp_path, check=False
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", [["claims"], ["claims", "splitting"], ["product", "roaccutane"]])
def test_claims_and_products_load_no_engine(command):
    heavy = "('jax', 'numpy', 'polars', 'altair', 'lark')"
    last = f"print('LOADED', [m for m in {heavy} if m in sys.modules])"
    code = f"import atexit, sys; sys.argv = ['anagen', *{command!r}]; atexit.register(lambda: {last}); {MAIN}"
    out = subprocess.check_output([sys.executable, "-c", code], encoding="utf-8")
    assert "LOADED []" in out


def test_what_was_typed_is_not_repeated_at_length(anagen):
    code, _, err = anagen("product", "x" * 5000)
    assert code == 2
    assert "unknown product: 'xxx" in err
    assert len(err) < 1000


def shell(line: str) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} -m anagen"
    return subprocess.run(["bash", "-c", line.format(anagen=command)], capture_output=True, encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("what", ["claims", "claims --json", "product roaccutane"])
def test_a_full_disk_under_the_output_is_told_in_one_line(what):
    done = shell(f"{{anagen}} {what} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "anagen: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("line", ["{anagen} product roaccutane >&-", "{anagen} claims --json | head -c 1 >/dev/null"])
def test_a_reader_that_is_not_there_gets_no_traceback(line):
    assert shell(line).stderr == ""
