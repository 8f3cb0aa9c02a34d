"""The writer: only what was meant changes, comments and order stay, and nothing is left half-written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from calibration.write import Change, changed, three_digits, write_whole

from anagen.errors import DataError

TEXT = """# head

[a.first]
# why
meaning = "one # not a comment"
value = 1.0 # kept
unit = "h"
between = 0.2
status = "assumed"
source = ["assumed"]

# --- next part

[a.second]
meaning = "two"
value = 2.0
unit = "h"
scale = "log"
unknown = [1.0, 4.0]
unknown_with = { "a.first" = 0.5 }
status = "fitted"
calibrated = "x"
source = ["assumed"]
"""
FIRST = Change("a.first", {"value": 1.5, "unknown": [1.0, 2.0], "between": 0.3, "status": "fitted", "calibrated": "x"})
SECOND = Change("a.second", {"value": 2.0, "unknown_with": None, "status": "assumed", "calibrated": None})


def test_only_what_was_meant_changes() -> None:
    new = changed(TEXT, [FIRST, SECOND])
    expected = tomllib.loads(TEXT)
    expected["a"]["first"] |= FIRST.keys
    expected["a"]["second"]["status"] = "assumed"
    del expected["a"]["second"]["unknown_with"], expected["a"]["second"]["calibrated"]
    assert tomllib.loads(new) == expected
    kept = [line for line in TEXT.splitlines() if line.startswith(("#", "[", "meaning", "source")) or not line]
    assert [line for line in new.splitlines() if line in kept] == kept
    assert "value = 1.5 # kept" in new
    assert new.index("between = 0.3") < new.index("unknown = [1.0, 2.0]") < new.index('status = "fitted"')


def test_writing_again_changes_nothing() -> None:
    once = changed(TEXT, [FIRST, SECOND])
    assert changed(once, [FIRST, SECOND]) == once
    assert changed(TEXT, []) == TEXT


def test_a_parameter_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataError, match=r"\[a\.third\] is missing"):
        changed(TEXT, [Change("a.third", {"value": 1.0})])


def test_a_value_over_several_lines_is_refused_not_mangled() -> None:
    text = TEXT.replace("unknown = [1.0, 4.0]", "unknown = [\n  1.0, 4.0\n]")
    with pytest.raises((DataError, tomllib.TOMLDecodeError)):
        changed(text, [Change("a.second", {"unknown": [2.0, 3.0]})])


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.0223456, 0.0223), (10004.0, 10000.0), (-0.012345, -0.0123), (0.0, 0.0)]
)
def test_three_digits(value: float, rounded: float) -> None:
    assert three_digits(value) == rounded


def test_all_files_or_none(tmp_path: Path) -> None:
    good, blocked = tmp_path / "good.toml", tmp_path / "folder"
    good.write_text("old", "utf-8")
    write_whole({good: "new"})
    assert good.read_text("utf-8") == "new"
    blocked.mkdir()
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OSError):  # noqa: PT011  # a file stands where a folder is needed; which error hangs on the system
        write_whole({good: "newer", tmp_path / "file" / "under.json": "{}"})
    assert good.read_text("utf-8") == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "good.toml"]


def test_a_stop_while_writing_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept.toml"
    kept.write_text("old", "utf-8")

    def stopped(*args: object, **keys: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_whole({kept: "new"})
    assert kept.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.toml"]
