"""The example of docs/fit.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "fit.md"


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    exec(compile(example, "fit.md", "exec"), {})
    assert "cannot tell" in capsys.readouterr().out
