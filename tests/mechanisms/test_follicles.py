"""The mean-field chain: it loses no follicle, rests in its steady state, and keeps the phases' moments."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.mechanisms.hair import matrices, on_day, simulate, typical

from anagen.mechanisms.pools import ANAGEN, CHAIN

DAYS = 420
EXIT = st.lists(st.floats(0.3, 6.0), min_size=1, max_size=20)
EVENTS = st.lists(st.tuples(st.integers(0, DAYS - 1), st.floats(0, 0.95)), max_size=6)


def spelled_out(values: list[float]) -> np.ndarray:
    """Values held for equal stretches of the days."""
    return np.repeat(values, -(-DAYS // len(values)))[:DAYS]


def spikes(events: list[tuple[int, float]]) -> np.ndarray:
    signal = np.zeros(DAYS)
    for day, size in events:
        signal[day] = size
    return signal


@settings(max_examples=40, deadline=None)
@given(m=EXIT, pulses=EVENTS, hits=EVENTS, exposed=EVENTS)
def test_no_follicle_is_lost(
    m: list[float],
    pulses: list[tuple[int, float]],
    hits: list[tuple[int, float]],
    exposed: list[tuple[int, float]],
) -> None:
    course = simulate(
        typical(),
        DAYS,
        anagen_exit=spelled_out(m),
        pulse_fraction=spikes(pulses),
        hit_fraction=spikes(hits),
        toxic_exposure=spikes(exposed),
    )
    assert np.abs(course["total"] - 1).max() < 1e-9
    assert min(course["shed_per_day"].min(), course["density_per_cm2"].min()) >= 0
    assert course["volume_fraction"].min() >= -1e-9


@settings(max_examples=40, deadline=None)
@given(m=EXIT, pulses=EVENTS)
def test_single_precision_does_not_drift(m: list[float], pulses: list[tuple[int, float]]) -> None:
    """What a stage holds is changed by a difference that is small where little happens, so that the rounding of each
    day is too: a stage multiplied by what stays in it would lose 1e-5 in a year."""
    signals = {"anagen_exit": spelled_out(m), "pulse_fraction": spikes(pulses)}
    exact = simulate(typical(), DAYS, **signals)
    single = simulate(jax.tree_util.tree_map(lambda x: x.astype("float32"), typical()), DAYS, **signals)
    assert single["shed_per_day"].dtype == np.float32
    assert np.abs(single["total"] - 1).max() < 3e-6
    for name in ("shed_per_day", "anagen_percent", "density_per_cm2", "volume_fraction"):
        np.testing.assert_allclose(single[name], exact[name], rtol=5e-6, atol=2e-6 * exact[name][0], err_msg=name)


@pytest.mark.parametrize("m", [1.0, 1.07, 1.21, 1.5, 3.0, 6.0])
def test_the_steady_state_rests(m: float) -> None:
    """Nothing moves under the anagen exit that a person has always had, to the day's rounding of hair ages."""
    course = simulate(typical(), 400, from_the_start=True, anagen_exit=m)
    for name, tolerance in {"shed_per_day": 1e-9, "club_percent": 1e-9, "anagen_percent": 1e-9}.items():
        np.testing.assert_allclose(course[name], course[name][0], rtol=tolerance)
    np.testing.assert_allclose(course["density_per_cm2"], course["density_per_cm2"][0], rtol=5e-3)
    np.testing.assert_allclose(course["volume_fraction"], 1.0, atol=2e-3)


@pytest.mark.parametrize("m", [0.4, 0.9, 1.0, 1.3, 2.0, 6.0])
def test_the_day_is_a_matrices(m: float) -> None:
    """No negative probability; columns sum to one; its null vector is where a long simulation ends."""
    follicles = typical()
    states, counts = (np.asarray(x) for x in matrices(follicles, {"anagen_exit": jnp.array([m])}))
    assert states.min() >= 0
    np.testing.assert_allclose(states.sum(0), 1, rtol=1e-14)

    # (I - P) x = 0 with x summing to one; repair and struck are empty, since nothing is hit.
    system = np.vstack([np.eye(states.shape[0]) - states, np.ones(states.shape[0])])
    steady = np.linalg.lstsq(system, np.append(np.zeros(states.shape[0]), 1.0), rcond=None)[0]
    days = 12_000
    course = simulate(follicles, days, anagen_exit=m)
    assert course["shed_per_day"][-1] == pytest.approx(1e5 * (counts[1] @ steady), rel=1e-8)
    assert course["anagen_percent"][-1] == pytest.approx(100 * steady[:ANAGEN].sum(), rel=1e-8)
    assert counts[0] @ steady + 0 == pytest.approx(counts[1] @ steady, rel=1e-10)  # births replace sheds


