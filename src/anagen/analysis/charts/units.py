"""Units as people say them: the factor from the unit of a series, the words, and whether they follow a number."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """`factor` times the number of the series, then `words`."""

    factor: float
    words: str


_SAID = {
    "fraction of baseline": Unit(100, "% of the start"),
    "fraction of own baseline": Unit(100, "% of the start"),
    "hairs/d": Unit(1, "hairs a day"),
    "hairs/cm2": Unit(1, "hairs per cm²"),
    "umol/L": Unit(1, "µmol/L"),
    "hairs of 55": Unit(1, "of 55 hairs"),
    "% of visible hairs": Unit(1, "% of the visible hairs"),
    "d": Unit(1 / 7, "weeks"),
}


def said(unit: str) -> Unit:
    """How a unit is said.

    >>> said("fraction of baseline")
    Unit(factor=100, words='% of the start')
    """
    return _SAID.get(unit, Unit(1, unit))
