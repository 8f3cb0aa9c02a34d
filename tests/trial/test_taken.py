"""What people take: every dose counted against a closed form, and what a changed dose does to their levels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.trial.small_trials import DAILY, WEEKS, WOMAN, plan, regimen, run_tile

from anagen.simulation import doses
from anagen.trial.part import tally_of
from anagen.trial.setting import TILE, Setting, read_population
from anagen.trial.tile import Tile

LEVEL = "concentration_mean"
MISSING = '[adherence]\nprocess = "{}"\nmissed_share = {}\nspread = {}'
ALWAYS = "week >= 8 and week <= 8"


def rules(*texts: str, of: str = DAILY) -> str:
    return regimen(of, "rules = [" + ", ".join(f'"{text}"' for text in texts) + "]")


def test_all_doses_where_nothing_happens() -> None:
    arms = [
        (DAILY, 168 * 20),
        ("10 mg every other day with food for 23 weeks", 81 * 10),
        ("40 mg once a week with food for 20 weeks", 20 * 40),
        ("0.5 mg/kg once daily with food for 10 weeks", 70 * 35),
        (
            "20 mg once daily with food for 6 weeks, off 4 weeks, 10 mg once daily with food for 30 weeks",
            42 * 20 + 98 * 10,
        ),
        ("none", 0),
    ]
    _, courses = run_tile(plan([regimen(text) for text, _ in arms]), WOMAN)
    for course, (text, mg) in zip(courses, arms, strict=True):
        np.testing.assert_allclose(course.taken_mg, mg, rtol=1e-12, err_msg=text)
        np.testing.assert_array_equal(course.taken_mg, course.planned_mg)


@pytest.mark.parametrize("process", ["independent", "clustered", "weekend"])
def test_a_total_is_reached_and_passed_by_less_than_a_dose(process: str) -> None:
    """In mg and in mg/kg, with missed doses: those that are missed do not count."""
    arms = [
        rules("until 20 mg/kg", of="1 mg/kg once daily with food for 24 weeks"),
        rules("until 690 mg"),
        rules("until 20 mg/kg", "until 700 mg"),
    ]
    tile, courses = run_tile(plan(arms, MISSING.format(process, 0.2, 0.5)))
    limits = [20 * tile.weight_kg, np.full(TILE, 690.0), np.minimum(20 * tile.weight_kg, 700)]
    for course, limit, dose in zip(courses, limits, (tile.weight_kg, 20, 20), strict=True):
        over = course.taken_mg - limit
        done = course.status.complete & (course.over_week < WEEKS)
        assert done.mean() > 0.95  # the others miss most of their doses
        assert (over[done] > -1e-6 * limit[done]).all()
        assert (over < dose - 1e-6).all()
        assert (course.over_week[done] * 7 >= np.ceil(limit / dose - 1e-9)[done]).all()


def test_the_regimens_own_total_is_a_rule() -> None:
    _, [own, rule] = run_tile(plan([regimen("20 mg once daily until 700 mg"), rules("until 700 mg")]))
    np.testing.assert_array_equal(own.taken_mg, np.full(TILE, 700.0))
    for name, values in own.series.items():
        np.testing.assert_array_equal(values, rule.series[name])


def test_after_a_total_no_dose_is_planned() -> None:
    """Who takes every dose takes all that is planned, however early the total comes."""
    _, [course] = run_tile(plan([regimen("20 mg once daily until 700 mg")]))
    np.testing.assert_array_equal(course.taken_mg, course.planned_mg)


@pytest.mark.parametrize("text", ["none", "20 mg once daily for 4 weeks"])
def test_few_moments_are_enough_when_nothing_is_left(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no dose has entered for ten weeks, days are looked at in three moments: all that is published is as with
    all of them, and the levels themselves are nothing that anybody measures."""
    trial = replace(plan([regimen(text)]), follow_up_weeks=40)
    tile = Tile(Setting(trial, read_population(trial)), 0)
    found = tile.through(tile.setting.planned[0])
    monkeypatch.setattr(doses, "FAINT_H", 1e9)
    other = Tile(Setting(trial, read_population(trial)), 0)
    expected = other.through(other.setting.planned[0])
    faint = [bool(tile.setting.planned[0].part(7 * week, 28).doses.faint) for week in range(0, 40, 4)]
    assert faint == ([True] * 10 if text == "none" else [False] * 4 + [True] * 6)
    for name, values in expected.series.items():
        highest = np.abs(values).max()
        np.testing.assert_allclose(found.series[name], values, rtol=2e-6, atol=1e-7 * highest, err_msg=name)


