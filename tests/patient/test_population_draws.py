"""People are drawn as the file says: against scipy's distributions, with the stated correlations, each person alone."""

from __future__ import annotations

import pickle

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from anagen.patient.covariate_draws import TILE
from anagen.patient.distributions import beta
from anagen.patient.population import Population
from anagen.patient.streams import normals, stream_key

N = 40_000
ALL = np.arange(N)


def covariate(name: str, unit: str, rest: str) -> str:
    return f'[covariates.{name}]\nunit = "{unit}"\n{rest}\n'


def pair(one: str, other: str, rho: float) -> str:
    return f'[[correlations]]\nbetween = ["{one}", "{other}"]\nrho = {rho}\n'


SEX = covariate("sex", "category", 'distribution = "choice"\nshares = { female = 0.6, male = 0.4 }')
WEIGHT = covariate("weight_kg", "kg", 'distribution = "lognormal"\nmedian = 70\nsd_log = 0.2')
HEIGHT = covariate("height_cm", "cm", 'distribution = "normal"\nmean = 170\nsd = 8')
AGE = covariate("age_years", "years", 'distribution = "uniform"\nlow = 18\nhigh = 60')
SKIN = covariate(
    "seborrheic_dermatitis",
    "category",
    'distribution = "choice"\nshares = { none = 0.5, mild = 0.3, moderate = 0.15, severe = 0.05 }',
)


def truncated(frozen, low: float, high: float):
    """Quantiles of a scipy distribution cut to bounds."""
    below, above = frozen.cdf(low), frozen.cdf(high)
    return lambda q: frozen.ppf(below + (above - below) * q)


def logit_normal(median: float, sd: float):
    return lambda q: 1 / (1 + np.exp(-(np.log(median / (1 - median)) + sd * stats.norm.ppf(q))))


KINDS = [
    ("normal", "height_cm", HEIGHT, truncated(stats.norm(170, 8), 100, 250)),
    (
        "normal, cut",
        "age_years",
        covariate("age_years", "years", 'distribution = "normal"\nmean = 20\nsd = 5\nbounds = [18, 35]'),
        truncated(stats.norm(20, 5), 18, 35),
    ),
    ("lognormal", "weight_kg", WEIGHT, truncated(stats.lognorm(0.2, scale=70), 30, 250)),
    (
        "lognormal, cut",
        "weight_kg",
        covariate("weight_kg", "kg", 'distribution = "lognormal"\nmedian = 80\nsd_log = 0.4\nbounds = [75, 200]'),
        truncated(stats.lognorm(0.4, scale=80), 75, 200),
    ),
    ("uniform", "age_years", AGE, stats.uniform(18, 42).ppf),
    (
        "beta",
        "missed_share",
        covariate("missed_share", "1", 'distribution = "beta"\nalpha = 1.5\nbeta = 12'),
        stats.beta(1.5, 12).ppf,
    ),
    (
        "beta, cut",
        "missed_share",
        covariate("missed_share", "1", 'distribution = "beta"\nalpha = 0.7\nbeta = 2\nbounds = [0.1, 0.6]'),
        truncated(stats.beta(0.7, 2), 0.1, 0.6),
    ),
    (
        "logit-normal",
        "with_food_share",
        covariate("with_food_share", "1", 'distribution = "logit-normal"\nmedian = 0.8\nsd_logit = 0.5'),
        logit_normal(0.8, 0.5),
    ),
]


def own_draws(name: str, seed: int = 3) -> np.ndarray:
    return np.asarray(normals(stream_key(seed, f"covariate:{name}"), jnp.asarray(ALL)))


@pytest.mark.parametrize(("kind", "name", "text", "quantile"), KINDS, ids=[kind[0] for kind in KINDS])
def test_a_value_is_the_quantile_of_the_persons_own_draw(kind, name, text, quantile) -> None:
    """Person by person against scipy, and the whole of them by Kolmogorov and Smirnov."""
    values = Population.parse(text).people(ALL, 3).columns[name]
    wanted = quantile(stats.norm.cdf(own_draws(name)))
    # Beta comes from a table of quantiles; bounds beyond 6 SD do not count, which moves the far tail by a millionth.
    np.testing.assert_allclose(values, wanted, rtol=5e-6, atol=2e-5 if "beta" in kind else 0)
    places = np.linspace(0.001, 0.999, 999)
    counted = np.searchsorted(np.sort(values), quantile(places)) / N
    assert np.abs(counted - places).max() < 1.95 / N**0.5  # p = 0.001


