"""The accepted UCUM codes and the molar masses, from `units.toml` and `substances.toml`. Everything else is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from anagen.errors import InputError, nearest

SYSTEM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Unit:
    """A UCUM code: `kind`, what it measures; `says`, that in words; `factor`, to the first unit of its kind."""

    code: str
    kind: str
    says: str
    factor: float


@dataclass(frozen=True, slots=True)
class Substance:
    """What a conversion needs to know of a measurement: `molar_mass` in g/mol; whether it is an `enzyme`."""

    name: str
    molar_mass: float | None = None
    enzyme: bool = False
    formula: str = ""
    by: str = ""


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))


@cache
def units() -> Mapping[str, Unit]:
    """All accepted units by code.

    >>> units()["[lb_av]"].factor, units()["ukat/L"].says
    (453.59237, 'an enzyme activity per volume')
    """
    kinds = {kind: table for kind, table in _file("units.toml").items() if kind != "spellings"}
    return {
        code: Unit(code, kind, table["says"], float(factor))
        for kind, table in kinds.items()
        for code, factor in table["units"].items()
    }


@cache
def spellings() -> Mapping[str, str]:
    """Other ways in which an accepted unit is written, with its code."""
    written = dict(_file("units.toml")["spellings"])
    return written | {text.replace("\u00b5", "\u03bc"): code for text, code in written.items()}


@cache
def substances() -> Mapping[str, Substance]:
    """What is known of measurements, by name."""
    return {
        name: Substance(
            name,
            table.get("molar_mass_g_per_mol"),
            table.get("enzyme", False),
            table.get("formula", ""),
            table.get("by", ""),
        )
        for name, table in _file("substances.toml").items()
    }


def substance(name: str) -> Substance:
    """What is known of a measurement; one without a molar mass where nothing is.

    >>> substance("glucose").molar_mass, substance("tsh").molar_mass
    (180.16, None)
    """
    return substances().get(name, Substance(name))


def unit(code: str, *, written: bool = False) -> Unit:
    """The unit with that UCUM code; where only a text was `written`, also one of its usual spellings.

    Raises:
        InputError: it is not in the table; offers the nearest that is.

    >>> unit("mg/dL").kind, unit("mcg", written=True).code
    ('mass_concentration', 'ug')
    >>> unit("MG")
    Traceback (most recent call last):
    ...
    anagen.errors.InputError: 'MG' is not an accepted UCUM unit
    expected: a UCUM code of docs/units.md, such as mg, ng/mL or U/L (small and capital letters differ)
    nearest: mg
    """
    known = units()
    if code in known:
        return known[code]
    spelled = spellings().get(code)
    if spelled is not None and written:
        return known[spelled]
    raise InputError(
        f"'{code}' is not an accepted UCUM unit",
        expected="a UCUM code of docs/units.md, such as mg, ng/mL or U/L (small and capital letters differ)",
        nearest=(spelled,) if spelled is not None else _alike(code),
    )


def _alike(code: str) -> tuple[str, ...]:
    folded = [known for known in units() if known.casefold() == code.casefold()]
    return tuple(folded) or nearest(code, list(units()))
