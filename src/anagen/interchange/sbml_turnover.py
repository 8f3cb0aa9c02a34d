"""Turnover in SBML: one rate rule for each analyte, in units of its baseline, and what is published of it."""

from __future__ import annotations

from anagen.mechanisms.turnover import Turnover

from .sbml_effects import effect_formula
from .sbml_model import Model
from .sbml_units import published, unit_id


def day_end_lead(model: Model) -> str:
    """The identifier of the time by which what acts on hair is seen ahead; written where it is asked for first."""
    if not model.has("day_end_lead"):
        title = "Anagen lets a day's hair exit see the day's end: half a day ahead on average; 0 for no such lead"
        model.constant("day_end_lead", 0.5, "d", title)
    return "day_end_lead"


def write_turnover(model: Model, block: Turnover) -> None:
    """d level/dt = rate (1 + gain·effect(C) + extra - level).

    Who acts on the day by an analyte's value at its end (see `Model.of_the_day`) gets level + lead·d level/dt, the
    value half a day ahead: over a day that is on average the value at its end.
    """
    lead = day_end_lead(model)
    first = block.names[0]
    effect = model.rule(f"effect_on_{first}", effect_formula(model, block.response, first), "1", "Effect of the level")
    extra = f" + {block.extra}" if block.extra and model.has(block.extra) else ""
    for i, (name, unit) in enumerate(zip(block.names, block.units, strict=True)):
        rate = model.constant(f"{name}_rate", float(block.rate[i]), "1/d", "Share made new each day")
        gain = model.constant(f"{name}_gain", float(block.gain[i]), "1", "Making at full effect, beyond the usual 1")
        base = model.constant(f"{name}_baseline", float(block.baseline[i]), published(unit), "Without the drug")
        of = name.removesuffix("_fraction").removesuffix("_" + unit_id(unit).lower()).replace("_", " ")
        formula = f"{rate} * (1 + {gain} * {effect}{extra} - {name}_level)"
        change = model.rule(f"{name}_change", formula, "1/d", f"Change of {of}, in units of its baseline")
        level = model.rate(f"{name}_level", change, 1.0, "1", "In units of the baseline")
        model.shown(name, f"{base} * {level}", published(unit), f"Level of {of}")
        model.foreseen[name] = f"{base} * ({level} + {lead} * {change})"
