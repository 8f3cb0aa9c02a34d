"""`anagen diary`: what a person types, and what comes back. The examples of the documentation run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.diary.examples import a_rise, at

from anagen.cli.main import main
from anagen.diary.entries import Note, Weight
from anagen.diary.formats.document import write_document
from anagen.diary.store import Diary
from anagen.safety import pregnancy_notice

DOCS = Path(__file__).parents[2] / "docs" / "diary.md"
HEAVY = ("jax", "numpy", "polars", "pyarrow", "altair", "cryptography", "rich", "scipy", "pandas")
BOX = " ".join(pregnancy_notice()["text"].split())


@pytest.fixture
def anagen(monkeypatch, tmp_path, capsys):
    """Run a command line in an empty folder with a diary `d`: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANAGEN_DIARY", str(tmp_path / "d"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("ANAGEN_DIARY_PASSPHRASE", raising=False)

    def run(line: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["anagen", "diary", *shlex.split(line)])
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def plain(text: str) -> str:
    return " ".join(re.sub("[│╭╮╰╯─]", " ", text).split())


def test_a_first_hour(anagen, tmp_path):
    assert anagen("new")[0] == 0
    assert anagen("add count 14 comb --at 2026-03-01")[1] == "Kept as entry 1.\n"
    assert anagen('add dose 20 mg meal=food --at "2026-03-01 20:00"')[1] == "Kept as entry 2.\n"
    assert "A question: 3,000 hairs" in anagen("add count 3000 comb --at 2026-03-02")[1]
    code, out, _ = anagen("list")
    assert code == 0
    assert plain(out).index(BOX) < out.index("20 mg")
    assert anagen("change 3 hairs=30 --why typo")[0] == 0
    assert anagen("withdraw 1")[0] == 0
    told = json.loads(anagen("list --json")[1])
    assert [(one["number"], one["versions"]) for one in told["entries"]] == [(2, 1), (3, 2)]
    assert told["safety"][0]["id"] == "pregnancy"
    _, out, _ = anagen("history 3")
    assert "typo" in out
    assert "3000 hairs" in out
    assert "No questions" in anagen("check")[1]
    assert anagen("wipe")[0] == 2  # no terminal to say yes on
    assert anagen("wipe --yes")[0] == 0
    assert not (tmp_path / "d").exists()
    assert anagen("list") == (
        2,
        "",
        f"anagen: there is no diary in {tmp_path / 'd'}\nexpected: `anagen diary new` makes one\n",
    )


def test_questions_can_be_answered(anagen):
    anagen("new")
    anagen("add dose 400 --at 2026-03-01")
    code, out, _ = anagen("check")
    assert code == 0
    assert plain(out).index(BOX) < out.index("400 mg")
    assert "To answer: anagen diary check --right NUMBER" in out
    assert json.loads(anagen("check --json")[1])["questions"][0]["name"] == "dose-high"
    assert anagen("check --right 2")[0] == 2
    assert anagen("check --right 1")[0] == 0
    assert "No questions" in anagen("check")[1]


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        (["r"], (3000, 1)),
        (["c", "hairs=30"], (30, 2)),
        (["c", "hairs=many"], (3000, 1)),
        (["w"], None),
        (["l"], (3000, 1)),
        ([""], (3000, 1)),
    ],
)
def test_questions_on_a_terminal(anagen, monkeypatch, tmp_path, answers, left):
    anagen("new")
    anagen("add count 3000 comb --at 2026-03-02")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    waiting = iter(answers)
    monkeypatch.setattr("builtins.input", lambda _: next(waiting))
    assert anagen("check")[0] == 0
    with Diary.open(tmp_path / "d") as diary:
        found = diary.entries()
    assert (None if not found else (found[0].entry.hairs, found[0].versions)) == left


def test_an_entry_that_was_withdrawn_is_not_asked_about_again(anagen, monkeypatch, tmp_path):
    """Two questions about one entry: once it is withdrawn by the first, nobody puts the second."""
    anagen("new")
    anagen("add count 3000 comb combed_s=5 --at 2026-03-02")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    waiting = iter(["w"])
    monkeypatch.setattr("builtins.input", lambda _: next(waiting))
    assert anagen("check")[0] == 0
    with Diary.open(tmp_path / "d") as diary:
        assert diary.entries() == ()


def test_answers_are_taken_all_or_none(anagen, tmp_path):
    anagen("new")
    anagen("add count 3000 comb --at 2026-03-02")
    assert anagen("check --right 1 --right 99")[0] == 2
    with Diary.open(tmp_path / "d") as diary:
        assert not diary.entries()[0].confirmed


