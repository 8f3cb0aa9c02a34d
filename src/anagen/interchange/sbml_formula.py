"""Formulas of the SBML file: infix text of Level 3, put into a part of the model by libSBML.

A number may be followed by the identifier of its unit; one without has none.
"""

from __future__ import annotations

import importlib
import math
from types import ModuleType
from typing import Any

from anagen.errors import InputError

from .sbml_units import DIMENSIONLESS

JUST_AFTER = 1e-6
"""Days after midnight: a tenth of a second, so that what happens at the start of a day follows the end of the last."""


def libsbml() -> ModuleType:
    """The library; InputError with what to install where it is missing."""
    try:
        return importlib.import_module("libsbml")
    except ImportError:
        raise InputError(
            "python-libsbml is not installed, and SBML is written with it",
            expected="the extra `sbml` of Anagen: pip install 'anagen[sbml]'",
        ) from None


def number(value: float) -> str:
    """A number that reads back as the same double.

    >>> number(0.1), number(-2.0)
    ('0.1', '-2.0')
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot stand in a formula")
    return repr(float(value))


def moment(day: float) -> str:
    """The condition of an event: `day` days have gone by.

    >>> moment(2.5)
    'time >= 2.5 d'
    """
    return f"time >= {number(day)} d"


def put(owner: Any, formula: str) -> None:
    """Give a part of the model its formula."""
    library = libsbml()
    tree = library.parseL3Formula(formula)
    if tree is None:
        raise ValueError(f"{formula}: {library.getLastParseL3Error()}")
    _pure_numbers(tree)
    owner.setMath(tree)


def _pure_numbers(tree: Any) -> None:
    """Say of every number without a unit that it has none."""
    if tree.isNumber() and not tree.isSetUnits():
        tree.setUnits(DIMENSIONLESS)
    for i in range(tree.getNumChildren()):
        _pure_numbers(tree.getChild(i))
