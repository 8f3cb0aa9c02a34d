"""Sebum in SBML: settled each night, from what the day added up to. Reads the cumulative dose.

Which of the two speeds acts, and how much suppression lasts, follow from the mean of the whole day (the model's own
rule), which is known at its end only. So the day is integrated at both speeds, and the night takes the one that acted.
"""

from __future__ import annotations

from anagen.mechanisms.sebum import Sebum

from .sbml_effects import hill
from .sbml_model import Model

SPEEDS = ("fall", "rise")


def write_sebum(model: Model, block: Sebum) -> None:
    """S becomes S e^(-k) + (1 - L) J, J the day's integral of k e^(-k(1 - t)) (1 - I(t)) dt at the speed that acted."""
    maximal = model.constant("sebum_maximal_inhibition", float(block.maximal), "1", "Suppression at a high level")
    inhibition = model.rule(
        "sebum_inhibition", f"{maximal} * {hill(model, float(block.half), 'sebum')}", "1", "Fast suppression now"
    )
    for speed in SPEEDS:
        value = float(getattr(block, f"{speed}_rate"))
        rate = model.constant(f"sebum_{speed}_rate", value, "1/d", f"Speed when sebum is to {speed}")
        made = f"sebum_made_at_{speed}_rate"
        model.of_day(made, f"{rate} * (1 - {inhibition} - {made})", "1", f"Sebum made today, at the {speed} rate")
    model.constant("sebum_lasting_maximum", float(block.lasting_maximum), "1", "Lasting suppression at most")
    model.constant("sebum_lasting_half_dose", float(block.lasting_half_dose), "mg/kg", "Cumulative dose for half of it")
    model.constant("sebum_lasting_decay", float(block.lasting_decay), "1/d", "Decay of lasting suppression")

    area = model.of_day("sebum_inhibition_area", inhibition, "d", "Fast suppression since the day began")
    mean = model.tonight("sebum_inhibition", f"{area} / one_day")
    model.variable("sebum_lasting", 0.0, "1", "Lasting suppression")
    share = "sebum_lasting_maximum * taken_mg_per_kg / (sebum_lasting_half_dose + taken_mg_per_kg)"
    kept = "sebum_lasting * exp(-sebum_lasting_decay * one_day)"
    lasting = model.tonight("sebum_lasting", f"max({share} * {mean}, {kept})")
    model.nightly("sebum_lasting", lasting)

    def at(speed: str) -> str:
        return f"sebum_fraction * exp(-sebum_{speed}_rate * one_day) + (1 - {lasting}) * sebum_made_at_{speed}_rate"

    falling = f"(1 - {mean}) * (1 - {lasting}) < sebum_fraction"
    tonight = model.tonight("sebum_fraction", f"piecewise({at('fall')}, {falling}, {at('rise')})")
    model.daily("sebum_fraction", tonight, "1", "Sebum excretion, fraction of baseline")
