"""The benchmark's reference solution: two independent ways agree, and it meets closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.reference import exact, model

PEOPLE = model.random_people(3)


def free_doses(days: int, people: int = 3) -> np.ndarray:
    """Doses that differ from day to day and person to person, some of them missed."""
    rng = np.random.default_rng(7)
    return rng.uniform(5, 80, (days, people)) * (rng.random((days, people)) < 0.8)


def typical(**changed: float) -> model.People:
    values = {name: p.typical for name, p in model.PARAMETERS.items()} | changed
    return model.People(**{name: np.array([value]) for name, value in values.items()})


def test_two_independent_ways_agree() -> None:
    doses = free_doses(8)
    one, other = exact.exact(PEOPLE, doses), exact.integrated(PEOPLE, doses)
    assert exact.error(other, one) < 1e-9
    relative = np.abs(other - one)[5:] / np.abs(one[5:])  # without the floor too, once there is drug
    assert relative.max() < 1e-9


def test_they_agree_for_the_lag_that_is_longest() -> None:
    person = typical(lag=model.LAST_LAG)
    doses = model.constant_doses(1, 15)
    assert exact.error(exact.integrated(person, doses), exact.exact(person, doses)) < 1e-9


def test_more_nodes_change_nothing() -> None:
    doses = free_doses(20)
    assert exact.error(exact.exact(PEOPLE, doses, nodes=16), exact.exact(PEOPLE, doses)) < 1e-12


def test_all_of_the_drug_is_accounted_for() -> None:
    doses = free_doses(20)
    x, weights = np.polynomial.legendre.leggauss(exact.NODES)
    for i in range(3):
        person = model.People(*(value[i] for value in PEOPLE))
        edges = exact._pieces(person.lag)
        widths = np.diff(edges)[:, None]
        times = edges[:-1, None] + widths * (x + 1) / 2
        concentration, ends = exact._exposure(person, doses[:, i], times)
        eliminated = person.clearance / 1000 * (concentration * weights * widths / 2).sum()
        in_body = ends[-1, :3].sum()
        assert eliminated + in_body == pytest.approx(doses[:, i].sum(), rel=1e-10)


def test_one_dose_without_distribution_is_the_bateman_function() -> None:
    person = typical(distribution=1e-13)
    days = np.arange(1, 11)
    doses = np.zeros((10, 1))
    doses[0] = 40.0
    ka, k = person.absorption[0], (person.clearance / person.central)[0]
    since = days - person.lag[0]
    amount = 40 * ka / (ka - k) * (np.exp(-k * since) - np.exp(-ka * since))
    found = exact.exact(person, doses)[:, 0, 0]
    assert found[:2] == pytest.approx(1000 * amount[:2] / person.central[0], rel=1e-9)


def test_without_drug_nothing_moves() -> None:
    people = model.random_people(4)
    found = exact.exact(people, np.zeros((30, 4)))
    cycle = people.anagen + people.catagen + people.telogen + people.exogen + 0.15 * people.kenogen
    assert (found[:, :2] == 0).all()
    assert found[:, 2:5] == pytest.approx(1.0, rel=1e-13)
    assert found[:, 5] == pytest.approx(np.tile(model.FOLLICLES / cycle, (30, 1)), rel=1e-12)
    assert found[:, 6] == pytest.approx(np.tile(people.anagen / cycle, (30, 1)), rel=1e-12)


def test_the_error_is_the_largest_of_all_outputs_days_and_people() -> None:
    truth = exact.exact(PEOPLE, free_doses(12))
    found = truth.copy()
    assert exact.error(found, truth) == 0
    found[7, 5, 1] *= 1 + 3e-5
    assert exact.error(found, truth) == pytest.approx(3e-5, rel=1e-6)
    found[3, 0, 2] = np.nan
    assert exact.error(found, truth) == np.inf


def test_tiny_concentrations_are_judged_against_the_persons_own_highest() -> None:
    truth = exact.exact(PEOPLE, free_doses(12))
    truth[9, 0, 0] = 1e-9
    found = truth.copy()
    found[9, 0, 0] = 2e-9
    assert exact.error(found, truth) == pytest.approx(1e-9 / (1e-3 * truth[:, 0, 0].max()), rel=1e-6)


def test_missed_doses_show_as_missing_drug() -> None:
    doses = model.constant_doses(3, 40)
    truth = exact.exact(PEOPLE, doses)
    assert exact.drug_found(truth, truth) == 1
    doses[10::2, 1] = 0  # one person's every second dose, from day 10
    assert exact.drug_found(exact.exact(PEOPLE, doses), truth) < 0.75
