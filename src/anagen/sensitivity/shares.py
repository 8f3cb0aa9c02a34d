"""Screening and Sobol shares of any function of independent uniforms, by SALib; knows no drug and no engine.

The screening (Morris) drops what moves nothing; the shares (Saltelli's estimators, on Sobol's sequence) say how much of
the variance of an outcome goes back to an input alone (first order) and with all it interplays with (total).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError

Floats = npt.NDArray[np.float64]
Function = Callable[[Floats], Floats]
"""Uniforms `(samples, parameters)` in, outcomes `(outcomes, samples)` out."""
LEVEL = 0.95
EDGE = 0.025
"""The screening stays this far from 0 and 1: inside the 95 % range of each input."""
MOVES = 0.02
"""An input is kept whose mean effect on some outcome is at least this share of the largest there; what is dropped has
some ten-thousandths of the variance."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of one outcome, `(groups,)` each, with the ends of their bootstrap intervals `(2, groups)`."""

    first: Floats
    first_ends: Floats
    total: Floats
    total_ends: Floats
    values: Floats
    """The outcome over the two independent halves of the sample."""


def _salib(part: str) -> Any:
    """A module of SALib, which is needed here alone."""
    try:
        return import_module(f"SALib.{part}")
    except ImportError:
        raise InputError("SALib is not installed", expected="the development tools: make setup") from None


def _problem(parameters: int, groups: Sequence[Sequence[int]] | None, ends: tuple[float, float]) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "num_vars": parameters,
        "names": [f"x{i}" for i in range(parameters)],
        "bounds": [list(ends)] * parameters,
    }
    if groups is not None and any(len(group) > 1 for group in groups):
        of = {i: f"g{number}" for number, group in enumerate(groups) for i in group}
        problem["groups"] = [of[i] for i in range(parameters)]
    return problem


def screened(function: Function, parameters: int, trajectories: int, seed: int) -> Floats:
    """The mean absolute effect of each input's range on each outcome (Morris), `(outcomes, parameters)`.

    >>> screened(lambda u: (u @ [3.0, 0.0])[None], 2, 4, seed=1).round(6).tolist()  # 3 times the 95 % range
    [[2.85, 0.0]]
    """
    problem = _problem(parameters, None, (EDGE, 1 - EDGE))
    sample = np.asarray(_salib("sample.morris").sample(problem, trajectories, num_levels=4, seed=seed), float)
    outcomes = np.atleast_2d(function(sample))
    _check(outcomes)
    found = [
        _salib("analyze.morris").analyze(problem, sample, values, num_levels=4, num_resamples=2, seed=seed)["mu_star"]
        for values in outcomes
    ]
    return np.asarray(found, float)


def kept(effects: Floats) -> npt.NDArray[np.bool_]:
    """Which inputs move some outcome, `(parameters,)`, of mean effects `(outcomes, parameters)`.

    >>> kept(np.array([[1.0, 0.1, 0.001], [0.0, 0.0, 0.0]])).tolist()
    [True, True, False]
    """
    largest = effects.max(1, keepdims=True)
    return np.asarray(((effects >= MOVES * largest) & (largest > 0)).any(0))


def sobol_sample(parameters: int, base: int, seed: int, groups: Sequence[Sequence[int]] | None = None) -> Floats:
    """Saltelli's sample, `(base x (groups + 2), parameters)`, inside (0, 1).

    >>> sobol_sample(3, 8, seed=1).shape, sobol_sample(3, 8, 1, [(0, 2), (1,)]).shape
    ((40, 3), (32, 3))
    """
    problem = _problem(parameters, groups, (0.0, 1.0))
    sample = _salib("sample.sobol").sample(problem, base, calc_second_order=False, scramble=True, seed=seed)
    tiny = 2.0**-32  # a scrambled point may round to 0
    return np.clip(np.asarray(sample, float), tiny, 1 - tiny)


def shares(
    outcome: Floats, parameters: int, resamples: int, seed: int, groups: Sequence[Sequence[int]] | None = None
) -> Shares | None:
    """Shares of an outcome over `sobol_sample`, `(samples,)`; None where nothing moves it.

    >>> u = sobol_sample(2, 1024, seed=1)
    >>> shares(u @ np.array([3.0, 4.0]), 2, 100, seed=1).first.round(2).tolist()
    [0.36, 0.64]
    """
    _check(outcome)
    number = len(groups) if groups is not None else parameters
    rows = outcome.reshape(-1, number + 2)
    halves = np.concatenate([rows[:, 0], rows[:, -1]])
    if np.ptp(outcome) <= 1e-9 * max(1e-12, float(np.abs(outcome).max())):
        return None
    problem = _problem(parameters, groups, (0.0, 1.0))
    found: Mapping[str, Any] = _salib("analyze.sobol").analyze(
        problem, outcome, calc_second_order=False, num_resamples=resamples, keep_resamples=True, seed=seed
    )
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return Shares(
        first=np.asarray(found["S1"], float),
        first_ends=np.quantile(found["S1_conf_all"], ends, axis=0),
        total=np.asarray(found["ST"], float),
        total_ends=np.quantile(found["ST_conf_all"], ends, axis=0),
        values=halves,
    )


def _check(outcomes: Floats) -> None:
    if not np.isfinite(outcomes).all():
        raise ValueError("an outcome is not a number for some of the inputs")
