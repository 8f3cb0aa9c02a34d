"""The highest level of a day, read off at nodes: exact for a parabola over u, near for what levels look like, and
steady where nodes fall together."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anagen.compiled.configure import configure
from anagen.mechanisms.quadrature import ending, squared
from anagen.simulation.day import BEFORE, Course, of_days, peak

configure()
AFTER = 12


def course(level: np.ndarray, time: np.ndarray, precision: str = "float64", places: int = 1) -> Course:
    """Levels `(days, nodes)` at times `(nodes,)` of one person, with so many entries a day."""
    weights = jnp.zeros((1, 6, 1 + places, 1))
    return Course(jnp.asarray(level, precision)[..., None], jnp.asarray(time, precision)[None, :, None], weights)


def nodes(lag: float) -> np.ndarray:
    """The moments at which a day is looked at whose dose enters `lag` days after its beginning."""
    return np.array([lag * x for x in ending(BEFORE)[0]] + [lag + (1 - lag) * x for x in squared(AFTER)[0]])


@settings(deadline=None)
@given(lag=st.floats(0.0, 0.5), top=st.floats(0.1, 0.9), bend=st.floats(0.1, 100))
def test_of_a_parabola_over_u_it_is_the_top(lag: float, top: float, bend: float) -> None:
    """u is the root of the time since the entry, as a part of what is left of the day."""
    time = nodes(lag)
    u = np.sqrt(np.maximum(time - lag, 0) / (1 - lag))
    level = np.where(np.arange(time.size) < BEFORE, 0.0, 100 - bend * (u - top) ** 2)
    assume(np.ptp(np.sort(level)[-2:]) > 1e-6)  # two nodes of one height: neither is higher than both its neighbours
    assert abs(float(peak(course(level[None], time))[0, 0]) - 100) < 1e-9


@settings(deadline=None)
@given(
    lag=st.floats(0.2, 0.5),
    in_h=st.floats(0.5, 4.0),
    out_h=st.floats(8.0, 40.0),
    left=st.floats(0, 0.3),
)
def test_of_a_dose_it_is_near_the_top(lag: float, in_h: float, out_h: float, left: float) -> None:
    """Absorption with half in `in_h` hours and elimination of half in `out_h`, on what is left of yesterday: 4 % at
    most, where the whole rise takes less than an hour."""
    ka, k = 24 * np.log(2) / in_h, 24 * np.log(2) / out_h

    def level(t: np.ndarray) -> np.ndarray:
        since = np.maximum(t - lag, 0)
        return left * np.exp(-k * t) + np.where(t > lag, ka / (ka - k) * (np.exp(-k * since) - np.exp(-ka * since)), 0)

    time = nodes(lag)
    exact = level(np.linspace(0, 1, 20_001)).max()
    found = float(peak(course(level(time)[None], time))[0, 0])
    assert abs(found / exact - 1) < (0.04 if in_h < 1 else 0.02)


@settings(deadline=None)
@given(lag=st.one_of(st.just(0.0), st.floats(0.9, 1.0), st.floats(0, 1e-6)), seed=st.integers(0, 999))
def test_nodes_that_fall_together_make_no_peak(lag: float, seed: int) -> None:
    """A dose just before or after midnight, in single precision: rounding errors between nodes stay rounding errors."""
    time = nodes(lag)
    noise = np.random.default_rng(seed).normal(0, 1e-5, len(time))
    level = 100 * np.exp(-time) + noise
    found = float(peak(course(level[None], time, "float32"))[0, 0])
    assert level.max() - 1e-4 <= found <= level.max() + 1e-4


def test_of_a_week_it_is_that_of_its_highest_day() -> None:
    time = nodes(0.1)
    days = np.array([[1.0], [3.0], [2.0]]) * (100 - 50 * (time - 0.4) ** 2)
    week = course(days, time)
    highest, lowest = of_days(week)
    np.testing.assert_allclose(highest, peak(week).max(0), rtol=1e-12)
    assert float(lowest[0]) == days.min()


def test_without_entries_it_is_the_highest_node() -> None:
    level = np.array([[4.0, 3.0, 2.0, 1.0]])
    assert float(peak(course(level, np.array(ending(BEFORE)[0]), places=0))[0, 0]) == 4.0
