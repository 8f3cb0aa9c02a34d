"""Creatine kinase at rest, and a liver reaction, in SBML."""

from __future__ import annotations

import math

from anagen.mechanisms.creatine_kinase import CreatineKinase
from anagen.mechanisms.liver_reaction import LiverReaction

from .sbml_exposure import ON_DRUG_LAST
from .sbml_formula import JUST_AFTER, moment, number
from .sbml_model import Model


def write_creatine_kinase(model: Model, block: CreatineKinase) -> None:
    """The resting level. Spikes after exercise are drawn day by day; the file holds no draws and leaves them out."""
    model.constant("ck_baseline", float(block.baseline), "U/L", "Without the drug")
    model.constant("ck_mean_effect", float(block.mean_effect), "1", "Rise at the half-effect level")
    model.constant("ck_half_level", float(block.half), "ng/mL", "Level of half the effect")
    level = "concentration_mean / (ck_half_level + concentration_mean)"
    model.shown("ck_u_per_l", f"ck_baseline * (1 + 2 * ck_mean_effect * {level})", "U/L", "Creatine kinase at rest")
    model.left_out.append(
        "creatine kinase: spikes after hard exercise are random from day to day and are left out; ck_u_per_l is the "
        "resting level"
    )


def write_liver_reaction(model: Model, block: LiverReaction) -> None:
    """Nothing, for nearly everybody; where a reaction was drawn for this person, two events."""
    onset = float(block.onset)
    if math.isinf(onset):
        return
    model.variable("liver_reaction", 0.0, "1", "Extra making of liver enzymes, times the usual")
    model.published.append("liver_reaction")
    begin, end = onset, onset + float(block.duration)
    size = number(float(block.size) - 1)
    changes = {"liver_reaction": f"piecewise({size}, {ON_DRUG_LAST}, 0)"}
    day = "The rare liver reaction drawn for this person"
    # just after the midnight at which the day before was closed
    model.event("liver_reaction_begins", moment(begin + JUST_AFTER), changes, f"{day} begins")
    model.event("liver_reaction_ends", moment(math.ceil(end)), {"liver_reaction": "0"}, f"{day} ends")
    model.left_out.append(
        "liver reaction: Anagen spares who is off the drug on the day of onset; the file looks at the day before it"
    )
