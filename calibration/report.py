"""From draws to what is said of them: the changes to parameters.toml, calibration.json, and the table on the screen.

Rules. A parameter counts as informed where its posterior is at least 10 % narrower than its prior. One that is not
keeps the prior's median, interval and status. Where the design's value lies in the middle half of the posterior, it is
written, with the posterior's interval: the rows do not speak against it, and documented figures do not wander with
every fit (decision 0014). Values that the rows fix together stay or move together. What each row shows with the values
so written stands beside its fit. Numbers have three significant digits; correlations of informed parameters, from 0.2
up, two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.stats import norm, rankdata

from anagen.patient.parameters import Parameter

from .fit import Fit
from .priors import Prior
from .rows import Row, on_scale
from .write import Change, three_digits

Floats = npt.NDArray[np.float64]
INFORMED = 0.1
MIDDLE_HALF = (0.25, 0.75)
LEAST_CORRELATION = 0.2
TOGETHER = 0.5
"""From this correlation up, values move together."""
LEAST_EIGENVALUE = 0.02


def contraction(fit: Fit, i: int) -> float:
    """1 - SD of the posterior over that of the prior, on the scale where the prior is standard normal."""
    return float(1 - fit.z[:, i].std())


def informed(fit: Fit, i: int) -> bool:
    """Whether the rows say anything of a parameter."""
    return contraction(fit, i) >= INFORMED


def stays(prior: Prior, draws: Floats) -> bool:
    """Whether the rows do not speak against the design's value.

    >>> prior = Prior(block="x", value=1.0, interval=(0.5, 2.0), scale="log", source=("assumed",))
    >>> [stays(prior, np.exp(np.linspace(-0.2, 0.2, 201) + shift)) for shift in (0.05, 0.15)]
    [True, False]
    """
    low, high = np.quantile(draws, MIDDLE_HALF)
    return bool(low <= prior.value <= high)


def written(fit: Fit) -> dict[str, float]:
    """The values to write, by prior: the posterior median, or the design's value where it and all that goes together
    with it `stays`, or where no row informs it. Of what belongs to studies alone, the median."""
    priors = fit.block.priors
    keeps = [stays(prior, fit.values[prior.name]) for prior in priors]
    apart = np.abs(correlations(fit)) < TOGETHER
    chosen = [i for i, prior in enumerate(priors) if not prior.nuisance and ":" not in prior.name and informed(fit, i)]
    while moved := [i for i in chosen if keeps[i] and not all(keeps[j] or apart[i, j] for j in chosen)]:
        for i in moved:
            keeps[i] = False
    return {
        prior.name: prior.value
        if not prior.nuisance and (keeps[i] or not informed(fit, i))
        else three_digits(float(np.median(fit.values[prior.name])))
        for i, prior in enumerate(priors)
    }


def interval(draws: Floats, value: float) -> list[float]:
    """The 95 % interval to write around a value."""
    low, high = np.quantile(draws, [0.025, 0.975])
    return [three_digits(float(min(low, value))), three_digits(float(max(high, value)))]


def shown_in_use(fit: Fit) -> Floats:
    """What each row shows with the values as `written`, `(rows,)`, in its unit."""
    values = {name: jnp.asarray(value) for name, value in written(fit).items()}
    return np.asarray(jax.jit(fit.block.predict)(values), float)


def correlations(fit: Fit) -> Floats:
    """Correlation of normal scores of the draws: what a Gaussian copula needs."""
    scores = norm.ppf(np.apply_along_axis(rankdata, 0, fit.z) / (len(fit.z) + 1))
    return np.atleast_2d(np.corrcoef(scores, rowvar=False))


def written_with(fit: Fit) -> dict[str, dict[str, float]]:
    """`unknown_with` of informed values, each pair once, with the earlier one; shrunk until the whole is a correlation
    matrix with some room."""
    chosen = [i for i, p in enumerate(fit.block.priors) if not p.nuisance and ":" not in p.name and informed(fit, i)]
    matrix = np.round(correlations(fit)[np.ix_(chosen, chosen)], 2)
    matrix[np.abs(matrix) < LEAST_CORRELATION] = 0.0
    np.fill_diagonal(matrix, 1.0)
    while len(chosen) > 1 and np.linalg.eigvalsh(matrix)[0] < LEAST_EIGENVALUE:
        matrix = np.round(0.97 * matrix, 2)
        np.fill_diagonal(matrix, 1.0)
    names = [fit.block.priors[i].name for i in chosen]
    return {
        name: {names[k]: float(matrix[j, k]) for k in range(j) if matrix[j, k]}
        for j, name in enumerate(names)
        if matrix[j, :j].any()
    }


def changes(fit: Fit, parameters: Mapping[str, Parameter]) -> list[Change]:
    """What a block's posterior makes of parameters.toml."""
    keys: dict[str, dict[str, Any]] = {}
    together, values = written_with(fit), written(fit)
    for i, prior in enumerate(fit.block.priors):
        if prior.nuisance:
            continue
        name, _, between = prior.name.partition(":")
        own = keys.setdefault(name, {})
        value = values[prior.name]
        unknown = interval(fit.values[prior.name], value) if informed(fit, i) else [*prior.interval]
        if between:
            own["between"] = value
            continue
        own |= {
            "value": value,
            "unknown": unknown,
            "unknown_with": together.get(name),
            "calibrated": fit.block.name if informed(fit, i) else None,
            "status": "fitted" if informed(fit, i) else prior.status,
        }
    return [Change(name, own) for name, own in keys.items() if name in parameters]