@pytest.mark.parametrize(("alpha", "second"), [(0.2, 0.2), (0.2, 30), (1, 1), (3, 0.5), (50, 2), (5000, 5000)])
def test_the_table_of_beta_quantiles(alpha: float, second: float) -> None:
    made = beta(alpha, second, (0.0, 1.0))
    score = np.random.default_rng(1).uniform(-5, 5, 20_000)
    np.testing.assert_allclose(
        made.values(score, score, score), stats.beta(alpha, second).ppf(stats.norm.cdf(score)), atol=5e-5
    )


def test_cut_means_cut_and_not_clamped() -> None:
    """Nobody stands on a bound, though a quarter of the whole distribution lies outside."""
    text = covariate("age_years", "years", 'distribution = "normal"\nmean = 20\nsd = 5\nbounds = [18, 35]')
    ages = Population.parse(text).people(ALL, 1).columns["age_years"]
    assert 18 < ages.min() < 18.01
    assert ages.max() < 35
    wanted = stats.truncnorm(-0.4, 3, 20, 5)
    assert ages.mean() == pytest.approx(wanted.mean(), abs=4 * wanted.std() / N**0.5)
    assert ages.std() == pytest.approx(wanted.std(), rel=0.02)


def test_shares_of_a_category() -> None:
    people = Population.parse(SKIN).people(ALL, 1)
    assert people.levels == {"seborrheic_dermatitis": ("none", "mild", "moderate", "severe")}
    codes = people.columns["seborrheic_dermatitis"]
    assert codes.dtype == np.float64
    for code, share in enumerate((0.5, 0.3, 0.15, 0.05)):
        assert (codes == code).mean() == pytest.approx(share, abs=4 * (share * (1 - share) / N) ** 0.5)


def test_a_level_without_a_share_never_comes() -> None:
    for shares, code in (("{ severe = 1 }", 3), ("{ none = 1.0 }", 0), ("{ mild = 1 }", 1)):
        text = covariate("seborrheic_dermatitis", "category", f'distribution = "choice"\nshares = {shares}')
        assert set(Population.parse(text).people(ALL, 1).columns["seborrheic_dermatitis"]) == {code}


def test_women_and_men_each_have_their_own_distribution() -> None:
    own = (
        'female = { distribution = "lognormal", median = 62, sd_log = 0.2, bounds = [40, 70] }\n'
        'male = { distribution = "normal", mean = 90, sd = 10 }'
    )
    text = SEX + covariate("weight_kg", "kg", own)
    people = Population.parse(text).people(ALL, 5)
    weight, male = people.columns["weight_kg"], people.columns["sex"] == 1
    assert male.mean() == pytest.approx(0.4, abs=4 * (0.24 / N) ** 0.5)
    below, above = (stats.lognorm(0.2, scale=62).cdf(bound) for bound in (40, 70))
    women = (stats.lognorm(0.2, scale=62).cdf(weight[~male]) - below) / (above - below)
    assert stats.kstest(women, "uniform").pvalue > 1e-4
    assert stats.kstest(weight[male], stats.norm(90, 10).cdf).pvalue > 1e-4


def scores(x: np.ndarray) -> np.ndarray:
    return stats.norm.ppf((stats.rankdata(x) - 0.5) / x.size)


def test_correlations_of_numbers_are_recovered() -> None:
    rho = {("weight_kg", "height_cm"): 0.5, ("age_years", "weight_kg"): -0.4, ("age_years", "height_cm"): 0.1}
    text = WEIGHT + HEIGHT + AGE + "".join(pair(*names, value) for names, value in rho.items())
    columns = Population.parse(text).people(ALL, 2).columns
    for (one, other), value in rho.items():
        found = np.corrcoef(scores(columns[one]), scores(columns[other]))[0, 1]
        assert found == pytest.approx(value, abs=4 * (1 - value**2) / N**0.5), (one, other)


