"""Divided differences of the exponential against a hundred digits: no digit is lost where rates meet."""

from __future__ import annotations

from decimal import Decimal, localcontext

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.mechanisms.divided_differences import decay, first, second

RATES = st.floats(0.005, 2.0)
HOURS = st.floats(0.01, 24.0)
GAPS = st.sampled_from([0.0, 1e-15, 1e-12, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 0.02, 0.1])


def exact(rates: tuple[float, ...], t: float) -> float:
    """The divided difference with 100 digits; equal rates are told apart in the 30th."""
    with localcontext() as context:
        context.prec = 100
        points = [Decimal(rate) + Decimal(i) * Decimal("1e-30") for i, rate in enumerate(rates)]
        column = [(-point * Decimal(t)).exp() for point in points]
        for order in range(1, len(points)):
            column = [(column[i + 1] - column[i]) / (points[i + order] - points[i]) for i in range(len(column) - 1)]
        return float(column[0] * (-1) ** (len(rates) - 1))


def relative_error(rates: tuple[float, ...], t: float) -> float:
    time = jnp.array(t)
    decays = [decay(jnp.array(rate), time) for rate in rates]
    got = float((first if len(rates) == 2 else second)(*decays, time))
    return abs(got / exact(rates, t) - 1)


@settings(max_examples=150, deadline=None)
@given(x=RATES, gap=GAPS, t=HOURS)
def test_two_rates_that_meet(x: float, gap: float, t: float) -> None:
    assert relative_error((x, x + gap), t) < 1e-11
    assert relative_error((x + gap, x), t) < 1e-11


@settings(max_examples=200, deadline=None)
@given(x=RATES, gaps=st.tuples(GAPS, GAPS), order=st.permutations(range(3)), t=HOURS)
def test_three_rates_that_meet_in_any_order(x: float, gaps: tuple[float, float], order: list[int], t: float) -> None:
    rates = (x, x + gaps[0], x + gaps[0] + gaps[1])
    assert relative_error(tuple(rates[i] for i in order), t) < 1e-9


@settings(max_examples=100, deadline=None)
@given(x=RATES, y=RATES, z=RATES, t=HOURS)
def test_three_rates_anywhere(x: float, y: float, z: float, t: float) -> None:
    assert relative_error((x, y, z), t) < 1e-9


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_short_times_keep_their_leading_term(dtype: type) -> None:
    """For t -> 0 a chain of steps answers t and t²/2."""
    t = jnp.array(1e-6, dtype)
    x, y, z = (decay(jnp.array(rate, dtype), t) for rate in (0.28, 0.53, 0.033))
    assert float(first(x, y, t)) == pytest.approx(1e-6, rel=1e-5)
    assert float(second(x, y, z, t)) == pytest.approx(0.5e-12, rel=1e-5)
