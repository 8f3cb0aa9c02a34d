"""The rules behind sizes and verdict sentences: cases by hand, and what must hold for all."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.evidence.size import SIZES, Size, size, stars
from anagen.evidence.verdict import FACTS, VERBS, Effect, Verdict, sentence

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def effect(value: float, minimal: float = 10, direction: str = "less") -> Effect:
    told = {"subject": "the drug", "outcome": "skin oil", "direction": direction, "unit": "%"}
    return Effect.model_validate(
        {**told, "value": value, "minimal": minimal, "source": ("assumed",), "minimal_source": ("assumed",)}
    )


@pytest.mark.parametrize(
    ("level", "value", "direction", "said"),
    [
        (4, -45, "less", "The drug results in a large reduction in skin oil."),
        (3, -25, "less", "The drug likely results in a reduction in skin oil."),
        (2, 12, "more", "The drug may result in a slight rise in skin oil."),
        (2, -3, "less", "The drug may result in little to no difference in skin oil."),
        (1, -90, "less", "The evidence is very uncertain about the effect of the drug on skin oil."),
    ],
)
def test_sentence_by_hand(level: int, value: float, direction: str, said: str) -> None:
    assert sentence("partly", level, effect(value, direction=direction)) == said


@given(st.sampled_from(VERDICTS), st.integers(1, 4), st.floats(-500, 500))
def test_sentence_claims_no_effect_where_nothing_was_studied_or_a_rule_stands(
    found: Verdict, level: int, value: float
) -> None:
    assert sentence(found, level, None) == FACTS[found] + "."
    said = sentence(found, level, effect(value))
    if found in ("not studied", "safety rule"):
        assert said == FACTS[found] + "."
    elif level == 1:
        assert "very uncertain" in said
    else:
        assert VERBS[level] in said


NUMBERS = st.floats(-1e6, 1e6)
MINIMAL = st.floats(1e-3, 1e3)


@pytest.mark.parametrize(
    ("ratio", "wanted", "word"),
    [
        (0.49, 0, "little to no"),
        (0.5, 1, "little to no"),
        (0.99, 1, "little to no"),
        (1, 2, "slight"),
        (2, 3, "moderate"),
        (3, 4, "large"),
        (4, 5, "large"),
        (400, 5, "large"),
    ],
)
def test_stars_and_word_by_hand(ratio: float, wanted: int, word: Size) -> None:
    assert (stars(16 * ratio, 16), size(16 * ratio, 16)) == (wanted, word)


@given(NUMBERS, NUMBERS, MINIMAL)
def test_a_larger_effect_never_has_fewer_stars(one: float, other: float, minimal: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= stars(low, minimal) <= stars(high, minimal) <= 5


@given(st.floats(-1e6, -1e-6), MINIMAL)
def test_an_unwanted_effect_has_no_star(value: float, minimal: float) -> None:
    assert stars(value, minimal) == 0


@given(NUMBERS, MINIMAL)
def test_the_word_is_the_same_both_ways(value: float, minimal: float) -> None:
    assert size(value, minimal) == size(-value, minimal) == SIZES[stars(abs(value), minimal)]


@pytest.mark.parametrize(("value", "minimal"), [(1, 0), (1, -1), (float("nan"), 1), (1, float("nan"))])
def test_no_stars_without_a_minimal_difference_or_a_number(value: float, minimal: float) -> None:
    with pytest.raises(ValueError, match="no stars"):
        stars(value, minimal)
