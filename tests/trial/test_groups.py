"""Groups: tiles put together against NumPy over all people at once, a slow Kaplan-Meier, and SciPy's intervals."""

from __future__ import annotations

import io
import json
import math
import statistics
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from anagen.trial.groups import merged, tile_sums
from anagen.trial.intervals import mean_interval, wilson
from anagen.trial.layout import Layout
from anagen.trial.moments import Moments, moments
from anagen.trial.moments import merged as merged_moments
from anagen.trial.plan import Endpoint
from anagen.trial.student import t_above, t_quantile
from anagen.trial.subgroups import level_names, level_of
from anagen.trial.summary import summary
from anagen.trial.sums import Sums, together
from anagen.trial.times import curve, weekly_counts

WEEKS, SAME = 12, 0.3
ENDPOINTS = (
    Endpoint("change", "Change", "mg/dL", {"statistic": "highest", "same": SAME}, "number"),
    Endpoint("above", "Above", None, {"statistic": "ever_above"}, "share"),
    Endpoint("chance", "Chance", None, {"statistic": "largest_probability"}, "share"),
    Endpoint("time", "Time to it", "weeks", {"statistic": "first_above"}, "time"),
)
ARMS = ("none", "low", "high")


class Run:
    """Everyone of a made-up trial, and the tiles they are dealt into."""

    def __init__(self, people, tile=16, replicates=1, after_leaving="last", seed=0):
        rng = np.random.default_rng(seed)
        effect = np.array([0.0, 0.2, 0.5])[:, None]
        own = rng.normal(1, 1, people)
        self.values = np.empty((3, 4, people))
        self.values[:, 0] = own + effect + rng.normal(0, 0.3, (3, people))
        self.values[:, 1] = self.values[:, 0] > 1.4
        self.values[:, 2] = 1 / (1 + np.exp(-self.values[:, 0]))
        week = np.floor(rng.exponential(10, (3, people)) / (1 + effect))
        self.left = np.where(rng.random((3, people)) < 0.3, rng.integers(0, WEEKS, (3, people)), np.inf)
        if after_leaving == "left-out":
            self.values[:, :3][np.broadcast_to((self.left < WEEKS)[:, None], (3, 3, people))] = np.nan
        seen = np.minimum(self.left, WEEKS) if after_leaving != "as-if-seen" else WEEKS
        self.values[:, 3] = np.where(week <= seen, week, np.inf)
        self.values[:, :, rng.random(people) < 0.05] = np.nan
        self.levels = [rng.integers(0, 2, people), rng.integers(-1, 3, people)]
        names = (("female", "male"), level_names((60, 80)))
        self.layout = Layout(
            ARMS, ENDPOINTS, 0, WEEKS, people, tile, replicates, after_leaving, ("sex", "weight_kg"), names
        )

    def tile(self, number):
        size = self.layout.tile
        pad = np.arange(size) + number * size
        valid = pad < self.layout.people
        pad = np.minimum(pad, self.layout.people - 1)
        levels = [level[pad] for level in self.levels]
        return tile_sums(self.layout, number, self.values[..., pad], self.left[:, pad], levels, valid)

    @property
    def tiles(self):
        return [self.tile(k) for k in range(-(-self.layout.people // self.layout.tile))]

    @property
    def numbers(self):
        """Values as they are averaged."""
        numbers = self.values.copy()
        week = np.minimum(numbers[:, 3], WEEKS)
        numbers[:, 3] = np.where(self.left < WEEKS, np.nan, week) if self.layout.after_leaving == "left-out" else week
        return numbers


def check_moments(found, values):
    """`found` (n, mean, squares) of one entry against NumPy over all its values."""
    kept = values[np.isfinite(values)]
    n, mean, squares = found
    assert n == kept.size
    if kept.size:
        assert mean == pytest.approx(kept.mean(), rel=1e-12, abs=1e-12)
        assert squares == pytest.approx(((kept - kept.mean()) ** 2).sum(), rel=1e-9, abs=1e-12)


def entry(moments, *place):
    return moments.n[place], moments.mean[place], moments.squares[place]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 40),
    st.integers(1, 4),
    st.sampled_from(["last", "left-out", "as-if-seen"]),
    st.integers(0, 99),
)
def test_tiles_together_are_everyone_at_once(people, tile, replicates, after_leaving, seed):
    replicates = min(replicates, people)
    run = Run(people, tile, replicates, after_leaving, seed)
    found, numbers = merged(run.layout, run.tiles), run.numbers
    groups = [np.ones(people, bool), *(run.levels[0] == k for k in range(2)), *(run.levels[1] == k for k in range(3))]
    pairs = numbers[1:] - numbers[0]
    assert found.people.tolist() == [int(g.sum()) for g in groups]
    for place in range(4):
        for group, who in enumerate(groups):
            for arm in range(3):
                check_moments(entry(found.of_arms, arm, place, group), numbers[arm, place][who])
            for pair in range(2):
                check_moments(entry(found.of_pairs, pair, place, group), pairs[pair, place][who])
        size = people // replicates
        replicate = np.minimum(np.arange(people) // size, replicates - 1)
        for one in range(replicates):
            for arm in range(3):
                check_moments(entry(found.of_arms_by_replicate, arm, place, one), numbers[arm, place][replicate == one])
            for pair in range(2):
                check_moments(
                    entry(found.of_pairs_by_replicate, pair, place, one), pairs[pair, place][replicate == one]
                )
    same = np.array([SAME, 0, 0, 0])[None, :, None]
    lower, higher, counted = pairs < -same, pairs > same, np.isfinite(pairs)
    three = np.stack([lower.sum(-1), (counted & ~lower & ~higher).sum(-1), higher.sum(-1)], axis=-1)
    assert np.array_equal(found.sides, three)
    assert np.array_equal(found.whole, np.stack([(numbers == 0).sum(-1), (numbers == 1).sum(-1)], axis=-1))


def bits(arrays):
    return {name: (array.shape, array.tobytes()) for name, array in arrays.items()}


def test_any_parts_in_any_order_give_the_same_bits():
    run = Run(150, 16, 3)
    tiles = run.tiles
    layouts = [
        [together(tiles)],
        tiles[::-1],
        [together([tiles[9], tiles[2]]), together([tiles[0], tiles[5], tiles[1]]), *tiles[3:5], *tiles[6:9]],
    ]
    found = [merged(run.layout, parts) for parts in layouts]
    texts = {json.dumps(summary(run.layout, one)) for one in found}
    assert len(texts) == 1
    for name in ("of_arms", "of_pairs", "of_arms_by_replicate", "of_pairs_by_replicate"):
        for key in ("n", "mean", "squares"):
            assert len({getattr(getattr(one, name), key).tobytes() for one in found}) == 1


def test_a_file_keeps_all_sums_to_the_bit():
    run = Run(100, 16, 2)
    part = together(run.tiles[2:5])
    file = io.BytesIO()
    np.savez(file, **part.to_arrays(), another=np.zeros(3))
    file.seek(0)
    with np.load(file, allow_pickle=False) as stored:
        again = Sums.from_arrays(dict(stored))
    assert bits(again.to_arrays()) == bits(part.to_arrays())
    others = [t for k, t in enumerate(run.tiles) if k not in (2, 3, 4)]
    assert json.dumps(summary(run.layout, merged(run.layout, [*others, again]))) == json.dumps(
        summary(run.layout, merged(run.layout, run.tiles))
    )


def test_what_stands_in_the_padding_does_not_matter():
    run = Run(20, 16)
    pad = np.minimum(np.arange(16) + 16, 19)
    valid = np.arange(16) + 16 < 20
    values = run.values[..., pad].copy()
    values[..., ~valid] = 1e30
    levels = [level[pad] for level in run.levels]
    other = tile_sums(run.layout, 1, values, run.left[:, pad], levels, valid)
    assert bits(other.to_arrays()) == bits(run.tile(1).to_arrays())


def test_a_tile_cannot_count_twice_and_none_is_no_result():
    tiles = Run(40).tiles
    with pytest.raises(ValueError, match="twice"):
        together([tiles[0], tiles[1], tiles[0]])
    with pytest.raises(ValueError, match="no sums"):
        together([])


def test_squares_survive_a_large_mean():
    values = 1e9 + np.random.default_rng(1).normal(0, 1, 4096)
    tiles = [moments(part[None], np.zeros(1024, int), 1) for part in values.reshape(4, 1024)]
    together_ = merged_moments(Moments(*(np.stack([getattr(t, k) for t in tiles]) for k in ("n", "mean", "squares"))))
    assert float(together_.sd[0, 0]) == pytest.approx(statistics.stdev(values.tolist()), rel=1e-7)


def test_nobody_has_no_mean():
    found = moments(np.array([[1.0, np.nan]]), np.array([-1, 0]), 2)
    assert found.n.tolist() == [[0, 0]]
    assert all(math.isnan(x) for x in found.at(0, 1)[1:])


# --- times ------------------------------------------------------------------------------------------------------------


def kaplan_meier(people, weeks):
    """Share with the event by each week, from (week of event or None, week of leaving or None) of each person."""
    free, share = 1.0, []
    for week in range(weeks + 1):
        at_risk = [
            (e, c) for e, c in people if (e is None or e >= week) and (c is None or c >= week or (e or 0) > week)
        ]
        events = sum(1 for e, _ in at_risk if e == week)
        if events:
            free *= 1 - events / len(at_risk)
        share.append(1 - free)
    return share


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=40))
def test_curve_is_kaplan_meier(drawn):
    people = [(e, None) if e <= min(c, WEEKS) else (None, c if c < WEEKS else None) for e, c in drawn]
    week = np.array([math.inf if e is None else e for e, _ in people])
    left = np.array([math.inf if c is None else c for _, c in people])
    found = curve(weekly_counts(week, left, WEEKS))
    expected = kaplan_meier(people, WEEKS)
    assert np.allclose(found.share, expected, atol=1e-12)
    half = [w for w, s in enumerate(expected) if s >= 0.5 - 1e-12]
    assert found.median == (half[0] if half else None)
    low, high = found.ci
    assert 0 <= low <= found.share[-1] + 1e-12
    assert found.share[-1] - 1e-12 <= high <= 1


