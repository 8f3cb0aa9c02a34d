"""Exposure of people: against scipy's solver of the equations, the engine's own profile, and closed forms."""

from __future__ import annotations

from functools import lru_cache

import jax
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anagen.simulation.exposure import exposure_summary, last_interval
from anagen.simulation.profile import profile
from anagen.treatments.registry import treatment
from anagen.validation.arms import Arm
from anagen.validation.example import EXAMPLE
from anagen.validation.exposure import exposure, half_life, interval, peak
from anagen.validation.levels import levels
from anagen.validation.people import Pool, Simulated
from anagen.validation.rows import Row
from anagen.validation.study import parse_study

POOL = Pool(3, 4, 7)
HEAD = EXAMPLE[: EXAMPLE.index("[[arms]]")]


def row(regimen: str, kind: str, keys: str, unit: str) -> Row:
    text = f"""{HEAD}
[[arms]]
name = "a"
n = 4
regimen = "{regimen}"
[arms.people]
weight_kg = 70
[[rows]]
id = "r"
kind = "{kind}"
arm = "a"
observed = 1
unit = "{unit}"
source = ["x"]
{keys}
"""
    return parse_study(text).rows[0]


def simulated(arm: Arm) -> Simulated:
    return Simulated(treatment(), frozenset(), arm, POOL)


@lru_cache(maxsize=8)
def values(regimen: str, keys: str, unit: str) -> np.ndarray:
    one = row(regimen, "exposure", keys, unit)
    return exposure(simulated(one.first.arm), one, one.first)


@lru_cache(maxsize=4)
def tile(regimen: str) -> tuple:
    arm = row(regimen, "exposure", 'quantity = "cmax"', "ng/mL").first.arm
    sim = simulated(arm)
    wiring, spread = next(sim._tiles(sim.events.time_h.size))
    return wiring, spread, sim.events


