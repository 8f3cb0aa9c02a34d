"""Exposure: clearances, volumes, absorption and meals from the label table, closed forms of the engine's own model.

The typical person gives the averages, a few fixed people the spreads (CV) of the label's crossover. A peak is found on
a grid that is even in the log of the time since absorption began, and refined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from anagen.mechanisms.disposition import Disposition
from anagen.simulation.doses import LONGEST_LAG_H
from calibration.blocks import Block, Values
from calibration.people import design, scores, spread, wired
from calibration.priors import Prior
from calibration.rows import Row

Array = jax.Array
TITLE = "Exposure: levels in the blood"
DOSE_MG = 80.0
PEOPLE = 64
HEALTHY = "exposure.healthy_clearance_spread"
SPREAD = (
    "exposure.clearance",
    "exposure.central_volume",
    "exposure.intercompartmental_clearance",
    "exposure.peripheral_volume",
    "exposure.absorption_rate",
    "exposure.absorption_rate_fasted_factor",
    "exposure.lag_fed",
    "exposure.lag_fasted",
    "exposure.bioavailability.conventional.high_fat",
    "exposure.bioavailability.conventional.fasted",
)
"""What differs between the people of the crossover."""
SINCE_H = np.geomspace(0.1, 48.0, 40)
LATE_H = np.linspace(36.0, 96.0, 7)
"""The window over which the label's half-lives are read."""


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The exposure block."""

    def predict(values: Values) -> Array:
        found = figures(values)
        return jnp.stack([found[_place(row)] for row in rows])

    return Block(
        name="exposure",
        title=TITLE,
        priors=priors,
        rows=rows,
        predict=predict,
        between_study={"oxo_ratio": "exposure.oxo_ratio_between_studies"},
    )


def _place(row: Row) -> str:
    """Where `figures` has what a row measures."""
    if row.outcome in ("auc", "cmax", "tmax", "half_life") or row.outcome.endswith("_cv"):
        meal = "fasted" if row.meal == "fasted" else "fed"
        average = "" if row.outcome.endswith("_cv") else f" {row.details['average']}"
        return f"{meal} {row.outcome}{average}"
    return row.outcome


def figures(values: Values) -> dict[str, Array]:
    """What the rows can ask for, by name: `fed auc typical`, `fasted cmax people`, `fed tmax_cv`, `oxo_ratio`, ..."""
    people = _people(values)
    wiring = wired(people, PEOPLE + 1)
    exposure = wiring.exposure
    share = "exposure.bioavailability.conventional."
    absorbed = DOSE_MG * jnp.concatenate([people[share + "high_fat"], people[share + "fasted"]])
    lag = jnp.minimum(wiring.absorption.lag, LONGEST_LAG_H)
    found: dict[str, Array] = {}
    for name, of in _figures(_both(exposure), absorbed, lag.reshape(-1)).items():
        for meal, own in zip(("fed", "fasted"), of.reshape(2, -1), strict=True):
            found[f"{meal} {name} typical"] = own[0]
            found[f"{meal} {name} people"] = own[1:].mean()
            found[f"{meal} {name}_cv"] = own[1:].std() / own[1:].mean()
    formed = exposure.formation[0] * exposure.volume[0]
    return found | {
        "oxo_ratio": formed / (exposure.metabolite_rate[0] * exposure.metabolite_volume[0]),
        "oxo_half_life": _oxo_half_life(exposure, DOSE_MG, lag[0]),
        "alpha_half_life": jnp.log(2.0) / exposure.decay[0, 0],
        "standard_over_fasted": values[share + "standard"] / values[share + "fasted"],
        "fasted_over_fed": values[share + "fasted"],
    }


def _both(exposure: Disposition) -> Disposition:
    """The same people twice, fed and then fasted, each with one way of absorption."""
    twice = jax.tree_util.tree_map(lambda x: jnp.concatenate([x, x], -1), exposure)
    return replace(twice, absorption=exposure.absorption.reshape(1, -1))


def _people(values: Values) -> dict[str, Array]:
    """Parameters of the typical person, then of the people of the crossover."""
    z = scores(PEOPLE, len(SPREAD))
    people: dict[str, Array] = {}
    for i, name in enumerate(SPREAD):
        parameter = design()[name]
        value = values.get(name, jnp.asarray(parameter.value))
        between = values.get(HEALTHY if name == "exposure.clearance" else f"{name}:between", parameter.between)
        own = spread(parameter, value, jnp.asarray(z[i]), between)
        people[name] = jnp.concatenate([jnp.reshape(value, (1,)), own])
    alike = {name: value for name, value in values.items() if ":" not in name and name in design()}
    return {name: jnp.broadcast_to(value, (PEOPLE + 1,)) for name, value in alike.items()} | people


def _figures(exposure: Disposition, mg: Array, lag: Array) -> Mapping[str, Array]:
    """Area, peak, its time and the half-life of each person after one dose; all `(people,)`."""
    scale = 1e3 * mg / exposure.volume
    late = jnp.asarray(LATE_H)[:, None] - lag
    hours = jnp.concatenate([jnp.asarray(SINCE_H)[:, None] * jnp.ones_like(lag), late])
    level = scale * sum(exposure.parent(hours).passed[0])
    near = _near_peak(level[: len(SINCE_H)])
    # A step of Newton's: else the place jumps a little where another point of the grid is the highest.
    after = exposure.parent(near)
    gains = exposure.weights * exposure.absorption[0] * after.site[0]
    rates = gains - exposure.decay * jnp.stack(after.passed[0])
    slowing = -exposure.decay * rates - exposure.absorption[0] * gains
    at, rate, bend = (scale * x.sum(0) for x in (jnp.stack(after.passed[0]), rates, slowing))
    step = jnp.clip(-rate / bend, -0.2 * near, 0.2 * near)
    return {
        "auc": scale / exposure.elimination,
        "cmax": at + rate * step + 0.5 * bend * step**2,
        "tmax": near + step + lag,
        "half_life": _half_life(level[len(SINCE_H) :]),
    }


def _near_peak(level: Array) -> Array:
    """About when the level is highest, in h since absorption began; `level` (times, people) at `SINCE_H`."""
    i = jnp.clip(jnp.argmax(level, axis=0), 1, len(SINCE_H) - 2)
    left, middle, right = (level[i + k, jnp.arange(level.shape[1])] for k in (-1, 0, 1))
    shift = 0.5 * (left - right) / (left - 2 * middle + right)
    return jnp.asarray(SINCE_H)[i] * jnp.exp(shift * float(np.log(SINCE_H[1] / SINCE_H[0])))


def _half_life(late: Array) -> Array:
    """From the slope of the log of the level over `LATE_H`."""
    about = LATE_H - LATE_H.mean()
    slope = jnp.asarray(about / (about @ about)) @ jnp.log(late)
    return -jnp.log(2.0) / slope


def _oxo_half_life(exposure: Disposition, mg: float, lag: Array) -> Array:
    """Half-life of the metabolite of the typical person after one dose with a high-fat meal."""
    one = jax.tree_util.tree_map(lambda x: x[..., :1], exposure)
    amounts = one.initial()
    amounts = amounts._replace(site=amounts.site.at[0].set(mg))
    return _half_life(one.metabolite_concentration(amounts, jnp.asarray(LATE_H)[:, None] - lag[0]))[0]
