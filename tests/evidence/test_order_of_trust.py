"""The order of trust: which number weighs more, and which has to be named on an output."""

from __future__ import annotations

from itertools import pairwise

import pytest

from anagen.errors import InputError
from anagen.evidence import Trust, must_be_said, weakest


def test_the_order_is_the_specified_one() -> None:
    specified = ["measured", "fitted", "class-effect", "in-vitro", "assumed", "claimed"]
    assert [trust.value for trust in Trust] == specified
    assert [trust.value for trust in sorted(Trust, reverse=True)] == specified
    assert all(more > less and less < more and more >= less and more != less for more, less in pairwise(Trust))


@pytest.mark.parametrize("trust", Trust)
def test_only_the_assumed_and_the_claimed_must_be_said(trust: Trust) -> None:
    assert trust.must_be_said == (trust.value in {"assumed", "claimed"})


def test_the_weakest_decides() -> None:
    assert weakest(Trust) is Trust.CLAIMED
    assert weakest([Trust.IN_VITRO, Trust.MEASURED]) is Trust.IN_VITRO
    with pytest.raises(InputError, match="rests on no number"):
        weakest([])


def test_each_is_named_once() -> None:
    assert must_be_said([Trust.CLAIMED, Trust.ASSUMED, Trust.CLAIMED]) == (Trust.ASSUMED, Trust.CLAIMED)
    assert must_be_said([Trust.MEASURED, Trust.FITTED]) == ()


def test_an_unknown_grade_names_the_nearest() -> None:
    with pytest.raises(InputError, match="unknown grade of trust: measurd") as caught:
        Trust("measurd")
    assert caught.value.nearest == ("measured",)


def test_trust_is_not_compared_with_text() -> None:
    with pytest.raises(TypeError):
        assert Trust.MEASURED > "assumed"
