"""A few fixed people for each arm of a study, and the treatment's own wiring of them with parameters under fit.

Studies report means over people, and the mean of a bent curve is not the curve of the typical person. So each arm has
the same small set of people: fixed normal scores, in antithetic pairs, with mean 0 and covariance 1 exactly.
Arms and people lie on one axis, as the engine has it: all people of the first arm, then of the second, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.stats import norm, qmc

from anagen.patient.parameters import Parameter, load_parameters
from anagen.treatments.contract import Person, Wiring

from .priors import Prior, read_priors

Array = jax.Array
Floats = npt.NDArray[np.float64]
PACKAGE = "anagen.treatments.isotretinoin"


@cache
def scores(people: int, dimensions: int) -> Floats:
    """Normal scores `(dimensions, people)`: Sobol points and their mirror images, whitened. `people` is even and at
    least `2 * dimensions`.

    >>> z = scores(32, 10)
    >>> bool(np.allclose(z @ z.T / 32, np.eye(10))), bool(np.allclose(z.mean(1), 0))
    (True, True)
    """
    half = people // 2
    if people % 2 or half < dimensions:
        raise ValueError(f"{people} people for {dimensions} dimensions")
    points = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(5)).random(half)
    z = norm.ppf(points)
    z = z @ np.linalg.inv(np.linalg.cholesky(z.T @ z / half)).T
    return np.concatenate([z, -z]).T


def spread(parameter: Parameter, value: Array, z: Array, between: Array | float | None = None) -> Array:
    """Values of people from the typical `value`: the rule of `anagen.patient.draws`, with `between` on its scale."""
    sd = parameter.between if between is None else between
    shift = sd * (z - sd / 2 if parameter.mean_preserving else z)
    if parameter.scale == "log":
        return value * jnp.exp(shift)
    if parameter.scale == "logit":
        return 1 / (1 + jnp.exp(-shift) * (1 - value) / value)
    return value + shift


@cache
def design(package: str = PACKAGE) -> dict[str, Parameter]:
    """All parameters as the design has them: where a prior names one, its median, not what calibration last wrote."""
    priors = read_priors()
    return {name: _as_designed(parameter, priors) for name, parameter in load_parameters(package).items()}


def _as_designed(parameter: Parameter, priors: Mapping[str, Prior]) -> Parameter:
    value, between = priors.get(parameter.name), priors.get(f"{parameter.name}:between")
    return replace(
        parameter,
        value=value.value if value else parameter.value,
        between=between.value if between else parameter.between,
        unknown_with=(),
    )


class Known:
    """Stands where the engine has its drawn values (`anagen.patient.draws.Draws`): nothing is drawn here."""

    def __init__(self, given: Mapping[str, Array], people: int) -> None:
        self.parameters, self._given, self._people = design(), given, people

    def __getitem__(self, name: str) -> Array:
        value = self._given[name] if name in self._given else self.typical(name)
        return jnp.broadcast_to(jnp.asarray(value, float), (self._people,))

    def typical(self, name: str) -> float:
        """The design's value."""
        return self.parameters[name].value

    def uniform(self, name: str) -> Array:
        """What a chance is for the typical person."""
        return jnp.full(self._people, 0.5)


def wired(
    given: Mapping[str, Array], people: int, weight_kg: Array | float = 70.0, male: Array | bool = True
) -> Wiring:
    """The treatment's wiring of `people`: parameters `given` `(people,)`, all others typical of the design."""
    from anagen.treatments.isotretinoin import model

    one = jnp.ones(people)
    person = Person(
        weight_kg=weight_kg * one,
        male=jnp.broadcast_to(jnp.asarray(male), (people,)),
        dermatitis_severity=0 * one,
        pattern_hair_loss=0 * one,
        ferritin_ug_per_l=one * jnp.inf,
        raised={},
    )
    return model.wire(cast(Any, Known(given, people)), person, frozenset())


def tiled(values: Sequence[float], people: int) -> Floats:
    """One value an arm, repeated for its people: `(arms * people,)`."""
    return np.repeat(np.asarray(values, float), people)
