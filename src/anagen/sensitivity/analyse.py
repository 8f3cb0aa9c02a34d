"""The whole analysis of a plan: for each kind of spread a screening, a Sobol sample, and shares; as the JSON kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from .model import outcomes_of
from .plan import Case, Plan
from .shares import LEVEL, Shares, kept, screened, shares, sobol_sample
from .space import KINDS, Kind, Space, space

Floats = npt.NDArray[np.float64]
Report = Callable[[str, float], None]
"""Called with what is being done, and the share of it that is done."""
DIGITS = 3


def analyse(plan: Plan, report: Report | None = None) -> dict[str, Any]:
    """All results of a plan, as `sensitivity.json` holds them (docs/sensitivity.md); the same for the same plan."""
    inputs: dict[Kind, list[dict[str, Any]]] = {}
    out: dict[Kind, list[str]] = {}
    results: list[dict[str, Any]] = []
    for kind in KINDS:
        whole = space(plan.treatment, kind, plan.hold)
        some = _moving(plan, whole, report)
        out[kind] = [name for name in whole.names if name not in some.names]
        inputs[kind] = some.to_json(plan.words)
        for case in plan.cases:
            results += _results(plan, case, some, report)
    return {
        "treatment": plan.treatment.name,
        "parameters": plan.treatment.parameter_hash(),
        "made": {
            "seed": plan.seed,
            "base": plan.base,
            "trajectories": plan.trajectories,
            "resamples": plan.resamples,
            "level": LEVEL,
            "weeks": plan.weeks,
        },
        "person": {key: value for key, value in asdict(plan.patient).items() if value not in (None, ())},
        "kinds": dict(KINDS),
        "cases": [{"name": case.name, "title": case.title, "regimen": case.regimen.text} for case in plan.cases],
        "outcomes": [{key: getattr(o, key) for key in ("name", "title", "unit", "group")} for o in plan.outcomes],
        "inputs": inputs,
        "screened_out": out,
        "results": results,
        "provenance": {
            "anagen": version("anagen"),
            "salib": version("SALib"),
            "jax": version("jax"),
            "numpy": version("numpy"),
            "fingerprint": plan.treatment.fingerprint(),
        },
    }


def _moving(plan: Plan, whole: Space, report: Report | None) -> Space:
    """The part of a space that moves some outcome of some case.

    Each unknown is moved alone here: correlations come into play in the shares.
    """
    if not whole.names:
        return whole
    effects = []
    for case in plan.cases:
        function = _function(plan, case, whole.apart(), f"Screening {KINDS[whole.kind]}, {case.title}", report)
        effects.append(screened(function, len(whole.names), plan.trajectories, plan.seed))
    moving = kept(np.concatenate(effects))
    return whole.only([name for name, moves in zip(whole.names, moving, strict=True) if moves])


def _results(plan: Plan, case: Case, some: Space, report: Report | None) -> list[dict[str, Any]]:
    number = len(some.names)
    function = _function(plan, case, some, f"Shares of {KINDS[some.kind]}, {case.title}", report)
    sample = sobol_sample(number, plan.base, plan.seed, some.groups) if number else np.empty((1, 0))
    outcomes = function(sample)

    def found(values: Floats) -> Shares | None:
        return shares(values, number, plan.resamples, plan.seed, some.groups) if number else None

    return [
        {"kind": some.kind, "case": case.name, "outcome": outcome.name} | _result(some, values, found(values))
        for outcome, values in zip(plan.outcomes, outcomes, strict=True)
    ]


def _function(plan: Plan, case: Case, some: Space, what: str, report: Report | None) -> Callable[[Floats], Floats]:
    def function(uniform: Floats) -> Floats:
        done = 0

        def count(people: int) -> None:
            nonlocal done
            done += people
            if report:
                report(what, done / len(uniform))

        return outcomes_of(plan, case, some.values(uniform), len(uniform), count)

    return function


def _result(some: Space, outcome: Floats, found: Shares | None) -> dict[str, Any]:
    """One outcome: what it comes to over the sample, and its shares, the largest total first."""
    values = outcome if found is None else found.values
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    said = {"mean": values.mean(), "sd": values.std() if found else 0.0, "p05": low, "p50": middle, "p95": high}
    result: dict[str, Any] = {key: float(f"{value:.4g}") for key, value in said.items()}
    if found is None:
        return {**result, "sum_of_first": 0.0, "indices": []}
    order = sorted(range(len(some.inputs)), key=lambda i: (-found.total[i], i))
    return {
        **result,
        "sum_of_first": _round(found.first.sum()),
        "indices": [
            {
                "input": some.inputs[i],
                "first": _ends(found.first[i], found.first_ends[:, i]),
                "total": _ends(found.total[i], found.total_ends[:, i]),
            }
            for i in order
        ],
    }


def _ends(value: float, ends: Floats) -> dict[str, float]:
    return {"value": _round(value), "low": _round(ends[0]), "high": _round(ends[1])}


def _round(value: float) -> float:
    return round(float(value), DIGITS) + 0.0
