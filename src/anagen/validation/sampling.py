"""The sampling distribution of a study's figure: one value for each possible study, from the people simulated in it.

A study of n people, with n at most the pool's size, is the first n of a replicate. A larger study has less chance in
its figure than the pool: what the people's chance adds to the spread between replicates is estimated (by resampling
people within replicates), taken off, and put back as a study of n people has it. What nobody knows stays in full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LARGEST_POOL = 64
"""People simulated for each side in each replicate."""
RESAMPLES = 12
"""Resamples of the people of each replicate, to see how far chance among them moves the figure."""
How = str
"""arithmetic, geometric or median."""


def average(values: Floats, how: How) -> Floats:
    """Over the last axis; who is NaN does not count.

    >>> average(np.array([1.0, 4.0, 16.0]), "geometric").round(9).item(), average(np.array([1.0, 4.0]), "median").item()
    (4.0, 2.5)
    """
    counted = np.isfinite(values)
    number = counted.sum(-1)
    if how == "median":
        some = np.where(counted, values, np.inf)
        ordered = np.sort(some, axis=-1)
        middle = np.maximum(number - 1, 0)
        low, high = (np.take_along_axis(ordered, k[..., None], -1)[..., 0] for k in (middle // 2, (middle + 1) // 2))
        with np.errstate(invalid="ignore"):
            return np.where(number > 0, (low + high) / 2, np.nan)
    if how == "geometric":
        values = np.log(np.maximum(np.where(counted, values, 1.0), 1e-300))
    total = np.where(counted, values, 0.0).sum(-1)
    mean = np.where(number > 0, total / np.maximum(number, 1), np.nan)
    return np.exp(mean) if how == "geometric" else mean


@dataclass(frozen=True)
class Sample:
    """One side of a row: values of people, each `(replicates, pool)`, the figure they give, the study's `n`, and how
    many of the pool are looked at."""

    parts: tuple[Floats, ...]
    figure: Callable[[tuple[Floats, ...]], Floats]
    n: int
    most: int = LARGEST_POOL

    @property
    def size(self) -> int:
        return min(self.n, self.most)


Combine = Callable[[Sequence[Floats]], Floats]


def alone(figures: Sequence[Floats]) -> Floats:
    """The figure of the only side."""
    return figures[0]


def possible(samples: Sequence[Sample], combine: Combine, paired: bool, rng: np.random.Generator) -> Floats:
    """The figure of every replicate, `(replicates,)`, as a study of n people on each side would find it.

    `paired`: both sides are the same people; otherwise others of the replicate's pool.
    """
    sides = _people(samples, paired)
    found = combine([sample.figure(parts) for sample, parts in zip(samples, sides, strict=True)])
    larger = [sample.n > parts[0].shape[1] for sample, parts in zip(samples, sides, strict=True)]
    if not any(larger):
        return found
    chance = wanted = 0.0
    groups = [tuple(range(len(samples)))] if paired else [(i,) for i in range(len(samples))]
    for group in groups:
        spread = _by_chance(samples, sides, combine, group, rng)
        size, n = sides[group[0]][0].shape[1], samples[group[0]].n
        chance += spread
        wanted += spread * size / n if n > size else spread
    return narrowed(found, chance, wanted)


def _people(samples: Sequence[Sample], paired: bool) -> list[tuple[Floats, ...]]:
    """The people of each side: the first of the pool; unpaired, the next ones for the second side."""
    first, sides = 0, []
    for sample in samples:
        chosen = slice(first, first + sample.size)
        sides.append(tuple(part[:, chosen] for part in sample.parts))
        first += 0 if paired else sample.size
    return sides


def _by_chance(
    samples: Sequence[Sample],
    sides: list[tuple[Floats, ...]],
    combine: Combine,
    group: tuple[int, ...],
    rng: np.random.Generator,
) -> float:
    """Variance of the figure within replicates by the chance of who is in the sides of `group`."""
    replicates, size = sides[group[0]][0].shape
    figures = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(0, size, (replicates, size))
        drawn = [
            tuple(np.take_along_axis(part, chosen, 1) for part in parts) if i in group else parts
            for i, parts in enumerate(sides)
        ]
        figures.append(combine([sample.figure(parts) for sample, parts in zip(samples, drawn, strict=True)]))
    variance = np.var(np.stack(figures), axis=0, ddof=1)
    # The resampled people are drawn with replacement from few: their variance is short by 1/size.
    known = variance[np.isfinite(variance)]
    return float(known.mean()) * size / max(size - 1, 1) if known.size else 0.0


def narrowed(found: Floats, chance: float, wanted: float) -> Floats:
    """Figures whose variance from people's `chance` becomes the `wanted` one, about the same middle.

    >>> narrowed(np.array([0.0, 2.0]), 0.0, 0.0).tolist()
    [0.0, 2.0]
    """
    total = float(np.nanvar(found, ddof=1)) if np.isfinite(found).sum() > 1 else 0.0
    if total <= 0:
        return found
    middle = float(np.nanmean(found))
    goal = max(total - chance, 0.0) + wanted
    return np.asarray(middle + (found - middle) * np.sqrt(min(goal / total, 1.0)))


def shares(chances: Floats, n: int, rng: np.random.Generator) -> Floats:
    """The share that n people of each replicate show, `(replicates,)`; `chances` (replicates, pool), NaN not counted.

    The replicate's own share is the mean of its people without the chance of who they are; n people are then drawn.
    """
    counted = np.isfinite(chances)
    number = np.maximum(counted.sum(1), 1)
    mean = average(chances, "arithmetic")
    within = np.where(counted, (chances - mean[:, None]) ** 2, 0.0).sum(1) / np.maximum(number - 1, 1)
    own = narrowed(mean, float(np.nanmean(within / number)), 0.0)
    known = np.isfinite(own)
    drawn = rng.binomial(n, np.clip(np.where(known, own, 0.0), 0.0, 1.0)) / n
    return np.where(known, drawn, np.nan)
