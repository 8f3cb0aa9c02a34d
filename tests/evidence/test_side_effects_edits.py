"""A side effect edited wrongly: the file, the key and what was expected are told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from anagen.errors import DataError
from anagen.evidence.records import checked
from anagen.evidence.side_effects import FILE, SideEffect

FOLDER = resources.files("anagen.treatments.isotretinoin")
Edit = Callable[[dict[str, Any]], object]
BAD: list[tuple[Edit, list[str]]] = [
    (lambda e: e["frequency"][0].update(percent=120), ["cheilitis.frequency[1].percent is 120", "100"]),
    (lambda e: e["frequency"][0].update(percent=-1), ["cheilitis.frequency[1].percent is -1"]),
    (lambda e: e["frequency"][0].update(low=50, high=40), ["cheilitis.frequency[1]", "is no range"]),
    (lambda e: e["frequency"][0].update(low=5, high=0), ["cheilitis.frequency[1]", "is no range"]),
    (lambda e: e["frequency"][0].update(low=50, high=60), ["cheilitis.frequency[1]", "47.0 % lies outside"]),
    (lambda e: e["frequency"][0].update(low=5), ["cheilitis.frequency[1]", "belong together"]),
    (lambda e: e["frequency"][0].pop("percent"), ["cheilitis.frequency[1]", "needs percent"]),
    (lambda e: e["frequency"][3].update(affected=40), ["cheilitis.frequency[4]", "83.3 %"]),
    (lambda e: e["frequency"][3].update(affected=49), ["cheilitis.frequency[4]", "number of people"]),
    (lambda e: e["frequency"][3].pop("people"), ["cheilitis.frequency[4]", "number of people"]),
    (lambda e: e["frequency"][0].pop("source"), ["cheilitis.frequency[1].source is missing"]),
    (lambda e: e["frequency"][0].update(source=[]), ["cheilitis.frequency[1].source"]),
    (
        lambda e: e["frequency"][0].update(source=["rademaker-2011"]),
        ["cheilitis.frequency[1].source[1]", "rademaker-2010"],
    ),
    (lambda e: e["frequency"][0].update(asked="own reports"), ["cheilitis.frequency[1].asked", "nearest: own report"]),
    (lambda e: e.update(often="frequent"), ["cheilitis.often", "very common"]),
    (lambda e: e.update(frequency=[]), ["cheilitis.frequency"]),
    (lambda e: e.update(seriuos=True), ["cheilitis.seriuos is not a key that belongs here"]),
]


@pytest.mark.parametrize(("edit", "told"), BAD)
def test_a_bad_edit_is_told_with_file_and_key(edit: Edit, told: list[str]) -> None:
    tables = tomllib.loads(FOLDER.joinpath(FILE).read_text("utf-8"))
    edit(tables["cheilitis"])
    with pytest.raises(DataError) as caught:
        checked(tables, FILE, dict[str, SideEffect])
    for part in [FILE, *told]:
        assert part in str(caught.value)
