"""Missed doses and meals: long-run shares against closed forms, breaks against a slow walk, people the same in any
grouping."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.patient.streams import normals, stream_key
from anagen.trial import adherence
from anagen.trial.adherence import LONGEST_BREAK, PROCESSES, break_hazard, fasted, missed, own_share, weekly_shares
from anagen.trial.seen import uniform

DAYS = 700
PEOPLE = 500


compiled = jax.jit(missed, static_argnames=("process", "days"))
hazard_of = jax.jit(break_hazard)
share_of = jax.jit(own_share, static_argnames="stream")
without_food = jax.jit(fasted)
lots_of = jax.jit(normals)


def every_day(process: str, share: float, people: int = PEOPLE, days: int = DAYS, **more: float) -> np.ndarray:
    """Whether the one dose of each day is missed, `(days, people)`."""
    who, day = jnp.arange(people), jnp.arange(days)
    return np.asarray(compiled(process, 3, who, jnp.full(people, share), day, day, first_day=0, days=days, **more))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.4])
@pytest.mark.parametrize(
    ("process", "more"),
    [("independent", {}), ("weekend", {}), ("weekend", {"weekend_factor": 9.0}), ("clustered", {"break_days": 4.0}),
     ("clustered", {"break_days": 1.0}), ("clustered", {"break_days": 14.0})],
)  # fmt: skip
def test_long_run_share(process: str, more: dict[str, float], share: float) -> None:
    by_person = every_day(process, share, **more).mean(0)
    assert by_person.mean() == pytest.approx(share, abs=5 * by_person.std() / np.sqrt(PEOPLE))


def test_full_misses_nothing() -> None:
    assert not every_day("full", 0.5, 3, 30).any()


@settings(deadline=None)
@given(st.floats(0, 0.9999), st.floats(1, 28))
def test_break_hazard_solves_the_closed_form(share: float, break_days: float) -> None:
    hazard = float(hazard_of(jnp.array(share), break_days))
    lasting = (1 - 1 / break_days) ** np.arange(LONGEST_BREAK)
    assert 1 - np.prod(1 - hazard * lasting) == pytest.approx(share, abs=1e-9)


def test_five_steps_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = jnp.array([0, 1e-6, 0.01, 0.1, 0.5, 0.9, 0.95, 0.999])
    few = break_hazard(shares, 4.0)
    monkeypatch.setattr(adherence, "_STEPS", 50)
    np.testing.assert_allclose(few, break_hazard(shares, 4.0), rtol=1e-9)


def slow_breaks(key: jax.Array, person: int, hazard: float, break_days: float, days: int) -> list[bool]:
    """One person, day by day: a break begins where the day's lot is below the hazard; its length is geometric."""
    begin = np.arange(-LONGEST_BREAK + 1, days)
    lots = np.asarray(uniform(np.asarray(lots_of(key, jnp.array([person]), jnp.asarray(begin)))[:, 0]))
    away = [False] * days
    for day, lot in zip(begin.tolist(), lots.tolist(), strict=True):
        if lot < hazard:
            length = 1
            while length < LONGEST_BREAK and lot < hazard * (1 - 1 / break_days) ** length:
                length += 1
            for gone in range(max(day, 0), min(day + length, days)):
                away[gone] = True
    return away


@pytest.mark.parametrize(("share", "break_days"), [(0.1, 4.0), (0.5, 14.0), (0.3, 1.0), (0.05, 28.0)])
def test_breaks_are_those_of_the_slow_walk(share: float, break_days: float) -> None:
    found = every_day("clustered", share, 12, 200, break_days=break_days)
    hazard = float(hazard_of(jnp.array(share), break_days))
    key = stream_key(3, "adherence")
    for person in range(12):
        assert found[:, person].tolist() == slow_breaks(key, person, hazard, break_days, 200)


def test_single_breaks_have_the_mean_length() -> None:
    away = every_day("clustered", 0.004, 3000, DAYS, break_days=5.0)
    days = away.sum()
    begun = (away[1:] & ~away[:-1]).sum() + away[0].sum()
    mean = sum((1 - 1 / 5.0) ** np.arange(LONGEST_BREAK))  # cut at 28 days
    assert days / begun == pytest.approx(mean, rel=0.05)


