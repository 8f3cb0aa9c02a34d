"""`docs/results.md` as it stands: its example runs, its table of codes is the program's, its columns are there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.interchange.results.results import result

from anagen.interchange.results.cdisc import codes

DOCS = (Path(__file__).parents[3] / "docs/results.md").read_text("utf-8")


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    exec(compile(example, "results.md", "exec"), {})
    assert capsys.readouterr().out == "['STUDYID', 'USUBJID', 'TRTPN', 'TRTP', 'PARAMCD']\nTrue\n"


def test_the_codes_are_those_of_the_program():
    told = {series: code for code, series in re.findall(r"\| ([A-Z0-9]+) \| `(\w+)`", DOCS)}
    assert told == dict(codes("isotretinoin"))


def test_every_column_is_described():
    described = set(re.findall(r"`([A-Z]+)`", DOCS))
    assert set(result("simulate").to_polars("cdisc").columns) <= described
    assert ", ".join(result("simulate").to_polars().columns) in DOCS
