"""One day of a turnover against its exact solution."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anagen.mechanisms.concentration_effect import Hill
from anagen.mechanisms.module import DayEffect, Pulled
from anagen.mechanisms.quadrature import ending, squared
from anagen.mechanisms.turnover import Pace, Turnover, relax


@pytest.mark.parametrize("rate", [0.0004, 0.005, 0.1, 0.35, 0.5])
@pytest.mark.parametrize(("slope", "curve"), [(-0.8, 0.0), (0.0, 0.0), (0.5, -0.7), (0.0, 1.1)])
def test_exact_for_an_effect_that_is_quadratic_in_the_day(rate: float, slope: float, curve: float) -> None:
    def change(t: float, x: float) -> float:
        s = t - 0.5
        return rate * (0.3 + slope * s + curve * (s**2 - 1 / 12) + 1.2 - x)

    exact = solve_ivp(change, (0, 1), [0.7], rtol=1e-12, atol=1e-13).y[0, -1]
    # the integrals of s·slope·s and of (s² - 1/12)·curve·(s² - 1/12) over the day
    effect = DayEffect(jnp.array(0.3), jnp.array(slope / 12), jnp.array(curve / 180))
    assert float(relax(jnp.array(0.7), Pace.of(jnp.array(rate)), effect, 1.0, 1.2)) == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("rate", [0.01, 0.35, 2.0])
def test_few_analytes_weigh_each_moment_by_what_it_counts_in_the_evening(rate: float) -> None:
    """Through `Turnover.pull`: any course of the effect, any rate."""

    def effect(t: Any) -> Any:
        return np.exp(-3 * t) + 0.2 * np.sin(9 * t)

    exact = solve_ivp(lambda t, x: rate * (1.3 + 0.8 * effect(t) - x), (0, 1), [0.7], rtol=1e-12, atol=1e-13).y[0, -1]
    row = jnp.full((1, 1), rate)
    turnover = Turnover(("x",), ("1",), Hill(row), jnp.ones((1, 1)), jnp.full((1, 1), 0.8), row, extra="more")
    x, w = (np.array(a) for a in ending(14))
    (pull,) = turnover.pull(jnp.asarray(x)[:, None]) or []
    felt = Pulled(((jnp.asarray(w * effect(x))[:, None] * pull).sum(0),))
    later, _ = turnover.ready().step(jnp.full((1, 1), 0.7), felt, {"more": jnp.array([0.3])})
    assert float(later[0, 0]) == pytest.approx(exact, rel=1e-10)


def test_an_unchanging_effect_is_reached_and_kept() -> None:
    still = DayEffect(jnp.array(0.4), jnp.array(0.0), jnp.array(0.0))
    assert float(relax(jnp.array(1.4), Pace.of(jnp.array(0.1)), still, 1.0, 1.0)) == pytest.approx(1.4, rel=1e-14)


@pytest.mark.parametrize("nodes", [3, 6, 10])
def test_gauss_radau_is_exact_up_to_its_degree(nodes: int) -> None:
    x, w = (np.array(a) for a in ending(nodes))
    assert x[-1] == 1
    for degree in range(2 * nodes - 1):
        assert w @ x**degree == pytest.approx(1 / (degree + 1), rel=1e-12)
    s, v = (np.array(a) for a in squared(nodes))
    for half_degree in range(2 * nodes - 2):  # powers of sqrt(s): exact, so that absorption's onset is
        assert v @ s ** (half_degree / 2) == pytest.approx(1 / (half_degree / 2 + 1), rel=1e-12)