def ode(wiring, spread, events, person: int, hours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depot, centre, periphery and metabolite of one person by a general solver, dose by dose."""
    e, absorption = wiring.exposure, wiring.absorption
    k10, volume = float(e.elimination[person]), float(e.volume[person])
    fast, slow = (float(x[person]) for x in e.decay)
    k21 = fast * slow / k10
    k12 = fast + slow - k10 - k21
    formation, rate = float(e.formation[person]), float(e.metabolite_rate[person])
    route = np.asarray(absorption.route)[events.meal]
    (way,) = set(route.tolist())
    ka = float(e.absorption[way, person])
    entered = events.time_h + float(absorption.lag[way, person])
    share = np.asarray(absorption.share)[events.formulation, events.meal, person]
    mg = events.amount_mg * share * np.asarray(spread)[:, person]

    def slope(_: float, y: np.ndarray) -> list[float]:
        depot, centre, periphery, metabolite = y
        return [
            -ka * depot,
            ka * depot - (k10 + k12) * centre + k21 * periphery,
            k12 * centre - k21 * periphery,
            formation * centre - rate * metabolite,
        ]

    edges = [*entered[entered < hours[-1]], hours[-1]]
    found = np.zeros((2, hours.size))
    state, begin = np.zeros(4), float(entered[0])
    for i, end in enumerate(edges[1:], 1):
        state[0] += mg[i - 1]
        inside = (hours >= begin) & ((hours < end) | (end == hours[-1]))
        times = np.append(hours[inside], end)
        solved = solve_ivp(slope, (begin, end), state, "LSODA", np.unique(times), rtol=1e-9, atol=1e-10)
        at = np.searchsorted(np.unique(times), hours[inside])
        found[:, inside] = solved.y[1][at], solved.y[3][at]
        state, begin = solved.y[:, -1].copy(), end
    return 1e3 * found[0] / volume, 1e3 * found[1] / float(e.metabolite_volume[person])


@pytest.mark.parametrize(
    "regimen", ["80 mg once with a high-fat meal", "40 mg once fasted", "20 mg every 12 h with food for 3 days"]
)
def test_levels_are_those_of_a_general_solver(regimen: str) -> None:
    wiring, spread, events = tile(regimen)
    hours = np.linspace(0.0, 80.0, 161)
    parent, metabolite = levels(wiring, events, spread, 0.0, hours)
    for person in (0, 5):
        expected, oxo = ode(wiring, spread, events, person, hours)
        np.testing.assert_allclose(parent[:, person], expected, rtol=1e-5, atol=1e-5 * expected.max())
        np.testing.assert_allclose(metabolite[:, person], oxo, rtol=1e-5, atol=1e-5 * oxo.max())


def test_a_late_window_is_the_engines_profile() -> None:
    """Doses of the same size: the profile of the last interval of each person, on another grid."""
    wiring, spread, events = tile("20 mg every 12 h with food for 4 weeks")
    start, hours = last_interval(events)
    grid = np.linspace(0, hours, 61)
    even = np.ones_like(np.asarray(spread))
    parent, metabolite = levels(wiring, events, even, start, grid)
    for person in (0, 3, 700):
        shown = profile(wiring, events, start, hours, person)
        np.testing.assert_allclose(parent[:, person], np.interp(grid, shown.time_h, shown.parent), rtol=1e-4)
        np.testing.assert_allclose(metabolite[:, person], np.interp(grid, shown.time_h, shown.metabolite), rtol=1e-4)


def test_exposure_is_the_summary_of_each_person() -> None:
    """Against `simulation.exposure`, one person after the other; doses differ from occasion to occasion by nothing."""
    regimen = "80 mg once with a high-fat meal"
    wiring, spread, events = tile(regimen)
    found = {
        name: values(regimen, f'quantity = "{name}"', unit).ravel()
        for name, unit in (("auc_inf", "ng*h/mL"), ("cmax", "ng/mL"), ("tmax", "h"), ("half_life", "h"))
    }
    for person in range(3):
        one = jax.tree_util.tree_map(lambda x, p=person: np.asarray(x)[..., p : p + 1], wiring.exposure)
        summary = exposure_summary(_Alone(one, wiring.absorption.person(person)), events)
        factor = float(spread[0, person])
        assert found["auc_inf"][person] == pytest.approx(factor * summary["auc_inf_ng_h_per_ml"], rel=1e-9)
        assert found["cmax"][person] == pytest.approx(factor * summary["cmax_ng_per_ml"], rel=1e-3)
        assert found["tmax"][person] == pytest.approx(summary["tmax_h"], abs=0.05)
        assert found["half_life"][person] == pytest.approx(summary["half_life_h"], rel=5e-3)  # from 6 samples


class _Alone:
    """A wiring of one person, as far as an exposure summary looks at it."""

    def __init__(self, exposure: object, absorption: object) -> None:
        self.exposure, self.absorption = exposure, self
        self.one = absorption

    def person(self, column: int) -> object:
        return self.one


def test_an_area_to_the_end_is_the_area_without_end() -> None:
    regimen = "40 mg once fasted"
    whole = values(regimen, 'quantity = "auc_inf"', "ng*h/mL")
    long = values(regimen, 'quantity = "auc_0_t"\nauc_hours = 1000', "ng*h/mL")
    part = values(regimen, 'quantity = "auc_0_t"\nauc_hours = 24', "ng*h/mL")
    assert (long <= whole * (1 + 1e-3)).all()
    assert np.median(long / whole) == pytest.approx(1, abs=0.01)
    assert (part < long).all()


def test_an_interval_at_steady_state() -> None:
    """Area over the interval = average times its length; the trough lies below, the peak above."""
    regimen = "20 mg every 12 h with food for 4 weeks"
    area, average = (values(regimen, f'quantity = "{q}"', u) for q, u in (("auc_tau", "ng*h/mL"), ("cavg", "ng/mL")))
    low, high = (values(regimen, f'quantity = "{q}"', "ng/mL") for q in ("cmin", "cmax"))
    np.testing.assert_allclose(area, 12 * average, rtol=1e-9)
    assert (low < average).all()
    assert (average < high).all()
    oxo = values(regimen, 'quantity = "cavg"\nanalyte = "metabolite"', "ng/mL")
    assert (oxo != average).all()


def test_which_interval() -> None:
    def of(regimen: str, keys: str) -> tuple[float, float]:
        one = row(regimen, "exposure", keys, "ng/mL")
        return interval(one.first, one.table.after)

    course = "20 mg every 12 h for 10 days"
    assert of(course, 'quantity = "cmin"') == (228.0, 12.0)
    assert of(course, 'quantity = "cmin"\nat_day = 5') == (120.0, 12.0)
    assert of(course, 'quantity = "cmin"\nafter = "first dose"') == (0.0, 12.0)
    assert of("20 mg once", 'quantity = "cmax"') == (0.0, 72.0)


def test_half_life_and_peak_of_plain_curves() -> None:
    hours = np.linspace(36, 96, 61)
    assert half_life(hours, np.exp(-np.log(2) * hours / 17.5)[:, None])[0] == pytest.approx(17.5, rel=1e-9)
    grid = np.linspace(0, 10, 101)
    curve = 5 - (grid[:, None] - np.array([3.14, 7.77])) ** 2
    when, height = peak(grid, curve)
    assert when == pytest.approx([3.14, 7.77], abs=1e-9)
    assert height == pytest.approx([5, 5], abs=1e-9)
    falling = peak(grid, np.exp(-grid)[:, None])
    assert (falling[0][0], falling[1][0]) == (0.0, 1.0)


def test_people_of_a_replicate_share_what_nobody_knows() -> None:
    """Means over replicates of 4 people of the log of a clearance: the variance of what is not known, in full, and a
    quarter of that between people. Within replicates: that between people alone."""
    arm = row("40 mg once fasted", "exposure", 'quantity = "cmax"', "ng/mL").first.arm
    pool = Pool(1000, 4, 7)
    parts = [wiring.exposure for wiring, _ in Simulated(treatment(), frozenset(), arm, pool)._wired()]
    clearance = np.concatenate([np.asarray(e.metabolite_rate * e.metabolite_volume) for e in parts])
    logs = pool.grouped(np.log(clearance[: pool.people]))
    known = treatment().parameters["exposure.metabolite_clearance"]
    z = np.random.default_rng(1).standard_normal(1_000_000)
    unknown = np.var(np.where(z < 0, known.lower, known.upper) * z)
    assert logs.mean(1).var(ddof=1) == pytest.approx(unknown + known.between**2 / 4, rel=0.2)
    assert logs.var(axis=1, ddof=1).mean() == pytest.approx(known.between**2, rel=0.1)
