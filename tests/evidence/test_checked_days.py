"""Days on which sources were checked: none lies ahead, and a computer whose clock is behind still reads the data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest

from anagen.evidence import records
from anagen.evidence.claims import Claim
from anagen.evidence.monograph import Monograph
from anagen.evidence.side_effects import SideEffect

FILES = {
    "claims.toml": dict[str, Claim],
    "monograph.toml": Monograph,
    "side_effects.toml": dict[str, SideEffect],
}


def tables(name: str) -> dict[str, Any]:
    return records.read_toml(resources.files("anagen.treatments.isotretinoin").joinpath(name))


def days(table: Any) -> Iterator[date]:
    if isinstance(table, date):
        yield table
    elif isinstance(table, dict | list):
        for item in table.values() if isinstance(table, dict) else table:
            yield from days(item)


@pytest.mark.parametrize("name", FILES)
def test_no_day_is_later_than_the_day_the_data_were_written(name: str) -> None:
    assert max(days(tables(name))) <= records.WRITTEN


@pytest.mark.parametrize("name", FILES)
def test_a_clock_that_is_behind_does_not_lock_the_data(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Behind(date):
        @classmethod
        def today(cls) -> date:
            return date(2020, 1, 1)

    monkeypatch.setattr(records, "date", Behind)
    assert records.checked(tables(name), name, FILES[name])