def test_curve_is_scipy_s_with_censoring():
    rng = np.random.default_rng(5)
    event, leave = rng.integers(1, 30, 300), rng.integers(1, 30, 300)
    seen = np.minimum(np.minimum(event, leave), WEEKS)
    happened = (event <= leave) & (event <= WEEKS)
    week = np.where(happened, event, np.inf).astype(float)
    left = np.where(~happened & (leave < WEEKS), leave, np.inf).astype(float)
    found = curve(weekly_counts(week, left, WEEKS))
    sample = stats.CensoredData(uncensored=seen[happened], right=seen[~happened])
    exact = stats.ecdf(sample)
    assert np.allclose(found.share, exact.cdf.evaluate(np.arange(WEEKS + 1)))
    # Wilson with an effective number stays near Greenwood's plain interval at this size
    low, high = (float(side.evaluate(WEEKS)) for side in exact.cdf.confidence_interval(method="log-log"))
    assert found.ci == pytest.approx((low, high), abs=0.01)


def test_without_leaving_the_interval_is_wilson_s():
    week = np.array([1.0, 5.0, 5.0] + [np.inf] * 17)
    found = curve(weekly_counts(week, np.full(20, np.inf), WEEKS))
    assert found.ci == pytest.approx(wilson(3, 20))
    nobody = curve(weekly_counts(np.full(20, np.inf), np.full(20, np.inf), WEEKS))
    assert nobody.ci == pytest.approx(wilson(0, 20))
    everyone = curve(weekly_counts(np.ones(20), np.full(20, np.inf), WEEKS))
    assert everyone.ci == pytest.approx(wilson(20, 20))


