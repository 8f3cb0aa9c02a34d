"""The slow oracle of levels: sums of exponentials by partial fractions, dose after dose, in plain Python.

It knows nothing of the reader, of matrices or of steady states: a steady state is 2,000 doses one after another.
"""

from __future__ import annotations

import math

from anagen.treatments.registry import treatment

LONG_AGO = 2000


class Oracle:
    """The typical person of `kg`: levels of isotretinoin and 4-oxo-isotretinoin in ng/mL after doses."""

    def __init__(self, kg: float = 70.0) -> None:
        p = {name: parameter.value for name, parameter in treatment().parameters.items()}
        flow = (kg / 70) ** p["exposure.weight_exponent_clearance"]
        size = (kg / 70) ** p["exposure.weight_exponent_volume"]
        self.volume = p["exposure.central_volume"] * size
        self.own_volume = p["exposure.metabolite_volume"] * size
        k10 = p["exposure.clearance"] * flow / self.volume
        k12 = p["exposure.intercompartmental_clearance"] * flow / self.volume
        self.k21 = p["exposure.intercompartmental_clearance"] * flow / (p["exposure.peripheral_volume"] * size)
        total = k10 + k12 + self.k21
        root = math.sqrt(total**2 - 4 * k10 * self.k21)
        self.poles = (total + root) / 2, (total - root) / 2
        self.formation = k10 * p["exposure.metabolite_mass_factor"]
        self.own = p["exposure.metabolite_clearance"] * flow / self.own_volume
        fed = p["exposure.absorption_rate"]
        self.ka = {"standard": fed, "high_fat": fed, "fasted": fed * p["exposure.absorption_rate_fasted_factor"]}
        lag = p["exposure.lag_fed"]
        self.lag = {"standard": lag, "high_fat": lag, "fasted": p["exposure.lag_fasted"]}
        self.share = {
            (form, meal): p[f"exposure.bioavailability.{form}.{meal}"]
            for form in ("conventional", "lidose", "micronised")
            for meal in ("standard", "high_fat", "fasted")
        }

    def amount(self, since: float, ka: float, metabolite: bool) -> float:
        """Of 1 mg that entered absorption `since` hours ago: mg in the centre, or mg of metabolite."""
        if since <= 0:
            return 0.0
        rates = [ka, *self.poles, *([self.own] if metabolite else [])]
        gain = ka * (self.formation if metabolite else 1.0)
        found = 0.0
        for i, rate in enumerate(rates):
            others = math.prod(other - rate for j, other in enumerate(rates) if j != i)
            found += gain * (self.k21 - rate) / others * math.exp(-rate * since)
        return found

    def level(self, time: float, doses: list[tuple[float, float, str, str]], metabolite: bool = False) -> float:
        """At `time` h, after doses (h, mg, meal, form) in the order in which they were taken."""
        found, entered = 0.0, -math.inf
        for taken, mg, meal, form in doses:
            entered = max(entered, taken + self.lag[meal])
            found += mg * self.share[form, meal] * self.amount(time - entered, self.ka[meal], metabolite)
        return 1e3 * found / (self.own_volume if metabolite else self.volume)


def train(time: float, mg: float, every: float, meal: str = "standard", form: str = "conventional"):
    """The doses of a steady state before `time`, the oldest first."""
    return [(time - k * every, mg, meal, form) for k in range(LONG_AGO, 0, -1)]
