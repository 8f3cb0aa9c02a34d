"""What rows read off weekly series: values with error, limits, complaints, onset and duration; by theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from anagen.trial.vocabulary import vocabulary
from anagen.validation import series
from anagen.validation.example import EXAMPLE
from anagen.validation.people import Course
from anagen.validation.predict import _figures, generator
from anagen.validation.rows import Row
from anagen.validation.study import parse_study

HEAD = EXAMPLE[: EXAMPLE.index("[[arms]]")]
REPLICATES, SIZE = 400, 64
DAYS = np.arange(0, 57, 7.0)


def row(kind: str, keys: str, unit: str, observed: float = 1.0, arm: str = "") -> Row:
    text = f"""{HEAD}
[[arms]]
name = "a"
n = 64
regimen = "20 mg once daily with food for 8 weeks"
[arms.people]
dermatitis = "mild"
{arm}
[[rows]]
id = "r"
kind = "{kind}"
arm = "a"
observed = {observed}
unit = "{unit}"
source = ["x"]
{keys}
"""
    return parse_study(text).rows[0]


def course(signal: str, by_week: list[float]) -> Course:
    """The same series in everybody."""
    values = np.broadcast_to(np.array(by_week)[:, None, None], (len(by_week), REPLICATES, SIZE))
    return Course(7.0 * np.arange(len(by_week)), {signal: values})


def rng() -> np.random.Generator:
    return generator(1, "test")


def figure(one: Row, shown: Course) -> np.ndarray:
    sample = _figures(one, one.first, series.before_and_on(shown, one, one.first, one.first.day or 0.0, rng()))
    return sample.figure(sample.parts)


def test_a_day_between_weeks() -> None:
    shown = course("x", [1.0, 3.0, 4.0])
    assert [shown.at("x", day)[0, 0] for day in (0, 3.5, 7, 14)] == [1.0, 2.0, 3.0, 4.0]


def test_a_percent_change_of_means_has_no_bias_from_error() -> None:
    one = row("laboratory", 'quantity = "ALT"\nat_week = 4', "%")
    found = figure(one, course("alt_u_per_l", [20, 20, 20, 20, 25]))
    assert one.quantity.noise > 0
    assert found.mean() == pytest.approx(0.25, abs=0.005)
    spread = 1.25 * one.quantity.noise * np.sqrt(2 / SIZE)
    assert found.std() == pytest.approx(spread, rel=0.12)


def test_points_of_a_percentage() -> None:
    one = row("hair", 'quantity = "anagen"\nat_week = 1', "points")
    found = figure(one, course("telogen_percent", [10, 14]))
    assert found.mean() == pytest.approx(-4, abs=0.1)


def test_people_begin_as_the_studys_did() -> None:
    keys = 'quantity = "triglycerides"\nat_week = 1\nbaseline = { mean = 87.0, sd = 48.3 }'
    one = row("laboratory", keys, "mg/dL")
    now, before = series.on_baseline(
        np.full((2000, 64), 240.0), np.full((2000, 64), 200.0), one.table.baseline, 1.0, rng()
    )
    assert before.mean() == pytest.approx(87, rel=0.02)
    assert before.std() == pytest.approx(48.3, rel=0.05)
    np.testing.assert_allclose(now / before, 1.2)


def test_a_device_shows_part_of_a_fall() -> None:
    """Between 0.4 and 1.0 of it, evenly; a direct method all of it. The error of a reading is small beside that."""
    shown = course("sebum_fraction", [1.0, 0.2])
    device = figure(row("sebum", 'at_week = 1\ninstrument = "Sebumeter"', "%", -50), shown)
    direct = figure(row("sebum", 'at_week = 1\ninstrument = "bentonite"', "%", -50), shown)
    assert direct.mean() == pytest.approx(-0.8, abs=0.01)
    assert direct.std() < 0.02
    assert device.mean() == pytest.approx(-0.8 * 0.7, abs=0.02)
    assert np.quantile(device, [0.05, 0.95]) == pytest.approx([-0.8 * 0.97, -0.8 * 0.43], abs=0.03)


@pytest.mark.parametrize("visits", [[4], [4, 6, 8]])
def test_above_a_limit_at_any_visit(visits: list[int]) -> None:
    """Error of each reading is lognormal: 1 - Phi(ln(limit/value)/noise)^visits."""
    one = row("share", f'quantity = "ALT"\nlimit = 40\nlimit_unit = "U/L"\nvisits = {visits}', "%")
    noise = vocabulary().signals["alt"].noise
    found = series.beyond_limit(course("alt_u_per_l", [20.0, *[34.0] * 8]), one, one.first, rng())
    expected = 1 - stats.norm.cdf(np.log(40 / 34) / noise) ** len(visits)
    assert found.mean() == pytest.approx(expected, abs=0.01)


def test_among_those_normal_before() -> None:
    """Half of the people begin above the limit and do not count."""
    shown = course("alt_u_per_l", [20.0] * 9)
    high = np.array(shown.series["alt_u_per_l"])
    high[:, :, ::2] *= 10
    one = row("share", 'quantity = "ALT"\nlimit_uln = 1\nat_week = 4\namong = "normal before"', "%")
    found = series.beyond_limit(Course(shown.days, {"alt_u_per_l": high}), one, one.first, rng())
    assert np.isnan(found[:, ::2]).all()
    assert np.nanmean(found) < 1e-3
    below = row("share", 'quantity = "ALT"\nlimit_uln = 1\nat_week = 4\nside = "below"', "%")
    assert series.beyond_limit(
        Course(shown.days, {"alt_u_per_l": high}), below, below.first, rng()
    ).mean() == pytest.approx(0.5, abs=0.01)


def test_complaints() -> None:
    rising = course("cheilitis", [0.0, 0.2, 0.6, 0.4])
    at = row("complaint", 'quantity = "cheilitis"\nat_week = 3', "%")
    by = row("complaint", 'quantity = "dry lips"\nat_week = 3\nwhen = "by"', "%")
    assert series.complaint(rising, at, at.first)[0, 0] == 0.4
    assert series.complaint(rising, by, by.first)[0, 0] == 0.6
    early = row("complaint", 'quantity = "cheilitis"\nat_week = 1.5\nwhen = "by"', "%")
    assert series.complaint(rising, early, early.first)[0, 0] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("keys", "found"), [("", 0.0), ("times_usual = 1.5", 1.0), ('when = "at"\ntimes_usual = 1.5', 0.0)]
)
def test_complaint_of_hair_loss(keys: str, found: float) -> None:
    shedding = course("shed_per_day", [100.0, 120.0, 190.0, 110.0])
    one = row("complaint", f'quantity = "hair loss"\nat_week = 3\n{keys}', "%")
    assert series.complaint(shedding, one, one.first)[0, 0] == found


FEVER = 'events = [{ kind = "fever", day = 7 }]'


@pytest.mark.parametrize(
    ("quantity", "arm", "days"),
    [("onset", "", 10.5), ("duration", "", 21.0), ("peak", "", 21.0), ("onset", FEVER, 3.5), ("duration", FEVER, 21.0)],
)
def test_a_triangle_in_time(quantity: str, arm: str, days: float) -> None:
    """From 1 on day 7 to 3 on day 21 and back to 1 on day 35: over 1.5 from day 10.5 to 31.5, or counted from day 7."""
    shown = course("shed_per_day", [100.0, 100.0, 200.0, 300.0, 200.0, 100.0, 100.0, 100.0, 100.0])
    one = row("timing", f'quantity = "{quantity}"\nfollow_up_weeks = 7', "d", arm=arm)
    assert series.timing(shown, one, one.first)[0, 0] == pytest.approx(24 * days)


def test_never_above_does_not_count() -> None:
    one = row("timing", 'quantity = "onset"\nfollow_up_weeks = 8', "d")
    assert np.isnan(series.timing(course("shed_per_day", [100.0] * 9), one, one.first)).all()


def test_counts_are_whole_hairs() -> None:
    one = row("hair", 'quantity = "pull test"\nat_week = 1', "hairs")
    now, _ = series.before_and_on(course("pull_test_count", [0.4, 0.4]), one, one.first, 7.0, rng())
    assert (now == np.round(now)).all()
    assert now.mean() == pytest.approx(0.4, rel=0.05)


@pytest.mark.parametrize("day", [7.0 * w for w in range(9)])
def test_time_above_is_the_integral(day: float) -> None:
    """Against a fine grid of the same straight lines."""
    random = np.random.default_rng(int(day)).standard_normal((DAYS.size, 20))
    fine = np.linspace(0, DAYS[-1], 200_001)
    above = np.mean([np.interp(fine, DAYS, column) > 0 for column in random.T], axis=1) * DAYS[-1]
    assert series.time_above(DAYS, random) == pytest.approx(above, abs=0.01)
    first = series.first_above(DAYS, random)
    for column, when in zip(random.T, first, strict=True):
        over = np.interp(fine, DAYS, column) > 0
        assert when == pytest.approx(fine[over.argmax()], abs=0.01) if over.any() else np.isinf(when)
