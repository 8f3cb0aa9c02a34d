"""Every number of every treatment has a unit, a meaning, a grade of trust, a certainty, and sources that exist."""

from __future__ import annotations

import math
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import anagen
from anagen.evidence import Trust, source
from anagen.treatments.registry import treatment, treatment_names

CERTAINTIES = ("high", "moderate", "low", "very low")
UNITS = {
    *("1", "L/h", "L", "1/h", "h", "ng/mL", "mg/kg/d", "1/d", "mg/kg", "d", "mg/dL", "U/L", "kg·d/mg", "umol/L"),
    *("ug/dL", "ug/L", "logit", "cm2", "mm/d", "mm", "mg"),
}
KEYS = {"meaning", "value", "unit", "scale", "between", "unknown", "bounds", "mean_preserving"} | {
    *("status", "certainty", "source", "unknown_with", "calibrated")
}
ALL = [(drug, name) for drug in treatment_names() for name in treatment(drug).parameters]
PROSE = ("hypotheses.toml", "supplements.toml")
NOT_SIMULATED = {"exposure.endogenous_isotretinoin", "exposure.endogenous_oxo"}
"""Said to be added where levels are compared with assays, and read by no code. This list may only shrink."""


def raw(drug: str, name: str) -> dict:
    file = resources.files(f"anagen.treatments.{drug}").joinpath("parameters.toml")
    table = tomllib.loads(file.read_text("utf-8"))
    for key in name.split("."):
        table = table[key]
    return table


@pytest.mark.parametrize(("drug", "name"), ALL, ids=[name for _, name in ALL])
def test_every_number_says_what_it_is_and_where_it_comes_from(drug: str, name: str) -> None:
    entry = raw(drug, name)
    assert set(entry) <= KEYS, "a key that nothing reads"
    assert entry["meaning"].strip()
    assert entry["unit"] in UNITS
    assert entry["scale"] in {"log", "logit", "linear", "fixed"}
    Trust(entry["status"])  # refuses what is not in the order of trust
    assert entry["certainty"] in CERTAINTIES
    assert entry["source"]
    for key in entry["source"]:
        assert source(key).key == key
    assert math.isfinite(entry["value"])


@pytest.mark.parametrize(("drug", "name"), ALL, ids=[name for _, name in ALL])
def test_the_value_lies_within_its_interval_bounds_and_scale(drug: str, name: str) -> None:
    entry = raw(drug, name)
    value, scale = entry["value"], entry["scale"]
    spread = entry.get("between", 0.0)
    low, high = entry.get("unknown", (value, value))
    assert low <= value <= high
    assert "unknown" not in entry or low < high
    if "bounds" in entry:
        assert entry["bounds"][0] <= low
        assert high <= entry["bounds"][1]
    if scale == "log":
        assert low > 0
    elif scale == "logit":
        assert 0 < low <= high < 1
    elif scale == "fixed":
        assert not spread
        assert low == high
    assert spread >= 0
    if entry.get("mean_preserving"):
        assert scale == "log", "only a lognormal keeps its mean by half of its variance"
    if entry["status"] in {"assumed", "claimed"}:
        assert entry["certainty"] in {"low", "very low"}, "nobody measured it"


@pytest.mark.parametrize("drug", treatment_names())
def test_no_number_is_an_orphan(drug: str) -> None:
    """Every parameter is named somewhere in the drug's own model or the program: in full, or by its parts."""
    folder = Path(anagen.__file__).parent
    code = "\n".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    code += "\n".join(
        file.read_text("utf-8")
        for file in (folder / "treatments" / drug).glob("*.toml")
        if file.name != "parameters.toml"
    )
    for name in set(treatment(drug).parameters) - NOT_SIMULATED:
        *groups, last = name.split(".")
        assert last in code, name
        assert all(part in code or part.replace("_", "-") in code for part in groups), name


@pytest.mark.parametrize("drug", treatment_names())
@pytest.mark.parametrize("file", PROSE)
def test_hypotheses_and_supplements_have_sources(drug: str, file: str) -> None:
    path = resources.files(f"anagen.treatments.{drug}").joinpath(file)
    for name, entry in tomllib.loads(path.read_text("utf-8")).items():
        for key in entry["source"]:
            assert source(key).key == key, name
        if file == "hypotheses.toml":
            assert entry["certainty"] in CERTAINTIES, name
            Trust(entry["status"])
