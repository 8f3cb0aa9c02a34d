"""How large an effect is, against the smallest difference that would matter: words for sentences, stars for ratings."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal

Size = Literal["little to no", "slight", "moderate", "large"]
STARS_FROM: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0)
"""Effect ÷ minimal difference from which 0, 1, 2, 3, 4 and 5 stars are given."""
SIZES: dict[int, Size] = {0: "little to no", 1: "little to no", 2: "slight", 3: "moderate", 4: "large", 5: "large"}
assert all(a < b for a, b in pairwise(STARS_FROM))


def stars(effect: float, minimal: float) -> int:
    """0 to 5 stars of a wanted effect; an unwanted one (below zero) has none.

    Args:
        effect: absolute change in the wanted direction, in the unit of `minimal`.
        minimal: the smallest difference that would matter, above 0.

    Raises:
        ValueError: `minimal` is not above 0, or `effect` is no number.

    >>> [stars(x, 20) for x in (-30, 5, 10, 20, 45, 80)]
    [0, 0, 1, 2, 3, 5]
    """
    if not minimal > 0 or math.isnan(effect):
        raise ValueError(f"no stars for an effect of {effect} against a minimal difference of {minimal}")
    ratio = effect / minimal
    return max(0, sum(ratio >= least for least in STARS_FROM) - 1)


def size(effect: float, minimal: float) -> Size:
    """The same in a word, whatever the direction.

    >>> size(-65, 20), size(3, 20)
    ('large', 'little to no')
    """
    return SIZES[stars(abs(effect), minimal)]
