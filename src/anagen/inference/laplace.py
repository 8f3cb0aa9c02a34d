"""The fits of one record, all hypotheses at once: mode, curvature, and how likely the record is under each.

Mode by BFGS (optimistix). A Gaussian with the curvature at the mode is Laplace's answer; draws from a wider one of the
same shape (Student's t) weighted by how likely they are correct it where the truth is no Gaussian, and say where the
second half of the draws is best made (adaptive importance sampling). One compiled program for all records of a size,
kept on disk.
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

from anagen.compiled.configure import configure
from anagen.compiled.programs import program

from .hypotheses import Hypothesis
from .likelihood import expected, log_posterior, person
from .priors import AT, NAMES
from .seen import Seen

Array = jax.Array
Floats = npt.NDArray[np.float64]
DRAWS = 512
"""Of each of the two rounds."""
HEAVY = 6.0
"""Degrees of freedom of the t; its tails are those of the draws."""
PRIOR_SHARE = 0.1
"""Of the draws, those made from the prior itself: no region is forgotten."""
MOST_STEPS = 120
LEAST_CURVATURE, MOST_CURVATURE = 0.5, 1e6
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
    """The same standard normals and chi-squares for every record, `(rounds, draws, ...)`: the same record gives the
    same answer."""
    rng = np.random.default_rng(20)
    half = rng.standard_normal((2, DRAWS // 2, len(NAMES)))
    chi = rng.chisquare(HEAVY, (2, DRAWS // 2)) / HEAVY
    return np.concatenate([half, -half], 1), np.concatenate([chi, chi], 1)


@lru_cache(maxsize=1)
def source() -> str:
    """The files that the compiled programs of this room hang on."""
    code = ("chains", "chebyshev", "courses", "hypotheses", "laplace", "likelihood", "posterior", "priors", "seen")
    names = [*(f"{name}.py" for name in code), "priors.toml"]
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


class _Shape(NamedTuple):
    """A t distribution to draw from: its centre, and the curvatures of its log along some directions (columns)."""

    centre: Array
    values: Array
    vectors: Array

    def log_density(self, z: Array) -> Array:
        """Of draws `(draws, scores)`."""
        size = self.centre.size
        distance = jnp.sum(((z - self.centre) @ self.vectors) ** 2 * self.values, -1)
        constant = jax.scipy.special.gammaln((HEAVY + size) / 2) - jax.scipy.special.gammaln(HEAVY / 2)
        constant += 0.5 * jnp.sum(jnp.log(self.values)) - 0.5 * size * jnp.log(HEAVY * jnp.pi)
        return constant - 0.5 * (HEAVY + size) * jnp.log1p(distance / HEAVY)


def _corrected(
    data: Seen, noise: tuple[Array, Array], under: Hypothesis, mode: Array, curvature: Array
) -> tuple[Array, ...]:
    """Laplace's evidence; the corrected one; draws, their weights, and what they are worth."""
    size = mode.size
    values, vectors = jnp.linalg.eigh((curvature + curvature.T) / 2)
    first = _Shape(mode, jnp.clip(jnp.nan_to_num(values, nan=1.0), LEAST_CURVATURE, MOST_CURVATURE), vectors)
    volume = 0.5 * size * jnp.log(2 * jnp.pi) - 0.5 * jnp.sum(jnp.log(first.values))
    by_gaussian = log_posterior(mode, under, data) + volume

    def one_round(shape: _Shape, random: tuple[Array, Array]) -> tuple[_Shape, tuple[Array, Array, _Shape]]:
        normal, chi = random
        spread = (normal / jnp.sqrt(chi)[:, None]) @ (shape.vectors / jnp.sqrt(shape.values)).T
        from_prior = jnp.arange(chi.size) % round(1 / PRIOR_SHARE) == 0
        draws = jnp.where(from_prior[:, None], normal, shape.centre + spread)
        likely = jax.vmap(lambda z: log_posterior(z, under, data))(draws)
        weight = jax.nn.softmax(_log_weight(draws, likely, shape.log_density(draws)))
        return _nearer(shape, draws, weight), (draws, likely, shape)

    _, (draws, likely, shapes) = jax.lax.scan(one_round, first, noise)
    draws, likely = draws.reshape(-1, size), likely.ravel()
    made = jax.nn.logsumexp(jax.vmap(lambda shape: shape.log_density(draws))(shapes), 0) - jnp.log(len(noise[0]))
    log_weight = _log_weight(draws, likely, made)
    evidence = jax.nn.logsumexp(log_weight) - jnp.log(likely.size)
    weight = jax.nn.softmax(log_weight)
    return by_gaussian, evidence, draws, weight, 1 / jnp.sum(weight**2)


def _log_weight(draws: Array, likely: Array, made: Array) -> Array:
    """Of draws from shapes whose log density there is `made`, and from the prior."""
    prior = -0.5 * jnp.sum(draws**2, -1) - 0.5 * draws.shape[-1] * jnp.log(2 * jnp.pi)
    mixed = jnp.logaddexp(jnp.log1p(-PRIOR_SHARE) + made, jnp.log(PRIOR_SHARE) + prior)
    return jnp.where(jnp.isfinite(likely), likely - mixed, -jnp.inf)


def _nearer(shape: _Shape, draws: Array, weight: Array) -> _Shape:
    """The shape with the mean and the covariance of weighted draws, as far as these are worth more draws than there
    are scores."""
    trust = 1 / (1 + shape.centre.size * jnp.sum(weight**2))
    mean = weight @ draws
    covariance = ((draws - mean) * weight[:, None]).T @ (draws - mean)
    before = (shape.vectors / shape.values) @ shape.vectors.T
    spread, vectors = jnp.linalg.eigh(trust * covariance + (1 - trust) * before)
    values = 1 / jnp.clip(spread, 1 / MOST_CURVATURE, 1 / LEAST_CURVATURE)
    return _Shape(trust * mean + (1 - trust) * shape.centre, values, vectors)