def test_what_names_a_dose_has_the_box_and_a_confirmation_names_none(anagen):
    anagen("new")
    assert "400" in anagen("add dose 400 --at 2026-03-01")[1]
    assert BOX in plain(anagen("add dose 401 --at 2026-03-02")[1])
    assert "20" not in anagen("add dose 20 --at 2026-03-03")[1]


def test_pregnancy_stops_and_is_not_kept(anagen, tmp_path):
    anagen("new")
    Path("p.json").write_text(
        '{"anagen_diary": 1, "entries": [{"kind": "event", "at": "2026-03-01", "what": "pregnancy"}]}', "utf-8"
    )
    for line in ("add event pregnancy", 'add note "I am pregnant"', "import p.json", "report --pregnant"):
        code, out, err = anagen(line)
        assert code == 3, line
        assert BOX in plain(err)
        assert not out
    with Diary.open(tmp_path / "d") as diary:
        assert diary.history() == ()


@pytest.mark.parametrize(
    "line", ["list", "list --json", "history 1", "check", "report", "report --json", "export d.csv"]
)
def test_a_diary_that_says_so_already_stops(anagen, tmp_path, line, monkeypatch):
    """Written by another program, or by hand: then no dose is shown and nothing is simulated."""
    anagen("new")
    anagen("add dose 20 --at 2026-03-01")
    monkeypatch.setattr("anagen.diary.store.stop_if_pregnant", lambda entries: None)
    with Diary.open(tmp_path / "d") as diary:
        diary.add(Note(at=at(0), text="I am pregnant"))
    monkeypatch.undo()
    monkeypatch.setenv("ANAGEN_DIARY", str(tmp_path / "d"))
    code, out, err = anagen(line)
    assert code == 3
    assert BOX in plain(out + err)
    assert "20 mg" not in out + err
    assert not Path("d.csv").exists()


def test_out_and_in_again(anagen, tmp_path):
    anagen("new")
    with Diary.open(tmp_path / "d") as diary:
        diary.add_all(a_rise())
    number = len(a_rise())
    assert f"Wrote {number - 1} entries" in anagen("export mine.csv")[1]
    assert "Left out: 3 texts" in anagen("export mine.csv")[1]
    assert f"Wrote {number} entries" in anagen("export mine.json --with-words")[1]
    assert anagen("export mine.fhir.json --format fhir --with-words")[0] == 0
    assert f"Imported 0 of {number}" in anagen("import mine.json")[1]
    assert anagen("new other")[0] == 0
    assert (
        f"Imported {number} of {number} entries (entries 1 to {number})"
        in anagen("import mine.fhir.json --diary other")[1]
    )
    assert (
        f"Imported {number} of {number}" in anagen("import mine.json --diary other2")[1]
        if anagen("new other2")
        else False
    )
    with Diary.open("other") as one, Diary.open("other2") as two:
        assert (
            [k.entry for k in one.entries()] == [k.entry for k in two.entries()] == sorted(a_rise(), key=lambda e: e.at)
        )
    assert anagen("export mine.txt")[0] == 2
    assert anagen("export nowhere/mine.csv")[0] == 2


def test_a_broken_file_imports_nothing(anagen, tmp_path):
    anagen("new")
    Path("mine.csv").write_text("kind,at,kg\nweight,2026-03-01,70\nweight,2026-03-02,seventy\n", "utf-8")
    code, out, err = anagen("import mine.csv")
    assert (code, out) == (2, "")
    assert "mine.csv, line 3: weight: kg is 'seventy'" in err
    assert "                      ^^^^^^^" in err
    with Diary.open(tmp_path / "d") as diary:
        assert diary.history() == ()


MIXED = "kind,at,kg,mg\nweight,2026-03-01,70,\nweight,2026-03-02,seventy,\ndose,2026-03-03,,x\nweight,2026-03-04,71,\n"


