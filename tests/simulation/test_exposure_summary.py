"""Exposure of the typical person, as a non-compartmental analysis gives it, against published and derived figures."""

from __future__ import annotations

import pytest

from anagen import Patient, simulate
from anagen.treatments.registry import treatment


def exposure(regimen: str, weight_kg: float = 70.0) -> dict[str, float]:
    return dict(simulate("isotretinoin", regimen, Patient(weight_kg=weight_kg), people=1, weeks=4).exposure)


@pytest.mark.parametrize(
    ("regimen", "auc", "cmax", "tmax"),
    [("80 mg once with a high-fat meal", 10_004, 837, 5.30), ("80 mg once fasted", 3_703, 310, 3.20)],
)
def test_labels(regimen, auc, cmax, tmax):
    found = exposure(regimen)
    assert found["auc_inf_ng_h_per_ml"] == pytest.approx(auc, rel=0.005)
    assert found["cmax_ng_per_ml"] == pytest.approx(cmax, rel=0.01)
    assert found["tmax_h"] == pytest.approx(tmax, rel=0.01)
    assert found["half_life_h"] == pytest.approx(21.0, rel=0.01)
    known = treatment().parameters
    ratio = known["exposure.clearance"].value / known["exposure.metabolite_clearance"].value * 314.42 / 300.44
    assert found["oxo_auc_inf_ng_h_per_ml"] / found["auc_inf_ng_h_per_ml"] == pytest.approx(ratio, rel=0.005)


@pytest.mark.parametrize(
    ("regimen", "cmax", "cmin", "cavg"),
    [
        ("5.4 mg once daily with a high-fat meal for 26 weeks", 65.1, 9.53, 28.1),
        ("2.7 mg twice daily with a high-fat meal for 26 weeks", 40.6, 15.1, 28.1),
        ("1.8 mg every 8 h with a high-fat meal for 26 weeks", 34.2, 19.7, 28.1),
        ("1.8 mg at 08:00, 14:00 and 20:00 with a high-fat meal for 26 weeks", 38.4, 14.3, 28.1),
        ("40 mg twice daily with a high-fat meal for 26 weeks", 602, 224, 417),
        ("40 mg twice daily with food for 26 weeks", 391, 146, 271),
        ("40 mg twice daily fasted for 26 weeks", 223, 83, 154),
    ],
)
def test_steady_state(regimen, cmax, cmin, cavg):
    found = exposure(regimen)
    if (
        "fasted" not in regimen
    ):  # the fasted figures were scaled from the fed curve: its peak is not that of a fasted dose
        assert found["cmax_ng_per_ml"] == pytest.approx(cmax, rel=0.01)
        assert found["cmin_ng_per_ml"] == pytest.approx(cmin, rel=0.01)
    assert found["cavg_ng_per_ml"] == pytest.approx(cavg, rel=0.01)


@pytest.mark.parametrize(("regimen", "swing"), [("5.4 mg once daily", 1.36), ("1.8 mg every 8 h", 1.03)])
def test_metabolite_barely_notices_splitting(regimen, swing):
    found = exposure(f"{regimen} with a high-fat meal for 26 weeks")
    assert found["oxo_cmax_ng_per_ml"] / found["oxo_cmin_ng_per_ml"] == pytest.approx(swing, rel=0.01)


@pytest.mark.parametrize(
    ("regimen", "mg_per_day"),
    [
        ("10 mg every other day with food for 26 weeks", 5),
        ("20 mg on Mon, Wed and Fri with food for 26 weeks", 60 / 7),
        ("2.5 mg three times a week with food for 26 weeks", 7.5 / 7),
        ("40 mg twice daily with food for 4 weeks then 20 mg once daily with food for 20 weeks", 20),
        ("20 mg once daily with food for 8 weeks, off 4 weeks, 20 mg once daily with food for 12 weeks", 20),
    ],
)
def test_average_is_dose_over_clearance(regimen, mg_per_day):
    """Closed form: F·dose rate / CL, whatever the schedule, to what a plateau of some weeks leaves."""
    assert exposure(regimen)["cavg_ng_per_ml"] == pytest.approx(0.65 * mg_per_day / 24 / 8.0 * 1e3, rel=0.005)


@pytest.mark.parametrize(
    "regimen", ["20 mg on Mon, Wed and Fri with food", "10 mg at 08:00, 14:00 and 20:00 with food"]
)
def test_time_of_the_peak_is_counted_from_the_dose_before_it(regimen):
    assert 3 < exposure(regimen)["tmax_h"] < 6


def test_weight_moves_clearance_by_three_quarters():
    light, heavy = (exposure("20 mg once daily with food for 12 weeks", w)["cavg_ng_per_ml"] for w in (50, 100))
    assert light / heavy == pytest.approx((100 / 50) ** 0.75, rel=1e-3)


def test_no_doses_no_exposure():
    assert not simulate("isotretinoin", None, people=1, weeks=4).exposure
