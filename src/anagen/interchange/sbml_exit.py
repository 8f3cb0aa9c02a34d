"""What drives hairs out of anagen early, in SBML; and the hypotheses that act on the cycle beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anagen.errors import InputError
from anagen.mechanisms.anagen_exit import AnagenExit, Constant, Deficiency, Term
from anagen.mechanisms.anchorage import Anchorage
from anagen.mechanisms.onset_arrest import OnsetArrest

from .sbml_effects import effect_formula
from .sbml_exposure import ON_DRUG, ON_DRUG_LAST
from .sbml_model import Model

See = Callable[[str], str]
AT_THE_MOMENT = "who is on the drug is told by the level at the moment"
EXIT, STRESS = "anagen_exit_now", "retinoid_stress_now"


def write_anagen_exit(model: Model, block: AnagenExit) -> None:
    """`anagen_exit_now`, by the level at this moment, drives the follicles; `anagen_exit`, by the mean of the day, is
    what Anagen publishes of it."""
    model.constant("retinoid_susceptibility", float(block.susceptibility), "1", "Stress at the reference level")
    model.constant("anagen_exit_ceiling", float(block.ceiling), "1", "Anagen exit at most, times the healthy rate")
    if block.damping is not None:
        model.constant("anagen_exit_damping", float(block.damping), "1", "Factor on the exit while on the drug")
        model.left_out.append(f"the day's mean in what damps the anagen exit: {AT_THE_MOMENT}")
    effect = effect_formula(model, block.response, "retinoid")
    model.rule(STRESS, f"retinoid_susceptibility * {effect}", "1", "The drug's part of the exit, at this moment")
    area = model.of_day("retinoid_stress_area", STRESS, "d", "The drug's part since the day began")
    model.daily("retinoid_stress", f"{area} / one_day", "1", "The drug's part of the exit, mean of the day")
    terms = [_term(model, term) for term in block.terms]

    def total(own: str, see: See, on_drug: str) -> str:
        limited = f"min({' + '.join(['1', own, *(term(see) for term in terms)])}, anagen_exit_ceiling)"
        return limited if block.damping is None else f"{limited} * piecewise(anagen_exit_damping, {on_drug}, 1)"

    model.rule(EXIT, total(STRESS, model.of_the_day, ON_DRUG), "1", "Anagen exit now, times the healthy rate")
    shown = total("retinoid_stress", lambda signal: signal, ON_DRUG_LAST)
    model.shown("anagen_exit", shown, "1", "Anagen exit of the day that ended last, times the healthy rate")


def _term(model: Model, term: Any) -> Callable[[See], str]:
    """The formula of one term, given how a signal is seen."""
    prefix = f"exit_{term.name}"
    if type(term) is Constant:
        amount = model.constant(f"{prefix}_amount", float(term.amount), "1", f"Stress of {term.name}")
        return lambda see: amount
    if type(term) not in (Term, Deficiency):
        raise InputError(
            f"the part '{type(term).__name__}' of the anagen exit has no SBML form",
            expected="Term, Deficiency, Constant",
        )
    weight = model.constant(f"{prefix}_weight", float(term.weight), "1", f"Weight of {term.name} in the anagen exit")
    if type(term) is Term:
        return lambda see: f"{weight} * {see(term.signal)}"
    scale = model.constant(
        f"{prefix}_scale", float(term.scale), "1", f"{term.name} in its own unit, per unit of signal"
    )
    low = model.constant(f"{prefix}_threshold", float(term.threshold), "1", "Stress begins below this")
    full = model.constant(f"{prefix}_full", float(term.full), "1", "Stress is full at this")
    return lambda see: f"{weight} * min(max(({low} - {scale} * {see(term.signal)}) / ({low} - {full}), 0), 1)"


def write_onset_arrest(model: Model, block: OnsetArrest) -> None:
    """Hypothesis: more kenogen, and longer, by the drug's part of the exit."""
    usual, largest, factor = float(block.usual), float(block.largest), float(block.factor)
    model.constant("kenogen_usual", usual, "1", "Share of cycles with kenogen")
    model.constant("kenogen_more", max(largest - usual, 0.0), "1", "What the drug adds to it at most")
    model.constant("kenogen_largest_factor", factor, "1", "How many times longer it lasts at most")
    degree = model.rule("onset_arrest_degree", f"min(max({STRESS}, 0), 1)", "1", "Degree of the arrest, 0 to 1")
    model.rule("kenogen_probability", f"kenogen_usual + kenogen_more * {degree}")
    model.rule("kenogen_factor", f"1 + (kenogen_largest_factor - 1) * {degree}")


def write_anchorage(model: Model, block: Anchorage) -> None:
    """Hypothesis: the telogen clock runs faster while on the drug, in the affected."""
    speed = 1 + (float(block.speed) - 1) * float(block.affected)
    model.constant("telogen_speed_on_drug", speed, "1", "Speed of the telogen clock on the drug, times usual")
    model.left_out.append(f"the day's mean in what speeds the telogen clock: {AT_THE_MOMENT}")
    model.rule("telogen_speed", f"piecewise(telogen_speed_on_drug, {ON_DRUG}, 1)")
