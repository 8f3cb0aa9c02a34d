"""A claim edited wrongly: the file, the key and what was expected are told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from anagen.errors import DataError
from anagen.evidence.claims import FILE, Claim
from anagen.evidence.records import checked, read_toml

FOLDER = resources.files("anagen.treatments.isotretinoin")
TEXT = FOLDER.joinpath(FILE).read_text("utf-8")
Edit = Callable[[dict[str, Any]], object]

BAD: list[tuple[Edit, list[str]]] = [
    (lambda c: c.pop("fact"), ["splitting.fact is missing"]),
    (lambda c: c["body"].pop("why"), ["splitting.body.why is missing"]),
    (lambda c: c.update(fact=""), ['splitting.fact is ""', "at least 1 character"]),
    (lambda c: c.update(title=3), ["splitting.title is 3", "string"]),
    (lambda c: c.update(fcat=c.pop("fact")), ["splitting.fcat is not a key that belongs here", "nearest: fact"]),
    (lambda c: c.update(parts=[]), ["splitting.parts is []", "at least 1"]),
    (lambda c: c["parts"][1].update(finding="disagree"), ["splitting.parts[2].finding", "nearest: disagrees"]),
    (lambda c: c["parts"][1].pop("source"), ["part 2 has a finding (disagrees) and names no source"]),
    (
        lambda c: c["parts"][0].update(source=["brazzell-1938"]),
        ["splitting.parts[1].source[1]", "nearest: brazzell-1983"],
    ),
    (lambda c: c["body"].update(design="trial"), ["splitting.body.design", "nearest: trials"]),
    (lambda c: c["body"].update(bias="some"), ["splitting.body.bias", "'no concern'"]),
    (lambda c: c["body"].update(people="many"), ["splitting.body.people", "integer"]),
    (lambda c: c["body"].update(source=[]), ["splitting.body.source"]),
    (lambda c: c["best"].update(source="lytvin-2022"), ["splitting.best.source", "nearest: lytvyn-2022"]),
    (lambda c: c.update(claimed_by=[]), ["splitting.claimed_by"]),
    (lambda c: c.update(kind="saftey rule"), ["splitting.kind", "nearest: safety rule"]),
    (lambda c: c.update(verdict="supported"), ["splitting.verdict is not a key that belongs here"]),
    (lambda c: c.update(checked=date.today() + timedelta(days=2)), ["splitting.checked", "not come yet"]),
    (lambda c: c.update(checked="soon"), ['splitting.checked is "soon"', "date"]),
]


@pytest.mark.parametrize(("edit", "told"), BAD)
def test_a_bad_edit_is_told_with_file_and_key(edit: Edit, told: list[str]) -> None:
    tables = tomllib.loads(TEXT)
    edit(tables["splitting"])
    with pytest.raises(DataError) as caught:
        checked(tables, FILE, dict[str, Claim])
    for words in [FILE, *told]:
        assert words in str(caught.value)


def test_several_faults_are_told_at_once() -> None:
    tables = tomllib.loads(TEXT)
    tables["splitting"].pop("fact")
    tables["weight"].pop("change")
    with pytest.raises(DataError, match=r"(?s)splitting.fact is missing.*weight.change is missing"):
        checked(tables, FILE, dict[str, Claim])


def test_a_file_that_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / FILE
    broken.write_text(TEXT.replace("[splitting]\n", "[splitting\n", 1), "utf-8")
    line = TEXT.split("[splitting]\n", 1)[0].count("\n") + 1
    with pytest.raises(DataError, match=rf"claims\.toml: .*line {line}\b"):
        read_toml(broken)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    broken = tmp_path / FILE
    broken.write_bytes(b'[a]\ntitle = "\xff"\n')
    with pytest.raises(DataError, match=r"claims\.toml: byte 13 is not UTF-8"):
        read_toml(broken)
