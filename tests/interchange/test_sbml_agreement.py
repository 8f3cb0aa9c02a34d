"""Every published series over 52 weeks: the engine against libRoadRunner and against COPASI, to 1e-4.

Differences are parts of a series' largest value. What cannot agree so closely is marked, with its size and with who is
right (docs/sbml.md).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from anagen.interchange.sbml import SbmlFile, export_sbml
from anagen.mechanisms.creatine_kinase import CreatineKinase
from anagen.patient.patient import HairEvent, Patient
from anagen.simulation.simulate import simulate
from anagen.treatments.registry import treatment

from .simulators import SIMULATORS, changed, difference

WEEKS, DAYS = 52, 364
CLOSE = 1e-4
NIGHTLY = {
    "concentration_mean",
    "metabolite_mean",
    "sebum_fraction",
    "dermatitis_fraction",
    "dermatitis_relapse_hazard",
    "ck_u_per_l",
    "cheilitis",
    "eczema",
    "tiredness",
    "back_pain",
    "joint_or_muscle_pain",
    "retinoid_stress",
    "shed_per_day",
    "comb_count_60s",
    "wash_count",
}
"""What the model settles at the end of a day. `anagen_exit` is read at midnight, when its parts are of one moment."""
CASES: dict[str, tuple[str | None, Patient, Any]] = {
    "typical person, once daily": ("20 mg once daily with food for 24 weeks", Patient(weight_kg=70), "typical"),
    "drawn man with severe dermatitis, every other day, fasted": (
        "10 mg every other day fasted for 24 weeks",
        Patient(weight_kg=82, sex="male", seborrheic_dermatitis="severe", ferritin_ug_per_l=15.0),
        3,
    ),
    "a fever, no treatment": (None, Patient(weight_kg=70, events=(HairEvent("fever", 30, 0.3),)), "typical"),
    "severe dermatitis": (
        "20 mg once daily with food for 24 weeks",
        Patient(weight_kg=70, seborrheic_dermatitis="severe"),
        "typical",
    ),
}


@lru_cache(maxsize=8)
def written(case: str) -> SbmlFile:
    regimen, patient, person = CASES[case]
    return export_sbml("isotretinoin", regimen, patient, person=person, weeks=WEEKS, check=False)


@lru_cache(maxsize=8)
def computed(case: str) -> dict[str, np.ndarray]:
    """The engine's daily series; of creatine kinase the resting level, without the spikes that the file leaves out."""
    regimen, patient, person = CASES[case]
    number = 0 if person == "typical" else person
    # Two people: a small group, whose programs other tests run too.
    run = simulate("isotretinoin", regimen, patient, weeks=WEEKS, people=2, first_person=number, daily=True)
    column = 0 if person == "typical" else 1
    series = {name: values[:, column] for name, values in run.signals.items()}
    enzyme = next(block for block in run.wiring.mechanisms if isinstance(block, CreatineKinase))
    baseline, effect, half = (float(x[column]) for x in (enzyme.baseline, enzyme.mean_effect, enzyme.half))
    level = series["concentration_mean"]
    return {**series, "ck_u_per_l": baseline * (1 + 2 * effect * level / (half + level))}


@lru_cache(maxsize=8)
def differences(case: str, simulator: str) -> dict[str, float]:
    file = written(case)
    theirs = SIMULATORS[simulator](file.text, file.names, DAYS)
    ours = computed(case)
    return {name: difference(ours[name], theirs[name], name in NIGHTLY) for name in file.names}


@pytest.mark.parametrize("simulator", SIMULATORS)
@pytest.mark.parametrize("case", list(CASES)[:2])
def test_every_series_agrees_to_1e_4(case: str, simulator: str) -> None:
    found = differences(case, simulator)
    assert {name: size for name, size in found.items() if not size <= CLOSE} == {}


def test_every_series_that_a_simulation_shows_is_in_the_file() -> None:
    shown = {table.get("signal", name) for name, table in treatment().series.items()}
    assert shown <= set(written("typical person, once daily").names)


HAIR = (
    "shed_per_day",
    "comb_count_60s",
    "wash_count",
    "club_percent",
    "exogen_percent",
    "pull_test_count",
    "telogen_percent",
    "anagen_percent",
    "density_per_cm2",
    "volume_fraction",
)


@pytest.mark.parametrize("name", HAIR)
@pytest.mark.xfail(strict=True, reason="the engine's day is of second order: a sudden pulse is off by up to 0.2 %")
def test_after_a_fever_hair_agrees_to_1e_4(name: str) -> None:
    assert differences("a fever, no treatment", "COPASI")[name] <= CLOSE


def test_after_a_fever_hair_is_off_by_no_more_than_is_documented() -> None:
    found = differences("a fever, no treatment", "COPASI")
    assert max(found.values()) <= 2e-3
    assert {name: size for name, size in found.items() if name not in HAIR and not size <= CLOSE} == {}


def test_after_a_fever_the_file_is_right_and_the_engine_is_off() -> None:
    """A third way: the exact exponential of the chain's generator, whose daily sheds the file gives to 1e-6."""
    p = {name: parameter.value for name, parameter in treatment().parameters.items()}
    phases = [(4, "anagen"), (4, "catagen"), (14, "telogen"), (1, "exogen"), (3, "kenogen")]
    rates = np.concatenate([np.full(n, n / p[f"follicles.{name}_duration"]) for n, name in phases])
    empty = p["follicles.kenogen_probability"]
    generator = np.diag(np.append(-rates, 0.0))  # the last row counts sheds
    for i in range(26):
        if i == 22:
            generator[[0, 23, 26], i] += rates[i] * np.array([1 - empty, empty, 1.0])
        else:
            generator[0 if i == 25 else i + 1, i] += rates[i]
    hairs = np.append(1 / rates, 0.0)
    hairs[23:26] *= empty
    hairs /= hairs.sum()
    day, sheds = expm(generator), [p["follicles.number"] * rates[22] * hairs[22]]
    for number in range(DAYS):
        if number == 30:
            hairs[4] += 0.3 * hairs[:4].sum()
            hairs[:4] *= 0.7
        hairs[26] = 0.0
        hairs = day @ hairs
        sheds.append(p["follicles.number"] * hairs[26])
    file = written("a fever, no treatment")
    theirs = SIMULATORS["COPASI"](file.text, ["shed_per_day"], DAYS)["shed_per_day"]
    exact = np.array(sheds)
    assert difference(exact, theirs, nightly=True) < 1e-5
    assert np.abs(computed("a fever, no treatment")["shed_per_day"] - exact).max() / exact.max() > 1e-3


def test_without_the_lead_dermatitis_acts_half_a_day_later() -> None:
    """The engine lets all of a day see the score at its end; the plain equation differs from it by about 0.1 %."""
    case = "severe dermatitis"
    plain = changed(written(case).text, "day_end_lead", 0.0)
    names = ["shed_per_day", "dermatitis_fraction"]
    theirs = SIMULATORS["COPASI"](plain, names, DAYS)
    ours = computed(case)
    assert CLOSE < difference(ours["shed_per_day"], theirs["shed_per_day"], nightly=True) < 2e-3
    assert difference(ours["dermatitis_fraction"], theirs["dermatitis_fraction"], nightly=True) <= CLOSE
