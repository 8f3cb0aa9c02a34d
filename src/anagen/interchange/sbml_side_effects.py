"""Side effects in SBML: probabilities, settled each night by the day's mean level. Never for malformations."""

from __future__ import annotations

from anagen.errors import InputError
from anagen.mechanisms.side_effects import SideEffects

from .sbml_model import Model


def write_side_effects(model: Model, block: SideEffects) -> None:
    """A seven-day running dose, and for each effect its share, which nears the chance at that dose.

    Raises:
        InputError: an effect driven by the day's peak (hypothesis), which has no SBML form.
    """
    if block.driver != "concentration_mean" or block.peak_threshold is not None:
        raise InputError(
            "side effects driven by the day's peak level have no SBML form",
            expected="side effects driven by the day's mean level",
        )
    model.constant(
        "side_effects_level_per_dose", float(block.level_per_dose), "ng kg d/mL/mg", "Mean level per mg/kg/d"
    )
    model.constant("side_effects_onset_rate", float(block.onset_rate), "1/d", "Speed of coming")
    model.constant("side_effects_offset_rate", float(block.offset_rate), "1/d", "Speed of going")
    model.constant("one_dose_unit", 1.0, "mg/kg/d", "One mg/kg/d")
    model.constant("running_days", 7.0, "d", "Days over which the dose runs")
    model.variable("running_dose", 0.0, "mg/kg/d", "Dose of the last days, from the mean level")
    mean = f"{model.at_day_end('concentration_mean')} / side_effects_level_per_dose"
    dose = model.tonight("running_dose", f"running_dose + (1 - exp(-one_day / running_days)) * ({mean} - running_dose)")
    model.nightly("running_dose", dose)
    some = f"{dose} / one_dose_unit"
    sloped = len(block.intercept)
    for i, name in enumerate(block.names):
        if i < sloped:
            a = model.constant(f"{name}_intercept", float(block.intercept[i]), "1", "Logit at 1 mg/kg/d")
            b = model.constant(
                f"{name}_slope", float(block.slope[i]), "1", "Change of the logit with the log of the dose"
            )
            chance = f"1 / (1 + exp(-({a} + {b} * ln(max({some}, 1e-9)))))"
        else:
            chance = model.constant(f"{name}_share", float(block.share[i - sloped]), "1", "Chance at any dose")
        target = model.tonight(f"{name}_target", f"piecewise({chance}, {some} > 0.001, 0)")
        kept = (
            f"piecewise(exp(-side_effects_onset_rate * one_day), {target} > {name},"
            " exp(-side_effects_offset_rate * one_day))"
        )
        model.daily(name, f"{target} + ({name} - {target}) * {kept}", "1", f"Probability of {name.replace('_', ' ')}")
