"""The likelihood against a slow copy in plain Python, and the evidence against brute force."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.inference.diaries import ready

from anagen import treatment
from anagen.inference.imagined import counted, people_under
from anagen.inference.laplace import laplace
from anagen.inference.likelihood import beta_binomial, expected, log_likelihood, over_dispersed, person
from anagen.inference.posterior import means
from anagen.inference.prepared import prepared
from anagen.inference.priors import AT, NAMES, stated
from anagen.inference.record import Count, Dose, Pull, Record, Roots, Value
from anagen.inference.seen import with_hairs


@given(st.integers(0, 400), st.floats(0.5, 300), st.floats(1.05, 8))
@settings(deadline=None, max_examples=60)
def test_over_dispersed_is_the_negative_binomial(count, mean, dispersion):
    right = stats.nbinom.logpmf(count, mean / (dispersion - 1), 1 / dispersion)
    assert float(over_dispersed(count, mean, dispersion)) == pytest.approx(right, rel=1e-7, abs=1e-7)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.02, 0.98), st.floats(2, 80))
@settings(deadline=None, max_examples=60)
def test_beta_binomial_is_that_of_scipy(a, b, share, alike):
    of, count = a + b, a
    right = stats.betabinom.logpmf(count, of, share * alike, (1 - share) * alike)
    assert float(beta_binomial(count, of, share, alike)) == pytest.approx(right, rel=1e-6, abs=1e-8)


def test_every_part_of_a_record_is_in_it():
    record = Record(
        counts=[
            Count(0, 60, "wash", 2.0, club=50, broken=6),
            Count(40, 20, "comb"),
            Count(90, 80, "wash", 5.0, short=9),
            Count(150, 120, "day"),
        ],
        pulls=[Pull(20, 1), Pull(150, 4)],
        roots=[Roots(150, 20, 3, 100)],
        doses=[Dose(day, 30) for day in range(10, 160)],
        levels=[Value(100, 150.0)],
        triglycerides=[Value(0, 90.0), Value(5, 100.0), Value(100, 140.0), Value(140, 120.0)],
    )
    of = prepared(treatment("isotretinoin"), record)
    rng = np.random.default_rng(4)
    z = 0.7 * rng.standard_normal(len(NAMES))
    for part in (of.classes.names.index(name) for name in ("none", "drug", "anagen", "pattern")):
        under = jax.tree_util.tree_map(lambda column, part=part: column[part], of.classes.parts)
        who = person(z, under, of.data.priors)
        mean = expected(who, under, of.data)
        own, phi = stated(), float(who.dispersion)
        hairs = np.asarray(mean.hairs)
        total = float(who.log_mass)
        for i, count in enumerate(record.counts):
            total += stats.nbinom.logpmf(count.hairs, hairs[i] / (phi - 1), 1 / phi)
        share, alike = float(np.asarray(mean.broken)[0]), own["ends_alike"]["value"]
        total += stats.betabinom.logpmf(6, 56, share * alike, (1 - share) * alike)
        short = own["short_pattern" if under.pattern > 0 else "short_usual"]
        a, b = short["share"] * short["hairs"], (1 - short["share"]) * short["hairs"]
        total += stats.betabinom.logpmf(9, 80, a, b)
        phi = own["pull_dispersion"]["value"]
        for i, pull in enumerate(record.pulls):
            total += stats.nbinom.logpmf(pull.hairs, float(np.asarray(mean.pull)[i]) / (phi - 1), 1 / phi)
        resting = float(np.asarray(mean.resting)[0])
        seen, chance = 20.5 / 98, 1 / (97 * resting * (1 - resting) + 0.5)
        logit = np.log(seen / (1 - seen)) - np.log(resting / (1 - resting))
        total += stats.norm.logpdf(logit, 0, np.hypot(own["trichogram_error"]["value"], np.sqrt(chance)))
        level = np.log(150 / of.time.level[100]) - float(who.exposure)
        total += stats.norm.logpdf(level, 0, own["level_error"]["value"])
        rise = np.log1p(np.exp(float(who.exposure)) * float(who.gain) * of.time.triglyceride_rise[[100, 140]])
        ratios = np.log(np.array([140.0, 120.0]) / np.sqrt(90.0 * 100.0))
        shared = own["triglyceride_error"]["value"] ** 2 * (np.eye(2) + 0.5)  # the two visits before are in both
        total += stats.multivariate_normal.logpdf(ratios, rise, shared)
        assert float(log_likelihood(z, under, of.data)) == pytest.approx(total, rel=1e-6)


def test_a_higher_level_means_more_exposure_and_less_susceptibility_for_the_same_shedding():
    of = ready(9)
    part = of.classes.names.index("drug")
    under = jax.tree_util.tree_map(lambda column: column[part], of.classes.parts)
    z = np.zeros((2, len(NAMES)))
    z[1, AT["exposure"]] = 1.0
    low, high = (person(row, under, of.data.priors) for row in z)
    own, shown = float(high.susceptibility), float(high.drug)
    assert float(high.exposure) > float(low.exposure)
    assert own == pytest.approx(shown * np.exp(-of.priors.exponent * float(high.exposure)))


def test_people_of_a_class_are_those_of_the_population_within_its_bounds():
    # Drawn another way: susceptibility and exposure of everyone, and only those kept who belong there.
    of = ready(9)
    rng = np.random.default_rng(3)
    least, p = of.classes.thresholds.susceptibility, of.priors
    exposure = p.food * rng.standard_normal(400_000)
    own = np.exp(p.susceptibility.middle + p.susceptibility.spread * rng.standard_normal(400_000))
    shown = own * np.exp(p.exponent * exposure)
    kept = (shown > least) & (shown < 5)
    z, part = people_under(of, "drug", 1500, rng)
    people, _ = means(of, z, part)
    for mine, theirs in ((people.drug, shown[kept]), (people.exposure, exposure[kept])):
        assert stats.ks_2samp(np.asarray(mine), theirs).pvalue > 1e-3
    share = 1 - type(p.susceptibility)(p.susceptibility.middle, p.total_spread).below(least)
    assert (shown > least).mean() == pytest.approx(share, rel=0.05)


def test_the_evidence_is_that_of_brute_force():
    of = ready(9)
    rng = np.random.default_rng(5)
    z, part = people_under(of, "drug", 1, rng)
    hairs, _ = counted(of, z, part, rng)
    data = with_hairs(of.data, hairs[0])
    found = laplace(data, of.classes.parts)
    draws = rng.standard_normal((60_000, len(NAMES)))
    for name in ("none", "drug", "pattern"):
        row = of.classes.names.index(name)
        under = jax.tree_util.tree_map(lambda column, row=row: column[row], of.classes.parts)
        log = np.asarray(jax.jit(jax.vmap(lambda x, under=under: log_likelihood(x, under, data)))(draws))
        right = np.logaddexp.reduce(log) - np.log(log.size)
        shares = np.exp(log - np.logaddexp.reduce(log))
        error = np.sqrt((shares**2).sum() + 1 / found.effective[row])  # of both, by how many draws they are worth
        assert error < 0.12
        assert found.evidence[row] == pytest.approx(right, abs=4 * error)