def record(fit: Fit, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """A block in calibration.json."""
    block = fit.block
    names = [prior.name for prior in block.priors]
    return {
        "name": block.name,
        "title": block.title,
        "divergences": fit.divergences,
        "parameters": [_parameter(fit, i, parameters) for i in range(len(names))],
        "correlation": {"names": names, "matrix": np.round(correlations(fit), 2).tolist()},
        "between_study": {outcome: _quantiles(draws) for outcome, draws in fit.study_sd.items()},
        "rows": [_row(fit, i) for i in range(len(block.rows))],
    }


def _parameter(fit: Fit, i: int, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    prior = fit.block.priors[i]
    name, _, between = prior.name.partition(":")
    known = parameters.get(name)
    meaning = prior.meaning or (known.meaning if known else "")
    low, middle, high = np.quantile(fit.values[prior.name], [0.025, 0.5, 0.975])
    return {
        "name": prior.name,
        "unit": prior.unit or ("SD between people, on its scale" if between else known.unit if known else ""),
        "meaning": f"spread between people: {meaning}" if between == "between" else meaning,
        "scale": prior.scale,
        "nuisance": prior.nuisance,
        "prior": {"median": prior.value, "lower": prior.interval[0], "upper": prior.interval[1]},
        "posterior": {"median": _short(middle), "lower": _short(low), "upper": _short(high)},
        "written": None if prior.nuisance else written(fit)[prior.name],
        "contraction": round(contraction(fit, i), 2),
        "informed": informed(fit, i),
        "rhat": round(fit.rhat[prior.name], 3),
        "ess": round(fit.ess[prior.name]),
        "source": [*prior.source],
    }


def _row(fit: Fit, i: int) -> dict[str, Any]:
    row = fit.block.rows[i]
    lower, upper = row.interval
    return {
        "id": row.id,
        "study": row.study,
        "title": row.title,
        "design": row.design,
        "dose": row.dose,
        "meal": row.meal,
        "meal_assumed": row.meal_assumed,
        "time_weeks": row.time_weeks,
        "outcome": row.outcome,
        "unit": row.unit,
        "method": row.method,
        "n": row.n,
        "observed": row.value,
        "lower": _short(lower),
        "upper": _short(upper),
        "limit": row.limit,
        "se_assumed": row.se_assumed,
        "fitted": _quantiles(fit.predicted[:, i]),
        "in_use": _short(float(fit.in_use[i])) if fit.in_use is not None else None,
        "z": round(score(fit, i), 2),
        "note": row.note,
        "source": [*row.source],
    }


def score(fit: Fit, i: int) -> float:
    """Observed less fitted in SDs of a new study: its own error, what the model leaves out, between studies, and the
    posterior. Of a limit, nothing where the fit keeps to it."""
    row: Row = fit.block.rows[i]
    scale = "logit" if row.events is not None else row.scale
    drawn = np.clip(fit.predicted[:, i], 1e-9, 1 - 1e-9) if scale == "logit" else fit.predicted[:, i]
    on = np.array([on_scale(scale, float(value)) for value in drawn])
    between = fit.study_sd.get(row.outcome)
    variance = (
        row.error**2 + row.discrepancy**2 + on.var() + (float(np.mean(between**2)) if between is not None else 0.0)
    )
    z = (row.centre - float(np.median(on))) / variance**0.5
    if row.limit is None:
        return z
    return max(z, 0.0) if row.limit == "at least" else min(z, 0.0)


def _quantiles(draws: Floats) -> dict[str, float]:
    return {
        name: _short(v) for name, v in zip(("p05", "p50", "p95"), np.quantile(draws, [0.05, 0.5, 0.95]), strict=True)
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def uninformed(blocks: Sequence[Mapping[str, Any]], parameters: Mapping[str, Parameter]) -> list[str]:
    """Parameters that stay as they were thought of: fitted without a row that informs them, or never fitted and
    assumed. In the order of parameters.toml, spreads after all values."""
    seen = {own["name"]: own["informed"] for block in blocks for own in block["parameters"] if not own["nuisance"]}
    left = [name for name, p in parameters.items() if not seen.get(name, p.status != "assumed")]
    return left + [name for name, says in seen.items() if ":" in name and not says]


def table(fit: Fit) -> str:
    """Prior and posterior of a block's parameters, and its rows, for the screen."""
    lines = [f"{fit.block.title}: {len(fit.block.rows)} rows, {fit.divergences} divergences"]
    for i, prior in enumerate(fit.block.priors):
        low, middle, high = np.quantile(fit.values[prior.name], [0.025, 0.5, 0.975])
        said = "" if informed(fit, i) else "  no row informs it"
        lines.append(
            f"  {prior.name:60} {prior.value:8.3g} ({prior.interval[0]:.3g} to {prior.interval[1]:.3g})"
            f"  ->  {middle:8.3g} ({low:.3g} to {high:.3g}), {contraction(fit, i):4.0%} narrower{said}"
        )
    for i, row in enumerate(fit.block.rows):
        q = _quantiles(fit.predicted[:, i])
        lines.append(
            f"    {row.id:36} {(row.limit or '') + ' ':9}{row.value:8.4g}"
            f"  fitted {q['p50']:8.4g} ({q['p05']:.4g} to {q['p95']:.4g})  z {score(fit, i):5.2f}"
        )
    return "\n".join(lines)
