"""Blood values: the block's shortcuts against the engine, closed forms and drawn people."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks.laboratory import NODES, above, creatine_kinase
from calibration.responses import DAYS, Levels, block, levels, turned_over, wired
from calibration.rows import read_rows, without
from scipy.stats import norm
from tests.calibration.modes import mode

from anagen import treatment
from anagen.patient.patient import Patient
from anagen.simulation.simulate import simulate

SERIES = {
    "triglycerides_mg_per_dl": 0,
    "ldl_mg_per_dl": 0,
    "cholesterol_mg_per_dl": 1,
    "hdl_mg_per_dl": 2,
    "alt_u_per_l": 0,
    "ast_u_per_l": 1,
}
WEEKS = 16


@pytest.mark.parametrize("dose", [0.25, 1.0])
def test_as_the_engine(dose: float) -> None:
    """Within 1 % of the change, for the typical person after four weeks and after sixteen."""
    known = treatment("isotretinoin").parameters
    wiring = wired({name: p.value for name, p in known.items()}, 1)
    course = simulate(
        "isotretinoin", f"{dose} mg/kg/day with food for {WEEKS} weeks", Patient(weight_kg=70), weeks=WEEKS, people=1
    )
    for series, place in SERIES.items():
        engine = course.series(series).typical
        for week in (4, WEEKS):
            days = jnp.array([7.0 * week])
            ours = turned_over(block(wiring, series), levels(1).at(jnp.array([dose])), days)[place, 0]
            assert float(ours) - 1 == pytest.approx(engine[week] / engine[0] - 1, rel=0.01)


def test_a_constant_level_has_a_closed_form() -> None:
    constant = Levels(
        jnp.full((DAYS + 1, 1, 1), 100.0), jnp.array([1.0, 0.0, 0.0]).reshape(3, 1, 1), jnp.full((DAYS + 1, 1), 100.0)
    )
    found = block(wired({}, 1), "triglycerides_mg_per_dl")
    for days in (4.0, 20.0, 100.0):
        target = float(found.gain[0, 0]) * 100 / (100 + float(found.response.half[0]))
        expected = 1 + target * (1 - np.exp(-float(found.rate[0, 0]) * days))
        assert float(turned_over(found, constant, jnp.array([days]))[0, 0]) == pytest.approx(expected, rel=1e-9)


def test_share_above_a_limit_in_one_test() -> None:
    expected = norm.sf(np.log(150 / (85 * 1.4)) / np.hypot(0.45, 0.2))
    assert float(above(jnp.array([1.4]), 150.0, 85.0, 0.45, 0.2, 1, 0.0)) == pytest.approx(expected, abs=1e-4)


def test_share_newly_above_a_limit_in_five_tests() -> None:
    rng = np.random.default_rng(3)
    start = np.log(85) + 0.45 * rng.standard_normal(200_000)
    tests = start + np.log(1.4) + 0.2 * rng.standard_normal((5, start.size))
    normal = start + 0.2 * rng.standard_normal(start.size) < np.log(150)
    expected = (tests.max(0) > np.log(150))[normal].mean()
    assert float(above(jnp.array([1.4]), 150.0, 85.0, 0.45, 0.2, 5, 1.0)) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("limit", "error"), [(200.0, 0.012), (1000.0, 0.004)])
def test_creatine_kinase_as_the_mechanism_day_by_day(limit: float, error: float) -> None:
    """The shortcut lets only the last exercise count; the mechanism adds all up."""
    people, rng = 40_000, np.random.default_rng(5)
    baseline = np.where(np.arange(people) % 2, 130.0, 85.0) * np.exp(0.5 * rng.standard_normal(people))
    found = block(wired({}, people), "ck_u_per_l")
    level = 0.5 * found.level_per_dose
    spike = jnp.zeros(people)
    for _ in range(40):
        shocks = {f"noise:{name}": jnp.asarray(rng.standard_normal(people)) for name in found.noise}
        spike, made = found.step(spike, None, {"concentration_mean": level, **shocks})
    drawn = float((baseline * made["ck_u_per_l"] / found.baseline > limit).mean())
    one = block(wired({}, 1), "ck_u_per_l")
    baselines = np.concatenate([130 * np.exp(0.5 * NODES), 85 * np.exp(0.5 * NODES)])
    size, spread = 1.5, 1.1
    ours = float(creatine_kinase(one, baselines, 0.5, jnp.array([0.02]), size, spread, limit, 1)[0])
    assert ours == pytest.approx(drawn, abs=error)


def test_without_zech_triglycerides_rise_less() -> None:
    rows = read_rows("laboratory")
    name = "laboratory.triglycerides.maximal_rise"
    assert mode("laboratory", without(rows, "zech-1983-triglycerides"))[name] < 0.97 * mode("laboratory", rows)[name]
