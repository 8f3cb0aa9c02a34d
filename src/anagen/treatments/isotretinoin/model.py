"""Oral isotretinoin wired: which level drives which response, with which parameters. No engine code.

`wire` turns the parameters of people into an exposure and a tuple of mechanisms in the order of the flow. Potencies
known per mg/kg/d become levels by the model's own average level of the typical 70 kg person on a standard meal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from anagen.mechanisms.concentration_effect import Hill, Power, Root
from anagen.mechanisms.creatine_kinase import CreatineKinase
from anagen.mechanisms.dermatitis import Dermatitis
from anagen.mechanisms.disposition import Disposition
from anagen.mechanisms.liver_reaction import LiverReaction
from anagen.mechanisms.sebum import Sebum
from anagen.mechanisms.side_effects import SideEffects
from anagen.mechanisms.turnover import Turnover
from anagen.patient.parameters import Parameter
from anagen.treatments.contract import Absorption, Person, Values, Wiring

from . import hair

Array = jax.Array
REFERENCE_WEIGHT_KG = 70.0
ROUTES = ("fed", "fasted")
NUTRIENTS = (
    "biotinidase",
    "vitamin_e",
    "folate",
    "b12",
    "zinc",
    "selenium",
    "biotin",
    "vitamin_d",
    "homocysteine",
)
LIPIDS = ("ldl", "cholesterol", "hdl")
CHANCES = ("liver_reaction", "liver_reaction.onset", "anchorage")
"""Streams of uniform draws that the wiring asks for."""
EVENTS = ("fever", "surgery", "crash-diet")
SIDE_EFFECTS = ("cheilitis", "eczema", "tiredness", "back_pain", "joint_or_muscle_pain")


def level_per_dose(values: Values) -> float:
    """Average level (ng/mL) per mg/kg/d of the typical 70 kg person, conventional capsules with standard meals."""
    absorbed = REFERENCE_WEIGHT_KG * values.typical("exposure.bioavailability.conventional.standard")
    return 1e3 * absorbed / (24 * values.typical("exposure.clearance"))


def exposure(p: Values, person: Person) -> Disposition:
    """Clearances and volumes scaled to the weight."""
    relative = person.weight_kg / REFERENCE_WEIGHT_KG
    flow = relative ** p.typical("exposure.weight_exponent_clearance")
    size = relative ** p.typical("exposure.weight_exponent_volume")
    fed = p["exposure.absorption_rate"]
    return Disposition.from_clearances(
        clearance=p["exposure.clearance"] * flow,
        central_volume=p["exposure.central_volume"] * size,
        intercompartmental_clearance=p["exposure.intercompartmental_clearance"] * flow,
        peripheral_volume=p["exposure.peripheral_volume"] * size,
        absorption=jnp.stack([fed, fed * p["exposure.absorption_rate_fasted_factor"]]),
        metabolite_clearance=p["exposure.metabolite_clearance"] * flow,
        metabolite_volume=p["exposure.metabolite_volume"] * size,
        mass_factor=p.typical("exposure.metabolite_mass_factor"),
    )


def routes(meals: tuple[str, ...]) -> tuple[str, ...]:
    """The way of absorption of each meal."""
    return tuple("fasted" if meal == "fasted" else "fed" for meal in meals)


def absorption(p: Values, assumed: frozenset[str]) -> Absorption:
    """Lag per route, share absorbed per formulation and meal, spread from dose to dose."""
    from anagen.regimen import FORMULATIONS, MEALS

    half = jnp.full((len(FORMULATIONS), len(MEALS)), jnp.inf)
    if "saturable-absorption" in assumed:
        fasted = FORMULATIONS.index("conventional"), MEALS.index("fasted")
        half = half.at[fasted].set(p.typical("hypotheses.saturable_absorption.half_dose"))
    return Absorption(
        lag=jnp.stack([p["exposure.lag_fed"], p["exposure.lag_fasted"]]),
        share=jnp.stack([jnp.stack([p[f"exposure.bioavailability.{f}.{m}"] for m in MEALS]) for f in FORMULATIONS]),
        route=jnp.array([ROUTES.index(route) for route in routes(MEALS)]),
        half_mg=half,
        reference_mg=p.typical("hypotheses.saturable_absorption.reference_dose"),
        occasion=p.parameters["exposure.bioavailability_occasion"].between,
    )


def wire(p: Values, person: Person, assumed: frozenset[str]) -> Wiring:
    """Exposure and mechanisms of people with parameters `p`; `assumed` names the hypotheses that act."""
    per_dose = level_per_dose(p)
    mechanisms: list[Any] = [_sebum(p, per_dose), _dermatitis(p), *_laboratory(p, person, per_dose)]
    mechanisms.append(_nutrients(p, person, per_dose, assumed))
    mechanisms.append(_side_effects(p, per_dose, assumed))
    mechanisms.append(hair.anagen_exit(p, person, per_dose, assumed))
    mechanisms += hair.hypotheses(p, person, assumed)
    mechanisms += [hair.follicles(p, person, toxic="anagen-effluvium" in assumed), hair.observation(p)]
    own = p.typical("exposure.endogenous_isotretinoin")  # below the body's own level
    return Wiring(exposure(p, person), absorption(p, assumed), tuple(mechanisms), off_drug=own)


def _sebum(p: Values, per_dose: float) -> Sebum:
    return Sebum(
        maximal=p["sebum.maximal_inhibition"],
        half=p["sebum.half_inhibition_dose"] * per_dose,
        fall_rate=p["sebum.fall_rate"],
        rise_rate=p["sebum.rise_rate"],
        lasting_maximum=p["sebum.lasting_maximum"],
        lasting_half_dose=p["sebum.lasting_half_dose"],
        lasting_decay=p["sebum.lasting_decay_rate"],
    )


def _dermatitis(p: Values) -> Dermatitis:
    return Dermatitis(
        rate=p["dermatitis.rate"],
        exponent=p["dermatitis.sebum_exponent"],
        regression=p["dermatitis.regression"],
        relapse_hazard=p["dermatitis.relapse_hazard"],
        relapse_steepness=p["dermatitis.relapse_steepness"],
        relapse_threshold=p["dermatitis.relapse_threshold"],
    )


def _laboratory(p: Values, person: Person, per_dose: float) -> list[Any]:
    def rows(analytes: tuple[str, ...], what: str) -> Array:
        return jnp.stack([p[f"laboratory.{analyte}.{what}"] for analyte in analytes])

    def gains(analytes: tuple[str, ...]) -> Array:
        return rows(analytes, "maximal_rise") * rows(analytes, "effect_spread")

    lab = "laboratory."
    triglycerides = Turnover(
        names=("triglycerides_mg_per_dl",),
        units=("mg/dL",),
        response=Hill(p[lab + "triglycerides.half_rise_dose"] * per_dose),
        baseline=rows(("triglycerides",), "baseline"),
        gain=rows(("triglycerides",), "maximal_rise"),
        rate=rows(("triglycerides",), "rate"),
    )
    lipids = Turnover(
        names=tuple(f"{name}_mg_per_dl" for name in LIPIDS),
        units=("mg/dL",) * len(LIPIDS),
        response=Hill(p[lab + "lipids.half_rise_dose"] * per_dose),
        baseline=rows(LIPIDS, "baseline"),
        gain=gains(LIPIDS),
        rate=rows(LIPIDS, "rate"),
    )
    probability = p[lab + "liver_reaction.probability"]
    when = p.uniform("liver_reaction.onset")
    first, last = p[lab + "liver_reaction.first_day"], p[lab + "liver_reaction.last_day"]
    reaction = LiverReaction(
        onset=jnp.where(
            p.uniform("liver_reaction") > 1 - probability, jnp.floor(first + when * (last - first)), jnp.inf
        ),
        duration=p[lab + "liver_reaction.duration"],
        size=p[lab + "liver_reaction.size"],
    )
    liver = Turnover(
        names=("alt_u_per_l", "ast_u_per_l"),
        units=("U/L", "U/L"),
        response=Hill(p[lab + "liver.half_rise_dose"] * per_dose),
        baseline=rows(("alt", "ast"), "baseline"),
        gain=gains(("alt", "ast")),
        rate=rows(("alt", "ast"), "rate"),
        extra="liver_reaction",
    )
    men, women = p[lab + "ck.baseline_men"], p[lab + "ck.baseline_women"]
    ck = CreatineKinase(
        baseline=jnp.where(person.male, men, women),
        mean_effect=p[lab + "ck.mean_effect"],
        half=0.5 * per_dose * jnp.ones_like(men),
        exercise_threshold=jax.scipy.special.ndtri(1 - jnp.clip(p[lab + "ck.exercise_rate"], 1e-6, 0.5)),
        size=p.parameters[lab + "ck.exercise_size"].value * jnp.ones_like(men),
        spread=p.parameters[lab + "ck.exercise_size"].between * jnp.ones_like(men),
        dose_factor=p[lab + "ck.dose_factor"],
        level_per_dose=per_dose * jnp.ones_like(men),
        decay=p[lab + "ck.rate"],
    )
    return [triglycerides, lipids, reaction, liver, ck]


def _nutrients(p: Values, person: Person, per_dose: float, assumed: frozenset[str]) -> Turnover:
    effects = []
    for name in NUTRIENTS:
        effect = p[f"nutrients.{name}.effect"]
        claim = f"hypotheses.nutrient_depletion.{name}"
        if "nutrient-depletion" in assumed and claim in p.parameters:
            effect = p[claim]
        effects.append(effect)
    one = jnp.ones_like(effects[0])
    baseline = [one * person.raised.get(name, 1.0) for name in NUTRIENTS[:-1]] + [p["nutrients.homocysteine.baseline"]]
    return Turnover(
        names=(*(f"{name}_fraction" for name in NUTRIENTS[:-1]), "homocysteine_umol_per_l"),
        units=(*("fraction of own baseline",) * (len(NUTRIENTS) - 1), "umol/L"),
        response=_growing(p, p["nutrients.reference_dose"] * per_dose),
        baseline=jnp.stack(baseline),
        gain=jnp.stack(effects),
        rate=jnp.stack([p[f"nutrients.{name}.rate"] for name in NUTRIENTS]),
    )


def _growing(p: Values, reference: Array) -> Power | Root:
    """How the effects on nutrients grow with the level."""
    if p.typical("nutrients.exponent") == 0.5:
        return Root(reference, p["nutrients.ceiling"])
    return Power(reference, p["nutrients.exponent"], p["nutrients.ceiling"])


def _side_effects(p: Values, per_dose: float, assumed: frozenset[str]) -> SideEffects:
    sloped = SIDE_EFFECTS[:3]
    flat = SIDE_EFFECTS[3:]
    intercepts = [p[f"side_effects.{name}.intercept"] for name in sloped]
    shares = [p[f"side_effects.{name}.share"] for name in flat]
    slopes = [p[f"side_effects.{name}.slope"] for name in sloped]
    peak = "peak-toxicity" in assumed
    return SideEffects(
        names=SIDE_EFFECTS,
        intercept=jnp.stack(intercepts),
        slope=jnp.stack(slopes),
        share=jnp.stack(shares),
        onset_rate=jnp.log(2.0) / p["side_effects.onset_half_life"],
        offset_rate=jnp.log(2.0) / p["side_effects.offset_half_life"],
        level_per_dose=jnp.full_like(shares[0], _peak_per_dose(p) if peak else per_dose),
        peak_threshold=jnp.full_like(shares[0], _peak_threshold(p)) if peak else None,
        driver="concentration_peak" if peak else "concentration_mean",
    )


def _peak_per_dose(p: Values) -> float:
    """Peak at steady state (ng/mL) per mg/kg once daily, typical 70 kg, standard meals: 2.32 times the average.

    The ratio is that of the published once-daily regimen (65.1 / 28.1 ng/mL).
    """
    return level_per_dose(p) * 65.1 / 28.1


def _peak_threshold(p: Values) -> float:
    return _peak_per_dose(p) * p.typical("hypotheses.peak_toxicity.threshold_dose") / REFERENCE_WEIGHT_KG


def event_days(parameters: Mapping[str, Parameter]) -> dict[str, int]:
    """The days over which each kind of event sends hairs to catagen."""
    named = {kind: parameters.get(f"events.{kind.replace('-', '_')}.days") for kind in EVENTS}
    return {kind: round(days.value) if days else 1 for kind, days in named.items()}


def pulse(p: Values) -> Mapping[str, Array]:
    """Fraction of anagen that each kind of event sends to catagen."""
    return {kind: p[f"events.{kind.replace('-', '_')}.fraction"] for kind in EVENTS}
