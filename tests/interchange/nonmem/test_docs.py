"""The examples of docs/nonmem.md run as they stand, and its tables say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anagen.errors import InputError
from anagen.interchange.nonmem import columns, from_nonmem

PAGE = (Path(__file__).parents[3] / "docs" / "nonmem.md").read_text("utf-8")
(DATA,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)


def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "data.csv").write_text(DATA)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(example, "docs/nonmem.md", "exec"), names)
    out = capsys.readouterr().out
    assert "PRED" in out
    assert "[ 0. 24. 48.]" in out


def test_the_error_shown_is_the_error_given(tmp_path):
    shown = re.search(r"\n( {4}data\.csv: row 3.*?)\n\n", PAGE, re.DOTALL)
    assert shown is not None
    text = "\n".join(line[4:] for line in shown[1].splitlines())
    header, first, second, *_ = DATA.splitlines()
    path = tmp_path / "data.csv"
    path.write_text("\n".join([header, first, second, text.splitlines()[1].strip()]))
    with pytest.raises(InputError) as caught:
        from_nonmem(path)
    assert str(caught.value) == text


def test_every_column_that_is_read_is_listed():
    listed = set(
        re.findall(r"`([A-Za-z0-9_]+)`", "\n".join(line for line in PAGE.splitlines() if line.startswith("| `")))
    )
    for name in (*columns.EVENT_COLUMNS, *columns.DATES, *columns.OWN, *columns.SEXES, columns.COMMENT):
        assert name in listed
    for name in columns.covariate_names("isotretinoin"):
        assert name in listed or name.upper() in listed
    for codes in (columns.MEAL_CODES, columns.FORM_CODES):
        assert ", ".join(f"{code} {name}" for code, name in codes.items()) in PAGE
