"""Screening and Sobol shares through our wrapper, against functions whose shares are known."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.errors import InputError
from anagen.sensitivity.shares import kept, screened, shares, sobol_sample

A, B = 7.0, 0.1


def ishigami(uniform):
    x = math.pi * (2 * uniform - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


FIRST = 0.5 * (1 + B * math.pi**4 / 5) ** 2
SECOND = A**2 / 8
BOTH = B**2 * math.pi**8 * (1 / 18 - 1 / 50)
WHOLE = FIRST + SECOND + BOTH
"""Ishigami's variances in closed form: of the first input, of the second, of the first with the third."""


def test_ishigami():
    found = shares(ishigami(sobol_sample(3, 4096, seed=1)), 3, 400, seed=1)
    np.testing.assert_allclose(found.first, [FIRST / WHOLE, SECOND / WHOLE, 0.0], atol=0.015)
    np.testing.assert_allclose(found.total, [(FIRST + BOTH) / WHOLE, SECOND / WHOLE, BOTH / WHOLE], atol=0.015)
    assert found.values.var() == pytest.approx(WHOLE, rel=0.02)
    truth = np.array([[FIRST / WHOLE, SECOND / WHOLE, 0.0], [(FIRST + BOTH) / WHOLE, SECOND / WHOLE, BOTH / WHOLE]])
    for row, ends in zip(truth, (found.first_ends, found.total_ends), strict=True):
        assert (ends[0] < row).all()
        assert (row < ends[1]).all()


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Over 60 seeds, 95 % intervals of six shares: a binomial count, within four of its SDs."""
    truth = np.array([FIRST / WHOLE, SECOND / WHOLE, 0.0])
    inside = 0
    for seed in range(1, 61):
        found = shares(ishigami(sobol_sample(3, 256, seed)), 3, 200, seed)
        inside += int(((found.first_ends[0] <= truth) & (truth <= found.first_ends[1])).sum())
    assert inside >= 180 * 0.95 - 4 * math.sqrt(180 * 0.95 * 0.05)


def test_groups_have_the_share_of_their_closed_form():
    groups = [(0, 2), (1,)]
    found = shares(ishigami(sobol_sample(3, 4096, 1, groups)), 3, 100, 1, groups)
    np.testing.assert_allclose(found.first, [(FIRST + BOTH) / WHOLE, SECOND / WHOLE], atol=0.015)
    np.testing.assert_allclose(found.total, found.first, atol=0.015)


weights = st.lists(st.floats(-5, 5).filter(lambda w: abs(w) > 0.1), min_size=2, max_size=6)


@settings(max_examples=25, deadline=None)
@given(weights, st.integers(1, 1000))
def test_shares_of_a_sum_are_the_squares_of_its_weights(weight, seed):
    size = len(weight)
    truth = np.square(weight) / np.square(weight).sum()
    found = shares(sobol_sample(size, 1024, seed) @ np.array(weight), size, 20, seed)
    np.testing.assert_allclose(found.first, truth, atol=0.05)
    np.testing.assert_allclose(found.total, truth, atol=0.05)
    assert found.first.sum() < 1.05


def test_what_nothing_moves_has_no_shares():
    assert shares(np.full(5 * 16, 3.0), 3, 20, 1) is None
    assert shares(1e6 + 1e-6 * sobol_sample(3, 16, 1)[:, 0], 3, 20, 1) is None, "rounding is no share"


def test_an_outcome_that_is_no_number_is_refused():
    values = sobol_sample(2, 16, 1)[:, 0]
    values[3] = np.nan
    with pytest.raises(ValueError, match="not a number"):
        shares(values, 2, 20, 1)


def test_the_sample_fills_the_inside_evenly():
    sample = sobol_sample(3, 256, 5)
    assert ((sample > 0) & (sample < 1)).all()
    first = sample.reshape(256, 5, 3)[:, 0]
    for column in first.T:  # one point in each of 256 strips: Sobol's sequence, scrambled
        assert sorted(np.floor(256 * column).astype(int)) == list(range(256))
    np.testing.assert_array_equal(sample, sobol_sample(3, 256, 5))
    assert not np.array_equal(sample, sobol_sample(3, 256, 6))


def test_screening_finds_the_effects_of_a_plane_and_drops_the_rest():
    weight = np.array([3.0, -1.0, 0.0, 1e-4])
    effects = screened(lambda u: np.stack([u @ weight, np.zeros(len(u))]), 4, 6, seed=2)
    np.testing.assert_allclose(effects[0], 0.95 * np.abs(weight), atol=1e-9)
    np.testing.assert_array_equal(effects[1], 0)
    assert kept(effects).tolist() == [True, True, False, False]


def test_screening_sees_what_acts_only_with_another():
    effects = screened(lambda u: ((u[:, 0] - 0.5) * (u[:, 1] - 0.5))[None], 3, 16, seed=2)
    assert kept(effects).tolist() == [True, True, False]


def test_without_salib_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(InputError, match="SALib is not installed") as refused:
        sobol_sample(2, 8, 1)
    assert refused.value.expected == "the development tools: make setup"
