"""What is thought before a record is read: the treatment's parameters, and `priors.toml`; values from z-scores.

Every unknown of a person is a standard normal score z; here stands what value it means. So each hypothesis has the same
vector, and a record that says nothing gives back the scores' own distribution.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from anagen.evidence.toml_file import read_toml
from anagen.patient.parameters import Parameter

NAMES = (
    *("anagen", "follicles", "comb", "wash", "day", "dispersion", "exposure", "triglycerides"),
    *("drug", "trigger", "pattern", "sudden", "when"),
)
"""The scores, in order. `sudden` is the size of an unrecorded trigger or of a strike, `when` its day."""
AT = {name: i for i, name in enumerate(NAMES)}
METHODS = ("comb", "wash", "day")
MOST_SUSCEPTIBLE = 5.0
"""Where the exit's ceiling of six times the healthy rate is reached at the reference dose."""


@lru_cache(maxsize=1)
def stated() -> Mapping[str, Mapping[str, Any]]:
    """The tables of `priors.toml`.

    >>> stated()["effective"]["value"]
    1.5
    """
    return read_toml(resources.files("anagen.inference").joinpath("priors.toml"))


@dataclass(frozen=True)
class Lognormal:
    """The log has a mean `middle` and an SD `spread`."""

    middle: float
    spread: float

    @classmethod
    def of(cls, p: Parameter) -> Lognormal:
        """Between people, about the typical value; mean-preserving where the parameter is."""
        kept = p.between**2 / 2 if p.mean_preserving else 0.0
        return cls(math.log(p.value) - kept, math.hypot(p.between, (p.lower + p.upper) / 2))

    def below(self, value: float) -> float:
        """The share of people below a value.

        >>> Lognormal(0.0, 1.0).below(1.0)
        0.5
        """
        if value <= 0:
            return 0.0
        return 0.5 * math.erfc(-(math.log(value) - self.middle) / (self.spread * math.sqrt(2)))


@dataclass(frozen=True)
class Priors:
    """The priors of one treatment. Logits of captures as (middle, spread)."""

    anagen: Lognormal
    follicles: Lognormal
    comb: Lognormal
    wash: tuple[float, float]
    day: tuple[float, float]
    dispersion: Lognormal
    susceptibility: Lognormal
    triglyceride_gain: float
    exponent: float
    food: float
    pulse: Lognormal
    pulse_most: float
    strike: tuple[float, float]
    pattern: Lognormal
    pattern_most: float

    @classmethod
    def of(cls, parameters: Mapping[str, Parameter]) -> Priors:
        """Those of a treatment's parameters and of `priors.toml`."""
        own = stated()

        def logit(value: float) -> float:
            return math.log(value / (1 - value))

        wash = parameters["observation.wash_capture"]
        day = own["day_capture"]
        return cls(
            anagen=Lognormal.of(parameters["follicles.anagen_duration"]),
            follicles=Lognormal.of(parameters["follicles.number"]),
            comb=Lognormal.of(parameters["observation.comb_capture"]),
            wash=(logit(wash.value), (wash.lower + wash.upper) / 2),
            day=(logit(day["value"]), (logit(day["high"]) - logit(day["low"])) / (2 * 1.96)),
            dispersion=_lognormal(own["dispersion"]),
            susceptibility=Lognormal.of(parameters["anagen_exit.retinoid.susceptibility"]),
            triglyceride_gain=parameters["laboratory.triglycerides.maximal_rise"].between,
            exponent=parameters["anagen_exit.retinoid.exponent"].value,
            food=own["food"]["value"],
            pulse=_lognormal(own["pulse"]),
            pulse_most=own["pulse"]["most"],
            strike=(own["strike"]["least"], own["strike"]["most"]),
            pattern=_lognormal(own["pattern"]),
            pattern_most=own["pattern"]["most"],
        )

    @property
    def total_spread(self) -> float:
        """SD of the log of the susceptibility to the dose as taken: own susceptibility and own exposure."""
        return float(np.hypot(self.susceptibility.spread, self.exponent * self.food))


def _lognormal(table: Mapping[str, Any]) -> Lognormal:
    return Lognormal(math.log(table["median"]), table["sd"])
