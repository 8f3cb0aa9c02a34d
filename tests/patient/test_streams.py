"""The same person is the same person: in any order, chunk and tile, alone or among others, in any arm."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.simulation.driving import Case, drawn, run

from anagen.patient.draws import Draws, Spreads
from anagen.patient.streams import TYPICAL, normals, stream_key, stream_keys
from anagen.treatments.registry import treatment

PARAMETERS = treatment().parameters
NAMES = ("exposure.clearance", "sebum.maximal_inhibition", "follicles.anagen_duration", "nutrients.zinc.effect")


@settings(max_examples=25, deadline=None)
@given(order=st.permutations([-1, 0, 1, 5, 77, 9_999, 2**31 - 2]), first=st.integers(1, 6))
def test_order_and_chunks_change_nobody(order: list[int], first: int) -> None:
    together = drawn(sorted(order))
    chunks = [drawn(order[:first]), drawn(order[first:])]
    for name, values in together.items():
        apart = np.concatenate([chunk[name] for chunk in chunks])
        assert apart[np.argsort(order)].tolist() == values.tolist(), name


def test_a_person_replayed_alone_has_the_same_months() -> None:
    """Bit for bit: person 11 in the middle of a tile of others, and at the start of another tile."""
    regimen = "10 mg every other day with food for 28 weeks"
    among = run(Case(regimen, weeks=12, people=(-1, 3, 11, 5)))
    alone = run(Case(regimen, weeks=12, people=(11,)))
    for name, values in alone.items():
        assert values[:, 0].tolist() == among[name][:, 2].tolist(), name


def test_two_arms_share_their_people_and_their_noise() -> None:
    """Before the first dose nothing differs; and the days of hard exercise are the same in both arms."""
    low, high = (
        run(Case(text, weeks=28, people=(0, 1, 2)))
        for text in ("5 mg once daily with food for 28 weeks", "40 mg once daily with food for 28 weeks")
    )
    for name, values in low.items():
        assert values[0].tolist() == high[name][0].tolist(), name
    jumps = [np.diff(arm["ck_u_per_l"], axis=0) / arm["ck_u_per_l"][0] > 0.2 for arm in (low, high)]
    assert jumps[0].any()
    assert (jumps[0] <= jumps[1]).all()  # a spike is larger on more of the drug, and never on another day


def test_the_typical_person_is_all_zeros() -> None:
    made = drawn([TYPICAL])
    for name, parameter in PARAMETERS.items():
        assert made[name][0] == pytest.approx(parameter.value, rel=1e-14, abs=0), name
    assert all(made[name][0] == 0.5 for name in treatment().chances)
    assert not np.asarray(normals(stream_key(1, "occasion"), jnp.array([-1]), jnp.arange(500))).any()


def test_streams_are_told_apart_by_name_and_seed() -> None:
    people = jnp.arange(20_000)
    keys = [stream_key(1, "a"), stream_key(1, "b"), stream_key(2, "a")]
    z = np.array([normals(key, people) for key in keys])
    correlation = np.corrcoef(z)[np.triu_indices(3, 1)]
    assert np.abs(correlation).max() < 4 / 20_000**0.5
    named = stream_keys(1, ["a", "b"])
    assert [np.asarray(normals(key, people)).tolist() for key in named] == z[:2].tolist()


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_draws_are_standard_normal(seed: int) -> None:
    z = np.asarray(normals(stream_key(np.uint32(seed), "clearance"), jnp.arange(50_000)))
    assert stats.kstest(z, "norm").pvalue > 1e-4
    days = np.asarray(normals(stream_key(np.uint32(seed), "day:exercise"), jnp.arange(50), jnp.arange(1000)))
    assert days.shape == (1000, 50)
    assert stats.kstest(days.ravel(), "norm").pvalue > 1e-4
    # no two days or people share a draw, but for the 149 pairs expected to meet in single precision
    assert np.unique(days).size > days.size - 149 - 4 * 149**0.5


@jax.jit
def _under(spreads: Spreads) -> dict[str, jax.Array]:
    draws = Draws(PARAMETERS, 1, jnp.arange(100), spreads)
    return {name: draws[name] for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_spreads_act_apart_and_add_up(name: str) -> None:
    """With both kinds of spread off everyone is typical; one kind alone leaves the other's draws as they were."""
    acting = (Spreads(0.0, 0.0), Spreads(1.0, 0.0), Spreads(0.0, 1.0), Spreads(1.0, 1.0))
    none, between, unknown, both = (np.asarray(_under(spreads)[name]) for spreads in acting)
    assert none == pytest.approx(PARAMETERS[name].value)
    value, scale = PARAMETERS[name].value, PARAMETERS[name].scale

    def shift(x: np.ndarray) -> np.ndarray:
        if scale == "log":
            return np.log(x / value)
        return np.log(x / (1 - x)) - np.log(value / (1 - value)) if scale == "logit" else x - value

    if PARAMETERS[name].bounds is None:
        np.testing.assert_allclose(shift(between) + shift(unknown), shift(both), atol=1e-9)


@given(seed=st.integers(0, 2**32 - 1), names=st.lists(st.text(max_size=5), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_keys_of_a_number_are_those_that_a_compiled_run_makes(seed: int, names: list[str]) -> None:
    """A number is hashed by NumPy, the seed of a compiled program by JAX."""
    compiled = jax.jit(lambda value: stream_keys(value, names))(np.uint32(seed))
    assert np.array_equal(stream_keys(seed, names), compiled)
    assert np.array_equal(stream_keys(np.uint32(seed), names), compiled)
