"""The pages on FHIR and units: their examples run, their tables are those of the code; the command does as they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anagen import from_fhir
from anagen.cli.main import app
from anagen.interchange.fhir.observations import known_codes
from anagen.safety import pregnancy_notice

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["fhir.md", "units.md"])
def test_examples_run(page):
    (example,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    exec(compile(example, page, "exec"), {})


def test_the_page_lists_every_loinc_code():
    rows = [line for line in (DOCS / "fhir.md").read_text("utf-8").splitlines() if line.startswith("|")]
    for code, known in known_codes().items():
        row = next(row for row in rows if row.startswith(f"| {known.name} | `{known.unit}` |"))
        assert code in row


def run(*arguments):
    return CliRunner().invoke(app, ["export", "fhir", *arguments])


def test_the_commands_of_the_page(tmp_path):
    lines = re.findall(
        r'^    anagen export fhir "(.*?)"(.*)-o bundle\.json$', (DOCS / "fhir.md").read_text("utf-8"), re.M
    )
    assert len(lines) == 2
    for regimen, options in lines:
        file = tmp_path / "bundle.json"
        result = run(regimen, *options.split(), "-o", str(file))
        assert result.exit_code == 0, result.output
        words = " ".join(result.output.replace("│", " ").split())
        assert pregnancy_notice()["text"] in words
        assert words.index(pregnancy_notice()["title"]) < words.index("Wrote")
        assert from_fhir(file).regimen is not None


def test_a_pregnant_person_gets_no_file(tmp_path):
    file = tmp_path / "bundle.json"
    assert run("20 mg once daily", "-o", str(file), "--pregnant").exception is not None
    assert not file.exists()


def test_json_says_what_was_written(tmp_path):
    import json

    result = run("20 mg once daily until 120 mg/kg", "-o", str(tmp_path / "b.json"), "--weight", "70", "--json")
    said = json.loads(result.output)
    assert said["safety"][0]["level"] == "stop"
    assert from_fhir(said["file"]).regimen.events(70).time_h.size == 420
