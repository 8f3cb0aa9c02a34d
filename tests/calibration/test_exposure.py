"""The exposure block against the engine's own profile of the same person and an area by quadrature."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks import load
from calibration.blocks.exposure import figures
from calibration.people import design, scores, spread, wired
from scipy.integrate import quad

from anagen.regimen import Regimen
from anagen.simulation.exposure import exposure_summary

START = load("exposure")
VALUES = START.values(jnp.zeros(len(START.priors)))
MOVED = START.values(jnp.asarray(np.random.default_rng(4).normal(size=len(START.priors)) * 0.5))


@pytest.mark.parametrize("values", [VALUES, MOVED], ids=["design", "moved"])
@pytest.mark.parametrize(("meal", "text"), [("fed", "with a high-fat meal"), ("fasted", "fasted")])
def test_figures_of_the_typical_person_are_the_engines(values: dict[str, jnp.ndarray], meal: str, text: str) -> None:
    given = {name: value for name, value in values.items() if name in design()}
    wiring = wired(given, 1)
    engine = exposure_summary(wiring, Regimen.from_text(f"80 mg once {text}").events(70.0))
    found = figures(values)
    names = {"auc": "auc_inf_ng_h_per_ml", "cmax": "cmax_ng_per_ml", "tmax": "tmax_h", "half_life": "half_life_h"}
    for own, other in names.items():
        assert float(found[f"{meal} {own} typical"]) == pytest.approx(engine[other], rel=2e-3), own
    assert float(found["oxo_ratio"]) == pytest.approx(engine["oxo_auc_inf_ng_h_per_ml"] / engine["auc_inf_ng_h_per_ml"])
    if meal == "fed":
        # Seven points here, every tenth of an hour there.
        assert float(found["oxo_half_life"]) == pytest.approx(engine["oxo_half_life_h"], rel=5e-3)


def test_the_area_is_that_under_the_curve() -> None:
    """80 mg through two compartments, with the textbook's closed form written out and integrated by scipy."""
    cl, vc, q, vp, ka = (
        float(VALUES[f"exposure.{name}"])
        for name in (
            "clearance",
            "central_volume",
            "intercompartmental_clearance",
            "peripheral_volume",
            "absorption_rate",
        )
    )
    k10, k12, k21 = cl / vc, q / vc, q / vp
    roots = np.sort(np.roots([1, -(k10 + k12 + k21), k10 * k21]).real)
    a, b = roots[1], roots[0]

    def level(t: float) -> float:
        modes = (
            (k21 - a) / ((ka - a) * (b - a)) * np.exp(-a * t)
            + (k21 - b) / ((ka - b) * (a - b)) * np.exp(-b * t)
            + (k21 - ka) / ((a - ka) * (b - ka)) * np.exp(-ka * t)
        )
        return float(1e3 * 80 * ka / vc * modes)

    area = quad(level, 0, 400, limit=400)[0]
    assert float(figures(VALUES)["fed auc typical"]) == pytest.approx(area, rel=1e-4)
    grid = np.linspace(0, 20, 20001)
    assert float(figures(VALUES)["fed cmax typical"]) == pytest.approx(max(map(level, grid)), rel=1e-6)


def test_people_have_the_spread_they_were_given() -> None:
    z = scores(64, 10)
    parameter = design()["exposure.bioavailability.conventional.fasted"]
    drawn = np.asarray(spread(parameter, jnp.asarray(0.37), jnp.asarray(z[3]), 0.4))
    assert np.log(drawn).std() == pytest.approx(0.4)
    assert np.log(drawn).mean() == pytest.approx(np.log(0.37) - 0.08)  # mean-preserving
    assert np.allclose(z[:, :32], -z[:, 32:])


def test_design_is_read_from_priors_not_from_what_was_written() -> None:
    assert design()["exposure.clearance"].value == 8.0
    assert design()["exposure.lag_fed"].between == 0.6
    assert design()["sebum.half_inhibition_dose"].value == 0.0223