def test_every_fault_of_a_file_is_told_and_left_out_only_when_that_is_said(anagen, tmp_path):
    anagen("new")
    Path("mine.csv").write_text(MIXED, "utf-8")
    code, out, err = anagen("import mine.csv")
    assert (code, out) == (2, "")
    assert "Nothing was imported. 2 of 4 rows can be read; --skip-faulty imports those alone." in err
    assert "mine.csv: 2 of 4 rows cannot be read; 2 faults" in err
    faults = ("line 3: weight: kg is 'seventy'", "line 4: dose: mg is 'x'")
    assert all(f"mine.csv, {fault}" in err for fault in faults)
    code, out, err = anagen("import mine.csv --skip-faulty")
    assert (code, err) == (0, "")
    assert "Imported 2 of 4 entries (entries 1 to 2)." in out
    assert "Left out, as they cannot be read: 2 rows." in out
    assert all(out.index(BOX[:20]) < out.index(fault) for fault in faults)  # the rows may name a dose
    with Diary.open(tmp_path / "d") as diary:
        assert [kept.entry.kg for kept in diary.entries()] == [70, 71]
    out = anagen("import mine.csv --skip-faulty")[1]
    assert "Imported 0 of 4 entries." in out
    assert "2 stood in the diary already" in out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kind,at,kgs\nweight,2026-03-01,70\n", 2),
        ('kind,at,kg\nweight,2026-03-01,70\nweight,2026-03-02,"71\n', 2),
        ("kind,at,kg\nweight,2026-03-01,x\n", 2),
        ("kind,at,what,kg\nweight,2026-03-01,,70\nevent,31.02.2026,pregnancy,\n", 3),
    ],
)
def test_what_cannot_be_skipped_is_not(anagen, tmp_path, text, code):
    anagen("new")
    Path("mine.csv").write_text(text, "utf-8")
    found, out, err = anagen("import mine.csv --skip-faulty")
    assert (found, out) == (code, "")
    assert err
    with Diary.open(tmp_path / "d") as diary:
        assert diary.history() == ()


def test_a_passphrase(anagen, monkeypatch):
    assert anagen("new --passphrase")[0] == 2  # no terminal to ask on
    monkeypatch.setenv("ANAGEN_DIARY_PASSPHRASE", "correct horse battery")
    assert anagen("new --passphrase")[0] == 0
    assert anagen("add weight 70 --at 2026-03-01")[0] == 0
    monkeypatch.setenv("ANAGEN_DIARY_PASSPHRASE", "wrong horse battery")
    code, out, err = anagen("list")
    assert (code, out) == (2, "")
    assert "the passphrase does not open this diary" in err
    assert "70" not in err
    monkeypatch.delenv("ANAGEN_DIARY_PASSPHRASE")
    assert "this diary has a passphrase" in anagen("list")[2]
    monkeypatch.setenv("ANAGEN_DIARY_PASSPHRASE", "correct horse battery")
    assert "70 kg" in anagen("list")[1]


def test_the_report(anagen, tmp_path):
    anagen("new")
    with Diary.open(tmp_path / "d") as diary:
        diary.add_all(a_rise())
    code, out, _ = anagen("report -o report.html --people 100 --quiet")
    assert code == 0
    assert plain(out).index(BOX) < plain(out).index("1,680 mg")
    assert "two counted weeks in a row" in out
    assert "<svg" in Path("report.html").read_text("utf-8")
    told = json.loads(anagen("report --json --people 100")[1])
    assert told["safety"][0]["id"] == "pregnancy"
    assert told["counts"]["rule"]["since"] == 9
    assert anagen("report --mode clinician --json --people 100")[1].find('"mode": "clinician"') > 0
    for line in ("report -o nowhere/x.html", "report --method cmob", "report --age 12"):
        assert anagen(line)[0] == 2


def test_writing_an_entry_loads_nothing_heavy(tmp_path):
    """What takes half a second to load is not loaded to write down a count: it would cost more than the writing."""
    Diary.new(tmp_path / "d").close()
    program = (
        "import sys; sys.argv = ['anagen', 'diary', 'add', 'count', '14', 'comb', '--diary', sys.argv[1]]\n"
        "from anagen.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "d")], capture_output=True, text=True, check=True
    )
    assert "Kept as entry 1." in told.stdout
    loaded = set(re.findall(r"'(\w+)'", told.stdout))
    assert loaded & set(HEAVY) == set()


def test_the_commands_of_the_documentation(anagen, tmp_path, monkeypatch):
    lines = [
        line
        for block in re.findall(r"```console\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
        for line in block.splitlines()
    ]
    assert len(lines) == 11
    for line in lines:
        command = line.removeprefix("$ anagen diary ")
        assert command != line
        code, _, err = anagen(command + (" --people 100 --quiet" if command.startswith("report") else ""))
        assert code == 0, (line, err)
    assert Path("report.html").exists()


def test_the_python_of_the_documentation(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    exec(compile(example, "docs/diary.md", "exec"), {})
    assert capsys.readouterr().out == "[15] 2\n"


def test_entries_with_markup_are_shown_as_they_are(anagen, tmp_path):
    anagen("new")
    with Diary.open(tmp_path / "d") as diary:
        diary.add(Note(at=at(0), text="[bold]x[/bold] [/oops]"))
        diary.add(Weight(at=at(0), kg=70.0, note="\x1b[31mred"))
    code, out, _ = anagen("list")
    assert code == 0
    assert "[bold]x[/bold] [/oops]" in out
    assert "anagen_diary" in write_document([])
