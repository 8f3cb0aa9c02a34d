"""Reader mode, searched whole: whatever the diary's commands print or write, and the fit that refuses, says none of the
forbidden words."""

from __future__ import annotations

import json
import re
import shlex
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from tests.diary.examples import a_rise, at, counts, doses
from tests.diary.test_describe import said, text_of_page

from anagen import treatment
from anagen.cli.main import main
from anagen.diary.entries import DoseTaken, Event, ShedCount
from anagen.diary.store import Diary

COMMANDS = (
    "new other",
    "add count 3000 comb",
    "add dose 400",
    "add event fever 4 --at 2026-01-02",
    "add kinds",
    "list",
    "list --json",
    "change 1 hairs=12",
    "history 1",
    "withdraw 2",
    "check",
    "check --json",
    "check --right 3",
    "report --people 100 --quiet",
    "report --people 100 --quiet --json",
    "report --people 100 --quiet -o report.html --with-words",
    "export mine.csv",
    "export mine.json",
    "export mine.fhir.json --format fhir",
    "import mine.csv",
    "wipe",
    "wipe --yes",
    # what is refused
    "add cuont 14 comb",
    "add count many comb",
    "add dose 20 --at 2099-01-01",
    "list",
    "report --method cmob",
)


@pytest.fixture
def anagen(monkeypatch, tmp_path, capsys):
    """Run a command line in an empty folder with a diary `d`: what it said, on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANAGEN_DIARY", str(tmp_path / "d"))
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.delenv("ANAGEN_DIARY_PASSPHRASE", raising=False)

    def run(line: str) -> str:
        monkeypatch.setattr(sys, "argv", ["anagen", *shlex.split(line)])
        with suppress(SystemExit):
            main()
        told = capsys.readouterr()
        return told.out + "\n" + told.err

    return run


def own_words(text: str) -> str:
    """What was said, less the fixed notices of the drug: about pregnancy, and what the program is for."""
    text = " ".join(re.sub("[│╭╮╰╯─]", " ", text).split())
    for notice in treatment("isotretinoin").safety.values():
        text = text.replace(" ".join(notice["text"].split()), "")
    return text


def test_every_command_of_the_diary(anagen, tmp_path):
    anagen("diary new")
    with Diary.open(tmp_path / "d") as diary:
        diary.add_all(a_rise())
    for line in COMMANDS:
        text = anagen(f"diary {line}")
        assert text.strip(), line
        if line.endswith("--json"):
            told = {key: value for key, value in json.loads(text).items() if key not in ("safety", "provenance")}
            text = json.dumps(told, ensure_ascii=False)
        assert said(own_words(text)) == [], line
    assert said(text_of_page(Path("report.html").read_text("utf-8"))) == []


def test_the_help_of_every_command(anagen):
    names = "new add list change withdraw history check import export report wipe"
    for name in ("", *names.split(" ")):
        assert said(own_words(anagen(f"diary {name} --help"))) == [], name


def test_every_question_that_check_asks(anagen, tmp_path):
    anagen("diary new")
    with Diary.open(tmp_path / "d") as diary:
        diary.add_all(
            [
                *counts([0, 0, 7], lambda _: 10.0),
                ShedCount(at=at(1), hairs=3000, method="comb"),
                DoseTaken(at=at(2), mg=400.0),
                DoseTaken(at=at(2), mg=400.0),
                Event(at=at(4000), what="fever", days=400),
                *doses(3),
            ]
        )
    assert said(own_words(anagen("diary check"))) == []


@pytest.mark.parametrize("options", ["", "--json", "--mode reader", "--mode reader --json --chains"])
def test_the_fit_that_refuses_names_nothing(anagen, tmp_path, options):
    anagen("diary new")
    with Diary.open(tmp_path / "d") as diary:
        diary.add_all(a_rise())
    anagen("diary export mine.csv")
    text = anagen(f"fit mine.csv {options}")
    assert "for clinicians and research" in text
    assert said(own_words(text)) == []
    assert not re.search(r"telogen|anagen eff|isotretinoin|fever|\bmg\b|%|\d", text, re.IGNORECASE)
