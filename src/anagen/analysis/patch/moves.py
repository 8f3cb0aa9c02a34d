"""How many follicles of a patch change phase in each week, so that the counts stay the model's shares.

    anagen -> catagen -> telogen -> exogen -> shed -> anagen, or by kenogen
    anagen -> struck -> broken -> repair -> anagen

The counts of two weeks leave open how many went all the way round; that many are taken as the model sheds (and breaks),
and more only where the counts cannot be had with fewer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anagen.analysis.effluvia.courses import PHASES

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
AT = {name: place for place, name in enumerate(PHASES)}


class Moves(NamedTuple):
    """Follicles that enter a phase within one week; `shed` and `broken` lose their hair."""

    catagen: int
    telogen: int
    exogen: int
    shed: int
    kenogen: int
    out_of_kenogen: int
    struck: int
    broken: int
    repaired: int


def whole(shares: Floats, number: int) -> Whole:
    """Whole numbers that add up to `number`, each less than 1 from its share (largest remainder).

    >>> whole(np.array([0.893, 0.016, 0.091]), 200).tolist()
    [179, 3, 18]
    """
    exact = np.round(number * np.maximum(shares, 0.0) / np.maximum(shares, 0.0).sum(), 6)
    counts = np.floor(exact).astype(np.int64)
    largest = np.argsort(counts - exact, kind="stable")[: number - counts.sum()]
    counts[largest] += 1
    return counts


def moves(counts: Whole, shed: Floats, broken: Floats, kenogen_probability: float) -> list[Moves]:
    """The moves between the rows of `counts` (weeks + 1, phases), whose rows have one sum.

    `shed` and `broken` (weeks,): hairs that the model loses in each week, of as many follicles; they are followed in
    sum, so that rounding never adds up.
    """
    found: list[Moves] = []
    had = {"shed": 0, "broken": 0, "kenogen": 0}
    for week, change in enumerate(np.diff(counts, axis=0)):
        _, catagen, telogen, exogen, kenogen, struck, repair = (int(x) for x in change)
        into_kenogen = max(0, kenogen)
        least = max(into_kenogen, 0, -exogen, -exogen - telogen, -exogen - telogen - catagen)
        fell = max(least, round(float(shed[: week + 1].sum())) - had["shed"])
        expected = round(kenogen_probability * (had["shed"] + fell)) - had["kenogen"]
        into_kenogen = min(fell, max(into_kenogen, expected))
        broke = max(0, repair, -struck, round(float(broken[: week + 1].sum())) - had["broken"])
        loose, rested = fell + exogen, fell + exogen + telogen
        found.append(
            Moves(
                catagen=rested + catagen,
                telogen=rested,
                exogen=loose,
                shed=fell,
                kenogen=into_kenogen,
                out_of_kenogen=into_kenogen - kenogen,
                struck=broke + struck,
                broken=broke,
                repaired=broke - repair,
            )
        )
        for name, more in (("shed", fell), ("broken", broke), ("kenogen", into_kenogen)):
            had[name] += more
    return found
