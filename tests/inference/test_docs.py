"""The example of docs/fit.md runs as it stands, and its tables are those of the files that the benchmarks wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.fit_calibration import RESULT, SEED, WORDS, drawn, markdown

DOCS = Path(__file__).parents[2] / "docs" / "fit.md"


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    exec(compile(example, "fit.md", "exec"), {})
    assert "cannot tell" in capsys.readouterr().out


def test_the_table_of_calibration_is_that_of_its_file():
    kept = json.loads(RESULT.read_text("utf-8"))
    text = DOCS.read_text("utf-8")
    for line in markdown(kept).splitlines():
        assert line in text, line
    for name, found in kept.items():
        assert found["seed"] == SEED
        assert (DOCS.parent / "images" / f"fit-ranks-{name}.svg").exists()
        assert set(found["unknowns"]) <= set(WORDS)
        for row in found["unknowns"].values():
            assert sum(row["bins"]) == row["records"] <= found["records"]


def test_the_pictures_are_drawn_from_the_same_file(tmp_path):
    for file in drawn(tmp_path):
        kept = DOCS.parent / "images" / file.name
        numbers = [re.findall(r">([0-9]+ records[^<]*)<", where.read_text("utf-8")) for where in (file, kept)]
        assert numbers[0] == numbers[1] != []
