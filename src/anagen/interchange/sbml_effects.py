"""Effects of a concentration in SBML: for each shape of effect, the formula of the level at one moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anagen.errors import InputError
from anagen.mechanisms.concentration_effect import NONE, Hill, Power, Root

from .sbml_exposure import NOW
from .sbml_model import Model


def effect_formula(model: Model, response: Any, prefix: str) -> str:
    """The effect of the level now; its parameters get names that begin with `prefix`.

    Raises:
        InputError: a shape that has no SBML form.
    """
    if type(response) not in SHAPES:
        raise InputError(
            f"the effect '{type(response).__name__}' has no SBML form",
            expected=", ".join(sorted(kind.__name__ for kind in SHAPES)),
        )
    return SHAPES[type(response)](model, response, prefix)


def hill(model: Model, half: float, prefix: str) -> str:
    """C / (half + C)."""
    name = model.constant(f"{prefix}_half_level", half, "ng/mL", "Level of half the effect")
    return f"{NOW} / ({name} + {NOW})"


def _hill(model: Model, response: Hill, prefix: str) -> str:
    return hill(model, float(response.half), prefix)


def _power(model: Model, response: Power, prefix: str) -> str:
    reference = model.constant(f"{prefix}_reference_level", float(response.reference), "ng/mL", "Level of effect 1")
    exponent = model.constant(f"{prefix}_exponent", float(response.exponent), "1", "Exponent of the effect")
    ceiling = model.constant(f"{prefix}_effect_ceiling", float(response.ceiling), "1", "The effect at most")
    if not model.has("level_of_no_effect"):
        model.constant("level_of_no_effect", NONE, "ng/mL", "Levels below this have no effect")
    shaped = f"exp({exponent} * ln(max({NOW}, level_of_no_effect) / {reference}))"
    return f"piecewise(min({shaped}, {ceiling}), {NOW} > level_of_no_effect, 0)"


def _root(model: Model, response: Root, prefix: str) -> str:
    reference = model.constant(f"{prefix}_reference_level", float(response.reference), "ng/mL", "Level of effect 1")
    ceiling = model.constant(f"{prefix}_effect_ceiling", float(response.ceiling), "1", "The effect at most")
    return f"min(sqrt(max({NOW} / {reference}, 0)), {ceiling})"


SHAPES: dict[type, Callable[[Model, Any, str], str]] = {Hill: _hill, Power: _power, Root: _root}
"""By class of the effect: the writer of its formula."""
