"""Side effects: steady shares against the logit and the engine; recovery; a row that is left out."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks import load
from calibration.blocks.side_effects import settled
from calibration.people import design
from calibration.responses import block, levels, wired
from calibration.rows import read_rows, without
from scipy.special import expit
from tests.calibration.modes import as_predicted, mode

from anagen import treatment
from anagen.patient.patient import Patient
from anagen.regimen import Regimen
from anagen.simulation.run import run_arm


@pytest.mark.parametrize("dose", [0.1, 0.5, 1.0])
def test_steady_shares_are_the_logit_of_the_dose(dose: float) -> None:
    found, known = block(wired({}, 1), "cheilitis"), design()
    ours = dict(zip(found.names, np.asarray(settled(found, dose * found.level_per_dose))[:, 0], strict=True))
    for name in ("cheilitis", "eczema", "tiredness"):
        a, b = (known[f"side_effects.{name}.{part}"].value for part in ("intercept", "slope"))
        assert ours[name] == pytest.approx(expit(a + b * np.log(dose)), rel=1e-9)
    for name in ("back_pain", "joint_or_muscle_pain"):
        assert ours[name] == pytest.approx(known[f"side_effects.{name}.share"].value, rel=1e-9)


def test_as_the_engine_in_half_a_year() -> None:
    known = treatment("isotretinoin").parameters
    found = block(wired({name: p.value for name, p in known.items()}, 1), "cheilitis")
    ours = settled(found, levels(1).at(jnp.array([0.5])).mean[-1])
    arm = run_arm(
        treatment("isotretinoin"),
        Regimen.from_text("0.5 mg/kg/day with food for 16 weeks").events(70),
        Patient(weight_kg=70),
        weeks=16,
        people=1,
        seed=1,
        assumed=frozenset(),
    )
    for place, name in enumerate(found.names):
        assert float(ours[place, 0]) == pytest.approx(arm.series[name][16, 0], rel=0.01)


def test_slopes_that_made_the_rows_are_found_again() -> None:
    truth = {
        "side_effects.cheilitis.intercept": 2.0,
        "side_effects.cheilitis.slope": 1.2,
        "side_effects.tiredness.slope": 1.2,
    }
    found = mode("side_effects", as_predicted(load("side_effects"), truth))
    assert found["side_effects.cheilitis.slope"] == pytest.approx(1.2, abs=0.15)
    assert found["side_effects.tiredness.slope"] == pytest.approx(1.2, abs=0.3)


def test_without_the_high_group_the_slope_of_eczema_goes_back_to_the_prior() -> None:
    rows = read_rows("side_effects")
    flat = [
        r.model_copy(update={"events": 25, "value": 25 / 350}) if r.id == "rademaker-2010-eczema-high" else r
        for r in rows
    ]
    name = "side_effects.eczema.slope"
    assert mode("side_effects", flat)[name] < 0.2
    assert mode("side_effects", without(flat, "rademaker-2010-eczema-high"))[name] == pytest.approx(0.49, abs=0.1)