def test_a_group_of_nobody_has_no_curve():
    found = curve(weekly_counts(np.full(3, np.nan), np.full(3, np.inf), WEEKS)).to_json()
    assert found["n"] == 0
    assert found["share_by_end"] is found["median"] is found["ci"] is None


# --- intervals --------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(1, 400), st.data())
def test_wilson_is_scipy_s(n, data):
    count = data.draw(st.integers(0, n))
    exact = stats.binomtest(count, n).proportion_ci(method="wilson")
    assert wilson(count, n) == pytest.approx((exact.low, exact.high), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30).filter(lambda x: np.std(x) > 1e-6))
def test_interval_of_a_mean_is_scipy_s(values):
    n, mean, sd = len(values), float(np.mean(values)), float(np.std(values, ddof=1))
    exact = stats.ttest_1samp(values, 0).confidence_interval()
    assert mean_interval(n, mean, sd) == pytest.approx((exact.low, exact.high), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("df", [1, 1.5, 2, 5, 29, 57.3, 1000, 99_999])
def test_student_s_t_is_scipy_s(df):
    for level in (0.025, 0.5, 0.6, 0.9, 0.975, 0.995):
        assert t_quantile(level, df) == pytest.approx(stats.t.ppf(level, df), rel=1e-7, abs=1e-9)
    for t, shift in ((2.0, 0.0), (2.0, 2.8), (-2.0, 1.0), (12.7, 3.0), (1.96, -1.0)):
        assert t_above(t, df, shift) == pytest.approx(stats.nct.sf(t, df, shift), abs=1e-8)


def test_too_few_people_have_no_interval():
    assert mean_interval(1, 3.0, math.nan) is None
    assert wilson(0, 0) is None


# --- what is shown ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    run = Run(400, 64, 4, seed=3)
    return run, summary(run.layout, merged(run.layout, run.tiles))


def test_a_number_is_shown_with_its_spread(shown):
    run, found = shown
    values = run.values[2, 0][np.isfinite(run.values[2, 0])]
    one = found["endpoints"]["high"]["change"]
    assert (one["kind"], one["unit"], one["n"], one["missing"]) == ("number", "mg/dL", values.size, 400 - values.size)
    assert one["mean"] == pytest.approx(values.mean())
    assert one["sd"] == pytest.approx(values.std(ddof=1))
    exact = stats.ttest_1samp(values, 0).confidence_interval()
    assert one["ci"] == pytest.approx([exact.low, exact.high], rel=1e-6)
    assert [one[k] for k in ("p05", "p50", "p95")] == pytest.approx(np.quantile(values, (0.05, 0.5, 0.95)), rel=0.01)


def test_a_share_is_shown_with_wilson_s_interval_and_a_chance_with_that_of_its_mean(shown):
    run, found = shown
    values = run.values[1, 1:3][:, np.isfinite(run.values[1, 1])]
    one, chance = (found["endpoints"]["low"][name] for name in ("above", "chance"))
    assert one["count"] == values[0].sum()
    assert isinstance(one["count"], int)
    exact = stats.binomtest(int(values[0].sum()), values.shape[1]).proportion_ci(method="wilson")
    assert one["ci"] == pytest.approx([exact.low, exact.high])
    assert chance["share"] == pytest.approx(values[1].mean())
    assert chance["count"] == pytest.approx(values[1].sum())
    exact = stats.ttest_1samp(values[1], 0).confidence_interval()
    assert chance["ci"] == pytest.approx([exact.low, exact.high], rel=1e-6)


def test_a_time_is_shown_as_a_curve(shown):
    run, found = shown
    one = found["endpoints"]["none"]["time"]
    week = run.values[0, 3]
    people = [
        (None if math.isinf(w) else w, None if math.isinf(c) or not math.isinf(w) else c)
        for w, c in zip(week, run.left[0], strict=True)
        if not math.isnan(w)
    ]
    assert one["curve"]["week"] == list(range(WEEKS + 1))
    assert one["curve"]["share"] == pytest.approx(kaplan_meier(people, WEEKS))
    assert one["share_by_end"] == one["curve"]["share"][-1]
    assert one["n"] == len(people)
    assert one["mean_weeks"] == pytest.approx(np.nanmean(np.minimum(week, WEEKS)))


def test_contrasts_are_paired(shown):
    run, found = shown
    assert [(c["arm"], c["against"], c["endpoint"]) for c in found["contrasts"]] == [
        (arm, "none", e.name) for arm in ("low", "high") for e in ENDPOINTS
    ]
    one = next(c for c in found["contrasts"] if (c["arm"], c["endpoint"]) == ("high", "change"))
    pairs = run.values[2, 0] - run.values[0, 0]
    pairs = pairs[np.isfinite(pairs)]
    exact = stats.ttest_1samp(pairs, 0).confidence_interval()
    assert one["difference"] == pytest.approx(pairs.mean())
    assert one["ci"] == pytest.approx([exact.low, exact.high], rel=1e-6)
    assert one["sd"] == pytest.approx(pairs.std(ddof=1))
    assert one["lower_in"] == pytest.approx((pairs < -SAME).mean())
    assert one["lower_in"] + one["same_in"] + one["higher_in"] == pytest.approx(1)
    quantiles = np.quantile(pairs, (0.05, 0.5, 0.95))
    assert [one[k] for k in ("p05", "p50", "p95")] == pytest.approx(quantiles, rel=0.02)
    units = {c["endpoint"]: c["unit"] for c in found["contrasts"]}
    assert units == {"change": "mg/dL", "above": "share of people", "chance": "share of people", "time": "weeks"}


def test_subgroups_hold_the_differences_of_their_people(shown):
    run, found = shown
    one = next(
        s
        for s in found["subgroups"]
        if (s["covariate"], s["level"], s["arm"], s["endpoint"]) == ("weight_kg", "80 or more", "low", "chance")
    )
    pairs = (run.values[1, 2] - run.values[0, 2])[run.levels[1] == 2]
    pairs = pairs[np.isfinite(pairs)]
    assert one["n"] == pairs.size
    assert one["difference"] == pytest.approx(pairs.mean())
    assert len(found["subgroups"]) == 2 * 4 * 5


def test_replicates_show_the_spread_of_their_means(shown):
    run, found = shown
    one = next(s for s in found["spread_of_replicates"] if (s["arm"], s["endpoint"]) == ("low", "change"))
    means = [np.nanmean(part) for part in run.values[1, 0].reshape(4, 100)]
    assert [one[k] for k in ("p05", "p50", "p95")] == pytest.approx(np.quantile(means, (0.05, 0.5, 0.95)))


def test_all_is_plain_json_even_where_nobody_counts():
    run = Run(3, 4)
    run.values[:] = np.nan
    found = summary(run.layout, merged(run.layout, run.tiles))
    text = json.dumps(found, allow_nan=False)
    assert "spread_of_replicates" not in json.loads(text)
    assert found["endpoints"]["low"]["change"]["mean"] is None
    assert found["contrasts"][0]["difference"] is None


def test_layout_of_a_trial():
    trial = SimpleNamespace(
        arms=[SimpleNamespace(name=name) for name in ARMS],
        endpoints=ENDPOINTS,
        net_benefit=None,
        against="low",
        follow_up_weeks=WEEKS,
        people=2500,
        replicates=10,
        after_leaving="last",
        subgroups=[
            SimpleNamespace(covariate="sex", edges=()),
            SimpleNamespace(covariate="weight_kg", edges=(60.0, 80.0)),
        ],
    )
    layout = Layout.of(trial, {"sex": ("female", "male")}, tile=1024)
    assert layout.compared == (0, 2)
    assert layout.groups == 6
    assert layout.times == (3,)
    touched = max(len({p // 250 for p in range(k, k + 1024)}) for k in range(0, 2500))
    assert layout.replicates_of_tile == touched
    assert Layout.of(trial, tile=1024, people=5000).replicate_size == 500


@settings(deadline=None)
@given(st.lists(st.floats(-100, 200), min_size=1), st.lists(st.integers(-50, 150), min_size=1, max_size=4, unique=True))
def test_levels_lie_between_their_edges(values, edges):
    edges = sorted(edges)
    found = level_of(np.array(values), edges)
    for value, level in zip(values, found, strict=True):
        assert level == sum(value >= edge for edge in edges)
    assert len(level_names(edges)) == len(edges) + 1
