"""Exposure: exact against the matrix exponential, linear, additive, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from anagen.mechanisms.disposition import Amounts, Disposition
from anagen.simulation.day import Entries, integrated, through_days, within

DAYS, DOSES = 14, 3
MASS_FACTOR = 314.42 / 300.44


@dataclass(frozen=True)
class Rates:
    """One person's exposure in clearances (L/h) and volumes (L), two absorption rates and the metabolite's (1/h)."""

    clearance: float = 8.0
    central: float = 25.7
    between: float = 5.1
    peripheral: float = 90.2
    absorption: tuple[float, float] = (0.28, 0.5)
    metabolite_rate: float = 2.46 / 54.9

    def disposition(self) -> Disposition:
        def one(x: float) -> jax.Array:
            return jnp.array([x])

        return Disposition.from_clearances(
            clearance=one(self.clearance),
            central_volume=one(self.central),
            intercompartmental_clearance=one(self.between),
            peripheral_volume=one(self.peripheral),
            absorption=jnp.array(self.absorption)[:, None],
            metabolite_clearance=one(self.metabolite_rate * 54.9),
            metabolite_volume=one(54.9),
            mass_factor=MASS_FACTOR,
        )

    def matrix(self) -> np.ndarray:
        """d/dt of (site 1, site 2, centre, periphery, metabolite), 1/h."""
        out, to, back = (
            self.clearance / self.central,
            self.between / self.central,
            self.between / self.peripheral,
        )
        a = np.zeros((5, 5))
        a[0, 0], a[2, 0] = -self.absorption[0], self.absorption[0]
        a[1, 1], a[2, 1] = -self.absorption[1], self.absorption[1]
        a[2, 2], a[2, 3], a[3, 2], a[3, 3] = -out - to, back, to, -back
        a[4, 2], a[4, 4] = out * MASS_FACTOR, -self.metabolite_rate
        return a

    def modes(self) -> tuple[float, float]:
        """alpha and beta, 1/h."""
        fast, slow = sorted(-np.linalg.eigvals(self.matrix()[2:4, 2:4]).real)[::-1]
        return float(fast), float(slow)


def spread(middle: float) -> st.SearchStrategy[float]:
    return st.floats(-1.0, 1.0).map(lambda z: middle * 3.0**z)


@st.composite
def any_rates(draw: st.DrawFn) -> Rates:
    """Anyone; often with an absorption or metabolite rate at, or next to, one of the modes."""
    rates = Rates(draw(spread(8.0)), draw(spread(25.7)), draw(spread(5.1)), draw(spread(90.2)))
    alpha, beta = rates.modes()

    def rate(middle: float) -> float:
        near = st.sampled_from([0.0, 1e-14, -1e-10, 1e-6, -1e-4, 1e-3, 0.02])
        met = st.tuples(st.sampled_from([alpha, beta]), near).map(lambda m: m[0] * (1 + m[1]))
        return draw(st.one_of(spread(middle), met))

    return Rates(
        rates.clearance,
        rates.central,
        rates.between,
        rates.peripheral,
        (rate(0.28), rate(0.28)),
        rate(0.045),
    )


@st.composite
def any_entries(draw: st.DrawFn) -> Entries:
    """Up to three doses on each of 14 days, by either way of absorption, at any hour."""
    size = DAYS * DOSES
    hours = np.array(draw(st.lists(st.floats(0, 23.99), min_size=size, max_size=size))).reshape(DAYS, DOSES)
    mg = np.array(draw(st.lists(st.floats(0, 80, allow_subnormal=False), min_size=2 * size, max_size=2 * size)))
    return Entries(jnp.array(np.sort(hours, axis=1)[..., None]), jnp.array(mg.reshape(DAYS, DOSES, 2)[..., None]))


NEW = Rates().disposition().initial()


@jax.jit
def carried(exposure: Disposition, start: Amounts, entries: Entries) -> tuple[Amounts, Amounts]:
    """Amounts each morning, and in the end."""
    return through_days(within(exposure, entries.offset), start, entries.dose)[:2]


@jax.jit
def levels(exposure: Disposition, entries: Entries) -> tuple[jax.Array, Amounts]:
    """Parent at 33 nodes of each day, and the amounts in the end."""
    days = through_days(within(exposure, entries.offset), NEW, entries.dose)
    return days.level.concentration, days.end


@jax.jit
def after(exposure: Disposition, start: Amounts, hours: jax.Array) -> tuple[Amounts, jax.Array]:
    """Amounts and parent level some hours later."""
    return exposure.propagator(hours)(start), exposure.concentration(start, hours)


@jax.jit
def daily_means(
    exposure: Disposition, mornings: Amounts, end: Amounts, dosed: jax.Array
) -> tuple[jax.Array, jax.Array]:
    evenings = jax.tree_util.tree_map(lambda a, b: jnp.concatenate([a[1:], b[None]]), mornings, end)
    return jax.vmap(lambda *x: exposure.mean_concentrations(*x, hours=24.0))(mornings, dosed, evenings)


def body(amounts: Amounts) -> np.ndarray:
    """Sites, centre, metabolite of the only person."""
    return np.array([*amounts.site[:, 0], amounts.modes.sum(0)[0], amounts.metabolite[0]])


@settings(max_examples=60, deadline=None)
@given(rates=any_rates(), hours=st.floats(0.01, 72))
def test_the_propagator_is_the_matrix_exponential(rates: Rates, hours: float) -> None:
    exposure = rates.disposition()
    exact = expm(rates.matrix() * hours)
    for route in range(2):
        dose = jnp.zeros((2, 1)).at[route].set(1.0)
        later, parent = after(exposure, NEW._replace(site=dose), jnp.array([hours]))
        np.testing.assert_allclose(body(later), exact[[0, 1, 2, 4], route], rtol=1e-9, atol=1e-14)
        assert float(parent[0]) == pytest.approx(1e3 * exact[2, route] / rates.central, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(rates=any_rates(), parts=st.lists(st.floats(0.1, 12), min_size=2, max_size=5))
def test_steps_in_a_row_are_one_step(rates: Rates, parts: list[float]) -> None:
    exposure = rates.disposition()
    start = exposure.initial()._replace(site=jnp.array([[20.0], [10.0]]))
    stepped = start
    for part in parts:
        stepped, _ = after(exposure, stepped, jnp.array([part]))
    at_once, _ = after(exposure, start, jnp.array([sum(parts)]))
    np.testing.assert_allclose(body(stepped), body(at_once), rtol=1e-9, atol=1e-13)


@settings(max_examples=40, deadline=None)
@given(rates=any_rates(), entries=any_entries(), factor=st.floats(1e-3, 1e3))
def test_twice_the_dose_is_twice_the_level(rates: Rates, entries: Entries, factor: float) -> None:
    exposure = rates.disposition()
    once, _ = levels(exposure, entries)
    more, _ = levels(exposure, entries._replace(dose=factor * entries.dose))
    np.testing.assert_allclose(more, factor * once, rtol=1e-11, atol=1e-300)  # what is smaller is flushed to zero


@settings(max_examples=40, deadline=None)
@given(rates=any_rates(), entries=any_entries(), seed=st.integers(0, 999))
def test_courses_add_up(rates: Rates, entries: Entries, seed: int) -> None:
    exposure = rates.disposition()
    mine = np.random.default_rng(seed).random((DAYS, DOSES, 1, 1)) < 0.5
    together, _ = levels(exposure, entries)
    one, _ = levels(exposure, entries._replace(dose=jnp.where(mine, entries.dose, 0.0)))
    other, _ = levels(exposure, entries._replace(dose=jnp.where(mine, 0.0, entries.dose)))
    np.testing.assert_allclose(one + other, together, rtol=1e-11, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(rates=any_rates(), entries=any_entries())
def test_random_doses_are_superposed_single_doses(rates: Rates, entries: Entries) -> None:
    """The end of 14 days against the sum over all doses, each alone, by the matrix exponential."""
    _, end = levels(rates.disposition(), entries)
    total = np.zeros(5)
    for day in range(DAYS):
        for place in range(DOSES):
            hours = 24 * (DAYS - day) - float(entries.offset[day, place, 0])
            total += expm(rates.matrix() * hours)[:, :2] @ np.asarray(entries.dose[day, place, :, 0])
    np.testing.assert_allclose(body(end), total[[0, 1, 2, 4]], rtol=1e-9, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(rates=any_rates(), entries=any_entries())
def test_mass_balance(rates: Rates, entries: Entries) -> None:
    """Clearance x AUC = dose, once everything has left; the same for the metabolite that was formed."""
    exposure = rates.disposition()
    mornings, end = carried(exposure, NEW, entries)
    mean, metabolite = daily_means(exposure, mornings, end, entries.dose.sum(1))
    late, oxo_late = exposure.mean_concentrations(end, jnp.zeros((2, 1)), NEW, hours=24.0)
    dose = float(entries.dose.sum())
    auc = 24 * (float(mean.sum()) + float(late[0]))
    oxo_auc = 24 * (float(metabolite.sum()) + float(oxo_late[0]))
    assert rates.clearance * auc == pytest.approx(1e3 * dose, rel=1e-10, abs=1e-9)
    assert rates.metabolite_rate * 54.9 * oxo_auc == pytest.approx(1e3 * MASS_FACTOR * dose, rel=1e-10, abs=1e-9)


def test_daily_means_are_the_integrals_of_the_level() -> None:
    """Means by mass balance against a sum over nodes of the level itself."""
    exposure = Rates().disposition()
    entries = Entries(jnp.full((DAYS, 1, 1), 2.6), jnp.zeros((DAYS, 1, 2, 1)).at[:, :, 0].set(20.0))
    mornings, end = carried(exposure, NEW, entries)
    mean, _ = daily_means(exposure, mornings, end, entries.dose.sum(1))
    level = through_days(within(exposure, entries.offset), NEW, entries.dose).level
    (found,) = integrated(level, [lambda c: c], [False])
    np.testing.assert_allclose(found.mean, mean, rtol=1e-5)


def test_steady_state_in_closed_form() -> None:
    """(I - P)^-1 of what one day's dose leaves, against 200 simulated days."""
    rates, days = Rates(), 200
    entries = Entries(jnp.full((days, 1, 1), 2.6), jnp.zeros((days, 1, 2, 1)).at[:, :, 0].set(20.0))
    _, end = carried(rates.disposition(), NEW, entries)
    day = expm(rates.matrix() * 24)
    added = expm(rates.matrix() * (24 - 2.6))[:, 0] * 20.0
    steady = np.linalg.solve(np.eye(5) - day, added)
    np.testing.assert_allclose(body(end), steady[[0, 1, 2, 4]], rtol=1e-10, atol=1e-12)


def test_half_lives_of_the_design() -> None:
    """Distribution 1.30 h and elimination 21.0 h, imposed on the typical person's parameters."""
    exposure = Rates().disposition()
    alpha, beta = np.log(2) / np.asarray(exposure.decay)[:, 0]
    assert alpha == pytest.approx(1.30, abs=0.01)
    assert beta == pytest.approx(21.0, abs=0.05)
    assert Rates().modes() == pytest.approx((np.log(2) / alpha, np.log(2) / beta), rel=1e-12)


def test_a_dose_into_the_centre_leaves_by_the_weights() -> None:
    """`of_dose` is the propagator of what just entered a site."""
    exposure, hours = Rates().disposition(), jnp.array([5.0])
    dose = jnp.array([[20.0], [7.0]])
    np.testing.assert_allclose(
        body(exposure.propagator(hours).of_dose(dose)),
        body(after(exposure, NEW._replace(site=dose), hours)[0]),
    )