def test_people_are_on_treatment_until_their_own_week() -> None:
    """Weeks are computed several at once, but the flow is told week by week."""
    tile, courses = run_tile(
        plan(
            [
                regimen("20 mg once daily for 5 weeks"),
                regimen("20 mg once daily until 420 mg"),
                rules(f"when {ALWAYS} then hold 4 weeks"),
            ]
        ),
        WOMAN,
    )
    on = [flow.on / 1024 for flow in tally_of(tile.setting, tile, courses).flows]
    week = np.arange(WEEKS + 1)
    np.testing.assert_array_equal(on[0], week < 5)
    np.testing.assert_array_equal(on[1], week < 3)
    np.testing.assert_array_equal(on[2], (week < WEEKS) & ~((week >= 8) & (week < 12)))


def test_a_hold_costs_its_own_weeks() -> None:
    arms = [
        rules(f"when {ALWAYS} then hold 4 weeks"),
        rules("when week >= 8 then hold 4 weeks"),
        rules(f"when {ALWAYS} then hold 40 weeks".replace("40", "20")),
    ]
    _, courses = run_tile(plan(arms))
    for course, weeks in zip(courses, (4, 16, 16), strict=True):
        np.testing.assert_array_equal(course.taken_mg, np.full(TILE, 7 * 20.0 * (WEEKS - weeks)))
        np.testing.assert_array_equal(course.status.held_weeks, np.full(TILE, float(weeks)))
        np.testing.assert_array_equal(course.planned_mg, np.full(TILE, 7 * 20.0 * WEEKS))
    level = courses[0].series[LEVEL]
    assert (level[9:13].min(0) < 0.05 * level[8]).all()  # the drug is gone in the hold, and back after it
    assert np.median(level[16] / level[8]) == pytest.approx(1, abs=0.1)


def test_a_hold_until_a_level() -> None:
    """The isotretinoin level has fallen at the next visit, so such a hold lasts from one visit to the next."""
    _, [course] = run_tile(plan([rules(f"when {ALWAYS} then hold until level < 20 ng/mL")]))
    np.testing.assert_array_equal(course.taken_mg, np.full(TILE, 7 * 20.0 * (WEEKS - 4)))


def test_smaller_doses() -> None:
    many = "1 mg/kg once daily with food for 24 weeks"
    arms = [
        rules(f"when {ALWAYS} then reduce to 10 mg"),
        rules(f"when {ALWAYS} then reduce by half"),
        rules(f"when {ALWAYS} then reduce by 25 %"),
        rules("when week >= 8 then reduce to 10 mg", of=many),
        rules(f"when {ALWAYS} then stop", "when week >= 16 and week <= 16 then resume at half"),
        rules(f"when {ALWAYS} then stop"),
    ]
    tile, courses = run_tile(plan(arms))
    before, after = 56 * 20.0, 112 * 20.0
    expected = [
        before + after / 2,
        before + after / 2,
        before + 0.75 * after,
        56 * tile.weight_kg + 112 * 10,
        before + 56 * 10,
        before,
    ]
    for course, mg in zip(courses, expected, strict=True):
        np.testing.assert_allclose(course.taken_mg, mg, rtol=1e-12)
    for course in courses[:4]:
        np.testing.assert_array_equal(course.status.reductions, np.ones(TILE))
    half = courses[1].series[LEVEL][-1] / courses[1].series[LEVEL][8]
    assert np.median(half) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("process", ["independent", "clustered", "weekend"])
def test_the_declared_share_is_missed(process: str) -> None:
    """On average, and of every length of course the same; people differ only where a spread says so."""
    arms = [
        regimen(DAILY),
        regimen(DAILY, MISSING.format(process, 0.2, 1.0).replace("[adherence]", "[arms.adherence]")),
    ]
    _, [same, spread] = run_tile(plan(arms, MISSING.format(process, 0.2, 0.0)))
    share = 1 - same.taken_mg / same.planned_mg
    # Doses of one person in a break go together: breaks of 4 days make about 1,024 · 168 / 8 independent ones.
    error = math.sqrt(0.2 * 0.8 / (1024 * 168 / (8 if process == "clustered" else 1)))
    assert share.mean() == pytest.approx(0.2, abs=4.5 * error)
    assert np.median(1 - spread.taken_mg / spread.planned_mg) == pytest.approx(0.2, abs=0.02)
    assert np.std(spread.taken_mg) > 2 * np.std(same.taken_mg)


