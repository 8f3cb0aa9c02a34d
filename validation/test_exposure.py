"""Isotretinoin and 4-oxo levels of the typical 70 kg adult against the labels and the design's figures."""

from __future__ import annotations

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.simulation.driving import Case, drawing, run

from anagen.patient.draws import Spreads
from anagen.regimen import Regimen
from anagen.treatments.contract import Wiring
from anagen.treatments.registry import treatment

HIGH_FAT, FASTED = "80 mg once with a high-fat meal", "80 mg once fasted"
ONCE = "5.4 mg once daily with a high-fat meal for 8 weeks"
THRICE = "1.8 mg every 8 h with a high-fat meal for 8 weeks"
TWICE = "2.7 mg every 12 h with a high-fat meal for 8 weeks"
BY_DAY = "1.8 mg at 08:00, 14:00 and 20:00 with a high-fat meal for 8 weeks"


@lru_cache(maxsize=1)
def typical() -> Wiring:
    wiring, *_ = drawing(treatment(), frozenset())(
        np.uint32(1), jnp.array([-1]), Spreads(), Case(ONCE).person(), np.array([0, 1])
    )
    return wiring


@jax.jit
def _levels(wiring: Wiring, since: jax.Array, route: jax.Array, mg: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Parent and metabolite in ng/mL at times after many doses, one row a time, one column a dose."""
    exposure = wiring.exposure
    parent = metabolite = jnp.zeros(since.shape[0])
    for site in range(2):
        given = jnp.where((route == site) & (since >= 0), mg, 0.0)
        unit = exposure.initial()._replace(site=jnp.zeros((2, 1)).at[site].set(1.0))
        hours = jnp.maximum(since, 0.0)[..., None]
        parent += (given * exposure.concentration(unit, hours)[..., 0]).sum(1)
        metabolite += (given * exposure.metabolite_concentration(unit, hours)[..., 0]).sum(1)
    return parent, metabolite


def levels(regimen: str, hours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Superposed doses of the typical person: parent and 4-oxo in ng/mL at `hours` after the first dose."""
    events, absorption = Regimen.from_text(regimen).events(70.0), typical().absorption
    route = np.asarray(absorption.route)[events.meal]
    share = np.asarray(absorption.share)[events.formulation, events.meal, 0]
    entry = events.time_h + np.asarray(absorption.lag)[route, 0]
    parent, oxo = _levels(
        typical(), jnp.array(hours[:, None] - entry), jnp.array(route), jnp.array(events.amount_mg * share)
    )
    return np.asarray(parent), np.asarray(oxo)


def auc(regimen: str, series: str = "concentration_mean") -> float:
    """Area under the level from the engine's exact daily means, ng·h/mL; 12 weeks are more than 90 half-lives."""
    return 24 * float(run(Case(regimen, weeks=12))[series].sum())


@pytest.mark.parametrize(
    ("regimen", "label"), [(HIGH_FAT, 10_004), (FASTED, 3_703)], ids=["high-fat-10004", "fasted-3703"]
)
def test_auc_of_the_label_within_half_a_percent(regimen: str, label: float) -> None:
    assert auc(regimen) == pytest.approx(label, rel=0.005)


@pytest.mark.parametrize(
    ("regimen", "cmax", "tmax", "half_life"),
    [(HIGH_FAT, 837, 5.30, 21.0), (FASTED, 310, 3.20, 21.0)],
    ids=["high-fat-837-ng/mL-5.30-h-21.0-h", "fasted-310-ng/mL-3.20-h-21.0-h"],
)
def test_single_80_mg_within_one_percent(regimen: str, cmax: float, tmax: float, half_life: float) -> None:
    hours = np.arange(0, 24, 0.005)
    parent, _ = levels(regimen, hours)
    late, _ = levels(regimen, np.array([36.0, 96.0]))
    assert parent.max() == pytest.approx(cmax, rel=0.01)
    assert hours[parent.argmax()] == pytest.approx(tmax, rel=0.01)
    assert 60 * np.log(2) / np.log(late[0] / late[1]) == pytest.approx(half_life, rel=0.01)


@pytest.mark.parametrize(("regimen", "label"), [(HIGH_FAT, 862), (FASTED, 301)], ids=["high-fat-862", "fasted-301"])
def test_peak_of_the_label_within_three_percent(regimen: str, label: float) -> None:
    """The label's own peaks, which the model was not made to match: -2.9 and +3.0 %."""
    assert levels(regimen, np.arange(0, 24, 0.005))[0].max() == pytest.approx(label, rel=0.031)


@pytest.mark.parametrize(
    ("regimen", "cmax", "cmin", "oxo_ratio"),
    [
        pytest.param(ONCE, 65.1, 9.53, 1.36, id="5.4-mg-once-65.1-9.53-28.1-oxo-1.36"),
        pytest.param(TWICE, 40.6, 15.1, 1.08, id="2.7-mg-twice-40.6-15.1-28.1-oxo-1.08"),
        pytest.param(THRICE, 34.2, 19.7, 1.03, id="1.8-mg-every-8-h-34.2-19.7-28.1-oxo-1.03"),
        pytest.param(BY_DAY, 38.4, 14.3, None, id="1.8-mg-at-08-14-20-38.4-14.3-28.1"),
    ],
)
def test_split_doses_at_steady_state_within_one_percent(
    regimen: str, cmax: float, cmin: float, oxo_ratio: float | None
) -> None:
    parent, oxo = levels(regimen, np.arange(24 * 54, 24 * 55, 0.02))
    assert parent.max() == pytest.approx(cmax, rel=0.01)
    assert parent.min() == pytest.approx(cmin, rel=0.01)
    assert parent.mean() == pytest.approx(28.1, rel=0.01)
    if oxo_ratio is not None:
        assert oxo.max() / oxo.min() == pytest.approx(oxo_ratio, abs=0.006)
        assert oxo.mean() == pytest.approx(oxo_ratio_in_use() * 28.1, rel=0.01)
    engine = run(Case(regimen, weeks=8))
    assert engine["concentration_mean"][55, 0] == pytest.approx(parent.mean(), rel=0.002)
    assert engine["metabolite_mean"][55, 0] == pytest.approx(oxo.mean(), rel=0.002)


def oxo_ratio_in_use() -> float:
    """Area of 4-oxo over that of the drug: clearances and masses."""
    p = {name: treatment().parameters[f"exposure.{name}"].value for name in ("clearance", "metabolite_clearance")}
    return 314.42 / 300.44 * p["clearance"] / p["metabolite_clearance"]


def test_oxo_exposure_between_what_two_studies_saw() -> None:
    """2.5 times the parent (Colburn 1983) and 3.4 times (the label): calibrated between the two."""
    ratio = auc(HIGH_FAT, "metabolite_mean") / auc(HIGH_FAT)
    assert ratio == pytest.approx(oxo_ratio_in_use(), rel=0.003)
    assert 2.5 < ratio < 3.4


@pytest.mark.parametrize("weight", [50.0, 70.0, 110.0])
def test_clearance_times_auc_is_dose_times_share(weight: float) -> None:
    """Through the whole engine: mass balance with the allometric clearance, standard meal (F 0.65)."""
    course = run(Case("20 mg once daily with food for 4 weeks", weeks=16, weight_kg=weight))
    got = 24 * float(course["concentration_mean"].sum())
    assert got == pytest.approx(1e3 * 0.65 * 20 * 28 / (8.0 * (weight / 70) ** 0.75), rel=1e-9)
