"""What people are drawn from is what the parameter file says: SD between people, 95 % intervals, bounds, means."""

from __future__ import annotations

import math
import tomllib
from functools import lru_cache
from importlib import resources

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from anagen.patient.draws import Draws, Spreads
from anagen.treatments.registry import treatment

N = 40_000
FILE = resources.files("anagen.treatments.isotretinoin").joinpath("parameters.toml").read_text("utf-8")


def leaves(table: dict, prefix: str = "") -> dict[str, dict]:
    """Read anew from the file, without the package's reader."""
    found: dict[str, dict] = {}
    for key, item in table.items():
        if isinstance(item, dict):
            found |= {prefix + key: item} if "value" in item else leaves(item, f"{prefix}{key}.")
    return found


TABLE = leaves(tomllib.loads(FILE))


@lru_cache(maxsize=2)
def drawn(kind: str) -> dict[str, np.ndarray]:
    spreads = Spreads(1.0, 0.0) if kind == "between" else Spreads(0.0, 1.0)
    parameters = treatment().parameters

    @jax.jit
    def values(people: jax.Array) -> dict[str, jax.Array]:
        draws = Draws(parameters, 7, people, spreads)
        return {name: draws[name] for name in parameters}

    return {name: np.asarray(value) for name, value in values(jnp.arange(N)).items()}


def on_scale(entry: dict, x: np.ndarray | float) -> np.ndarray:
    scale = entry.get("scale", "log")
    if scale == "logit":
        return np.log(np.asarray(x) / (1 - np.asarray(x)))
    return np.log(x) if scale == "log" else np.asarray(x, float)


def test_the_reader_sees_every_entry() -> None:
    assert set(treatment().parameters) == set(TABLE)
    assert len(TABLE) > 100


@pytest.mark.parametrize("name", [name for name, entry in TABLE.items() if entry.get("between")])
def test_people_differ_by_the_stated_sd(name: str) -> None:
    """Normal on the scale (KS), with the SD of the file within four standard errors, and the mean or median kept."""
    entry = TABLE[name]
    values = drawn("between")[name]
    if "bounds" in entry:
        values = values[(values > entry["bounds"][0]) & (values < entry["bounds"][1])]
    sd = entry["between"]
    z = (on_scale(entry, values) - on_scale(entry, entry["value"])) / sd
    if entry.get("mean_preserving"):
        assert values.mean() == pytest.approx(entry["value"], abs=4 * values.std() / N**0.5)
        z = z + sd / 2
    assert z.std() == pytest.approx(1.0, abs=4 / (2 * N) ** 0.5)
    assert stats.kstest(z, "norm").pvalue > 1e-5


@pytest.mark.parametrize("name", [name for name, entry in TABLE.items() if "unknown" in entry])
def test_ignorance_has_the_stated_95_percent_interval(name: str) -> None:
    """2.5 % fall below and 2.5 % above the interval of the file, each within four standard errors; half below the
    value."""
    entry = TABLE[name]
    values, (low, high) = drawn("unknown")[name], entry["unknown"]
    tail = 4 * (0.025 * 0.975 / N) ** 0.5
    lower, upper = entry.get("bounds", (-math.inf, math.inf))
    if low > lower:
        assert (values < low).mean() == pytest.approx(0.025, abs=tail)
    if high < upper:
        assert (values > high).mean() == pytest.approx(0.025, abs=tail)
    if low < entry["value"] < high:
        assert (values < entry["value"]).mean() == pytest.approx(0.5, abs=4 * (0.25 / N) ** 0.5)
    assert values.min() >= lower
    assert values.max() <= upper


def test_what_has_no_spread_is_the_same_for_all() -> None:
    for kind, key in (("between", "between"), ("unknown", "unknown")):
        for name, entry in TABLE.items():
            if not entry.get(key):
                values = drawn(kind)[name]
                assert values == pytest.approx(entry["value"]), name