def test_weekends_are_missed_so_many_times_as_often() -> None:
    away = every_day("weekend", 0.1, weekend_factor=3.0)
    weekend = np.arange(DAYS) % 7 >= 5
    assert away[weekend].mean() / away[~weekend].mean() == pytest.approx(3.0, rel=0.03)


@settings(deadline=None)
@given(st.floats(0, 0.95), st.floats(0.1, 20))
def test_weekly_shares_keep_the_mean(share: float, factor: float) -> None:
    on, at = (float(x) for x in weekly_shares(jnp.array(share), factor))
    assert (5 * on + 2 * at) / 7 == pytest.approx(share, abs=1e-12)
    assert 0 <= on <= 1
    assert 0 <= at <= 1
    if 0 < on < 1 and 0 < at < 1:
        assert at / on == pytest.approx(factor, rel=1e-6)


@pytest.mark.parametrize("process", PROCESSES)
def test_a_person_and_a_day_are_the_same_in_any_grouping(process: str) -> None:
    everybody = every_day(process, 0.3, 40, 100)
    some = jnp.array([7, 31, 2])
    window = jnp.arange(45, 80)
    alone = compiled(process, 3, some, jnp.full(3, 0.3), window, window, first_day=45, days=35)
    np.testing.assert_array_equal(np.asarray(alone), everybody[45:80][:, [7, 31, 2]])


def test_compiles_with_the_process_fixed() -> None:
    people, doses = jnp.arange(8), jnp.arange(60)
    share = jnp.full(8, 0.3)
    for process in PROCESSES:
        fast = compiled(process, 3, people, share, doses, 100 + doses // 3, first_day=100, days=20)
        plain = missed(process, 3, people, share, doses, 100 + doses // 3)
        np.testing.assert_array_equal(np.asarray(fast), np.asarray(plain))


def test_all_doses_of_a_day_in_a_break_are_missed_and_padding_is_not() -> None:
    doses, day = jnp.arange(61), jnp.append(jnp.arange(60) // 3, -1)
    away = np.asarray(
        compiled("clustered", 3, jnp.arange(50), jnp.full(50, 0.4), doses, day, first_day=jnp.array(0), days=20)
    )
    assert (away[:60].reshape(20, 3, 50) == away[:60].reshape(20, 3, 50)[:, :1]).all()
    assert not away[60].any()


def test_single_precision_shares_give_the_same_doses() -> None:
    people, doses = jnp.arange(300), jnp.arange(100)
    share = share_of(0.2, 0.5, 1, "adherence.share", people)
    for process in PROCESSES:
        single = compiled(process, 1, people, share.astype(jnp.float32), doses, doses, first_day=0, days=100)
        double = compiled(process, 1, people, share, doses, doses, first_day=0, days=100)
        assert (single != double).mean() < 1e-4


def test_own_share_has_the_stated_middle_and_spread() -> None:
    share = np.asarray(share_of(0.1, 0.5, 1, "adherence.share", jnp.arange(20000)))
    logit = np.log(share / (1 - share))
    assert np.median(logit) == pytest.approx(np.log(0.1 / 0.9), abs=0.02)
    assert logit.std() == pytest.approx(0.5, abs=0.01)
    assert np.asarray(own_share(0.0, 0.5, 1, "x", jnp.arange(5))).tolist() == [0.0] * 5


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_fasted_share(share: float) -> None:
    empty = np.asarray(without_food(5, jnp.arange(500), jnp.full(500, share), jnp.arange(200)))
    assert empty.mean() == pytest.approx(1 - share, abs=5 * np.sqrt(max(share * (1 - share), 1e-12) / empty.size))


def test_doses_missed_and_meals_are_unrelated() -> None:
    people, doses = jnp.arange(500), jnp.arange(200)
    a = np.asarray(compiled("independent", 5, people, jnp.full(500, 0.5), doses, doses)).ravel()
    b = np.asarray(without_food(5, people, jnp.full(500, 0.5), doses)).ravel()
    assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(a.size)
