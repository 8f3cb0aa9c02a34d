"""Endpoints of each person against a slow reading of the same series, value by value."""

from __future__ import annotations

import math
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.errors import InputError
from anagen.simulation.outcomes import person_outcome
from anagen.trial.endpoints import endpoints_of, left_weeks, person_endpoints
from anagen.trial.plan import Endpoint, NetBenefit
from anagen.trial.statistics_of_series import NEEDS, STATISTICS, kind_of

ROWS, PEOPLE = 9, 40
DAYS = 7.0 * np.arange(ROWS)


def endpoint(statistic, name="e", series="x", **arguments):
    return Endpoint(name, name, "u", {"statistic": statistic, "series": series, **arguments}, kind_of(statistic))


def weighing(one, name):
    return endpoints_of(SimpleNamespace(endpoints=(one,), net_benefit=NetBenefit("Benefit", "u", {name: 1})))


def some_series(seed=1):
    rng = np.random.default_rng(seed)
    return {"x": rng.lognormal(0, 0.5, (ROWS, PEOPLE)), "y": rng.lognormal(2, 0.3, (ROWS, PEOPLE))}


def leavers(seed=2, share=0.5):
    rng = np.random.default_rng(seed)
    left = rng.random(PEOPLE) < share
    return SimpleNamespace(left=left, left_week=np.where(left, rng.integers(0, ROWS, PEOPLE), -1.0))


AT_THE_END = sorted(name for name in STATISTICS if name.endswith("course_end"))


@pytest.mark.parametrize("statistic", AT_THE_END)
def test_a_course_that_ends_on_another_day_in_each_is_read_there(statistic):
    """What each person has alone, whose course is that of all."""
    series, asked = some_series(), endpoint(statistic, limit=1.0)
    ends = np.random.default_rng(3).integers(0, 70, PEOPLE).astype(float)
    found = person_endpoints([asked], series, DAYS, ends, None)[0]
    for person, end in enumerate(ends):
        alone = {name: values[:, [person]] for name, values in series.items()}
        assert found[person] == pytest.approx(person_outcome(asked.table, alone, DAYS, end)[0], rel=1e-12)


def slowly(statistic, values, arguments):
    """One person's number from a list of weekly values."""
    start = values[0]
    match statistic:
        case "at_week":
            return values[arguments["week"]]
        case "change_at_week":
            return 100 * (values[arguments["week"]] - start) / start
        case "first_above" | "first_below" | "first_above_start":
            for week, value in enumerate(values):
                above = value > arguments["limit"] * (start if statistic == "first_above_start" else 1)
                if value < arguments["limit"] if statistic == "first_below" else above:
                    return week
            return math.inf
        case "area_over_start":
            over = [max(v - start, 0) for v in values]
            return sum(7 * (a + b) / 2 for a, b in pairwise(over))
    raise AssertionError(statistic)


CASES = [
    ("at_week", {"week": 4}),
    ("change_at_week", {"week": ROWS - 1}),
    ("first_above", {"limit": 1.8}),
    ("first_above", {"limit": 1e9}),
    ("first_below", {"limit": 0.6}),
    ("first_above_start", {"limit": 1.3}),
    ("area_over_start", {}),
]


@pytest.mark.parametrize(("statistic", "arguments"), CASES)
@pytest.mark.parametrize("after_leaving", ["last", "left-out", "as-if-seen"])
def test_each_statistic_of_a_trial_for_who_stays_and_who_leaves(statistic, arguments, after_leaving):
    series, status = some_series(), leavers()
    found = person_endpoints([endpoint(statistic, **arguments)], series, DAYS, 28.0, status, after_leaving)[0]
    for person in range(PEOPLE):
        values = series["x"][:, person].tolist()
        seen = int(status.left_week[person]) if status.left[person] else ROWS - 1
        if after_leaving == "last":
            values = values[: seen + 1] + [values[seen]] * (ROWS - 1 - seen)
        expected = slowly(statistic, values, arguments)
        if after_leaving == "left-out" and seen < ROWS - 1:
            if kind_of(statistic) != "time":
                expected = math.nan
            elif expected > seen:
                expected = math.inf
        assert found[person] == pytest.approx(expected, nan_ok=True, rel=1e-12)


