"""The typical person at some weights: absorption, and exposure as a matrix. Made by the treatment's own wiring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.compiled.programs import program
from anagen.patient.draws import Draws, Spreads
from anagen.patient.patient import Patient
from anagen.patient.streams import TYPICAL
from anagen.simulation.doses import LONGEST_LAG_H
from anagen.simulation.run import covariates
from anagen.treatments.contract import Absorption, Wiring
from anagen.treatments.registry import Treatment

from .kinetics import Kinetics

Floats = npt.NDArray[np.float64]
SIZES = (8, 128, 2048)
"""Weights at once: a program is compiled for each size."""


@dataclass(frozen=True, eq=False)
class Typical:
    """`absorption` of one person, and `kinetics` by weight in kg."""

    absorption: Absorption
    kinetics: dict[float, Kinetics]

    @classmethod
    def of(cls, treatment: Treatment, kg: Iterable[float], assumed: frozenset[str] = frozenset()) -> Typical:
        """The typical people of these weights: all random effects zero."""
        configure()
        weights = np.unique(np.fromiter(kg, np.float64))
        found: dict[float, Kinetics] = {}
        absorption: Absorption | None = None
        size = next((size for size in SIZES if size >= weights.size), SIZES[-1])
        for start in range(0, weights.size, size):
            some = weights[start : start + size]
            padded = np.pad(some, (0, size - some.size), mode="edge")
            wired = partial(_wired, treatment, assumed)
            key = ("typical", treatment.fingerprint(), *sorted(assumed))
            exposure, absorbing = program(wired, key, padded, effort="brief")(padded)
            absorption = absorption or absorbing.person(0)
            exposure = jax.tree_util.tree_map(np.asarray, exposure)
            found |= {float(w): Kinetics.of(exposure, i) for i, w in enumerate(some)}
        assert absorption is not None
        return cls(absorption, found)

    def waits(self, meal: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Floats]:
        """The route and the lag in h of doses with these meals."""
        route = np.asarray(self.absorption.route)[meal]
        lag = np.minimum(np.asarray(self.absorption.lag)[:, 0], LONGEST_LAG_H)
        return route, lag[route]

    def absorbed(self, mg: Floats, formulation: npt.NDArray[np.int64], meal: npt.NDArray[np.int64]) -> Floats:
        """The mg that are absorbed of doses."""
        return np.asarray(self.absorption.absorbed(mg, formulation, meal))[:, 0]


def _wired(treatment: Treatment, assumed: frozenset[str], kg: jax.Array) -> tuple[Any, Any]:
    """Exposure and absorption of typical people of these weights."""
    people = jnp.full(kg.shape, TYPICAL)
    values = Draws(treatment.parameters, 1, people, Spreads(), treatment.chances)
    person = replace(covariates(treatment, Patient()), weight_kg=kg)
    wiring: Wiring = treatment.wire(values, person, assumed)
    return wiring.exposure, wiring.absorption