def test_a_share_of_ones_own() -> None:
    """A population may say of each person what is missed: it stands in for the trial's adherence."""
    own = WOMAN + '[covariates.missed_share]\nunit = "1"\ndistribution = "uniform"\nlow = 0.0\nhigh = 0.9\n'
    tile, [course] = run_tile(plan([regimen(DAILY)]), own)
    wanted = tile.people.columns["missed_share"]
    z = (1 - course.taken_mg / course.planned_mg - wanted) / np.sqrt(np.maximum(wanted * (1 - wanted), 1e-9) / 168)
    assert abs(z.mean()) < 4 / math.sqrt(1024)
    assert z.std() == pytest.approx(1, abs=0.1)


def test_fasted_doses_bring_less() -> None:
    """Absorbed of a fasted dose: 0.370 against 0.65 with a meal, means that the spread between people keeps."""
    arms = [regimen(DAILY, f"[arms.meals]\nwith_food_share = {share}\nspread = 0") for share in (1, 0.5, 0)]
    arms.append(regimen(DAILY.replace("with food", "fasted")))
    _, courses = run_tile(plan(arms, top='uncertainty = "none"'), WOMAN)
    fed, mixed, never, said = (course.series[LEVEL][4:].mean(0, dtype=float) for course in courses)
    ratio = 0.370 / 0.65
    sampling = 3 * np.std(never - ratio * fed) / math.sqrt(1024) / fed.mean()
    assert never.mean() / fed.mean() == pytest.approx(ratio, abs=sampling)
    assert sampling < 0.05
    assert mixed.mean() / fed.mean() == pytest.approx((1 + ratio) / 2, abs=sampling)
    np.testing.assert_allclose(never, said, rtol=1e-4)  # the way it is said does not matter
    for course in courses:
        np.testing.assert_array_equal(course.taken_mg, courses[0].taken_mg)


def test_who_leaves_takes_no_more() -> None:
    _, [course] = run_tile(plan([regimen(DAILY)], "[dropouts]\nper_year = 2"), WOMAN)
    status = course.status
    expected = -math.expm1(-2 * WEEKS / (365.25 / 7))
    assert status.left.mean() == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / 1024))
    weeks = np.where(status.left, status.left_week, WEEKS)
    np.testing.assert_array_equal(course.taken_mg, 7 * 20 * weeks)
    assert set(weeks[status.left]) == {4, 8, 12, 16, 20, 24}
    early = status.left & (status.left_week == 8)
    level = course.series[LEVEL][:, early]
    assert (level[12] < 0.05 * level[8]).all()


def test_who_misses_doses_has_lower_levels() -> None:
    """In the same people, in proportion: the mean level goes with what is taken."""
    arms = [
        regimen(DAILY),
        regimen(DAILY, MISSING.format("independent", 0.3, 0.5).replace("[adherence]", "[arms.adherence]")),
    ]
    _, [full, part] = run_tile(plan(arms), WOMAN)
    ratio = part.series[LEVEL][2:].sum(0) / full.series[LEVEL][2:].sum(0)
    share = part.taken_mg / full.taken_mg
    assert np.corrcoef(ratio, share)[0, 1] > 0.9
    assert np.median(ratio / share) == pytest.approx(1, abs=0.02)


def test_the_end_of_a_course_until_a_total_is_each_persons_own() -> None:
    """35 doses by a total or by the calendar: the same at the end; and by weight, where each has a day of their own."""
    asked = '[[endpoints]]\noutcome = "sebum_change_percent"\n[[endpoints]]\noutcome = "triglycerides_rise_percent"'
    arms = ["20 mg once daily with food until 700 mg", "20 mg once daily with food for 35 days"]
    trial = plan([*map(regimen, arms), regimen("20 mg once daily with food until 15 mg/kg"), regimen("none")], asked)
    tile, (total, calendar, by_weight, none) = run_tile(trial)
    np.testing.assert_allclose(total.endpoints, calendar.endpoints, rtol=1e-6)
    assert np.median(total.endpoints[0]) < -50  # it has come back by the end of the follow-up
    weeks = np.ceil(15 * tile.weight_kg / 20 * (1 - 1e-9)).astype(int) // 7
    sebum = by_weight.series["sebum_fraction"]
    change = 100 * (sebum[np.minimum(weeks, WEEKS), np.arange(TILE)] / sebum[0] - 1)
    np.testing.assert_allclose(by_weight.endpoints[0], change, rtol=1e-6)
    assert len(set(weeks)) > 3
    np.testing.assert_allclose(none.endpoints[0], 0, atol=1e-3)
