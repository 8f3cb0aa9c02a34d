"""Fits against posteriors that are known, and what a fit refuses."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks import Block, Values, load, log_likelihood
from calibration.fit import QUICK, Effort, FitError, fit
from calibration.priors import Prior
from scipy.stats import norm
from tests.calibration import toy

from anagen.patient.draws import Draws
from anagen.patient.parameters import read_parameters

LONG = Effort(warmup=300, draws=1500, strict=False)


def test_a_normal_parameter_has_its_textbook_posterior() -> None:
    found = fit(toy.block(toy.row(3.0, 1.0), toy.row(2.0, 0.5, "b")), LONG)
    precision = 1 / 4 + 1 + 4
    mean = (1.0 / 4 + 3.0 + 2.0 * 4) / precision
    draws = found.values["toy.rate"]
    error = 4 / math.sqrt(precision * found.ess["toy.rate"])
    assert draws.mean() == pytest.approx(mean, abs=error)
    assert draws.std() == pytest.approx(precision**-0.5, rel=0.06)
    idle = found.values["toy.idle"]
    assert (idle.mean(), idle.std()) == (pytest.approx(1, abs=0.25), pytest.approx(2, rel=0.08))


def test_a_study_effect_adds_its_variance() -> None:
    sd = Prior(
        name="toy.sd",
        block="toy",
        value=1.5,
        interval=(1.4999, 1.5001),
        scale="log",
        nuisance=True,
        unit="1",
        meaning="SD between studies",
        source=("assumed",),
    )
    block = toy.block(toy.row(3.0, 0.5), between_study={"rate": "toy.sd"})
    found = fit(
        Block(block.name, block.title, (*block.priors, sd), block.rows, block.predict, block.between_study), LONG
    )
    precision = 1 / 4 + 1 / (0.25 + 2.25)
    assert found.values["toy.rate"].std() == pytest.approx(precision**-0.5, rel=0.06)


def test_a_row_that_is_deleted_was_heard() -> None:
    rows = toy.row(3.0, 1.0), toy.row(2.0, 0.1, "b")
    both, one = fit(toy.block(*rows), QUICK), fit(toy.block(rows[0]), QUICK)
    assert one.values["toy.rate"].std() > 3 * both.values["toy.rate"].std()


def test_a_second_fit_gives_the_same_draws() -> None:
    first, second = (fit(toy.block(toy.row()), QUICK) for _ in range(2))
    assert np.array_equal(first.z, second.z)
    other = fit(toy.block(toy.row()), Effort(seed=6, chains=2, warmup=150, draws=150, strict=False))
    assert not np.array_equal(first.z, other.z)


def test_chains_that_do_not_agree_are_refused() -> None:
    """Two narrow peaks far apart: no chain crosses from one to the other."""
    wide = toy.PRIOR.model_copy(update={"interval": (-39.0, 41.0)})

    def predict(values: Values) -> jnp.ndarray:
        return jnp.stack([(values["toy.rate"] - 1.0) ** 2])

    block = Block("two peaks", "Two peaks", (wide,), (toy.row(400.0, 0.5),), predict)
    with pytest.raises(FitError, match="two peaks cannot be trusted"):
        fit(block, Effort(chains=4, warmup=100, draws=200))


def test_few_draws_are_refused() -> None:
    with pytest.raises(FitError, match="effective draws"):
        fit(toy.block(toy.row()), Effort(chains=2, warmup=100, draws=40))


def test_limits_and_shares_have_their_likelihood() -> None:
    rows = (
        toy.row(3.0, 0.5, limit="at least"),
        toy.row(3.0, 0.5, "b", limit="at most"),
        toy.row(0.25, None, "c", events=4, n=16),
    )
    found = np.asarray(log_likelihood(rows, jnp.array([2.5, 2.5, 0.3]), jnp.zeros(3)))
    share = math.log(math.comb(16, 4) * 0.3**4 * 0.7**12)
    assert found == pytest.approx([norm.logcdf(-1), norm.logcdf(1), share])


@pytest.mark.parametrize(("scale", "value", "interval"), [("log", 2.0, (1.0, 5.0)), ("logit", 0.3, (0.1, 0.4))])
def test_a_prior_is_what_the_engine_draws_from_such_an_interval(
    scale: str, value: float, interval: tuple[float, float]
) -> None:
    prior = Prior(name="a.b", block="x", value=value, interval=interval, scale=scale, source=("assumed",))  # type: ignore[arg-type]
    assert [float(prior.at(z)) for z in norm.ppf([0.025, 0.5, 0.975])] == pytest.approx(
        [interval[0], value, interval[1]]
    )
    table = f'[a.b]\nvalue = {value}\nscale = "{scale}"\nunknown = [{interval[0]}, {interval[1]}]\n'
    rest = 'unit = "1"\nmeaning = "m"\nstatus = "assumed"\ncertainty = "low"\nsource = ["assumed"]'
    drawn = np.asarray(Draws(read_parameters(table + rest), 3, jnp.arange(20000))["a.b"])
    ours = np.asarray(prior.at(norm.ppf((np.arange(20000) + 0.5) / 20000)))
    shares = [0.05, 0.25, 0.5, 0.75, 0.95]
    assert np.quantile(drawn, shares) == pytest.approx(np.quantile(ours, shares), rel=0.03)


def test_parameters_come_back_from_rows_that_they_made() -> None:
    """The exposure block on rows computed from known parameters, with small errors."""
    block = load("exposure")
    truth = {"exposure.clearance": 9.0, "exposure.bioavailability.conventional.fasted": 0.30}
    values = block.values(jnp.zeros(len(block.priors))) | {name: jnp.asarray(v) for name, v in truth.items()}
    made = np.asarray(block.predict(values))
    rows = [
        row.model_copy(update={"value": float(value), "sd": None, "cv": None, "ci": None, "se": 0.01 * float(value)})
        for row, value in zip(block.rows, made, strict=True)
        if row.outcome in ("auc", "cmax", "tmax", "half_life", "fasted_over_fed", "alpha_half_life")
    ]
    found = fit(load("exposure", rows), QUICK)
    for name, value in truth.items():
        draws = found.values[name]
        assert draws.mean() == pytest.approx(value, abs=4 * draws.std())
        assert draws.std() < 0.02 * value
