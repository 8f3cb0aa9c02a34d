"""The patch of scalp: whole follicles against the model's shares, and every story against the follicle's cycle."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anagen.analysis.charts import phases
from anagen.analysis.charts.theme import AXIS, WIDTH
from anagen.analysis.charts.week_line import with_week_line
from anagen.analysis.effluvia.courses import PHASES, Course, effluvia, typical_follicles
from anagen.analysis.effluvia.regimen_phases import course_phases_figure
from anagen.analysis.patch import Patch
from anagen.analysis.patch.moves import Moves, moves, whole
from anagen.analysis.patch.places import SIDE
from anagen.analysis.patch.stories import BROKEN, CLUB, FULL_GROWN, Stories, stories
from anagen.treatments.registry import treatment

NEXT = {
    "anagen": ("catagen", "struck"),
    "catagen": ("telogen",),
    "telogen": ("exogen",),
    "exogen": ("anagen", "kenogen"),
    "kenogen": ("anagen",),
    "struck": ("repair",),
    "repair": ("anagen",),
}
"""The follicle's cycle as the model has it, written out once more."""
MEAN_WEEKS = {
    "anagen": 143.0,
    "catagen": 2.6,
    "telogen": 11.4,
    "exogen": 1.1,
    "kenogen": 12.9,
    "struck": 2.3,
    "repair": 5.7,
}
KINDS = ("healthy", "telogen", "anagen")


@lru_cache(maxsize=8)
def patch(kind: str, seed: int = 1) -> Patch:
    return Patch.of(course(kind), typical_follicles(treatment())[0], seed)


def course(kind: str) -> Course:
    found: Course = getattr(both(), kind)
    return found


@lru_cache(maxsize=1)
def both():
    return effluvia(treatment())


def ways(old: str, new: str) -> list[list[str]]:
    """The ways from one phase to another round the cycle, each phase entered once at most; none where it stayed."""
    if old == new:
        return [[]]
    found: list[list[str]] = []
    open_ = [[old]]
    while open_:
        way = open_.pop()
        for follows in NEXT[way[-1]]:
            if follows == new:
                found.append([*way, new])
            elif follows not in way:
                open_.append([*way, follows])
    return found


def steps(old: str, new: str) -> int:
    return min(len(way) for way in ways(old, new)) - 1 if old != new else 0


# -- whole numbers -------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=100)
@given(arrays(float, 7, elements=st.floats(0, 1)).filter(lambda shares: shares.sum() > 0.01), st.integers(1, 400))
def test_whole_numbers_add_up_and_each_is_within_one_of_its_share(shares: np.ndarray, number: int) -> None:
    counts = whole(shares, number)
    assert counts.sum() == number
    assert counts.min() >= 0
    assert np.all(np.abs(counts - number * shares / shares.sum()) < 1 + 1e-5)


