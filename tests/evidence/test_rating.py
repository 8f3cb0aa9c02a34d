"""Ratings by rule: bounds, caps, and the one that nothing may lower."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.errors import DataError
from anagen.evidence import source
from anagen.evidence.claims import load_claims
from anagen.evidence.rating import Ratings, capped_certainty, capped_stars, harm, load_ratings
from anagen.evidence.records import checked
from anagen.treatments.registry import treatment

PERCENT = st.floats(-100, 400, allow_nan=False)


def test_harm_of_a_drug_that_harms_an_unborn_child_is_maximal_and_takes_no_dose() -> None:
    assert harm("isotretinoin") == 4
    assert list(inspect.signature(harm).parameters) == ["treatment"]


@given(PERCENT, st.floats(1, 50), st.integers(1, 4))
def test_stars_are_never_more_than_dots_plus_one(effect: float, minimal: float, dots: int) -> None:
    assert 0 <= capped_stars(effect, minimal, dots) <= min(5, dots + 1)


@given(PERCENT, PERCENT, st.floats(1, 50), st.integers(1, 4))
def test_a_larger_effect_never_has_fewer_stars(a: float, b: float, minimal: float, dots: int) -> None:
    low, high = sorted((a, b))
    assert capped_stars(low, minimal, dots) <= capped_stars(high, minimal, dots)


@given(st.floats(-100, -1e-6), st.floats(1, 50), st.integers(1, 4))
def test_an_unwanted_effect_has_no_star(effect: float, minimal: float, dots: int) -> None:
    assert capped_stars(effect, minimal, dots) == 0


def test_a_laboratory_surrogate_has_two_dots_at_most() -> None:
    assert [capped_certainty(level, surrogate=True) for level in (1, 2, 3, 4)] == [1, 2, 2, 2]


def test_every_outcome_names_a_claim_a_series_and_its_sources() -> None:
    ratings = load_ratings("isotretinoin")
    assert ratings is not None
    assert set(ratings.outcomes) == {"dermatitis", "oil", "shedding", "regrowth", "acne"}
    for name, outcome in ratings.outcomes.items():
        assert outcome.claim in load_claims("isotretinoin"), name
        assert outcome.series in treatment().series or outcome.not_studied or outcome.published, name
        assert all(source(key) for key in outcome.minimal_source)
        assert outcome.not_studied or (outcome.minimal_percent > 0 and outcome.minimal_says), name
    assert (ratings.article_stars, ratings.article_of) == (4, 5)


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        ({"title": "X", "claim": "sebum", "wanted": "fewer"}, "outcomes.x.wanted"),
        ({"title": "X"}, "outcomes.x.claim"),
        ({"title": "X", "claim": "sebum", "minimal_source": ["article-2"]}, "outcomes.x.minimal_source[1]"),
    ],
)
def test_a_wrong_edit_names_its_key(outcome: dict[str, object], key: str) -> None:
    table = {
        "outcomes": {"x": outcome},
        "article_stars": 4,
        "article_of": 5,
        "article_says": "x",
        "article_source": ["article"],
    }
    with pytest.raises(DataError, match=r"ratings\.toml") as caught:
        checked(table, "ratings.toml", Ratings)
    assert key in str(caught.value)