@pytest.mark.parametrize("statistic", ["highest", "change_at_course_end", "sum_over_start", "ever_above"])
def test_outcomes_of_a_simulation_are_those_of_a_simulation(statistic):
    series = some_series()
    table = endpoint(statistic, limit=2.0)
    found = person_endpoints([table], series, DAYS, 28.0, None)[0]
    assert np.array_equal(found, person_outcome(table.table, series, DAYS, 28.0))


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_single_precision_differs_only_by_its_rounding(seed):
    series = some_series(seed)
    narrow = {name: values.astype(np.float32) for name, values in series.items()}
    wide = {name: values.astype(np.float64) for name, values in narrow.items()}
    asked = [endpoint(s, **a) for s, a in CASES] + [endpoint("highest_change"), endpoint("sum_over_start")]
    status = leavers(seed)
    one, other = (person_endpoints(asked, x, DAYS, 28.0, status) for x in (narrow, wide))
    assert np.allclose(one, other, rtol=1e-5, atol=1e-4)


def test_who_leaves_between_visits_is_seen_to_the_row_before():
    series = {"x": np.arange(float(ROWS))[:, None] + 1}
    status = SimpleNamespace(left=np.array([True]), left_week=np.array([3.5]))
    assert person_endpoints([endpoint("highest")], series, DAYS, 28.0, status)[0].tolist() == [4.0]


def test_the_series_given_stay_as_they_were():
    series = some_series()
    before = {name: values.copy() for name, values in series.items()}
    first = {"x": np.ones(PEOPLE)}
    person_endpoints([endpoint("highest"), endpoint("highest", series="y")], series, DAYS, 28.0, leavers(), first=first)
    assert all(np.array_equal(series[name], before[name]) for name in series)


def test_values_before_the_first_dose_can_be_given_apart():
    series = some_series()
    start = np.full(PEOPLE, 2.0)
    found = person_endpoints([endpoint("change_at_week", week=3)], series, DAYS, 28.0, None, first={"x": start})[0]
    assert np.allclose(found, 100 * (series["x"][3] / 2 - 1))


def test_a_change_from_nothing_is_left_out():
    series = {"x": np.array([[0.0, 1.0], [1.0, 2.0]])}
    found = person_endpoints([endpoint("highest_change")], series, DAYS[:2], 7.0, None)[0]
    assert np.isnan(found[0])
    assert found[1] == 100


def test_an_endpoint_that_needs_something_is_left_out_for_the_others():
    who = np.arange(PEOPLE) % 3 == 0
    asked = [endpoint("highest", needs="dermatitis"), endpoint("first_above", limit=0.0, needs="dermatitis")]
    found = person_endpoints(asked, some_series(), DAYS, 28.0, None, applies={"dermatitis": who})
    assert np.array_equal(np.isnan(found), np.broadcast_to(~who, found.shape))


def test_net_benefit_is_the_weighted_sum_and_missing_where_a_part_is():
    trial = SimpleNamespace(
        endpoints=(endpoint("highest", "a"), endpoint("highest", "b", "y", needs="z")),
        net_benefit=NetBenefit("Benefit", "u", {"b": -1.5, "a": 2}),
    )
    asked = endpoints_of(trial)
    assert asked[-1].name == "net_benefit"
    who = np.arange(PEOPLE) > 5
    a, b, benefit = person_endpoints(asked, some_series(), DAYS, 28.0, None, applies={"z": who})
    assert np.allclose(benefit[who], (2 * a - 1.5 * b)[who])
    assert np.isnan(benefit[~who]).all()


def test_without_net_benefit_the_endpoints_are_those_of_the_file():
    trial = SimpleNamespace(endpoints=(endpoint("highest"),), net_benefit=None)
    assert endpoints_of(trial) == trial.endpoints


def test_weeks_of_leaving():
    status = SimpleNamespace(left=np.array([True, False]), left_week=np.array([4.0, -1.0]))
    assert left_weeks(status).tolist() == [4.0, np.inf]
    assert left_weeks(SimpleNamespace(left=np.zeros(2, bool), left_week=np.full(2, -1.0))) is None
    assert left_weeks(None) is None


def test_only_known_statistics_need_an_argument():
    assert set(NEEDS) <= set(STATISTICS)


@pytest.mark.parametrize(
    ("asked", "wrong", "offered"),
    [
        ([endpoint("highst")], "unknown statistic: 'highst'", "highest"),
        ([endpoint("highest", series="xx")], "unknown series: 'xx'", "x"),
        ([endpoint("at_week", week=ROWS)], f"week {ROWS}", None),
        (weighing(endpoint("highest", "ab"), "a"), "'a'", "ab"),
        (weighing(endpoint("first_above", "t", limit=1.0), "t"), "'t'", None),
    ],
)
def test_what_cannot_be_read_is_said(asked, wrong, offered):
    with pytest.raises(InputError, match=wrong) as caught:
        person_endpoints(asked, some_series(), DAYS, 28.0, None)
    assert offered is None or offered in caught.value.nearest
