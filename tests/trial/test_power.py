"""Power against SciPy, textbooks, and trials drawn one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from anagen.trial.groups import merged, tile_sums
from anagen.trial.layout import Layout
from anagen.trial.plan import Endpoint
from anagen.trial.power import means_power, n_for, paired_power, power_table, shares_power


@settings(deadline=None)
@given(st.integers(2, 500), st.floats(-2, 2), st.floats(0.2, 3))
def test_paired_power_is_the_noncentral_t(n, difference, sd):
    limit, shift = stats.t.ppf(0.975, n - 1), difference * math.sqrt(n) / sd
    exact = stats.nct.sf(limit, n - 1, abs(shift)) + stats.nct.sf(limit, n - 1, -abs(shift))
    assert paired_power(n, difference, sd) == pytest.approx(exact, abs=1e-7)


@settings(deadline=None)
@given(st.integers(2, 500), st.floats(-2, 2), st.floats(0.2, 3))
def test_parallel_power_with_equal_spread_is_the_noncentral_t(n, difference, sd):
    df, shift = 2 * n - 2, difference / (sd * math.sqrt(2 / n))
    limit = stats.t.ppf(0.975, df)
    exact = stats.nct.sf(limit, df, abs(shift)) + stats.nct.sf(limit, df, -abs(shift))
    assert means_power(n, difference, sd, sd) == pytest.approx(exact, abs=1e-7)


def test_parallel_power_with_unequal_spread_is_that_of_drawn_trials():
    rng, n, trials = np.random.default_rng(1), 25, 20_000
    one, other = rng.normal(0.8, 1.0, (trials, n)), rng.normal(0.0, 1.6, (trials, n))
    found = (stats.ttest_ind(one, other, axis=1, equal_var=False).pvalue < 0.05).mean()
    assert means_power(n, 0.8, 1.0, 1.6) == pytest.approx(found, abs=4 * math.sqrt(0.25 / trials))


def test_power_of_shares_is_that_of_drawn_trials():
    rng, n, trials = np.random.default_rng(2), 200, 50_000
    one, other = rng.binomial(n, 0.30, trials) / n, rng.binomial(n, 0.42, trials) / n
    middle = (one + other) / 2
    z = np.abs(one - other) / np.sqrt(2 * middle * (1 - middle) / n)
    assert shares_power(n, 0.30, 0.42) == pytest.approx((z > stats.norm.ppf(0.975)).mean(), abs=0.012)


@pytest.mark.parametrize(
    ("effect", "n"),
    [(0.2, 394), (0.5, 64), (0.8, 26)],  # Cohen 1988, tables for the two-sample t test, alpha 0.05, power 0.80
)
def test_numbers_for_two_means_are_cohen_s(effect, n):
    assert n_for(lambda k: means_power(k, effect, 1.0, 1.0)) == n


@pytest.mark.parametrize(("one", "other"), [(0.4, 0.5), (0.1, 0.2), (0.032, 0.057), (0.9, 0.6)])
@pytest.mark.parametrize("power", [0.8, 0.9])
def test_numbers_for_two_shares_follow_the_closed_form(one, other, power):
    middle, z, zb = (one + other) / 2, stats.norm.ppf(0.975), stats.norm.ppf(power)
    root = z * math.sqrt(2 * middle * (1 - middle)) + zb * math.sqrt(one * (1 - one) + other * (1 - other))
    assert n_for(lambda k: shares_power(k, one, other), power) == math.ceil((root / (one - other)) ** 2)


@pytest.mark.parametrize("effect", [0.1, 0.3, 1.0])
def test_numbers_for_pairs_lie_just_above_the_normal_formula(effect):
    normal = ((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) / effect) ** 2
    found = n_for(lambda k: paired_power(k, effect, 1.0))
    assert normal <= found <= normal + 3


@settings(deadline=None, max_examples=30)
@given(st.floats(0.05, 2), st.floats(0.3, 3), st.floats(0.05, 0.99))
def test_n_for_is_the_smallest_that_is_enough(difference, sd, wanted):
    def power(n):
        return means_power(n, difference, sd, 1.0)

    n = n_for(power, wanted)
    assert power(n) >= wanted
    assert n == 2 or power(n - 1) < wanted


def test_at_the_edges():
    assert means_power(50, 0.0, 1.0, 1.0) == pytest.approx(0.05)
    assert shares_power(50, 0.3, 0.3) == pytest.approx(0.05)
    assert paired_power(1, 1.0, 1.0) == 0
    assert paired_power(10, 1.0, 0.0) == 1
    assert paired_power(10, 0.0, 0.0) == 0
    assert shares_power(10, 0.0, 1.0) == 1
    assert n_for(lambda n: means_power(n, 0.0, 1.0, 1.0)) is None


PEOPLE, REPLICATES = 4096, 8
ENDPOINTS = (
    Endpoint("change", "Change", "u", {"statistic": "highest"}, "number"),
    Endpoint("above", "Above", None, {"statistic": "ever_above"}, "share"),
    Endpoint("chance", "Chance", None, {"statistic": "largest_probability"}, "share"),
)


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(4)
    own = rng.normal(0, 1, PEOPLE)
    shift = np.repeat(rng.normal(0.4, 0.2, REPLICATES), PEOPLE // REPLICATES)
    values = np.empty((2, 3, PEOPLE))
    values[0, 0], values[1, 0] = own, own + shift + rng.normal(0, 0.5, PEOPLE)
    values[:, 1] = values[:, 0] > 0.5
    values[:, 2] = 1 / (1 + np.exp(-values[:, 0]))
    layout = Layout(("a", "b"), ENDPOINTS, 0, 12, PEOPLE, 1024, REPLICATES)
    tiles = [tile_sums(layout, k, values[..., 1024 * k : 1024 * k + 1024], None) for k in range(4)]
    rows = power_table(layout, merged(layout, tiles), 100)
    return values, {(row["endpoint"], row["design"]): row for row in rows}


def test_every_contrast_has_its_rows_but_chances_have_no_pairs(table):
    _, rows = table
    designs = {(e, d) for e in ("change", "above", "chance") for d in ("parallel", "paired")} - {("chance", "paired")}
    assert set(rows) == designs
    assert all(row["n_per_arm"] == 100 and 0 <= row["power"] <= 1 for row in rows.values())


def test_power_uses_the_spread_of_people_and_of_pairs(table):
    values, rows = table
    a, b = values[:, 0]
    parallel = means_power(100, b.mean() - a.mean(), b.std(ddof=1), a.std(ddof=1))
    paired = paired_power(100, (b - a).mean(), (b - a).std(ddof=1))
    assert rows["change", "parallel"]["power"] == pytest.approx(parallel)
    assert rows["change", "paired"]["power"] == pytest.approx(paired)
    assert rows["change", "paired"]["n_for_80"] < rows["change", "parallel"]["n_for_80"]
    assert rows["chance", "parallel"]["power"] == pytest.approx(shares_power(100, *values[:, 2].mean(1)[::-1]))
    assert rows["above", "parallel"]["n_for_80"] == n_for(lambda n: shares_power(n, *values[:, 1].mean(1)[::-1]))


def test_assurance_averages_over_what_replicates_take_for_true(table):
    values, rows = table
    a, b = (x.reshape(REPLICATES, -1) for x in values[:, 0])
    within = [math.sqrt(x.var(axis=1, ddof=1).mean()) for x in (b, a)]
    expected = np.mean([means_power(100, step, *within) for step in b.mean(1) - a.mean(1)])
    assert rows["change", "parallel"]["assurance"] == pytest.approx(expected)
    shares = [x.reshape(REPLICATES, -1).mean(1) for x in values[:, 1]]
    expected = np.mean([shares_power(100, y, x) for x, y in zip(*shares, strict=True)])
    assert rows["above", "parallel"]["assurance"] == pytest.approx(expected)
    pairs = (b - a).std(axis=1, ddof=1)
    expected = np.mean([paired_power(100, step, math.sqrt((pairs**2).mean())) for step in (b - a).mean(1)])
    assert rows["change", "paired"]["assurance"] == pytest.approx(expected)


def test_one_replicate_has_no_assurance():
    layout = Layout(("a", "b"), ENDPOINTS[:1], 0, 12, 8, 8)
    values = np.random.default_rng(0).normal(size=(2, 1, 8))
    rows = power_table(layout, merged(layout, [tile_sums(layout, 0, values, None)]), 10)
    assert rows
    assert not any("assurance" in row for row in rows)


def test_too_few_people_have_no_power():
    layout = Layout(("a", "b"), ENDPOINTS[:1], 0, 12, 1, 8)
    assert power_table(layout, merged(layout, [tile_sums(layout, 0, np.ones((2, 1, 1)), None)]), 10) == []
