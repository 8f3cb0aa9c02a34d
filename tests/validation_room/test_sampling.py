"""The sampling distribution of a study's figure against theory; inside, z and coverage against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from anagen.validation.sampling import Sample, alone, average, possible, shares
from anagen.validation.score import MOST_Z, by_rank, coverage, score

REPLICATES = 4000
BETWEEN, WITHIN = 0.5, 2.0  # SD of what nobody knows, and SD between people


def mean(parts: tuple[np.ndarray, ...]) -> np.ndarray:
    return average(parts[0], "arithmetic")


def people(pool: int, seed: int = 1, between: float = BETWEEN) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 10 + between * rng.standard_normal((REPLICATES, 1)) + WITHIN * rng.standard_normal((REPLICATES, pool))


@pytest.mark.parametrize("n", [1, 8, 64, 65, 400, 100_000])
def test_a_mean_of_n_people_has_the_spread_of_theory(n: int) -> None:
    """Also where the study is larger than the pool: SD² = between² + within²/n. 5 % is 4.5 times the sampling error."""
    found = possible([Sample((people(64),), mean, n)], alone, True, np.random.default_rng(2))
    assert found.mean() == pytest.approx(10, abs=4 * np.hypot(BETWEEN, WITHIN) / np.sqrt(REPLICATES))
    assert found.std() == pytest.approx(np.sqrt(BETWEEN**2 + WITHIN**2 / n), rel=0.05)
    assert stats.kstest((found - 10) / np.sqrt(BETWEEN**2 + WITHIN**2 / n), "norm").pvalue > 1e-3


def test_a_small_study_is_the_first_people_of_its_replicate() -> None:
    values = people(64)
    found = possible([Sample((values,), mean, 7)], alone, True, np.random.default_rng(2))
    np.testing.assert_allclose(found, values[:, :7].mean(1), rtol=1e-12)


@pytest.mark.parametrize(("paired", "n"), [(True, 10), (False, 10), (True, 200), (False, 200)])
def test_a_difference_of_two_groups(paired: bool, n: int) -> None:
    """What nobody knows falls out. The same people: their own values fall out too, here but for noise of SD 1."""
    values = people(128)
    after = values + 3 + np.random.default_rng(3).standard_normal(values.shape)

    def difference(figures: list[np.ndarray]) -> np.ndarray:
        return figures[0] - figures[1]

    samples = [Sample((after,), mean, n), Sample((values,), mean, n)]
    found = possible(samples, difference, paired, np.random.default_rng(4))
    variance = 1 / n if paired else (2 * WITHIN**2 + 1) / n
    assert found.mean() == pytest.approx(3, abs=5 * np.sqrt(variance / REPLICATES) + 0.05)
    assert found.std() == pytest.approx(np.sqrt(variance), rel=0.12)


def test_a_median_of_a_large_study() -> None:
    """The median of many normal values has 1.57 times the variance of their mean."""
    samples = [Sample((people(64),), lambda parts: average(parts[0], "median"), 1000)]
    found = possible(samples, alone, True, np.random.default_rng(2))
    assert found.std() == pytest.approx(np.sqrt(BETWEEN**2 + 1.57 * WITHIN**2 / 1000), rel=0.06)


@pytest.mark.parametrize("n", [20, 64, 500])
def test_a_share_is_a_binomial_count(n: int) -> None:
    """Everyone of chance 0.3; then people of 0 or 1, 3 in 10: the same counts."""
    same = np.full((REPLICATES, 64), 0.3)
    mixed = (np.random.default_rng(5).uniform(size=same.shape) < 0.3).astype(float)
    for chances in (same, mixed):
        counts = n * shares(chances, n, np.random.default_rng(6))
        assert counts == pytest.approx(np.round(counts), abs=1e-9)
        assert counts.mean() == pytest.approx(0.3 * n, abs=5 * np.sqrt(0.21 * n / REPLICATES))
        assert counts.var() == pytest.approx(0.21 * n, rel=0.12)
        low, high = np.quantile(counts, [0.05, 0.95])
        assert abs(low - stats.binom.ppf(0.05, n, 0.3)) <= 1 + 0.02 * n
        assert abs(high - stats.binom.ppf(0.95, n, 0.3)) <= 1 + 0.02 * n


def test_a_share_keeps_what_nobody_knows() -> None:
    """Chances from a beta distribution, one for each replicate: counts are beta-binomial."""
    own = np.random.default_rng(7).beta(6, 14, (REPLICATES, 1))
    chances = (np.random.default_rng(8).uniform(size=(REPLICATES, 64)) < own).astype(float)
    counts = 300 * shares(chances, 300, np.random.default_rng(9))
    expected = stats.betabinom(300, 6, 14)
    assert counts.mean() == pytest.approx(expected.mean(), rel=0.03)
    assert counts.std() == pytest.approx(expected.std(), rel=0.06)


def test_who_does_not_count_is_left_out() -> None:
    chances = np.full((REPLICATES, 64), 0.5)
    chances[:, ::2] = np.nan
    assert shares(chances, 30, np.random.default_rng(1)).mean() == pytest.approx(0.5, abs=0.01)
    assert np.isnan(shares(np.full((2, 4), np.nan), 30, np.random.default_rng(1))).all()


@given(st.lists(st.one_of(st.floats(0.01, 1e6), st.just(float("nan"))), min_size=1, max_size=40))
@settings(max_examples=200)
def test_averages_are_those_of_scipy(values: list[float]) -> None:
    array = np.array(values)
    known = array[np.isfinite(array)]
    for how, plain in (("arithmetic", np.mean), ("median", np.median), ("geometric", stats.gmean)):
        found = average(array, how)
        assert np.isnan(found) if not known.size else found == pytest.approx(plain(known), rel=1e-9)


def test_z_of_a_normal_prediction() -> None:
    draws = stats.norm(50, 4).ppf((np.arange(10_000) + 0.5) / 10_000)
    for z in (-6.0, -1.0, 0.0, 1.5):
        found = score(draws, 50 + 4 * z)
        assert found.z == pytest.approx(z, abs=0.01)
        assert found.inside == (abs(z) < 1.645)


def test_z_of_a_skewed_prediction_is_by_rank() -> None:
    """Of a lognormal prediction: the z of the log."""
    draws = stats.lognorm(1.0).ppf((np.arange(10_000) + 0.5) / 10_000)
    for z in (-2.0, -0.5, 0.0, 1.0, 2.5):
        assert score(draws, float(np.exp(z))).z == pytest.approx(z, abs=0.05)
    assert score(draws, 1e6).z == MOST_Z
    assert score(draws, 0.0).z == -MOST_Z


def test_inside_is_from_the_5th_to_the_95th_percentile() -> None:
    draws = np.linspace(0, 100, 1001)
    assert [score(draws, x).inside for x in (4.9, 5.0, 50.0, 95.0, 95.1)] == [False, True, True, True, False]


def test_a_prediction_without_spread() -> None:
    draws = np.full(100, 3.0)
    assert score(draws, 3.0) == score(draws, 3.0)
    assert (score(draws, 3.0).inside, score(draws, 3.0).z) == (True, 0.0)
    assert (score(draws, 3.1).inside, score(draws, 3.1).z) == (False, MOST_Z)
    assert score(draws, 2.9).z == -MOST_Z


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=50), st.floats(-2e3, 2e3), st.floats(0, 1e3))
def test_a_larger_value_has_no_smaller_rank(draws: list[float], value: float, more: float) -> None:
    assert by_rank(np.array(draws), value + more) >= by_rank(np.array(draws), value)


@pytest.mark.parametrize("n", [1, 5, 43, 400, 2000])
def test_coverage_by_chance_is_that_of_a_binomial(n: int) -> None:
    found = coverage([True] * n)
    assert found is not None
    assert (found.rows, found.inside, found.share) == (n, n, 1.0)
    assert found.p05 * n == pytest.approx(stats.binom.ppf(0.05, n, 0.9))
    assert found.p95 * n == pytest.approx(stats.binom.ppf(0.95, n, 0.9))


def test_no_rows_have_no_coverage() -> None:
    assert coverage([]) is None
