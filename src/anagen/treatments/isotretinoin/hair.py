"""The hair side of oral isotretinoin's wiring: what drives hairs out of anagen, the follicles, what is counted."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from anagen.mechanisms.anagen_exit import AnagenExit, Constant, Deficiency, Term
from anagen.mechanisms.anchorage import Anchorage
from anagen.mechanisms.concentration_effect import Power
from anagen.mechanisms.follicles import Follicles
from anagen.mechanisms.liver_strike import LiverStrike
from anagen.mechanisms.observation import Observation
from anagen.mechanisms.onset_arrest import OnsetArrest
from anagen.treatments.contract import Person, Values

Array = jax.Array


def anagen_exit(p: Values, person: Person, per_dose: float, assumed: frozenset[str]) -> AnagenExit:
    one = jnp.ones_like(p["anagen_exit.retinoid.susceptibility"])
    terms: list[Any] = [
        Term(
            "dermatitis",
            "dermatitis_fraction",
            p["anagen_exit.dermatitis.weight"] * person.dermatitis_severity,
        ),
        Deficiency(
            "zinc",
            "zinc_fraction",
            weight=p["anagen_exit.zinc.weight"],
            scale=p["nutrients.zinc.baseline"],
            threshold=p["anagen_exit.zinc.threshold"],
            full=p["anagen_exit.zinc.full"],
        ),
    ]
    terms += [
        Deficiency(
            name,
            f"{name}_fraction",
            weight=p["anagen_exit.deficiency.weight"],
            scale=one,
            threshold=p["anagen_exit.deficiency.threshold"],
            full=p["anagen_exit.deficiency.full"],
        )
        for name in ("vitamin_e", "folate", "vitamin_d", "biotinidase")
    ]
    low = jnp.maximum(1 - person.ferritin_ug_per_l / p["anagen_exit.ferritin.threshold"], 0.0)
    terms.append(Constant("ferritin", p["anagen_exit.ferritin.weight"] * low))
    return AnagenExit(
        susceptibility=p["anagen_exit.retinoid.susceptibility"],
        response=Power(
            reference=p["anagen_exit.retinoid.reference_dose"] * per_dose,
            exponent=p["anagen_exit.retinoid.exponent"],
            ceiling=1e3 * one,
        ),
        terms=tuple(terms),
        ceiling=p["anagen_exit.ceiling"],
        damping=_damping(p, person, assumed),
    )


def _damping(p: Values, person: Person, assumed: frozenset[str]) -> Array | None:
    if "anti-androgen" not in assumed:
        return None
    return jnp.where(person.pattern_hair_loss, p["hypotheses.anti_androgen.factor"], 1.0)


def _kenogen(p: Values, person: Person) -> tuple[Array, Array]:
    pattern = "follicles.pattern_loss."
    return (
        jnp.where(person.pattern_hair_loss, p[pattern + "kenogen_probability"], p["follicles.kenogen_probability"]),
        jnp.where(person.pattern_hair_loss, p[pattern + "kenogen_duration"], p["follicles.kenogen_duration"]),
    )


def hypotheses(p: Values, person: Person, assumed: frozenset[str]) -> list[Any]:
    acting: list[Any] = []
    if "anagen-effluvium" in assumed:
        strike = "hypotheses.anagen_effluvium."
        acting.append(
            LiverStrike(
                baseline=p["laboratory.alt.baseline"],
                threshold=p[strike + "threshold"],
                half=p[strike + "half"],
                steepness=p[strike + "steepness"],
                hazard=p[strike + "hazard"],
            )
        )
    if "onset-arrest" in assumed:
        arrest = "hypotheses.onset_arrest."
        usual, _ = _kenogen(p, person)
        acting.append(OnsetArrest(usual, p[arrest + "kenogen_probability"], p[arrest + "kenogen_factor"]))
    if "anchorage" in assumed:
        affected = p.uniform("anchorage") > 1 - p["hypotheses.anchorage.share"]
        acting.append(Anchorage(jnp.where(affected, 1.0, 0.0), p["hypotheses.anchorage.speed"]))
    return acting


def follicles(p: Values, person: Person, toxic: bool) -> Follicles:
    kenogen_probability, kenogen = _kenogen(p, person)
    visible_after = round(p.typical("follicles.visible_after"))
    cap = p.typical("follicles.length_cap") / p.typical("follicles.growth_rate")
    return Follicles(
        anagen=p["follicles.anagen_duration"],
        catagen=p["follicles.catagen_duration"],
        telogen=p["follicles.telogen_duration"],
        exogen=p["follicles.exogen_duration"],
        kenogen=kenogen,
        kenogen_probability=kenogen_probability,
        breaking=p["follicles.breaking_duration"],
        repairing=p["follicles.repair_duration"],
        number=p["follicles.number"],
        area=p["follicles.scalp_area"],
        visible_after=visible_after,
        cap=round(cap),
        toxic=toxic,
    )


def observation(p: Values) -> Observation:
    return Observation(p["observation.comb_capture"], p["observation.wash_capture"], p["observation.pull_hairs"])
