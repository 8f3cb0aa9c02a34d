"""Exposure as a matrix of rates: amounts (mg) at the absorption sites, in centre, periphery and metabolite. For levels.

The same linear model as the engine's `Disposition`, in compartments instead of modes, so that amounts can be carried
over a change of the rates (a weight that changes) and put back to nothing or to a steady state. Exponentials of the
matrix are sums of numbers that are not negative, so that nothing cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.mechanisms.disposition import Disposition

Floats = npt.NDArray[np.float64]
TERMS = 24


@dataclass(frozen=True, eq=False)
class Kinetics:
    """One person at one weight: `rates` (1/h), `(n, n)` with n = routes + 3, and litres of centre and metabolite."""

    rates: Floats
    central_l: float
    metabolite_l: float

    @classmethod
    def of(cls, exposure: Disposition, column: int) -> Kinetics:
        """Those of one column of people."""

        def one(values: Any) -> float:
            flat = np.asarray(values)
            return float(flat[min(column, flat.size - 1)] if flat.ndim else flat)

        absorption = np.asarray(exposure.absorption)[:, min(column, np.asarray(exposure.absorption).shape[1] - 1)]
        fast, slow = (one(row) for row in np.asarray(exposure.decay))
        k10, own = one(exposure.elimination), one(exposure.metabolite_rate)
        k21 = fast * slow / k10
        k12 = fast + slow - k10 - k21
        routes = absorption.size
        centre, periphery, metabolite = routes, routes + 1, routes + 2
        rates = np.zeros((routes + 3, routes + 3))
        rates[range(routes), range(routes)] = -absorption
        rates[centre, :routes] = absorption
        rates[centre, centre], rates[centre, periphery] = -(k10 + k12), k21
        rates[periphery, centre], rates[periphery, periphery] = k12, -k21
        rates[metabolite, centre], rates[metabolite, metabolite] = one(exposure.formation), -own
        return cls(rates, one(exposure.volume), one(exposure.metabolite_volume))

    def maps(self, hours: Floats) -> Floats:
        """The exact maps of amounts over some hours, `(times, n, n)`."""
        size = self.rates.shape[0]
        shift = float(-np.diag(self.rates).min())
        growing = self.rates + shift * np.eye(size)  # no entry below zero
        longest = float(hours.max()) if hours.size else 0.0
        halvings = max(0, int(np.ceil(np.log2(max(longest * 2 * shift, 1.0)))))
        step = hours / 2.0**halvings
        term = np.broadcast_to(np.eye(size), (hours.size, size, size)).copy()
        total = term.copy()
        for k in range(1, TERMS):
            term = term @ growing * (step / k)[:, None, None]
            total += term
        total *= np.exp(-shift * step)[:, None, None]
        for _ in range(halvings):
            total = total @ total
        return total

    def steady(self, entry: Floats, every_h: float, after_h: float) -> Floats:
        """Amounts `after_h` after the latest of endless entries (mg at each site), one every `every_h` hours."""
        whole, part = self.maps(np.array([every_h, after_h]))
        size = self.rates.shape[0]
        amounts = np.zeros(size)
        amounts[: entry.size] = entry
        return np.asarray(part @ np.linalg.solve(np.eye(size) - whole, amounts))

    def levels(self, amounts: Floats) -> tuple[float, float]:
        """Isotretinoin and its metabolite in ng/mL."""
        return 1e3 * float(amounts[-3]) / self.central_l, 1e3 * float(amounts[-1]) / self.metabolite_l
