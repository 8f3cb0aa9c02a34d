"""Doses entering absorption: none is lost, none overtakes another, whatever the lags and meals."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.errors import InputError
from anagen.patient.streams import normals, stream_key
from anagen.regimen import Regimen
from anagen.simulation.doses import Schedule, entries
from anagen.treatments.contract import Absorption

BLOCK, PEOPLE = 28, jnp.array([-1])
SHARE = np.array([1.0, 0.65, 0.37])
REGIMENS = (
    "20 mg once daily with food for 8 weeks",
    "1.8 mg every 8 h fasted for 8 weeks",
    "10 mg at 08:00, 14:00 and 20:00 for 8 weeks",
    "40 mg twice daily with a high-fat meal for 4 weeks then 20 mg once daily fasted for 4 weeks",
    "20 mg once daily fasted for 3 weeks, off 1 week, 10 mg three times a week with food for 4 weeks",
)
entering = jax.jit(entries, static_argnums=(4, 5))


def absorption(lag: jax.Array, share: jax.Array) -> Absorption:
    """Two ways in, three meals; the share absorbed does not depend on the dose."""
    return Absorption(
        lag=lag,
        share=share,
        route=jnp.array([0, 0, 1]),
        half_mg=jnp.full((3, 3), jnp.inf),
        reference_mg=80.0,
        occasion=0.25,
    )


@settings(max_examples=40, deadline=None)
@given(text=st.sampled_from(REGIMENS), fed=st.floats(0.0, 23.5), fasted=st.floats(0.0, 23.5))
def test_every_dose_enters_once_in_order(text: str, fed: float, fasted: float) -> None:
    events = Regimen.from_text(text).events(70.0)
    schedule = Schedule.of(events, (0, 0, 1))
    when, mg = [], []
    for block in range(3):  # the third lets the last doses of eight weeks enter
        made = entering(
            schedule.block(BLOCK * block, BLOCK),
            absorption(jnp.array([[fed], [fasted]]), SHARE[None, :, None] * jnp.ones((3, 1, 1))),
            jnp.zeros(((BLOCK + 1) * (schedule.shape.slots or schedule.shape.places), 1)),
            PEOPLE,
            BLOCK,
            schedule.shape,
        )
        assert np.all(np.diff(made.offset[..., 0], axis=1) >= 0)
        inside = np.asarray(made.dose.sum(2)[..., 0]) > 0
        hours = 24 * (BLOCK * block + np.arange(BLOCK))[:, None] + np.asarray(made.offset[..., 0])
        when.append(hours[inside])
        mg.append(np.asarray(made.dose.sum(2)[..., 0])[inside])
    share = SHARE[events.meal]
    lag = np.where(events.meal == 2, fasted, fed)
    np.testing.assert_allclose(np.concatenate(mg), events.amount_mg * share, rtol=1e-12)
    np.testing.assert_allclose(np.concatenate(when), np.maximum.accumulate(events.time_h + lag), atol=1e-9)


def test_taken_mg_is_by_the_day_of_taking() -> None:
    schedule = Schedule.of(Regimen.from_text("5 mg every 8 h for 2 weeks").events(70.0), (0, 0, 1))
    taken = np.concatenate([schedule.taken_mg(0, 10), schedule.taken_mg(10, 10)])
    assert taken.tolist() == [15.0] * 14 + [0.0] * 6


@pytest.mark.parametrize(
    ("text", "places"),
    [(REGIMENS[0], 1), (REGIMENS[1], 3), (REGIMENS[2], 3), (REGIMENS[3], 4)],
    ids=["once", "every-8-h", "three-clock-times", "twice-by-two-ways"],
)
def test_places_a_day(text: str, places: int) -> None:
    assert Schedule.of(Regimen.from_text(text).events(70.0), (0, 0, 1)).shape.places == places


def test_more_doses_in_a_day_than_there_is_room_for_are_refused_in_words() -> None:
    text = "1.8 mg every 5.12345 h fasted for 4 weeks, 0.5 mg every 1 h with a standard meal for 1 week"
    with pytest.raises(InputError, match="within 24 hours") as found:
        Schedule.of(Regimen.from_text(text).events(70.0), (0, 0, 1))
    assert found.value.expected == "at most 24 doses within 24 hours"


def test_the_share_absorbed_varies_from_dose_to_dose_and_keeps_its_mean() -> None:
    """SD of the log 0.25, mean factor 1: 16 people, 224 doses; within four standard errors."""
    events = Regimen.from_text("10 mg once daily with a high-fat meal for 32 weeks").events(70.0)
    schedule, people = Schedule.of(events, (0, 0, 1)), jnp.arange(16)
    parts = []
    for block in range(8):
        doses = schedule.block(BLOCK * block, BLOCK)
        z = normals(stream_key(1, "occasion"), people, jnp.asarray(doses.number))
        take_in = absorption(jnp.zeros((2, 16)), jnp.ones((3, 3, 16)))
        parts.append(entering(doses, take_in, z, people, BLOCK, schedule.shape).dose.sum(2))
    factor = np.concatenate(parts).sum(1).ravel() / 10  # one of the two places a day is idle: all doses are fed
    assert factor.size == 16 * 224
    assert np.log(factor).std() == pytest.approx(0.25, abs=4 * 0.25 / (2 * factor.size) ** 0.5)
    assert factor.mean() == pytest.approx(1.0, abs=4 * factor.std() / factor.size**0.5)
