"""The fits of one record, all hypotheses at once: mode, curvature, and how likely the record is under each.

Mode by BFGS (optimistix). A Gaussian with the curvature at the mode is Laplace's answer; draws from a wider one of the
same shape (Student's t) weighted by how likely they are correct it where the truth is no Gaussian. One compiled
program for all records of a size, kept on disk.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.simulation.compile import configure
from anagen.simulation.programs import program

from .hypotheses import Hypothesis
from .likelihood import expected, log_likelihood, log_posterior, person
from .priors import AT, NAMES
from .seen import Seen

Array = jax.Array
Floats = npt.NDArray[np.float64]
DRAWS = 512
HEAVY = 6.0
"""Degrees of freedom of the t; its tails are those of the draws."""
PRIOR_SHARE = 0.1
"""Of the draws, those made from the prior itself: no region is forgotten."""
MOST_STEPS = 120
LEAST_CURVATURE = 0.5
NEAR = 1e-4


class Laplace(NamedTuple):
    """Per fit: `mode` (fits, scores); `laplace` and `evidence`, logs of the marginal likelihood by the Gaussian and
    corrected; `draws` (fits, draws, scores) with `weight` (fits, draws), which add to 1; `effective`, how many draws
    they are worth; `converged`."""

    mode: Any
    laplace: Any
    evidence: Any
    draws: Any
    weight: Any
    effective: Any
    converged: Any


def laplace(data: Seen, parts: Hypothesis) -> Laplace:
    """Fit every hypothesis to one record."""
    configure()
    ready_linear_algebra()
    noise = _noise()
    run = program(_all, ("inference laplace", source()), data, parts, noise)
    found: Laplace = run(data, parts, noise)
    return Laplace._make(np.asarray(part) for part in found)


@lru_cache(maxsize=1)
def ready_linear_algebra() -> None:
    """Have the linear algebra library loaded: a program that is read from disk calls it, but does not load it."""
    jax.jit(jnp.linalg.eigh).lower(np.eye(2))


@lru_cache(maxsize=1)
def _noise() -> tuple[Floats, Floats]:
    """The same standard normals and chi-squares for every record: the same record gives the same answer."""
    rng = np.random.default_rng(20)
    half = rng.standard_normal((DRAWS // 2, len(NAMES)))
    chi = rng.chisquare(HEAVY, DRAWS // 2) / HEAVY
    return np.concatenate([half, -half]), np.concatenate([chi, chi])


@lru_cache(maxsize=1)
def source() -> str:
    """The files that the compiled likelihood hangs on."""
    names = ("chebyshev.py", "courses.py", "hypotheses.py", "laplace.py", "likelihood.py", "priors.py", "priors.toml")
    text = "".join(Path(__file__).with_name(name).read_text("utf-8") for name in names)
    return hashlib.sha256(text.encode()).hexdigest()


def _all(data: Seen, parts: Hypothesis, noise: tuple[Array, Array]) -> Laplace:
    modes, converged, curvatures = jax.vmap(partial(_mode, data))(parts)
    rest = jax.lax.map(lambda one: _corrected(data, noise, *one), (parts, modes, curvatures))
    return Laplace._make((modes, *rest, converged))


def _mode(data: Seen, under: Hypothesis) -> tuple[Array, Array, Array]:
    import optimistix as optx

    def badness(z: Array, _: None) -> Array:
        return -log_posterior(z, under, data)

    start = _start(under, data)
    solver: Any = optx.BFGS(rtol=1e-4, atol=1e-4)
    found: Any = optx.minimise(badness, solver, start, max_steps=MOST_STEPS, throw=False)
    mode = jnp.where(jnp.isfinite(found.value), found.value, start)
    slope = jax.grad(badness)
    steps = NEAR * jnp.concatenate([jnp.eye(mode.size), -jnp.eye(mode.size), jnp.zeros((1, mode.size))])
    # The curvature from slopes nearby: second derivatives would double what there is to compile.
    slopes = jax.lax.map(lambda step: slope(mode + step, None), steps)
    curvature = (slopes[: mode.size] - slopes[mode.size : -1]) / (2 * NEAR)
    return mode, jnp.max(jnp.abs(slopes[-1])) < 0.05, curvature


def _start(under: Hypothesis, data: Seen) -> Array:
    """All scores 0, but the shares found such that as many hairs are expected as were counted."""
    start = jnp.zeros(len(NAMES))
    mean = expected(person(start, under, data.priors), under, data).hairs
    ratio = jnp.log((jnp.sum(data.real * data.hairs) + 1) / (jnp.sum(data.real * mean) + 1))
    spread = data.priors["comb"][1] ** 2 + data.priors["follicles"][1] ** 2
    comb = jnp.any((data.method == 0) & (data.real > 0))
    start = start.at[AT["comb"]].set(jnp.where(comb, ratio * data.priors["comb"][1] / spread, 0.0))
    return start.at[AT["follicles"]].set(ratio * data.priors["follicles"][1] / jnp.where(comb, spread, 0.2))


def _corrected(
    data: Seen, noise: tuple[Array, Array], under: Hypothesis, mode: Array, curvature: Array
) -> tuple[Array, ...]:
    """Laplace's evidence; the corrected one; draws, their weights, and what they are worth."""
    size = mode.size
    values, vectors = jnp.linalg.eigh((curvature + curvature.T) / 2)
    values = jnp.clip(jnp.nan_to_num(values, nan=1.0), LEAST_CURVATURE, 1e6)
    log_volume = -0.5 * jnp.sum(jnp.log(values))
    by_gaussian = log_posterior(mode, under, data) + 0.5 * size * jnp.log(2 * jnp.pi) + log_volume
    normal, chi = noise
    from_prior = jnp.arange(chi.size) % round(1 / PRIOR_SHARE) == 0
    spread = (normal / jnp.sqrt(chi)[:, None]) @ (vectors / jnp.sqrt(values)).T
    draws = jnp.where(from_prior[:, None], normal, mode + spread)

    def one(z: Array) -> tuple[Array, Array]:
        distance = jnp.sum(((z - mode) @ vectors) ** 2 * values)
        shape = jax.scipy.special.gammaln((HEAVY + size) / 2) - jax.scipy.special.gammaln(HEAVY / 2)
        wide = shape - 0.5 * size * jnp.log(HEAVY * jnp.pi) - log_volume
        wide = wide - 0.5 * (HEAVY + size) * jnp.log1p(distance / HEAVY)
        prior = -0.5 * jnp.sum(z**2) - 0.5 * size * jnp.log(2 * jnp.pi)
        made = jnp.logaddexp(jnp.log1p(-PRIOR_SHARE) + wide, jnp.log(PRIOR_SHARE) + prior)
        return log_likelihood(z, under, data) + prior, made

    likely, made = jax.vmap(one)(draws)
    log_weight = jnp.where(jnp.isfinite(likely), likely - made, -jnp.inf)
    evidence = jax.nn.logsumexp(log_weight) - jnp.log(chi.size)
    weight = jax.nn.softmax(log_weight)
    return by_gaussian, evidence, draws, weight, 1 / jnp.sum(weight**2)
