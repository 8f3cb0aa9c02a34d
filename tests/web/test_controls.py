"""Controls and text of a regimen mean the same, whichever is written; a text that says more has no controls."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.regimen.test_properties import amounts, course

from anagen.regimen.regimen import Regimen
from anagen.treatments.products import find_product
from anagen.web.controls import LENGTH_UNITS, MEALS, OFTEN, UNITS, Controls, product_choices

PRODUCTS = tuple(product_choices("isotretinoin"))
filled = st.builds(
    Controls,
    dose=amounts,
    unit=st.sampled_from(UNITS),
    often=st.sampled_from(tuple(OFTEN)),
    meal=st.sampled_from(tuple(MEALS)),
    product=st.sampled_from(PRODUCTS),
    length=st.integers(1, 60).map(str),
    length_unit=st.sampled_from(("day", "week", "month")),
)


@given(filled)
@settings(max_examples=80, deadline=None)
def test_controls_to_text_to_controls(controls: Controls) -> None:
    again = Controls.of(Regimen.from_text(controls.text))
    assert again is not None
    assert Regimen.from_text(again.text) == Regimen.from_text(controls.text)
    kept = ("dose", "unit", "often", "meal", "product")
    assert {name: getattr(again, name) for name in kept} == {name: getattr(controls, name) for name in kept}
    assert again.length == ("" if controls.often == "once" else controls.length)


@given(course)
@settings(max_examples=80, deadline=None)
def test_text_to_controls_to_text(text: str) -> None:
    regimen = Regimen.from_text(text)
    controls = Controls.of(regimen)
    if " at " in text:
        assert controls is None
    else:
        assert controls is not None
        assert Regimen.from_text(controls.text) == regimen
        assert controls.often in controls.choices


@pytest.mark.parametrize("often", OFTEN)
def test_every_choice_of_how_often_is_said_as_the_language_prints_it(often: str) -> None:
    regimen = Regimen.from_text(f"20 mg {often}")
    controls = Controls.of(regimen)
    assert controls
    assert controls.often == often
    assert tuple(controls.choices) == tuple(OFTEN)


@pytest.mark.parametrize(
    "text",
    [
        "20 mg daily for 8 weeks then 10 mg daily for 8 weeks",
        "20 mg daily for 8 weeks, off 4 weeks, 20 mg daily for 8 weeks",
        "0.5 mg/kg daily until 120 mg/kg",
        "20 mg at 08:00 and 20:00 for 8 weeks",
    ],
)
def test_what_says_more_has_no_controls(text: str) -> None:
    assert Controls.of(Regimen.from_text(text)) is None


def test_only_products_that_are_swallowed_are_offered() -> None:
    routes = {find_product(name, "isotretinoin").route for name in PRODUCTS if name}
    assert routes == {"oral"}
    assert len(PRODUCTS) > 20


@pytest.mark.parametrize(
    ("dose", "unit", "to", "weight", "expected"),
    [
        ("35", "mg", "mg/kg", 70.0, "0.5"),
        ("0.5", "mg/kg", "mg", 70.0, "35"),
        ("0.5", "mg/kg", "mg", 61.0, "30.5"),
        ("0.1", "mg", "mg/kg", 100.0, "0.01"),
        ("twenty", "mg", "mg/kg", 70.0, "twenty"),
    ],
)
def test_another_unit_keeps_the_amount(dose: str, unit: str, to: str, weight: float, expected: str) -> None:
    changed = Controls(dose, unit, "once daily").in_unit(to, weight)
    assert (changed.dose, changed.unit) == (expected, to)


def test_an_empty_place_is_left_out() -> None:
    assert Controls("20", "mg", "once daily").text == "20 mg once daily"
    assert Controls("20", "mg", "once", length="24").text == "20 mg once"
    assert set(LENGTH_UNITS) == {"day", "week", "month", "year"}
