"""The highest level of a day, read off at nodes: exact for a parabola, and steady where nodes fall together."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.mechanisms.quadrature import plain, squared
from anagen.simulation.compile import configure
from anagen.simulation.day import Course, of_days, peak

configure()


def course(level: np.ndarray, time: np.ndarray, precision: str = "float64") -> Course:
    """Levels `(days, nodes)` at times `(nodes,)` of one person."""
    return Course(jnp.asarray(level, precision)[..., None], jnp.asarray(time, precision)[None, :, None], jnp.zeros(()))


def nodes(lag: float, after: int = 14) -> np.ndarray:
    """The moments at which a day is looked at whose dose enters `lag` days after its beginning."""
    return np.array([lag * x for x in plain(3)[0]] + [lag + (1 - lag) * x for x in squared(after)[0]])


@settings(deadline=None)
@given(lag=st.floats(0.05, 0.5), top=st.floats(0.2, 0.9), bend=st.floats(0.1, 100))
def test_of_a_parabola_it_is_the_top(lag: float, top: float, bend: float) -> None:
    time = nodes(lag)
    level = 100 - bend * (time - top) ** 2
    i = int(level.argmax())
    found = float(peak(course(level[None], time))[0, 0])
    if 0 < i < len(time) - 1 and min(np.diff(time[i - 1 : i + 2])) > 0.02 * (time[i + 1] - time[i - 1]):
        assert abs(found - 100) < 1e-9
    assert level.max() <= found < 100 + 1e-9 or i in (0, len(time) - 1)


@settings(deadline=None)
@given(lag=st.one_of(st.just(0.0), st.floats(0.9, 1.0), st.floats(0, 1e-6)), seed=st.integers(0, 999))
def test_nodes_that_fall_together_make_no_peak(lag: float, seed: int) -> None:
    """A dose just before or after midnight, in single precision: rounding errors between nodes stay rounding errors."""
    time = nodes(lag, 10)
    noise = np.random.default_rng(seed).normal(0, 1e-5, len(time))
    level = 100 * np.exp(-time) + noise
    found = float(peak(course(level[None], time, "float32"))[0, 0])
    assert level.max() - 1e-4 <= found <= level.max() + 2e-3


def test_of_a_week_it_is_that_of_its_highest_day() -> None:
    time = nodes(0.1)
    days = np.array([[1.0], [3.0], [2.0]]) * (100 - 50 * (time - 0.4) ** 2)
    week = course(days, time)
    highest, lowest = of_days(week)
    np.testing.assert_allclose(highest, peak(week).max(0), rtol=1e-12)
    assert float(lowest[0]) == days.min()
