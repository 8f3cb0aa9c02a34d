"""Ratings for the person described: effect from the simulation, certainty from studies, harm from the drug alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.evidence.claims import load_claims
from anagen.evidence.grade import Certainty
from anagen.evidence.rating import (
    ABOVE,
    HARMS,
    Outcome,
    capped_certainty,
    capped_stars,
    harm,
    load_ratings,
)
from anagen.evidence.size import STARS_FROM
from anagen.simulation.outcomes import LEVELS
from anagen.simulation.result import Simulation

from .numbers import number, spread

Floats = npt.NDArray[np.float64]
MOST_STARS = len(STARS_FROM) - 1


@dataclass(frozen=True)
class Effect:
    """Under one regimen: `stars` 0 to 5, None where blank; `says`, the size in words and numbers."""

    stars: int | None
    says: str
    percent: float | None = None

    @property
    def drawn(self) -> str:
        """Five stars, filled up to the number; nothing where blank."""
        return "" if self.stars is None else "★" * self.stars + "☆" * (MOST_STARS - self.stars)


@dataclass(frozen=True)
class Rating:
    """One outcome: an effect for each regimen, `certainty` 1 to 4, `harm` 1 to 4, and the rule's steps in words."""

    key: str
    title: str
    effects: tuple[Effect, ...]
    certainty: int
    harm: int
    claim: str
    rule: str
    source: tuple[str, ...]

    @property
    def dots(self) -> str:
        return Certainty(self.certainty, ()).dots

    @property
    def certainty_name(self) -> str:
        return Certainty(self.certainty, ()).name

    @property
    def harm_name(self) -> str:
        return HARMS[self.harm]

    def to_json(self) -> dict[str, Any]:
        """Numbers and words, as the command line prints them."""
        return asdict(self)


def rate(arms: Sequence[Simulation], untreated: Simulation) -> tuple[Rating, ...]:
    """The ratings of every outcome of the treatment, in the order of its file.

    Args:
        arms: regimens in the same people.
        untreated: the same people without treatment.
    """
    treatment = arms[0].treatment.name
    found = load_ratings(treatment)
    if found is None:
        return ()
    return tuple(_rating(key, outcome, arms, untreated) for key, outcome in found.outcomes.items())


def _rating(key: str, outcome: Outcome, arms: Sequence[Simulation], untreated: Simulation) -> Rating:
    treatment = arms[0].treatment.name
    claim = load_claims(treatment)[outcome.claim]
    dots = capped_certainty(claim.certainty.level, outcome.surrogate)
    effects = tuple(_effect(outcome, arm, untreated, dots) for arm in arms)
    published = outcome.published.source if outcome.published else ()
    source = tuple(dict.fromkeys([*published, *outcome.minimal_source, *claim.body.source]))
    return Rating(key, outcome.title, effects, dots, harm(treatment), outcome.claim, _rule(outcome, dots), source)


def _effect(outcome: Outcome, arm: Simulation, untreated: Simulation, dots: int) -> Effect:
    if outcome.not_studied:
        return Effect(None, outcome.not_studied)
    if outcome.needs == "dermatitis" and arm.patient.seborrheic_dermatitis == "none":
        return Effect(None, "The person described has none.")
    sign = -1.0 if outcome.wanted == "less" else 1.0
    if outcome.published:
        p = outcome.published
        seen = f"{number(p.value)}\u202f% in a study of {p.people} people at {p.dose}"
        says = f"{seen}, whatever the regimen here: it is no part of the model"
        return Effect(capped_stars(sign * p.value, outcome.minimal_percent, dots), says, p.value)
    change = against_untreated(outcome, arm, untreated)
    low, middle, high = (float(q) for q in np.quantile(change, LEVELS))
    wanted = 100 * float((sign * change >= outcome.minimal_percent).mean())
    size = f"{spread(middle, low, high)}\u202f% against no treatment"
    says = f"{size}; at least the minimal difference in {number(wanted)} of 100 people"
    return Effect(capped_stars(sign * middle, outcome.minimal_percent, dots), says, middle)


def against_untreated(outcome: Outcome, arm: Simulation, untreated: Simulation) -> Floats:
    """Change against the same people untreated, in percent of their own start, `(people,)`."""
    with_drug, without = arm.series(outcome.series).people, untreated.series(outcome.series).people
    if outcome.at == "course end":
        row = arm.end_row
        return np.asarray(100 * (with_drug[row] - without[row]) / without[0])
    return np.asarray(100 * (with_drug.mean(0) - without.mean(0)) / without[0])


def _rule(outcome: Outcome, dots: int) -> str:
    if outcome.not_studied:
        return "Not studied: left blank, not zero."
    parts = [f"One step of the scale: {outcome.minimal_says}.", f"At most {dots + ABOVE} stars at {dots} of 4 dots."]
    if outcome.surrogate:
        parts.append("A laboratory measure stands for what people notice: at most 2 dots.")
    return " ".join(parts)