@st.composite
def any_weeks(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts of up to 60 follicles that jump as they like, and hairs lost that need not fit them."""
    number, weeks = draw(st.integers(1, 60)), draw(st.integers(1, 4))
    rows = [
        whole(draw(arrays(float, 7, elements=st.floats(0, 1))) + np.array([1e-3, *[0.0] * 6]), number)
        for _ in range(weeks + 1)
    ]
    shed, broken = (draw(arrays(float, weeks, elements=st.floats(0, 9))) for _ in range(2))
    return np.array(rows), shed, broken


@settings(deadline=None, max_examples=40)
@given(any_weeks(), st.floats(0, 1), st.integers(0, 9))
def test_any_counts_can_be_had_by_the_cycle_alone(
    weeks: tuple[np.ndarray, np.ndarray, np.ndarray], chance: float, seed: int
) -> None:
    """However the counts jump: the moves are none below 0, the stories give the counts back, and nobody leaves the
    cycle."""
    counts, shed, broken = weeks
    going = moves(counts, shed, broken, chance)
    assert min(min(these) for these in going) >= 0
    assert all(these.kenogen <= these.shed for these in going)
    told = stories(counts[0], going, MEAN_WEEKS, np.random.default_rng(seed))
    assert np.array_equal(_counted(told), counts)
    check_stories(told, going)


def _counted(told: Stories) -> np.ndarray:
    return np.array([np.bincount(row, minlength=len(PHASES)) for row in told.phase])


def check_stories(told: Stories, going: list[Moves]) -> None:
    """No more hairs are lost than the moves say; a hair ages by a week or is newly born, as after an empty time."""
    for week, these in enumerate(going, 1):
        before, after, lost = told.phase[week - 1], told.phase[week], told.lost[week]
        assert (lost == CLUB).sum() <= these.shed
        assert (lost == BROKEN).sum() <= these.broken
        for i in range(after.size):
            old, new = PHASES[before[i]], PHASES[after[i]]
            if old in ("kenogen", "repair") and new not in ("kenogen", "repair"):
                assert told.age[week, i] == 0
            grew_on = told.age[week, i] == told.age[week - 1, i] + 1
            assert grew_on or told.age[week, i] == 0


# -- the model's own courses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_count_is_the_models_share_to_less_than_one_follicle(kind: str) -> None:
    drawn = patch(kind)
    assert drawn.number == 200  # 100,000 follicles on 500 cm²
    for name in PHASES:
        assert np.all(np.abs(drawn.counts[name] - 200 * course(kind).phases[name][::7]) < 1), name
    assert np.array_equal(sum(drawn.counts.values()), np.full(drawn.weeks + 1, 200))


@pytest.mark.parametrize("kind", KINDS)
def test_hairs_lost_are_the_models_in_sum_to_two_hairs(kind: str) -> None:
    drawn = patch(kind)
    days = slice(1, 7 * drawn.weeks + 1)
    for lost, per_day in ((CLUB, course(kind).club_shed_per_day), (BROKEN, course(kind).broken_per_day)):
        model = np.cumsum(per_day[days])[6::7] / drawn.stands_for
        assert np.all(np.abs(np.cumsum((drawn.story.lost == lost).sum(1))[1:] - model) <= 2)


@pytest.mark.parametrize("kind", KINDS)
def test_single_follicles_go_round_the_cycle_without_leaps(kind: str) -> None:
    """In a week a follicle goes on by one phase; by two or three only where the model itself is that fast."""
    story = patch(kind).story
    gone = [
        steps(PHASES[a], PHASES[b])
        for a, b in zip(story.phase[:-1].ravel(), story.phase[1:].ravel(), strict=True)
        if a != b
    ]
    assert len(gone) > 150
    assert max(gone) <= 3
    assert sum(1 for one in gone if one > 1) < 0.05 * len(gone)


@pytest.mark.parametrize("kind", KINDS)
def test_hairs_fall_from_follicles_that_rested_and_break_in_struck_ones(kind: str) -> None:
    story = patch(kind).story
    for week, i in np.argwhere(story.lost == CLUB):
        assert PHASES[story.phase[week - 1, i]] in ("exogen", "telogen")
        assert PHASES[story.phase[week, i]] in ("anagen", "kenogen")
    for week, i in np.argwhere(story.lost == BROKEN):
        assert PHASES[story.phase[week - 1, i]] in ("struck", "anagen")
        assert PHASES[story.phase[week, i]] in ("repair", "anagen")


def test_no_young_hair_goes_to_rest() -> None:
    for kind, story in ((kind, patch(kind).story) for kind in ("healthy", "telogen")):
        ended = (story.phase[:-1] == 0) & (story.phase[1:] == PHASES.index("catagen"))
        assert story.age[:-1][ended].min() >= FULL_GROWN - 1, kind


def test_the_share_of_short_hairs_is_that_of_a_steady_scalp() -> None:
    """Little's law: 89.3 born a day of 100,000, for 13 weeks, of 200 follicles; few of them leave so young."""
    born = float(course("healthy").born_per_day[0]) / patch("healthy").stands_for
    assert patch("healthy").short.mean() == pytest.approx(7 * 13 * born, abs=2.0)


def test_looks_follow_phase_and_age() -> None:
    drawn = patch("telogen")
    for week, i in product(range(0, drawn.weeks, 5), range(0, 200, 7)):
        phase, age = PHASES[drawn.story.phase[week, i]], int(drawn.story.age[week, i])
        wanted = phase
        if phase == "anagen":
            wanted = "bud" if age < 15 / 7 else "short" if age < 13 else "middle" if age < 26 else "long"
        assert patch_looks(drawn, week, i) == wanted


def patch_looks(drawn: Patch, week: int, i: int) -> str:
    from anagen.analysis.patch.patch import LOOKS

    return LOOKS[int(drawn.looks[week, i])]


def test_the_same_seed_gives_the_same_patch_and_the_same_places_for_every_course() -> None:
    again = Patch.of(course("telogen"), typical_follicles(treatment())[0], 1)
    assert np.array_equal(again.story.phase, patch("telogen").story.phase)
    for seed in (1, 2):
        assert np.array_equal(patch("healthy", seed).places.x, patch("anagen", seed).places.x)
    assert not np.array_equal(patch("healthy", 1).places.x, patch("healthy", 2).places.x)


def test_follicles_stand_apart_and_within_the_square() -> None:
    x, y, lean = patch("healthy").places
    assert x.min() > 0
    assert y.min() > 0
    assert x.max() < SIDE
    assert y.max() < SIDE
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + 1e9 * np.eye(x.size)
    assert apart.min() > 2.5  # a mouth is 2 wide
    assert np.abs(lean).max() < 90


# -- the line at the week ------------------------------------------------------------------------------------------


def test_the_line_of_the_week_stands_at_the_ticks_of_the_axis() -> None:
    """Where Vega put the second tick of the week axis, that of week 13, the line of that week stands, to a pixel."""
    svg = course_phases_figure(course("healthy"), "x", key="k").drawing
    last = course("healthy").day[-1] / 7
    left, ticks = re.search(
        r'translate\((\d+),\d+\)">.*?<g><g>((?:<line transform="translate\([^>]*/>)+)', svg
    ).groups()
    at = [float(x) for x in re.findall(r"translate\(([\d.]+),0\)", ticks)]
    lined = with_week_line(svg, 13, last, WIDTH - AXIS - 12, phases.HEIGHT)
    (x,) = (float(x) for x in re.findall(r'class="week-line".*? x1="([\d.]+)"', lined))
    assert x == pytest.approx(float(left) + at[1], abs=1.0)


def test_the_example_of_the_page_of_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parents[2] / "docs/follicles.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(example, "docs/follicles.md", "exec"), {})
    assert "of 200" in capsys.readouterr().out
