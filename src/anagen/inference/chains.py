"""On request: the posterior under one class by sampling (NUTS, numpyro), with what speaks for or against the chains.

Started at the mode of the fit and scaled by its curvature. Chains that do not agree are refused, not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from anagen.compiled.programs import program
from anagen.errors import AnagenError

from .hypotheses import Hypothesis
from .laplace import Laplace, ready_linear_algebra, source
from .likelihood import log_posterior
from .prepared import Prepared
from .priors import NAMES

Array = jax.Array
Floats = npt.NDArray[np.float64]
CHAINS, WARM_UP, DRAWS = 4, 500, 500
MOST_RHAT, LEAST_ESS, MOST_DIVERGENT = 1.02, 200.0, 0.005


class ChainsError(AnagenError):
    """Chains that do not agree, or diverge: no posterior is given from them."""


@dataclass(frozen=True)
class Chains:
    """Draws under the class `name`: `z` (chains, draws, scores); r-hat and effective draws by score; divergences."""

    name: str
    z: Floats
    rhat: dict[str, float]
    ess: dict[str, float]
    divergences: int

    @property
    def trouble(self) -> tuple[str, ...]:
        """What speaks against these draws, in words; empty where nothing does."""
        found = [f"{name}: r-hat {value:.3f}" for name, value in self.rhat.items() if not value <= MOST_RHAT]
        found += [f"{name}: {value:.0f} effective draws" for name, value in self.ess.items() if not value >= LEAST_ESS]
        if self.divergences > MOST_DIVERGENT * self.z.shape[0] * self.z.shape[1]:
            found.append(f"{self.divergences} of {self.z.shape[0] * self.z.shape[1]} draws diverge")
        return tuple(found)


def chains(of: Prepared, found: Laplace, name: str, *, seed: int = 1, draws: int = DRAWS) -> Chains:
    """Sample the posterior under one class.

    Raises:
        ChainsError: r-hat above 1.02, fewer than 200 effective draws of a score, or more than 0.5 % divergent draws.
    """
    from numpyro.diagnostics import (  # type: ignore[import-untyped]
        effective_sample_size,
        split_gelman_rubin,
    )

    rows = np.flatnonzero(np.array(of.classes.names) == name)
    best = int(rows[np.argmax(np.asarray(found.evidence)[rows])])
    under = _whole(of, rows)
    start, factor = _scaled(found, best)
    if rows.size > 1:  # the mode is one of a part; the day may lie anywhere
        start = start.copy()
        start[NAMES.index("when")] = _day_score(of, found, best, under)
    ready_linear_algebra()
    key = np.asarray(jax.random.key_data(jax.random.key(seed)))
    run = program(
        partial(_sampled, draws=draws), ("inference chains", draws, source()), of.data, under, start, factor, key
    )
    z, divergent = (np.asarray(part) for part in run(of.data, under, start, factor, key))
    made = Chains(
        name=name,
        z=z,
        rhat=dict(zip(NAMES, map(float, split_gelman_rubin(z)), strict=True)),
        ess=dict(zip(NAMES, map(float, effective_sample_size(z)), strict=True)),
        divergences=int(divergent.sum()),
    )
    return trusted(made)


def trusted(made: Chains) -> Chains:
    """The chains, if nothing speaks against them.

    Raises:
        ChainsError: what does.
    """
    if made.trouble:
        raise ChainsError(
            f"the chains of '{made.name}' cannot be trusted: {'; '.join(made.trouble[:4])}",
            expected=f"r-hat at most {MOST_RHAT}, at least {LEAST_ESS:.0f} effective draws of each score",
        )
    return made


def _whole(of: Prepared, rows: npt.NDArray[np.int64]) -> Hypothesis:
    """The class in one piece: its parts differ in the days alone."""
    parts = [np.asarray(column)[rows] for column in of.classes.parts]
    one = Hypothesis(*(column[0] for column in parts))
    days = of.classes.parts
    return one._replace(
        when_first=np.float64(np.asarray(days.when_first)[rows].min()),
        when_last=np.float64(np.asarray(days.when_last)[rows].max()),
        log_share=np.float64(0.0),
    )


def _scaled(found: Laplace, best: int) -> tuple[Floats, Floats]:
    """The mean of the weighted draws of a fit, and a factor of their covariance."""
    draws, weight = np.asarray(found.draws)[best], np.asarray(found.weight)[best]
    mean = weight @ draws
    covariance = (draws - mean).T @ ((draws - mean) * weight[:, None])
    size = mean.size
    return mean, np.asarray(np.linalg.cholesky(0.9 * covariance + 0.1 * np.eye(size) * np.trace(covariance) / size))


def _day_score(of: Prepared, found: Laplace, best: int, under: Hypothesis) -> float:
    from jax.scipy.special import ndtr, ndtri

    parts, z = of.classes.parts, np.asarray(found.mode)[best][NAMES.index("when")]
    first, last = np.asarray(parts.when_first)[best], np.asarray(parts.when_last)[best]
    day = first + (last - first) * float(ndtr(z))
    return float(ndtri((day - under.when_first) / (under.when_last - under.when_first)))


def _sampled(
    data: Any, under: Hypothesis, start: Array, factor: Array, key: Array, *, draws: int
) -> tuple[Array, Array]:
    from numpyro.infer.hmc import hmc  # type: ignore[import-untyped]

    def potential(x: Array) -> Array:
        return -log_posterior(start + factor @ x, under, data)

    begin, step = hmc(potential_fn=potential, algo="NUTS")

    def one(key: Array) -> tuple[Array, Array]:
        first, rest = jax.random.split(key)
        at = 0.5 * jax.random.normal(first, start.shape)
        state = begin(
            at, WARM_UP, step_size=0.5, dense_mass=True, target_accept_prob=0.9, max_tree_depth=7, rng_key=rest
        )

        def move(state: Any, _: None) -> tuple[Any, Any]:
            state = step(state)
            return state, (state.z, state.diverging)

        _, (z, divergent) = jax.lax.scan(move, state, None, WARM_UP + draws)
        return start + z[WARM_UP:] @ factor.T, divergent[WARM_UP:]

    made: tuple[Array, Array] = jax.vmap(one)(jax.random.split(jax.random.wrap_key_data(key), CHAINS))
    return made
