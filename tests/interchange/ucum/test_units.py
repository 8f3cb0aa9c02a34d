"""The table of UCUM codes against an independent UCUM library, molar masses against atomic weights, and errors."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry

from anagen.errors import InputError
from anagen.interchange.ucum import convert, units
from anagen.interchange.ucum.table import spellings, substances, unit

DOCS = Path(__file__).parents[3] / "docs" / "units.md"
WEIGHTS = {
    "C": 12.011,
    "H": 1.008,
    "O": 15.999,
    "N": 14.007,
    "S": 32.06,
    "P": 30.974,
    "Co": 58.933,
    "Zn": 65.38,
    "Se": 78.971,
}
"""Standard atomic weights (IUPAC, abridged to five digits), in g/mol."""
KINDS = {
    kind: [one.code for one in units().values() if one.kind == kind] for kind in {u.kind for u in units().values()}
}


@pytest.fixture(scope="module")
def ucum():
    return PintUcumRegistry()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_factors_agree_with_an_independent_library(ucum, kind):
    first = KINDS[kind][0]
    for code in KINDS[kind]:
        theirs = (ucum.from_ucum(code) * 1.0).to((ucum.from_ucum(first) * 1.0).units)
        scale = (ucum.from_ucum(first) * 1.0).magnitude  # 10*3/uL has its factor in the magnitude of none
        assert convert(1.0, code, first) == pytest.approx(theirs.magnitude / scale, rel=1e-8), code


@settings(deadline=None, max_examples=150)
@given(st.data(), st.floats(1e-6, 1e6))
def test_there_and_back(data, value):
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    first, second = data.draw(st.sampled_from(KINDS[kind])), data.draw(st.sampled_from(KINDS[kind]))
    assert convert(convert(value, first, second), second, first) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("name", sorted(name for name, one in substances().items() if one.formula))
def test_molar_mass_is_the_sum_of_atomic_weights(name):
    one = substances()[name]
    total = sum(WEIGHTS[atom] * int(count or 1) for atom, count in re.findall(r"([A-Z][a-z]?)(\d*)", one.formula))
    assert one.molar_mass == pytest.approx(total, rel=1e-4)


def test_molar_mass_of_the_drug_is_that_of_its_monograph():
    from anagen.treatments.registry import table

    assert substances()["isotretinoin"].molar_mass == table("isotretinoin", "monograph.toml")["molar_mass_g_per_mol"]


def test_the_diary_uses_the_same_factors():
    tables = tomllib.loads(resources.files("anagen.diary").joinpath("laboratory.toml").read_text("utf-8"))
    for name, table in tables.items():
        first = next(iter(table["units"]))
        for code, factor in table["units"].items():
            ours, target = spellings().get(code, code), spellings().get(first, first)
            if ours in units() and target in units() and name != "tsh":
                assert convert(1.0, ours, target, of=name) == pytest.approx(factor, rel=2e-3), (name, code)


# value, unit, target, what, expected: closed forms by hand
MOLAR = [
    (100.0, "mg/dL", "mmol/L", "glucose", 1000.0 / 180.156),
    (5.0, "mmol/L", "mg/dL", "cholesterol", 5.0 * 386.65 / 10),
    (1.7, "mmol/L", "mg/dL", "triglycerides", 1.7 * 885.4 / 10),
    (50.0, "nmol/L", "ng/mL", "vitamin-d", 50.0 * 400.64 / 1000),
    (300.0, "ng/mL", "umol/L", "isotretinoin", 300.0 / 300.44),
    (40.0, "[iU]/L", "U/L", "alt", 40.0),
    (0.5, "ukat/L", "U/L", "", 30.0),
    (154.323584, "[lb_av]", "kg", "", 70.0),
    (2.0, "mo", "d", "", 60.875),
]


@pytest.mark.parametrize(("value", "source", "target", "what", "expected"), MOLAR)
def test_closed_forms(value, source, target, what, expected):
    assert convert(value, source, target, of=what) == pytest.approx(expected, rel=1e-4)


# Every pair of kinds that measure different things: both units are named, with what they measure.
@pytest.mark.parametrize("first", sorted(KINDS))
@pytest.mark.parametrize("second", sorted(KINDS))
def test_a_wrong_dimension_names_both_units(first, second):
    if first == second:
        return
    one, other = KINDS[first][-1], KINDS[second][-1]
    with pytest.raises(InputError) as caught:
        convert(1.0, one, other)
    said = str(caught.value)
    assert f"{one} is {units()[one].says}" in said
    assert f"{other} is {units()[other].says}" in said
    assert caught.value.nearest


@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        ("MG", "mg"),
        ("mcg", "ug"),
        ("IU/L", "[iU]/L"),
        ("µg/L", "ug/L"),
        ("mg/dl", "mg/dL"),
        ("lbs", "[lb_av]"),
        ("U/l", "U/L"),
    ],
)
def test_other_spellings_are_refused_as_codes_and_offered(code, nearest):
    with pytest.raises(InputError) as caught:
        unit(code)
    assert nearest in caught.value.nearest


def test_spellings_are_read_where_only_a_text_was_written():
    for text, code in spellings().items():
        assert unit(text, written=True).code == code


@pytest.mark.parametrize("bad", ["", " ", "mg ", "{capsule}", "mg/dL/", "[lb_av", "kg.m", "\ud800", "m" * 10_000])
def test_unknown_codes_are_refused(bad):
    with pytest.raises(InputError):
        unit(bad, written=True)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_value(value):
    with pytest.raises(InputError, match="no value"):
        convert(value, "mg", "g")


def test_the_page_lists_every_code():
    page = DOCS.read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    listed = {code for row in rows for code in re.findall(r"`([^`]+)`", row)}
    assert set(units()) <= listed
    for name, one in substances().items():
        if one.molar_mass is not None:
            assert re.search(rf"\| {re.escape(name)} \|.*\| {one.molar_mass:g} \|", page), name
