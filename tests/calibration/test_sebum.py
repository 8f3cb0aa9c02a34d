"""The sebum and dermatitis blocks against the whole engine, and what limits, gains and unstated doses do."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks import load
from calibration.blocks.dermatitis import scores_of
from calibration.blocks.sebum import Arm, Arms, of_moments
from calibration.people import design
from calibration.rows import read_rows, without

from anagen import Patient, simulate, treatment

KNOWN = {name: jnp.asarray(p.value) for name, p in design().items() if name.startswith(("sebum.", "dermatitis."))}


@pytest.fixture(scope="module")
def engine() -> dict[str, np.ndarray]:
    """The typical person on 0.5 mg/kg/d for 16 weeks, followed for 30, by the whole engine."""
    as_designed = replace(treatment("isotretinoin"), parameters=design())
    result = simulate(as_designed, "0.5 mg/kg/day with food for 16 weeks", Patient(weight_kg=70), weeks=30, people=1)
    return {name: np.asarray(result.series(name).typical) for name in ("sebum_fraction", "dermatitis_fraction")}


def test_sebum_is_the_engines_within_a_hundredth(engine: dict[str, np.ndarray]) -> None:
    arms = Arms([Arm("s", 0.5, 112, 210)], people=1)
    left = np.asarray(jax.jit(arms.left)(KNOWN))[:, 0]
    ours = [left[arms.at(7 * week)] for week in range(31)]
    assert arms.days[-2:].tolist() == [203, 210]  # by weeks at the end
    assert ours == pytest.approx(engine["sebum_fraction"], rel=0.01)


def test_dermatitis_is_the_engines_within_a_hundredth(engine: dict[str, np.ndarray]) -> None:
    arms = Arms([Arm("s", 0.5, 112, 112)], people=1)
    ours = np.asarray(jax.jit(lambda: scores_of(arms, KNOWN))())[::7, 0]
    assert ours == pytest.approx(engine["dermatitis_fraction"][:17], rel=0.01)


def test_a_dose_as_a_parameter_is_that_dose() -> None:
    said = Arms([Arm("s", 0.4, 60, 90)])
    open_ = Arms([Arm("s", 0.0, 60, 90, dose="dose:s", meal="meal:s")])
    given = KNOWN | {"dose:s": jnp.asarray(0.4), "meal:s": jnp.asarray(1.0)}
    assert np.asarray(open_.left(given)) == pytest.approx(np.asarray(said.left(KNOWN)), rel=3e-3)
    fed = np.asarray(open_.left(given | {"meal:s": jnp.asarray(1.54)}))
    assert (fed[5:60] < np.asarray(open_.left(given))[5:60]).all()


def test_the_mean_over_people_is_not_the_typical_person() -> None:
    many, one = (Arms([Arm("s", 0.05, 84, 84)], people=n) for n in (16, 1))
    left = np.asarray(many.left(KNOWN))[-1, 0], np.asarray(one.left(KNOWN))[-1, 0]
    assert abs(left[0] - left[1]) > 0.003


def test_gains_show_a_part_of_the_fall() -> None:
    block = load("sebum")
    values = block.values(jnp.zeros(len(block.priors)))
    full = {name: jnp.asarray(1.0) if name.startswith("sebum.gain") else value for name, value in values.items()}
    part = {name: jnp.asarray(0.5) if name.startswith("sebum.gain") else value for name, value in values.items()}
    direct = np.array(["gain" not in row.details for row in block.rows])
    a, b = np.asarray(block.predict(full)), np.asarray(block.predict(part))
    assert a[direct] == pytest.approx(b[direct])
    assert 1 - b[~direct] == pytest.approx(0.5 * (1 - a[~direct]))


def test_the_half_inhibition_dose_of_moments_is_the_prior() -> None:
    """0.03 mg/kg/d where the day's average acts: the design's value, as the engine's level of each moment needs it."""
    assert of_moments(0.03) == pytest.approx(design()["sebum.half_inhibition_dose"].value, rel=0.01)


def test_without_a_study_its_rows_and_arms_are_gone() -> None:
    rows = without(read_rows("sebum"), "hughes-month-4", "hughes-off-year-1")
    block = load("sebum", rows)
    assert len(block.rows) == 7
    assert "meal:hughes-1994" not in {prior.name for prior in block.priors}
    assert block.predict(block.values(jnp.zeros(len(block.priors)))).shape == (7,)
