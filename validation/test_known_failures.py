"""What the model is known to get wrong. A test here fails when its disagreement is gone: then say so."""

from __future__ import annotations

import numpy as np
import pytest
from tests.mechanisms.hair import on_day, simulate, typical
from tests.simulation.driving import Case, run
from validation.test_exposure import auc, levels


@pytest.mark.parametrize(
    ("regimen", "observed", "error"),
    [
        pytest.param("20 mg once fasted", 2480, -0.63, id="20-mg-fasted-2480-seen-63-percent-under"),
        pytest.param("40 mg once fasted", 3521, -0.47, id="40-mg-fasted-3521-seen-47-percent-under"),
    ],
)
def test_fasted_20_to_40_mg_is_under_predicted(regimen: str, observed: float, error: float) -> None:
    """India, 15 people, 20 mg; Colombia, 24 men, 40 mg. Fasted AUC per mg falls with the dose; the model is linear."""
    assert auc(regimen) / observed - 1 == pytest.approx(error, abs=0.01)


def test_8_mg_per_kg_is_over_predicted_3_5_fold() -> None:
    """Kerr 1982: mean peak 4 µM (1,202 ng/mL); here 8 mg/kg/d in two doses with high-fat meals."""
    regimen = "280 mg every 12 h with a high-fat meal for 4 weeks"
    peak = levels(regimen, np.arange(24 * 26, 24 * 27, 0.05))[0].max()
    assert peak / (4e-3 * 300.44 * 1e3) == pytest.approx(3.5, abs=0.1)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3])
def test_effluvium_after_covid_lasts_too_long(share: float) -> None:
    """Median 47.5 days were seen (n = 30); shedding over 1.5 times usual lasts 70 to 104 days here."""
    shed = simulate(typical(), 400, pulse_fraction=on_day(400, share))["shed_per_day"]
    lasting = (shed > 1.5 * shed[0]).sum()
    assert 65 < lasting < 105
    assert lasting > 1.3 * 47.5


def test_a_fall_of_31_percent_in_density_is_out_of_reach() -> None:
    """Kmiec 2013, TrichoScan, 0.5 to 1.0 mg/kg/d over 4 to 7 months: 336.6 to 231.9 per cm². Here the typical person
    loses under 2 %, the worst of 15 random people under 10 %, and the ceiling of all stress does not reach it."""
    seen = 1 - 231.9 / 336.6
    assert seen == pytest.approx(0.31, abs=0.002)
    course = run(Case("1 mg/kg/day with food for 30 weeks", weeks=30, people=(-1, *range(15))))
    fall = 1 - (course["density_per_cm2"] / course["density_per_cm2"][0]).min(0)
    assert fall[0] < 0.02
    assert fall.max() < 0.10
    ceiling = simulate(typical(), 210, anagen_exit=6.0)["density_per_cm2"]
    assert 1 - (ceiling / ceiling[0]).min() < seen


def test_oxo_of_one_study_is_2_6_times_too_low() -> None:
    """Amory 2017, 20 mg twice daily: parent 207 ng/mL (matched with high-fat meals), 4-oxo 5.4 µM = 1,698 ng/mL."""
    parent, oxo = levels("20 mg every 12 h with a high-fat meal for 4 weeks", np.arange(24 * 26, 24 * 27, 0.05))
    assert parent.mean() == pytest.approx(207, rel=0.02)
    assert 1698 / oxo.mean() == pytest.approx(2.6, abs=0.05)
