"""Seborrheic dermatitis in SBML: settled each night after sebum, which it follows. Reads sebum and the level's mean."""

from __future__ import annotations

from anagen.mechanisms.dermatitis import Dermatitis

from .sbml_model import Model
from .sbml_turnover import day_end_lead

PURE = {
    "exponent": "Power of sebum that the score nears",
    "regression": "Share of the score that goes without the drug",
    "relapse_steepness": "Change of the log of the hazard with the score",
    "relapse_threshold": "Score above which relapses are counted, once it has been below",
}
"""Parameters without a unit, and their titles."""


def write_dermatitis(model: Model, block: Dermatitis) -> None:
    """Q nears the mean of its targets at both ends of the day; relapses come once it has been below the threshold."""
    for name, title in PURE.items():
        model.constant(f"dermatitis_{name}", float(getattr(block, name)), "1", title)
    model.constant("dermatitis_rate", float(block.rate), "1/d", "Speed at which the score nears its target")
    model.constant(
        "dermatitis_relapse_rate", float(block.relapse_hazard), "1/d", "Hazard of a relapse at the threshold"
    )
    begin = 1 - float(block.regression)
    model.variable("dermatitis_target", begin, "1", "What the score nears, at the end of yesterday")
    model.variable("dermatitis_target_before", begin, "1", "The same a day earlier")
    model.variable("dermatitis_lowest", 1.0, "1", "Lowest score so far")
    sebum = model.at_day_end("sebum_fraction")
    followed = f"exp(dermatitis_exponent * ln(max({sebum}, 1e-12)))"
    target = model.tonight("dermatitis_target", f"{followed} * (1 - dermatitis_regression)")
    model.nightly("dermatitis_target", target)
    model.nightly("dermatitis_target_before", "dermatitis_target")
    model.rule("dermatitis_kept", "exp(-dermatitis_rate * one_day)", "1", "Share kept for a day")
    nearing = f"(1 - dermatitis_kept) * 0.5 * (dermatitis_target + {target})"
    score = model.tonight("dermatitis_fraction", f"dermatitis_kept * dermatitis_fraction + {nearing}")
    model.daily("dermatitis_fraction", score, "1", "Seborrheic dermatitis, fraction of baseline score")
    model.nightly("dermatitis_lowest", f"min(dermatitis_lowest, {score})")
    daily = (
        "one_day * dermatitis_relapse_rate * exp(dermatitis_relapse_steepness * ({} - dermatitis_relapse_threshold))"
    )
    relapsing = (
        f"{model.at_day_end('concentration_mean')} <= off_drug_level && {score} > dermatitis_relapse_threshold"
        f" && min(dermatitis_lowest, {score}) < dermatitis_relapse_threshold"
    )
    hazard = f"dermatitis_relapse_hazard + piecewise({daily.format(score)}, {relapsing}, 0)"
    model.daily("dermatitis_relapse_hazard", hazard, "1", "Cumulative hazard of a relapse")
    # Hair sees the score of the day's end, which is foreseen from the last two targets.
    step = "(dermatitis_target + 0.5 * (dermatitis_target - dermatitis_target_before) - dermatitis_fraction)"
    model.rule(
        "dermatitis_foreseen",
        f"dermatitis_fraction + (0.5 + {day_end_lead(model)} / one_day) * (1 - dermatitis_kept) * {step}",
        "1",
        "The score as it acts on hair today",
    )
    model.foreseen["dermatitis_fraction"] = "dermatitis_foreseen"
