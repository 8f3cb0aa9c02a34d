"""A trial in which nothing happens is a simulation: every series and outcome of the same people, to rounding.

Draws are made in single precision, and `simulate` compiles its drawing in a hurry, which moves them by their last bit
(3e-7 in the series); and `simulate` carries large groups through their days in single precision. Here it takes the same
care and the same precision as a trial, so that all else can be compared to 1e-12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.trial.small_trials import WOMAN, plan, regimen, run_tile

from anagen import Patient, simulate
from anagen.simulation import run
from anagen.simulation.result import Simulation
from anagen.trial import setting
from anagen.trial.file import parse_trial
from anagen.trial.plan import Trial
from anagen.trial.setting import TILE
from anagen.trial.tile import ArmCourse

WEEKS, PEOPLE, SEED = 26, 1000, 5  # with the typical person, 1,000 fit in one tile
DAILY = "20 mg once daily with food for 16 weeks"
SAME_PROGRAM = [
    DAILY,
    "10 mg three times a week with food for 16 weeks",
    "40 mg once a week with food for 16 weeks",
    "0.5 mg/kg once daily with food for 16 weeks",
    "20 mg once daily with food for 6 weeks, off 4 weeks, 20 mg once daily with food for 6 weeks",
    "20 mg every other day of Absorica LD with food for 6 weeks, 10 mg once daily with food for 10 weeks",
]
"""One dose at one time of the day, one way of absorption: all these run one compiled program."""
OTHERS = [
    "1.8 mg every 8 h with food for 16 weeks",
    "5 mg at 08:00, 14:00 and 20:00 with food for 16 weeks",
    "20 mg every 40 h with food for 16 weeks",
]
TWO_MEALS = "20 mg once daily with a high-fat meal for 8 weeks, 20 mg once daily fasted for 8 weeks"
OWN_MEALS = WOMAN + '[covariates.with_food_share]\nunit = "1"\ndistribution = "constant"\nvalue = 1\n'
"""Everybody might take a meal less than planned, and nobody does."""
MAN = WOMAN.replace('"female"', '"male"').replace("70", "95") + "".join(
    f'[covariates.{name}]\nunit = "{unit}"\ndistribution = "constant"\nvalue = {value}\n'
    for name, unit, value in (
        ("seborrheic_dermatitis", "category", '"severe"'),
        ("pattern_hair_loss", "category", '"yes"'),
        ("ferritin_ug_per_l", "ug/L", "15"),
    )
)
A_MAN = Patient(
    weight_kg=95,
    sex="male",
    seborrheic_dermatitis="severe",
    pattern_hair_loss=True,
    ferritin_ug_per_l=15,
    supplements=("zinc",),
)
program = run.program


@pytest.fixture
def careful(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(function: Any, key: Any, *args: Any, effort: str = "usual") -> Any:
        return program(function, (*key, "full"), *args)

    monkeypatch.setattr(run, "program", full)
    monkeypatch.setattr(run, "precision_of", lambda tile: "float64")


def trial(text: str, precision: str, outcomes: Mapping[str, Any], more: str = "", supplements: str = "") -> Trial:
    listed = "".join(f'[[endpoints]]\noutcome = "{name}"\n' for name in outcomes)
    return parse_trial(
        f'title = "t"\npeople = {PEOPLE}\nseed = {SEED}\nfollow_up_weeks = {WEEKS}\nprecision = "{precision}"\n{more}\n'
        f'[population]\nname = "adults"\n[[arms]]\nname = "arm"\nregimen = "{text}"\n{supplements}\n{listed}'
    )


def simulated(text: str | None, patient: Patient | None = None, **options: Any) -> Simulation:
    return simulate("isotretinoin", text, patient, weeks=WEEKS, people=PEOPLE, seed=SEED, **options)


def course(text: str, precision: str, of: Simulation, population: str = WOMAN, **more: str) -> ArmCourse:
    _, [found] = run_tile(trial(text, precision, of.outcome_tables, **more), population)
    return found


def largest(found: ArmCourse, simulation: Simulation) -> dict[str, float]:
    """The largest difference of each series, against its size: the larger of the value and a thousandth of the person's
    highest (a level that has all but gone from the body is known to no more digits than that)."""
    errors = {}
    for name, rows in simulation.signals.items():
        there, here = rows[:, 1:], np.asarray(found.series[name], np.float64)[:, :PEOPLE]
        size = np.maximum(np.abs(there), 1e-3 * np.abs(there).max(0))
        off = np.abs(here - there)
        errors[name] = float(np.divide(off, size, out=np.zeros_like(off), where=off > 0).max())
    return errors


def outcomes(found: ArmCourse, simulation: Simulation, rtol: float) -> None:
    for values, name in zip(found.endpoints, simulation.outcome_tables, strict=True):
        there = simulation.person_outcomes(name)
        np.testing.assert_allclose(values[:PEOPLE], there, rtol=rtol, atol=rtol * np.abs(there).max(), err_msg=name)


@pytest.mark.usefixtures("careful")
@pytest.mark.parametrize("text", [*SAME_PROGRAM, *OTHERS])
def test_the_same_people_and_numbers(text: str) -> None:
    simulation = simulated(text)
    found = course(text, "double", simulation)
    assert max(largest(found, simulation).values()) < 1e-12
    outcomes(found, simulation, 1e-12)


def test_in_a_hurry() -> None:
    """As people are simulated: in single precision, beside a trial in double. A trough in a person who has all but
    lost the drug is known to fewer digits than all else."""
    simulation = simulated(DAILY)
    errors = largest(course(DAILY, "double", simulation), simulation)
    assert errors.pop("concentration_trough") < 2e-4
    assert max(errors.values()) < 1e-5, sorted(errors.items(), key=lambda item: -item[1])[:5]


@pytest.mark.usefixtures("careful")
def test_another_patient_with_supplements() -> None:
    simulation = simulated(DAILY, A_MAN)
    found = course(DAILY, "double", simulation, MAN, supplements='supplements = ["zinc"]')
    assert max(largest(found, simulation).values()) < 1e-12
    outcomes(found, simulation, 1e-12)


@pytest.mark.usefixtures("careful")
def test_without_what_nobody_knows() -> None:
    simulation = simulated(DAILY, spread="between")
    found = course(DAILY, "double", simulation, more='uncertainty = "none"')
    assert max(largest(found, simulation).values()) < 1e-12


@pytest.mark.usefixtures("careful")
def test_no_treatment() -> None:
    simulation = simulated(None)
    found = course("none", "double", simulation)
    assert max(largest(found, simulation).values()) < 1e-12
    outcomes(found, simulation, 1e-12)


@pytest.mark.usefixtures("careful")
def test_until_a_total_without_missed_doses() -> None:
    """30 mg/kg are 105 doses of 20 mg: the same ones, whether planned or counted while they are taken."""
    simulation = simulated("20 mg once daily with food until 30 mg/kg")
    found = course("20 mg once daily with food until 30 mg/kg", "double", simulation)
    np.testing.assert_array_equal(found.taken_mg, np.full(TILE, 2100.0))
    assert max(largest(found, simulation).values()) < 1e-12


@pytest.mark.usefixtures("careful")
@pytest.mark.parametrize(("text", "population"), [(DAILY, WOMAN), (TWO_MEALS, OWN_MEALS)])
def test_single_precision_and_shorter_blocks(text: str, population: str) -> None:
    """What single precision costs: 1 in 100,000 at most, where people differ by tens of per cent, and more only in the
    trough of who has all but lost the drug. The trial is computed four weeks at a time, the simulation thirteen."""
    simulation = simulate("isotretinoin", text, weeks=24, people=PEOPLE, seed=SEED)
    _, [found] = run_tile(plan([regimen(text)], top=f"seed = {SEED}"), population)
    assert found.series["shed_per_day"].dtype == np.float32
    errors = largest(found, simulation)
    assert errors.pop("concentration_trough") < 1e-4
    assert max(errors.values()) < 1e-5, sorted(errors.items(), key=lambda item: -item[1])[:5]


def test_what_is_compiled_longer_computes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large trials take other code from the compiler: the same to rounding, in single precision."""
    wanted = plan([regimen(DAILY)], top=f"seed = {SEED}")
    _, [usual] = run_tile(wanted, WOMAN)
    monkeypatch.setattr(setting, "MANY_WEEKS", 0)
    tile, [longer] = run_tile(wanted, WOMAN)
    assert tile.setting.effort == "long"
    for name, values in usual.series.items():
        np.testing.assert_allclose(
            longer.series[name], values, rtol=2e-4, atol=2e-5 * np.abs(values).max(), err_msg=name
        )
