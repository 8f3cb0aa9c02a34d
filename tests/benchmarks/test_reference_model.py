"""The reference model of the benchmark: its random people, and every other way it is written down."""

from __future__ import annotations

import re

import numpy as np
import pytest
from benchmarks.reference import equations, lsoda_peer, model


def some_states(people: int) -> np.ndarray:
    return np.random.default_rng(3).uniform(0.01, 2.0, (model.STATES, people))


def test_the_first_people_do_not_depend_on_how_many_there_are() -> None:
    few, many = model.random_people(5), model.random_people(50)
    assert all((a == b[:5]).all() for a, b in zip(few, many, strict=True))


def test_the_people_are_spread_as_declared() -> None:
    people = model.random_people(20_000)
    for (name, p), values in zip(model.PARAMETERS.items(), people, strict=True):
        if name != "lag":
            assert np.log(values).std() == pytest.approx(p.sd, rel=0.03)
            assert np.median(values) == pytest.approx(p.typical, rel=0.02)
    assert people.lag.mean() * 24 == pytest.approx(2.6, rel=0.02)
    assert people.lag.max() * 24 <= 20


def test_four_rates_only() -> None:
    people = model.random_people(100, variant="four")
    moving = {name for name, values in zip(people._fields, people, strict=True) if np.ptp(values) > 0}
    assert moving == {"clearance", "central", "absorption", "sebum_ic50"}
    with pytest.raises(ValueError, match='expected "all" or "four"'):
        model.random_people(3, variant="both")


def test_follicles_are_neither_made_nor_lost() -> None:
    people = model.random_people(6)
    change = model.derivative(some_states(6), people)
    assert change[model.FIRST_HAIR :].sum(0) == pytest.approx(0, abs=1e-15)
    assert model.initial(people)[model.FIRST_HAIR :].sum(0) == pytest.approx(1)
    assert model.derivative(model.initial(people), people) == pytest.approx(0, abs=1e-16)


def test_the_drug_only_leaves_by_clearance() -> None:
    people, states = model.random_people(6), some_states(6)
    lost = -model.derivative(states, people)[:3].sum(0)
    assert lost == pytest.approx(people.clearance / people.central * states[1])


def test_the_equations_as_text_are_the_same() -> None:
    people, states = model.random_people(4), some_states(4)
    known = people._asdict() | {f"y{i}": states[i] for i in range(model.STATES)}
    change = model.derivative(states, people)
    for i, formula in enumerate(equations.equations().values()):
        assert eval(formula, {}, known) == pytest.approx(change[i], rel=1e-12, abs=1e-15), formula
    start = model.initial(people)
    for name, formula in equations.starts().items():
        assert eval(formula, {}, known) == pytest.approx(start[int(name[1:])], rel=1e-12)


def test_the_file_for_mrgsolve_names_every_state_and_none_of_cs_functions() -> None:
    text = equations.mrgsolve()
    assert {int(n) for n in re.findall(r"dxdt_state(\d+) =", text)} == set(range(model.STATES))
    assert not re.search(r"\by[01n]\b", text)
    assert "ALAG_state0 = lag;" in text


def test_the_matrix_for_lsoda_is_the_linear_part() -> None:
    people, states = model.random_people(4), some_states(4)
    for i in range(4):
        person = model.People(*(value[i] for value in people))
        found = lsoda_peer._slope(person)(0.0, states[:, i])
        assert found == pytest.approx(model.derivative(states, people)[:, i], rel=1e-12, abs=1e-15)
