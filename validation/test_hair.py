"""The follicles of the typical scalp (100,000 on 500 cm²) against the design's figures. Mean field."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from tests.mechanisms.hair import on_day, simulate, typical
from tests.simulation.driving import Case, run

DAYS = 400


def within(middle: float, points: float) -> object:
    return pytest.approx(middle, abs=points)


@lru_cache(maxsize=4)
def pulse(share: float) -> dict[str, np.ndarray]:
    return simulate(typical(), DAYS, pulse_fraction=on_day(DAYS, share))


@lru_cache(maxsize=1)
def hit() -> dict[str, np.ndarray]:
    return simulate(typical(), DAYS, hit_fraction=on_day(DAYS, 0.9))


def test_steady_state_89_3_sheds_a_day() -> None:
    """Through the engine: the typical person before the first dose."""
    before = {name: values[0, 0] for name, values in run(Case("20 mg once daily with food for 8 weeks")).items()}
    assert before["shed_per_day"] == within(89.3, 0.5)
    assert before["anagen_percent"] == within(89.3, 0.05)
    assert before["club_percent"] == within(8.0, 0.05)
    assert before["density_per_cm2"] == within(195, 2)
    assert before["pull_test_count"] == within(0.40, 0.03)
    assert before["comb_count_60s"] == within(10.2, 0.05)  # 0.114 of the day's sheds


def test_steady_state_9_6_percent_with_catagen() -> None:
    """Of hairs, not only of visible ones."""
    start = simulate(typical(), 1)
    hairs = 100 * start["anagen_percent"][0] / (100 - 9.6)
    in_catagen_or_club = 100 - start["anagen_percent"][0] - 100 * 0.15 * 90 / (1000 + 18 + 80 + 8 + 0.15 * 90)
    assert 100 * in_catagen_or_club / hairs == within(9.6, 0.05)


def test_pulse_of_30_percent_peaks_at_524_a_day_on_day_100() -> None:
    shed = pulse(0.3)["shed_per_day"]
    assert shed.max() == within(524, 10)
    assert shed.max() / shed[0] == within(5.9, 0.1)
    assert shed.argmax() == within(100, 1)


def test_pulse_of_30_percent_sheds_over_1_5_times_on_days_59_to_153() -> None:
    shed = pulse(0.3)["shed_per_day"]
    over = np.flatnonzero(shed > 1.5 * shed[0])
    assert over[0] == within(59, 2)
    assert over[-1] == within(153, 2)


def test_pulse_of_30_percent_clubs_at_most_34_percent() -> None:
    assert pulse(0.3)["club_percent"].max() == within(34, 0.5)


def test_pulse_of_30_percent_density_least_91_to_93_percent() -> None:
    density = pulse(0.3)["density_per_cm2"]
    assert 0.91 <= density.min() / density[0] <= 0.93


def test_pulse_of_30_percent_volume_least_75_percent_near_day_149() -> None:
    volume = pulse(0.3)["volume_fraction"]
    assert 0.72 <= volume.min() <= 0.78
    assert volume.argmin() == within(149, 5)


def test_fever_through_the_engine_is_the_same_pulse() -> None:
    """The engine's own event of 20 % on day 0 beside a dose of no account: the chain's pulse, but for a trace."""
    course = run(Case("0.001 mg once fasted", weeks=32, pulse=(0, 0)))
    alone = pulse(0.2)["shed_per_day"]
    np.testing.assert_allclose(course["shed_per_day"][:, 0], alone[:225], rtol=0.01)


@pytest.mark.parametrize(
    ("share", "day", "days"), [(0.5, 16, 1), (0.95, 26, 1)], ids=["half-by-day-16", "95-percent-by-day-26"]
)
def test_hit_of_90_percent_breaks(share: float, day: float, days: float) -> None:
    gone = np.cumsum(hit()["broken_per_day"])
    struck = 0.9 * 1e5 * hit()["anagen_percent"][0] / 100
    assert gone[-1] == pytest.approx(struck, rel=1e-6)
    assert float(np.interp(share, gone / struck, np.arange(gone.size))) == within(day, days)


@pytest.mark.parametrize(
    ("day", "percent", "points"), [(28, 19, 1), (90, 83, 2)], ids=["day-28-19-percent", "day-90-83-percent"]
)
def test_hit_of_90_percent_density(day: int, percent: float, points: float) -> None:
    density = hit()["density_per_cm2"]
    assert 100 * density[day] / density[0] == within(percent, points)


@pytest.mark.parametrize(
    ("m", "clubs", "peak"),
    [
        pytest.param(1.5, 3.5, 1.44, id="m-1.5-clubs-plus-3.5-peak-1.44"),
        pytest.param(2.0, 6.8, 1.87, id="m-2-clubs-plus-6.8-peak-1.87"),
        pytest.param(3.0, 12.6, 2.66, id="m-3-clubs-plus-12.6-peak-2.66"),
    ],
)
def test_exit_raised_for_150_days(m: float, clubs: float, peak: float) -> None:
    signal = np.ones(DAYS)
    signal[:150] = m
    course = simulate(typical(), DAYS, anagen_exit=signal)
    assert course["club_percent"][150] - course["club_percent"][0] == within(clubs, 0.3)
    assert course["shed_per_day"].max() / course["shed_per_day"][0] == within(peak, 0.03)


def test_severe_dermatitis_cleared_sheds_17_percent_less_at_six_months() -> None:
    """From the steady state of a person with severe dermatitis; the score is 0 from day 1 on. Within a point."""
    before = run(Case("20 mg once daily with food for 8 weeks", severity=1.0))
    signal = np.ones(200)
    signal[0] = before["anagen_exit"][0, 0]
    shed = simulate(typical(), 200, from_the_start=True, anagen_exit=signal)["shed_per_day"]
    assert shed[0] == pytest.approx(before["shed_per_day"][0, 0], rel=1e-9)
    assert 100 * (shed[182] / shed[0] - 1) == within(-17, 1)


def test_the_benefit_is_slower_than_the_harm() -> None:
    """Moderate dermatitis, 20 mg/d: shedding rises first, and ends below the start half a year after the course."""
    shed = run(Case("20 mg once daily with food for 24 weeks", weeks=52, severity=2 / 3))["shed_per_day"][:, 0]
    assert shed[60:160].max() > 1.02 * shed[0]
    assert shed[300] < 0.99 * shed[0]
