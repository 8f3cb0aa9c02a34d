"""Distributions of one covariate: from a standard normal draw of the person to the person's value.

A bounded distribution is truncated: the draw's place among people is kept, on the part of the distribution within the
bounds. Nothing is clamped, so no value is piled up on a bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
_STANDARD = NormalDist()
SMALLEST = 1e-6
"""The least part of a distribution that its bounds may leave."""
FAR = 6.0
"""Bounds so many SDs away cut off less than a thousand-millionth: the distribution counts as whole."""


@dataclass(frozen=True)
class Normal:
    """Normal on a scale: `linear` (mean), `log` or `logit` (median), within `bounds` of the value itself."""

    centre: float
    sd: float
    scale: Literal["linear", "log", "logit"]
    bounds: tuple[float, float]

    def _on_scale(self, value: float) -> float:
        if self.scale == "linear":
            return value
        if self.scale == "log":
            return math.log(value) if value > 0 else -math.inf
        if value <= 0:
            return -math.inf
        return math.log(value / (1 - value)) if value < 1 else math.inf

    @cached_property
    def part(self) -> tuple[float, float]:
        """The shares of the distribution below the lower and below the upper bound."""
        low, high = ((self._on_scale(bound) - self._on_scale(self.centre)) / self.sd for bound in self.bounds)
        return _STANDARD.cdf(low) if low > -FAR else 0.0, _STANDARD.cdf(high) if high < FAR else 1.0

    def values(self, z: Array, place: Array, score: Array) -> Array:
        """Values of people; `score` is the standard normal score within the bounds."""
        on_scale = self._on_scale(self.centre) + self.sd * score
        if self.scale == "linear":
            drawn = on_scale
        else:
            drawn = np.exp(on_scale) if self.scale == "log" else 1 / (1 + np.exp(-on_scale))
        return np.clip(drawn, *self.bounds)  # takes rounding away, no more

    def __str__(self) -> str:
        kind = {"linear": "normal, mean", "log": "log-normal, median", "logit": "logit-normal, median"}[self.scale]
        of = {"linear": "", "log": " of the log", "logit": " of the logit"}[self.scale]
        return f"{kind} {self.centre:g}, SD{of} {self.sd:g}, from {self.bounds[0]:g} to {self.bounds[1]:g}"


@dataclass(frozen=True)
class Uniform:
    """Every value from `low` to `high` alike."""

    low: float
    high: float
    part = (0.0, 1.0)

    def values(self, z: Array, place: Array, score: Array) -> Array:
        """Values of people; `place` is the share of people below each."""
        return self.low + (self.high - self.low) * place

    def __str__(self) -> str:
        return f"uniform, from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Beta:
    """Beta distribution between `bounds` of the value (within 0 to 1); `scores` and `nodes` tabulate its quantiles."""

    alpha: float
    beta: float
    bounds: tuple[float, float]
    part: tuple[float, float]
    scores: tuple[float, ...]
    nodes: tuple[float, ...]

    def values(self, z: Array, place: Array, score: Array) -> Array:
        """Values of people, interpolated between 2,001 quantiles (error below 5e-5)."""
        return np.clip(np.interp(score, self.scores, self.nodes), *self.bounds)

    def __str__(self) -> str:
        return f"beta, alpha {self.alpha:g}, beta {self.beta:g}, from {self.bounds[0]:g} to {self.bounds[1]:g}"


def beta(alpha: float, second: float, bounds: tuple[float, float]) -> Beta:
    """A beta distribution with its table of quantiles, found by bisection.

    >>> beta(2.0, 2.0, (0.0, 1.0)).values(np.zeros(1), np.zeros(1), np.zeros(1)).round(6).tolist()
    [0.5]
    """
    from jax.scipy.special import betainc, ndtr

    scores = np.linspace(-5.5, 5.5, 2001)
    wanted = np.asarray(ndtr(scores))
    low, high = np.zeros_like(scores), np.ones_like(scores)
    for _ in range(60):
        middle = (low + high) / 2
        below = np.asarray(betainc(alpha, second, middle)) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    part = tuple(float(betainc(alpha, second, bound)) for bound in bounds)
    return Beta(alpha, second, bounds, (part[0], part[1]), tuple(scores.tolist()), tuple(((low + high) / 2).tolist()))


@dataclass(frozen=True)
class Choice:
    """Levels of a category with their `shares`, as codes: the draw is cut at thresholds, so it can be correlated."""

    levels: tuple[str, ...]
    shares: tuple[float, ...]
    part = (0.0, 1.0)

    @cached_property
    def thresholds(self) -> tuple[float, ...]:
        """The draw above which each level but the first begins."""
        below = [min(math.fsum(self.shares[: i + 1]), 1.0) for i in range(len(self.shares) - 1)]
        return tuple(
            -math.inf if share <= 0 else math.inf if share >= 1 - 1e-12 else _STANDARD.inv_cdf(share) for share in below
        )

    def values(self, z: Array, place: Array, score: Array) -> Array:
        """Codes of people."""
        code = np.zeros_like(z)
        for threshold in self.thresholds:
            code += z > threshold
        return code

    def __str__(self) -> str:
        shares = zip(self.levels, self.shares, strict=True)
        return "shares: " + ", ".join(f"{level} {share:g}" for level, share in shares)


@dataclass(frozen=True)
class Constant:
    """The same for all."""

    value: float
    says: str
    part = (0.0, 1.0)

    def values(self, z: Array, place: Array, score: Array) -> Array:
        """The value, for each person."""
        return np.full_like(z, self.value)

    def __str__(self) -> str:
        return f"{self.says} for all"


Distribution = Normal | Uniform | Beta | Choice | Constant
