"""Delays of the hair chain in SBML, as rings of daily births: hairs not yet visible, and hairs that reach the cap."""

from __future__ import annotations

import math

from anagen.mechanisms.pools import ANAGEN

from .sbml_formula import number
from .sbml_model import BEFORE_MIDNIGHT, Model


def write_unseen(model: Model, visible_after: int, births: float, extra: float) -> str:
    """Hairs born in the last days, by day of birth; gives the name of how many cannot be seen yet."""
    title = "Hairs born today that are still in anagen"
    model.rate("new_today", "birth_rate - early_exit_rate * new_today", 0.0, "1", title)
    model.nightly("new_today", "0")
    for i in range(1, visible_after + 1):
        name = f"new_{i}"
        start = births * (math.exp(-extra * (i - 1)) - math.exp(-extra * i)) / extra if extra else births
        model.rate(name, f"-early_exit_rate * {name}", start, "1", f"Hairs born {i} days before, not yet visible")
        model.nightly(name, "new_today" if i == 1 else f"new_{i - 1}")
    whole = " + ".join(["new_today", *(f"new_{i}" for i in range(1, visible_after))])
    model.rule("day_gone", "1 - (next_midnight - time) / one_day", "1", "Part of the day that is gone")
    formula = f"{whole} + (1 - day_gone) * new_{visible_after}"
    return model.rule("unseen_hairs", formula, "1", "Hairs too short to be seen, as a fraction of follicles")


def write_capped(model: Model, cap: int, days: int, births: float, extra: float, rate: float) -> list[str]:
    """How fast hairs of each stage reach the length cap; gives a formula (1/d) for each stage of anagen.

    Up to day `cap` they are those born in the steady state before the start. After it, those born since; the births of
    the first days are kept in a ring, as many days as the file is to run beyond the cap, at most as many as it has.
    """
    model.constant("length_cap", float(cap), "d", "Age at which a hair's length is no longer counted further")
    model.constant("births_before", births, "1/d", "Births before the start")
    model.constant("early_exit_before", extra, "1/d", "Early exit before the start")
    kept = min(max(days - cap, 0), cap)
    for i in range(1, kept + 1):
        model.variable(f"cohort_{i}", 0.0, "1", "Hairs born on one day, divided by what had survived then")
    before = "births_before * exp(-early_exit_before * (length_cap - time))"
    born = before
    if kept:
        born = f"piecewise({before}, time < length_cap, cohort_1 / one_day)"
        model.variable("next_cohort", 1.0, "d", "When the ring of cohorts next moves")
        moved = {f"cohort_{i}": f"cohort_{i + 1}" for i in range(1, kept)}
        # filled on the first days, one by one; at rest; then emptied from the front, from the day after the cap
        later = f"piecewise(next_cohort + one_day, next_cohort < {kept} d, max(next_cohort, length_cap) + one_day)"
        changes = {**moved, f"cohort_{kept}": "births_today / survival", "next_cohort": later}
        model.event("cohorts", "time >= next_cohort", changes, "Cohorts of births move on", priority=BEFORE_MIDNIGHT)
    model.rule("reaching_cap", f"({born}) * survival", "1/d", "Hairs in anagen that reach the cap")
    passages = rate * cap
    shares = [math.exp(-passages) * passages**i / math.factorial(i) for i in range(ANAGEN)]
    return [f"{number(share)} * reaching_cap" for share in shares]