def test_a_category_goes_together_with_a_number_by_its_draw() -> None:
    """The share of each level among the heaviest and lightest, against the bivariate normal of scipy."""
    text = SKIN + WEIGHT + pair("seborrheic_dermatitis", "weight_kg", 0.6)
    columns = Population.parse(text).people(ALL, 2).columns
    light = columns["weight_kg"] < 70
    joint = stats.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]])
    for code, below in enumerate((0.5, 0.8, 0.95)):
        wanted = joint.cdf([stats.norm.ppf(below), 0.0])
        assert (light & (columns["seborrheic_dermatitis"] <= code)).mean() == pytest.approx(wanted, abs=0.01)


def test_a_correlation_holds_within_each_sex() -> None:
    by_sex = covariate(
        "weight_kg", "kg", 'distribution = "normal"\nsd = 5\nfemale = { mean = 60 }\nmale = { mean = 90 }'
    )
    columns = Population.parse(SEX + by_sex + HEIGHT + pair("weight_kg", "height_cm", 0.5)).people(ALL, 2).columns
    for code in (0, 1):
        these = columns["sex"] == code
        found = np.corrcoef(columns["weight_kg"][these], columns["height_cm"][these])[0, 1]
        assert found == pytest.approx(0.5, abs=4 * 0.75 / these.sum() ** 0.5)


def test_a_column_does_not_hang_on_what_else_is_declared() -> None:
    alone = Population.parse(HEIGHT).people(ALL, 4).columns["height_cm"]
    among = Population.parse(SEX + WEIGHT + AGE + SKIN + HEIGHT + pair("weight_kg", "age_years", 0.7))
    assert among.people(ALL, 4).columns["height_cm"].tolist() == alone.tolist()
    assert Population.parse(HEIGHT).people(ALL, 5).columns["height_cm"].tolist() != alone.tolist()


ADULTS = Population.named("adults")
TOGETHER = ADULTS.people(np.arange(3 * TILE), 7)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3 * TILE - 1), min_size=0, max_size=1500), st.integers(1, 1100))
def test_who_else_is_asked_for_changes_nobody(numbers: list[int], first: int) -> None:
    """Bit for bit: in any order, repeated, in any groups, and across the borders of tiles."""
    asked = np.array(numbers, int)
    groups = [ADULTS.people(asked[:first], 7), ADULTS.people(asked[first:], 7)]
    for name, column in TOGETHER.columns.items():
        apart = np.concatenate([group.columns[name] for group in groups])
        assert apart.tobytes() == column[asked].tobytes(), name


def test_one_person_alone_and_a_far_one() -> None:
    far = 2**40 + 5
    both = ADULTS.people([3, far], 7)
    for index, number in enumerate((3, far)):
        alone = ADULTS.people([number], 7)
        assert {k: v[0] for k, v in alone.columns.items()} == {k: v[index] for k, v in both.columns.items()}


def test_it_survives_the_way_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(ADULTS))
    assert again.to_json() == ADULTS.to_json()
    people = pickle.loads(pickle.dumps(again.people(np.arange(5), 7)))
    assert people.columns["weight_kg"].tolist() == TOGETHER.columns["weight_kg"][:5].tolist()


def test_constant_and_a_constant_by_sex() -> None:
    text = (
        SEX
        + covariate("diet", "category", 'distribution = "constant"\nvalue = "vegan"')
        + covariate("pattern_hair_loss", "category", 'distribution = "constant"\nvalue = true')
        + covariate("ck_u_per_l", "U/L", 'distribution = "constant"\nfemale = { value = 80 }\nmale = { value = 120 }')
    )
    people = Population.parse(text).people(np.arange(200), 1)
    assert set(people.columns["diet"]) == {2.0}
    assert set(people.columns["pattern_hair_loss"]) == {1.0}
    assert people.columns["ck_u_per_l"].tolist() == np.where(people.columns["sex"] == 1, 120.0, 80.0).tolist()
