"""Histograms against NumPy's own percentiles, for any numbers, split in any way."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from anagen.trial.bins import ERROR, LARGEST, SMALLEST, TOP, codes, edges
from anagen.trial.histogram import Histogram, from_arrays, merge_all, pack, to_arrays, unpack

LEVELS = (0.0, 0.05, 0.25, 0.5, 0.731, 0.95, 1.0)
inside = st.floats(1e-6, 1e7)
signed = st.one_of(inside, inside.map(lambda x: -x), st.just(0.0))
anything = st.one_of(signed, st.sampled_from([np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, 5e-324, 1e-7, -0.0]))


def rows(elements, most=60):
    return arrays.arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, most)), elements=elements)


def same(one: Histogram, other: Histogram) -> bool:
    """Whether two have counted the same, whatever columns they keep."""
    both = [Histogram.empty(len(one.counts)) for _ in range(2)]
    for into, first, second in ((both[0], one, other), (both[1], other, one)):
        into.merge(first)
        into._cover(second.first, second.first + second.counts.shape[1]) if second.counts.shape[1] else None
    return both[0].first == both[1].first and all(
        np.array_equal(getattr(both[0], name), getattr(both[1], name))
        for name in ("counts", "missing", "lowest", "highest")
    )


@settings(deadline=None)
@given(rows(inside))
def test_positive_percentiles_are_within_one_percent(values):
    found, exact = Histogram.of(values).quantiles(LEVELS), np.quantile(values, LEVELS, axis=1)
    assert np.all(np.abs(found - exact) <= 0.01 * exact)


@settings(deadline=None)
@given(rows(signed))
def test_signed_percentiles_are_within_one_percent_of_the_two_values_they_lie_between(values):
    found, exact = Histogram.of(values).quantiles(LEVELS), np.quantile(values, LEVELS, axis=1)
    ends = [np.abs(np.quantile(values, LEVELS, axis=1, method=method)) for method in ("lower", "higher")]
    assert np.all(np.abs(found - exact) <= 0.01 * np.maximum(*ends) + 1e-12)


@settings(deadline=None)
@given(rows(inside))
def test_single_precision_stays_within_one_percent(values):
    narrow = values.astype(np.float32)
    exact = np.quantile(values, LEVELS, axis=1)
    assert np.all(np.abs(Histogram.of(narrow).quantiles(LEVELS) - exact) <= 0.01 * exact)


def test_a_smooth_distribution_is_much_closer_than_the_stated_error():
    values = np.random.default_rng(1).lognormal(4.0, 0.5, (1, 200_000))
    exact = np.quantile(values, (0.05, 0.5, 0.95))
    assert np.allclose(Histogram.of(values).quantiles()[:, 0], exact, rtol=5e-4)


@settings(deadline=None)
@given(rows(anything), st.integers(0, 60), st.integers(0, 60))
def test_any_split_counts_the_same_in_any_order(values, cut, other_cut):
    low, high = sorted((min(cut, values.shape[1]), min(other_cut, values.shape[1])))
    parts = [values[:, :low], values[:, low:high], values[:, high:]]
    forward, backward = Histogram.empty(len(values)), Histogram.empty(len(values))
    for part in parts:
        forward.add(part)
    for part in reversed(parts):
        backward.merge(Histogram.of(part))
    whole = Histogram.of(values)
    assert same(forward, whole)
    assert same(backward, whole)
    assert np.array_equal(forward.quantiles(), whole.quantiles(), equal_nan=True)
    assert np.array_equal(whole.size + whole.missing, np.full(len(values), values.shape[1]))


@settings(deadline=None)
@given(rows(anything))
def test_each_row_alone_counts_as_it_does_among_others(values):
    together = Histogram.of(values).quantiles(LEVELS)
    alone = np.concatenate([one.quantiles(LEVELS) for one in Histogram.of_each(values)], axis=1)
    assert np.array_equal(together, alone, equal_nan=True)


@settings(deadline=None)
@given(arrays.arrays(np.float64, 20, elements=signed))
def test_every_value_lies_between_the_edges_of_its_bin(values):
    code, missing = codes(values)
    low, high = edges(code)
    slack = 1e-7 * np.abs(values)  # the bin is chosen after rounding to single precision
    assert missing is None
    assert np.all((low - slack <= values) & (values <= high + slack))


def test_bins_follow_each_other_without_gaps_and_are_as_narrow_as_stated():
    low, high = edges(np.arange(1, TOP + 1))
    assert np.array_equal(high[:-1], low[1:])
    assert np.all(high / low - 1 <= ERROR + 1e-12)
    assert ERROR < 0.01
    assert low[0] <= SMALLEST <= 1e-6
    assert high[-1] >= LARGEST >= 1e7
    minus_low, minus_high = edges(-np.arange(1, TOP + 1))
    assert np.array_equal(minus_low, -high)
    assert np.array_equal(minus_high, -low)


AT_THE_ENDS = [
    (0.0, 0),
    (-0.0, 0),
    (1e-9, 0),
    (-1e-9, 0),
    (5e-324, 0),
    (1e9, TOP),
    (1e300, TOP),
    (-1e300, -TOP),
    (np.inf, TOP + 1),
    (-np.inf, -TOP - 1),
]


@pytest.mark.parametrize(("value", "code"), AT_THE_ENDS)
def test_values_at_the_ends(value, code):
    assert codes(np.array([value]))[0].tolist() == [code]
    if abs(value) < 1e38 or np.isinf(value):
        assert codes(np.array([value], np.float32))[0].tolist() == [code]


def test_each_whole_number_to_256_has_a_bin_of_its_own():
    assert np.all(np.diff(codes(np.arange(257.0))[0]) >= 1)


def test_nan_is_counted_apart_and_infinity_is_the_largest():
    histogram = Histogram.of(np.array([[np.nan, 1.0, np.inf], [np.nan, np.nan, np.nan], [-np.inf, -np.inf, 0.0]]))
    assert histogram.missing.tolist() == [1, 3, 0]
    assert histogram.size.tolist() == [2, 0, 3]
    found = histogram.quantiles((0.0, 1.0))
    assert found[:, 0].tolist() == [1.0, np.inf]
    assert np.isnan(found[:, 1]).all()
    assert found[:, 2].tolist() == [-np.inf, 0.0]


def test_who_all_have_the_same_value_keep_it_exactly():
    assert Histogram.of(np.full((1, 50), 0.7312)).quantiles()[:, 0].tolist() == [0.7312] * 3


def test_padding_is_not_counted():
    values = np.random.default_rng(3).normal(size=(4, 10))
    valid = np.arange(10) < 6
    assert same(Histogram.of(values, valid), Histogram.of(values[:, :6]))
    assert Histogram.of(values, np.zeros(10, bool)).size.tolist() == [0] * 4


def test_nothing_counted_has_no_percentile():
    assert np.isnan(Histogram.empty(2).quantiles()).all()


@settings(deadline=None)
@given(arrays.arrays(np.int32, st.tuples(st.integers(0, 4), st.integers(0, 9)), elements=st.integers(0, 3)))
def test_packing_keeps_every_count(counts):
    indices, values = pack(counts)
    assert indices.dtype == values.dtype == np.uint32
    assert np.all(values > 0)
    assert np.array_equal(unpack(indices, values, counts.shape), counts)


@settings(deadline=None)
@given(rows(anything), rows(anything))
def test_a_file_keeps_every_histogram(one, other):
    histograms = {"one": Histogram.of(one), "none": Histogram.empty(2), "other": Histogram.of(other)}
    file = io.BytesIO()
    np.savez(file, **to_arrays(histograms))
    file.seek(0)
    with np.load(file, allow_pickle=False) as stored:
        again = from_arrays(stored)
    assert list(again) == list(histograms)
    assert all(same(again[name], histograms[name]) for name in histograms)
    merge_all(again, histograms)
    assert np.array_equal(again["one"].size, 2 * histograms["one"].size)