def test_littles_law() -> None:
    """Steady sheds = follicles / mean cycle, whatever the shape of the phases."""
    cycle = 1000 + 18 + 80 + 8 + 0.15 * 90
    assert simulate(typical(), 1)["shed_per_day"][0] == pytest.approx(1e5 / cycle, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "last", "mean", "cv"),
    [(0, 4, 1000, 0.5), (4, 8, 18, 0.5), (8, 22, 80, 14**-0.5), (23, 26, 90, 3**-0.5), (26, 36, 16, 10**-0.5)],
    ids=["anagen", "catagen", "telogen", "kenogen", "breaking"],
)
def test_the_daily_step_keeps_mean_and_spread_of_every_phase(first: int, last: int, mean: float, cv: float) -> None:
    """Moments of the time spent in a phase, from (I - P)^-1: days counted whole, so the mean is half a day off."""
    states, _ = matrices(typical(), {"anagen_exit": jnp.array([1.0])})
    inside = np.asarray(states)[first:last, first:last]
    n = np.linalg.inv(np.eye(last - first) - inside)
    stays = n.sum(0)  # expected mornings in the phase, by the stage of entry
    variance = ((2 * n - np.eye(last - first)).T @ stays - stays**2)[0]
    assert stays[0] == pytest.approx(mean + 0.5, abs=0.1)
    assert variance**0.5 / mean == pytest.approx(cv, rel=0.02)


def test_a_day_is_close_to_the_exact_exponential() -> None:
    """I + G + G²/2 against e^G, within the third order of the fastest stage; G is taken back from P."""
    states, _ = matrices(typical(), {"anagen_exit": jnp.array([1.5])})
    p = np.asarray(states)
    x = p - np.eye(p.shape[0])
    g = x.copy()
    for _ in range(200):  # G = X - G²/2
        g = x - g @ g / 2
    chain = slice(0, CHAIN)
    assert np.abs(expm(g) - p)[chain, chain].max() < 0.5 * (4 / 18) ** 3


def test_hairs_below_the_cap_are_those_of_the_exact_age_distribution() -> None:
    """Volume falls where anagen shortens: the mean of min(age, cap) under an Erlang-4 anagen, to a tenth of a point."""
    grid = np.linspace(0, 30_000, 3_000_001)
    for mean in (1000.0, 400.0):
        rate = 4 / mean
        # stationary ages of anagen hairs: survival of Erlang-4 over its mean
        survival = np.exp(-rate * grid) * sum((rate * grid) ** k / f for k, f in enumerate((1, 1, 2, 6)))
        anagen = np.trapezoid(survival * np.minimum(grid, 286), grid) / mean
        density = rate**4 * grid**3 * np.exp(-rate * grid) / 6
        resting = np.trapezoid(density * np.minimum(grid, 286), grid)
        per_hair = (mean * anagen + 106 * resting) / (mean + 106)
        follicles = typical(anagen=mean)
        state, _ = follicles.initial({"anagen_exit": jnp.ones(1)})
        hairs = float(state.pools.chain.sum())
        assert float(state.volume[0]) / hairs == pytest.approx(per_hair, rel=1e-6)


def test_a_pulse_takes_its_share_of_anagen_and_no_more() -> None:
    before = simulate(typical(), 1)["anagen_percent"][1]
    after = simulate(typical(), 1, pulse_fraction=on_day(1, 0.3))["anagen_percent"][1]
    assert after == pytest.approx(0.7 * before, rel=0.002)  # a day's births and exits besides
