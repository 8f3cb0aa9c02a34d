"""The automaton against the mean field: 100,000 follicles drawn from the matrix whose expectation is the chain.

Standard errors: a day's count of sheds is a sum of independent follicles' chances, so its variance is at most its
mean and sqrt(mean) is taken; shares of n hairs have sqrt(p(1-p)/n); volume has the SD of the hairs' lengths over
sqrt(n). Four of them everywhere: 1 in 16,000 for one number; fixed seeds, looked at on some 30 days.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import jax.numpy as jnp
import numpy as np
import pytest
from tests.mechanisms.hair import matrices, on_day, simulate, typical

from anagen.mechanisms.automaton import happened, observe, one_day, steady_scalp

N = 100_000
LOOKED_AT = tuple(range(1, 200, 6))
SCENARIOS = {
    "steady": {},
    "pulse of 30 %": {"pulse_fraction": 0.3},
    "hit of 90 %": {"hit_fraction": 0.9},
    "exit doubled": {"anagen_exit": 2.0},
    "exit at 0.7, slow kenogen": {"anagen_exit": 0.7, "kenogen_probability": 0.5, "kenogen_factor": 2.0},
    "telogen clock 1.3 times as fast": {"telogen_speed": 1.3},
}
EVENTS = ("pulse_fraction", "hit_fraction")


@lru_cache(maxsize=8)
def both(name: str) -> tuple[list[dict[str, float]], dict[str, np.ndarray], list[float]]:
    """Published values of the automaton and of the chain, and the SD of its hairs' lengths."""
    signals, days, rng = SCENARIOS[name], max(LOOKED_AT), np.random.default_rng(20)
    mean_field = simulate(typical(), days, **{k: on_day(days, v) if k in EVENTS else v for k, v in signals.items()})
    scalp = start = steady_scalp(typical(), N, rng)
    seen, spread = [], []
    for day in range(days):
        today = {k: v for k, v in signals.items() if day == 0 or k not in EVENTS}
        scalp, counts = one_day(typical(), scalp, rng, **today)
        if day + 1 in LOOKED_AT:
            seen.append(observe(typical(), scalp, counts, start))
            spread.append(float(scalp.length.std() / start.length.mean()))
    return seen, mean_field, spread


@pytest.mark.parametrize("name", SCENARIOS)
def test_within_four_standard_errors_of_the_mean_field(name: str) -> None:
    seen, mean_field, spread = both(name)
    for i, day in enumerate(LOOKED_AT):
        expected = {key: values[day] for key, values in mean_field.items() if key != "total"}
        visible = 500 * expected["density_per_cm2"]
        share, resting = visible / N, expected["telogen_percent"] / 100
        error = {
            "shed_per_day": max(expected["shed_per_day"], 1.0) ** 0.5,
            "telogen_percent": 100 * (resting * (1 - resting) / visible) ** 0.5,
            "density_per_cm2": 200 * (share * (1 - share) / N) ** 0.5,
            "volume_fraction": 2**0.5 * spread[i] / N**0.5,  # this day and the start it is divided by
        }
        for series, one in error.items():
            assert abs(seen[i][series] - expected[series]) < 4 * one, f"{series}, day {day}"


def test_every_number_published_by_the_chain_is_counted() -> None:
    seen, mean_field, _ = both("steady")
    assert set(seen[0]) == set(mean_field) - {"total"}


@pytest.mark.parametrize("m", [0.5, 1.0, 3.0])
def test_what_two_mornings_tell_is_what_the_chain_counts(m: float) -> None:
    """Births, sheds and fractures read off the stages, in expectation, are the chain's own counters."""
    states, counts = (np.asarray(x) for x in matrices(typical(), {"anagen_exit": jnp.array([m])}))
    before, after = np.meshgrid(np.arange(states.shape[0]), np.arange(states.shape[0]))
    read_off = [(states * flag).sum(0) for flag in happened(before, after)]
    np.testing.assert_allclose(read_off, counts, atol=1e-15)


def test_the_steady_scalp_is_drawn_from_the_steady_state() -> None:
    """Stages of a million follicles against the chain's fractions (4 SE), also where exit is raised."""
    follicles, m = typical(), 1.8
    scalp = steady_scalp(follicles, 1_000_000, np.random.default_rng(3), anagen_exit=m)
    state, _ = follicles.initial({"anagen_exit": jnp.array([m])})
    share = np.concatenate([np.asarray(state.pools.chain)[:, 0], np.array(state.pools.kenogen)[:, 0]])
    seen = np.bincount(scalp.stage, minlength=share.size)[: share.size] / 1e6
    assert np.all(np.abs(seen - share) < 4 * (share / 1e6) ** 0.5)
    assert scalp.length.mean() == pytest.approx(float(state.volume[0]), abs=4 * scalp.length.std() / 1e3)
    assert scalp.length.max() == follicles.cap


def test_the_same_generator_gives_the_same_scalp() -> None:
    def grown() -> list[float]:
        rng = np.random.default_rng(7)
        scalp = steady_scalp(typical(), 2_000, rng)
        for _ in range(5):
            scalp, _ = one_day(typical(), scalp, rng)
        return [float(scalp.length.sum()), float(scalp.stage.sum())]

    assert grown() == grown()


def test_refusals() -> None:
    rng = np.random.default_rng(1)
    short = typical(exogen=0.4)
    with pytest.raises(ValueError, match="too short for a daily step"):
        one_day(short, steady_scalp(short, 100, rng), rng)
    scalp = steady_scalp(typical(), 100, rng)
    with pytest.raises(ValueError, match="toxic=True"):
        one_day(replace(typical(), toxic=False), scalp, rng, hit_fraction=0.5)
