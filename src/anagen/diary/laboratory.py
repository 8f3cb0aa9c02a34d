"""Laboratory tests known by name: their units, and which values are asked about. For checks and description."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from .entries import Lab


@dataclass(frozen=True, slots=True)
class Test:
    """`units` with the factor to the first, `unit`; `asked`, the range in `unit` outside of which a question is put."""

    name: str
    units: Mapping[str, float]
    asked: tuple[float, float]
    series: str | None

    @property
    def unit(self) -> str:
        """The unit everything is brought to."""
        return next(iter(self.units))

    def factor(self, unit: str) -> float | None:
        """From `unit` to `self.unit`; None for a unit that is not known.

        >>> known_tests()["ferritin"].factor("µg/l"), known_tests()["alt"].factor("stone")
        (1.0, None)
        """
        folded = fold(unit)
        return next((factor for known, factor in self.units.items() if fold(known) == folded), None)

    def usual(self, value: float) -> bool:
        """Whether a value in `self.unit` goes without a question."""
        return self.asked[0] <= value <= self.asked[1]


def fold(unit: str) -> str:
    """A unit as it is compared: no case, no spaces, one letter for micro.

    >>> fold("µkat / L") == fold("ukat/l"), fold("IU/L") == fold("U/L")
    (True, True)
    """
    plain = unit.casefold().replace(" ", "").replace("µ", "u").replace("μ", "u").replace("mcg", "ug")
    plain = plain.replace("mcmol", "umol")
    return {"iu/l": "u/l", "ui/l": "u/l"}.get(plain, plain)


@lru_cache(maxsize=1)
def known_tests() -> Mapping[str, Test]:
    """All that are known, by name."""
    tables = tomllib.loads(resources.files("anagen.diary").joinpath("laboratory.toml").read_text("utf-8"))
    return {
        name: Test(name, table["units"], (table["asked"][0], table["asked"][1]), table.get("series"))
        for name, table in tables.items()
    }


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    tables = tomllib.loads(resources.files("anagen.diary").joinpath("laboratory.toml").read_text("utf-8"))
    return {_folded(word): name for name, table in tables.items() for word in (name, *table["also"])}


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def find_test(name: str) -> Test | None:
    """The test of that name, or of another name for it; None where it is not known.

    >>> find_test("Total Cholesterol").unit, find_test("Haemoglobin").name, find_test("mood")
    ('mg/dL', 'hemoglobin', None)
    """
    known = _names().get(_folded(name))
    return known_tests()[known] if known else None


def in_unit(lab: Lab) -> tuple[Test, float] | None:
    """The test and the value in its unit; None where the test or the unit is not known."""
    test = find_test(lab.name)
    factor = test.factor(lab.unit) if test else None
    return (test, lab.value * factor) if test and factor is not None else None
