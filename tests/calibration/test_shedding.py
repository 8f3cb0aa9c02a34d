"""Shedding: the table of stresses against the engine, closed forms of the shares, recovery, a row that is left out."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks import load
from calibration.blocks.shedding import BACKGROUND, MOST_WEEKS, NEVER, NOTICED, stress_needed, usual_stress
from calibration.people import design, scores, spread
from calibration.responses import BETWEEN, DIMENSIONS, PEOPLE
from calibration.rows import read_rows, without
from scipy.stats import norm
from tests.calibration.modes import mode

from anagen import treatment
from anagen.patient.patient import Patient
from anagen.regimen import Regimen
from anagen.simulation.run import run_arm

EXIT = "anagen_exit.retinoid."


def test_more_weeks_need_less_stress() -> None:
    needed = stress_needed()
    assert np.all(np.diff(needed[1:], axis=0) <= 1e-9)
    assert np.all(needed[8] == NEVER)  # club hairs stay for three months
    assert np.all((needed[MOST_WEEKS] > 0.8) & (needed[MOST_WEEKS] < 2.0))


def test_the_engine_doubles_the_sheds_at_the_stress_of_the_table() -> None:
    """People with the susceptibility that the table calls just enough: their peak is twice the usual, within 3 %."""
    usual = treatment("isotretinoin")
    z = scores(PEOPLE, DIMENSIONS)
    names = (*BETWEEN, "follicles.anagen_duration")
    given = {name: np.full(PEOPLE, p.value) for name, p in design().items()}  # what the table was made of
    given |= {
        name: np.asarray(spread(design()[name], design()[name].value, row)) for name, row in zip(names, z, strict=True)
    }
    values = {name: jnp.asarray(usual.parameters[f"{EXIT}{name}"].value) for name in ("susceptibility", "exponent")}
    of_one = np.asarray(usual_stress({f"{EXIT}{name}": value for name, value in values.items()}, 0.59))
    needed = stress_needed()[MOST_WEEKS]
    given |= {f"{EXIT}{name}": np.full(PEOPLE, float(value)) for name, value in values.items()}
    given[f"{EXIT}susceptibility"] *= needed / of_one
    arm = run_arm(
        usual,
        Regimen.from_text(f"0.59 mg/kg once daily with food for {MOST_WEEKS} weeks").events(70),
        Patient(weight_kg=70),
        weeks=MOST_WEEKS,
        people=PEOPLE,
        seed=1,
        assumed=frozenset(),
        spread="unknown",
        given=given,
    )
    sheds = arm.series["shed_per_day"][:, 1:]
    assert (sheds / sheds[0]).max(0) == pytest.approx(np.full(PEOPLE, NOTICED), rel=0.03)


def test_shares_have_their_closed_forms() -> None:
    block = load("shedding")
    values = {prior.name: jnp.asarray(prior.value) for prior in block.priors}
    values |= {"shedding.background": jnp.asarray(-9.0), "shedding.acitretin_25": jnp.asarray(0.25)}
    low, high, ratio = np.asarray(block.predict(values))
    assert ratio == pytest.approx(norm.cdf(norm.ppf(0.25) + 0.6 * np.log(2) / 1.2) / 0.25)
    values["shedding.background"] = jnp.asarray(0.0)
    with_others = np.asarray(block.predict(values))
    assert with_others[1] == pytest.approx(high + (1 - high) * BACKGROUND / 2)
    assert with_others[0] == pytest.approx(low + (1 - low) * BACKGROUND / 2)
    values[f"{EXIT}susceptibility"] = jnp.asarray(1e-6)
    assert np.asarray(block.predict(values))[:2] == pytest.approx([BACKGROUND / 2] * 2, rel=1e-6)


def test_without_the_low_group_the_background_is_less_known() -> None:
    """Few complain at the low dose in the model: what was seen there speaks for a background."""
    rows = read_rows("shedding")
    name = "shedding.background"
    assert mode("shedding", rows)[name] > mode("shedding", without(rows, "lytvyn-2022-low"))[name] + 0.1
