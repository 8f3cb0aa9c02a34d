"""Nutrients: the block's predictions against the engine; recovery; a row that is left out."""

from __future__ import annotations

import jax.numpy as jnp
import pytest
from calibration.blocks import load
from calibration.responses import block, levels, turned_over, wired
from calibration.rows import read_rows, without
from tests.calibration.modes import as_predicted, mode

from anagen import treatment
from anagen.patient.patient import Patient
from anagen.simulation.simulate import simulate

NAMES = ("biotinidase_fraction", "vitamin_e_fraction", "folate_fraction", "b12_fraction", "homocysteine_umol_per_l")


def test_as_the_engine() -> None:
    """Within 1 % of the change of the typical person: fast nutrients and slow ones."""
    known = treatment("isotretinoin").parameters
    found = block(wired({name: p.value for name, p in known.items()}, 1), "folate_fraction")
    course = simulate("isotretinoin", "0.5 mg/kg/day with food for 16 weeks", Patient(weight_kg=70), weeks=16, people=1)
    for week in (4, 16):
        ours = turned_over(found, levels(1).at(jnp.array([0.5])), jnp.array([7.0 * week]))
        for name in NAMES:
            engine = course.series(name).typical
            assert float(ours[found.names.index(name), 0]) - 1 == pytest.approx(engine[week] / engine[0] - 1, rel=0.01)


def test_effects_that_made_the_rows_are_found_again() -> None:
    truth = {
        "nutrients.homocysteine.effect": 0.4,
        "nutrients.biotinidase.effect": -0.45,
        "nutrients.folate.effect": -0.2,
        "nutrients.vitamin_e.effect": 0.05,
    }
    found = mode("nutrients", as_predicted(load("nutrients"), truth))
    for name, value in truth.items():
        assert found[name] == pytest.approx(value, abs=0.05)


def test_without_its_only_row_biotinidase_goes_back_to_the_prior() -> None:
    rows = read_rows("nutrients")
    name = "nutrients.biotinidase.effect"
    assert mode("nutrients", rows)[name] < -0.34
    assert mode("nutrients", without(rows, "schulpis-1999-biotinidase"))[name] == pytest.approx(-0.3, abs=0.01)
