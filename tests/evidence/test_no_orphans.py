"""No source is an orphan: a data file cites it, or the ledger says why not; and every key that is cited exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import anagen
from anagen.errors import DataError
from anagen.evidence import load_sources
from anagen.evidence.set_aside import reasons, set_aside

ROOT = Path(anagen.__file__).parent
DATA = sorted(p for p in ROOT.rglob("*.toml") if p.parent.name != "evidence" and p.name != "example.toml")


def cited(table: Any, field: str = "") -> Iterator[str]:
    """Source keys anywhere in a file: what stands under `source`, `sources`, `claimed_by`, `minimal_source`, ..."""
    if isinstance(table, dict):
        for name, item in table.items():
            yield from cited(item, name)
    elif isinstance(table, list):
        for item in table:
            yield from cited(item, field)
    elif isinstance(table, str) and (field in {"sources", "claimed_by"} or field.split("_")[-1] == "source"):
        yield table


def read(path: Path) -> Any:
    return tomllib.loads(path.read_text("utf-8"))


CITED = {key for path in DATA for key in cited(read(path))}


def test_the_walk_sees_every_kind_of_field() -> None:
    table = {
        "a": {"source": ["s1"], "text": "t"},
        "b": [{"sources": ["s2"], "best": {"source": "s3"}}],
        "claimed_by": ["s4"],
        "effect": {"minimal_source": ["s5"]},
        "identity_source": ["s6"],
    }
    assert list(cited(table)) == ["s1", "s2", "s3", "s4", "s5", "s6"]


@pytest.mark.parametrize("path", DATA, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_cited_key_exists(path: Path) -> None:
    assert sorted(set(cited(read(path))) - set(load_sources())) == []


def test_every_source_is_cited_or_set_aside() -> None:
    assert [key for key in load_sources() if key not in CITED and key not in set_aside()] == []


def test_no_source_is_both_cited_and_set_aside() -> None:
    assert [key for key in set_aside() if key in CITED] == []


def test_reasons_are_reasons() -> None:
    assert [key for key, reason in set_aside().items() if len(reason.partition(": ")[2]) < 6] == []


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"weak": {"kaufmann-1998": "another drug"}}, r"(?s)weak.kaufmann-1998 is no source.*nearest: kaufman-1998"),
        ({"a": {"kaufman-1998": "x"}, "b": {"kaufman-1998": "y"}}, r"b.kaufman-1998 was set aside before \(a: x\)"),
        ({"weak": {"kaufman-1998": " "}}, r"(?s)weak.kaufman-1998 is ' '.*expected: the reason"),
        ({"weak": {"kaufman-1998": 3}}, "weak.kaufman-1998 is 3"),
        ({"kaufman-1998": "another drug"}, "set_aside.toml: kaufman-1998 stands in no group"),
    ],
)
def test_a_bad_edit_of_the_ledger_is_refused(groups: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as caught:
        reasons(groups)
    assert re.search(message, str(caught.value))
