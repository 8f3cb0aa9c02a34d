"""The two effluvia against the design's figures, the follicle-by-follicle automaton, and what must always hold."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import jax
import numpy as np
import pytest
from tests.mechanisms.hair import on_day, simulate, typical

import anagen
from anagen.analysis.charts import theme
from anagen.analysis.charts.hatching import Frame, hatching
from anagen.analysis.charts.thinning import needed_rows
from anagen.analysis.effluvia.courses import PHASES, Course, Effluvia, effluvia, typical_follicles
from anagen.analysis.effluvia.features import SAID, Features
from anagen.analysis.effluvia.regimen_phases import regimen_course, regimen_phases_figure
from anagen.analysis.effluvia.section import EffluviaSection, effluvia_section
from anagen.analysis.effluvia.table import NOT_FOUND
from anagen.errors import DataError
from anagen.evidence import load_sources
from anagen.evidence.records import checked
from anagen.mechanisms.automaton import one_day, steady_scalp
from anagen.mechanisms.pools import ANAGEN, CHAIN, CLUB, EXOGEN, KENOGEN, STRUCK
from anagen.patient.patient import HairEvent, Patient
from anagen.treatments.registry import treatment

EDGES = (ANAGEN, CLUB, CHAIN - EXOGEN, CHAIN, CHAIN + KENOGEN, CHAIN + KENOGEN + STRUCK)
"""First stage of each phase after anagen, in the automaton's numbering."""


@lru_cache(maxsize=1)
def both() -> Effluvia:
    return effluvia(treatment())


@lru_cache(maxsize=1)
def section() -> EffluviaSection:
    return effluvia_section(treatment())


def courses() -> dict[str, Course]:
    return {"healthy": both().healthy, "telogen": both().telogen, "anagen": both().anagen}


# -- the design's figures ------------------------------------------------------------------------------------------


def test_a_pulse_of_30_percent_is_that_of_the_design() -> None:
    read = Features.of(both().telogen)
    assert read.peak_per_day == pytest.approx(524, abs=10)
    assert read.peak_ratio == pytest.approx(5.9, abs=0.1)
    assert read.peak_day == pytest.approx(100, abs=1)
    assert (read.raised_first_day, read.raised_last_day) == (pytest.approx(59, abs=2), pytest.approx(153, abs=2))
    assert read.club_most_percent == pytest.approx(34, abs=0.5)
    assert 91 <= read.density_least_percent <= 93
    assert 72 <= read.volume_least_percent <= 78
    assert read.volume_least_day == pytest.approx(149, abs=5)


def test_a_hit_of_90_percent_is_that_of_the_design() -> None:
    course = both().anagen
    gone = np.cumsum(course.broken_per_day) / (0.9 * course.follicles * course.phases["anagen"][0])
    assert float(np.interp(0.5, gone, course.day)) == pytest.approx(16, abs=1)
    assert float(np.interp(0.95, gone, course.day)) == pytest.approx(26, abs=1)
    assert course.density_percent[28] == pytest.approx(19, abs=1)
    assert course.density_percent[90] == pytest.approx(83, abs=2)


def test_the_onsets_are_those_published() -> None:
    """Anagen within 4 weeks (StatPearls: often within 14 days), telogen between 45 and 74 days (after COVID-19)."""
    assert Features.of(both().anagen).raised_first_day <= 14
    assert 45 <= Features.of(both().telogen).raised_first_day <= 74


def test_the_broken_share_tells_the_kinds_apart() -> None:
    assert Features.of(both().anagen).broken_percent == pytest.approx(100, abs=0.1)
    assert Features.of(both().telogen).broken_percent == 0
    assert Features.of(both().telogen).extra_percent < 100 * 0.3 < Features.of(both().anagen).extra_percent < 90


# -- what must always hold -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["healthy", "telogen", "anagen"])
def test_every_follicle_is_in_one_phase_on_every_day(kind: str) -> None:
    shares = np.stack([courses()[kind].phases[name] for name in PHASES])
    np.testing.assert_allclose(shares.sum(0), 1, atol=1e-12)
    assert shares.min() > -1e-12


@pytest.mark.parametrize("kind", ["healthy", "telogen", "anagen"])
def test_hairs_change_by_those_born_less_those_lost(kind: str) -> None:
    course = courses()[kind]
    change = course.born_per_day - course.shed_per_day
    np.testing.assert_allclose(np.diff(course.hairs), change[1:], atol=1e-6)


def test_a_healthy_scalp_stays_as_it_is() -> None:
    course = both().healthy
    for series in (course.shed_per_day, course.density_percent, course.volume_percent, *course.phases.values()):
        np.testing.assert_allclose(series, series[0], rtol=1e-6, atol=1e-12)
    assert course.shed_per_day[0] == pytest.approx(89.3, abs=0.5)


def test_the_follicles_are_those_of_the_parameters() -> None:
    """The block from the wiring against one built from the parameter file by hand."""
    block, sizes = typical_follicles(treatment())
    leaves = zip(*map(jax.tree_util.tree_leaves, (replace(block, toxic=True), typical())), strict=True)
    for wired, by_hand in leaves:
        assert float(np.asarray(wired)[0]) == pytest.approx(float(np.asarray(by_hand)[0]))
    assert ((sizes > 0) & (sizes < 1)).all()


def test_other_follicles_can_be_given_and_any_number_of_days() -> None:
    """Half the telogen: against the plain driver of the mechanism's own tests."""
    short = typical(telogen=40.0)
    course = effluvia(treatment(), short, days=50).telogen
    plain = simulate(short, 50, pulse_fraction=on_day(50, 0.3))
    np.testing.assert_allclose(course.shed_per_day, plain["shed_per_day"], rtol=1e-10)
    np.testing.assert_allclose(course.volume_percent, 100 * plain["volume_fraction"], rtol=1e-10)


@pytest.mark.parametrize("kind", ["telogen", "anagen"])
def test_phases_are_those_of_the_automaton(kind: str) -> None:
    """20,000 follicles one by one for 60 days; within four standard errors of a share (one follicle at the least)."""
    number, rng = 20_000, np.random.default_rng(11)
    scalp = steady_scalp(typical(), number, rng)
    event = {"telogen": {"pulse_fraction": 0.3}, "anagen": {"hit_fraction": 0.9}}[kind]
    for day in range(1, 61):
        scalp, _ = one_day(typical(), scalp, rng, **(event if day == 1 else {}))
        if day % 6:
            continue
        counted = np.bincount(np.digitize(scalp.stage, EDGES), minlength=len(PHASES)) / number
        for name, share in zip(PHASES, counted, strict=True):
            expected = float(courses()[kind].phases[name][day])
            error = max(expected * (1 - expected), 1 / number) / number
            assert abs(share - expected) < 4 * error**0.5, f"{name}, day {day}"


# -- a regimen's own typical person --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "patient", "assume"),
    [
        ("20 mg once daily with food for 12 weeks", Patient(), ()),
        (
            "40 mg once daily for 12 weeks",
            Patient(
                seborrheic_dermatitis="severe",
                pattern_hair_loss=True,
                events=(HairEvent("fever", 10), HairEvent("crash-diet", 60, 0.3)),
            ),
            ("onset-arrest", "anti-androgen", "anchorage"),
        ),
        ("40 mg once daily with food for 12 weeks", Patient(), ("anagen-effluvium",)),
    ],
    ids=["plain", "events and hypotheses", "struck hairs"],
)
def test_weekly_signals_give_back_the_engines_own_anagen_percent(
    text: str, patient: Patient, assume: tuple[str, ...]
) -> None:
    run = anagen.simulate("isotretinoin", text, patient, weeks=26, people=1, assume=assume)
    course, days = regimen_course(run), run.days.astype(int)
    engine = run.signals["anagen_percent"][:, 0]
    assert np.abs(100 * course.phases["anagen"][days] - engine).max() < 0.2
    assert np.abs(course.club_percent[days] - run.signals["club_percent"][:, 0]).max() < 0.2


def test_the_picture_of_a_regimen_cuts_only_growing_follicles() -> None:
    run = anagen.simulate("isotretinoin", "20 mg once daily with food for 12 weeks", weeks=26, people=1)
    figure = regimen_phases_figure(run, "A")
    axis = int(re.search(r"begins at (\d+)", figure.sentences[1])[1])
    assert axis < 100 * regimen_course(run).phases["anagen"].min()
    assert figure.key == "phases-A"


# -- the table and its sources -------------------------------------------------------------------------------------


def test_every_feature_is_computed_and_every_text_has_known_sources() -> None:
    assert section().rows
    assert set(section().sources) <= set(load_sources())
    for row in section().rows:
        assert row.anagen_computed
        assert row.telogen_computed
        for text, keys in (
            (row.anagen_published, row.anagen_source),
            (row.telogen_published, row.telogen_source),
        ):
            assert set(keys) <= set(load_sources())
            assert (text == NOT_FOUND) == (not keys)
            assert text.endswith("not verified)") == any(not load_sources()[key].verified for key in keys)


def test_a_feature_that_nothing_computes_is_refused() -> None:
    from anagen.analysis.effluvia.table import Feature

    with pytest.raises(DataError, match="computed"):
        checked({"name": "x", "computed": "onsets"}, "effluvia.toml", Feature)


@pytest.mark.parametrize("name", SAID)
def test_a_scalp_where_nothing_happens_has_words_too(name: str) -> None:
    assert not re.search(r"None|nan|inf", SAID[name](Features.of(both().healthy)))


def test_nothing_names_a_cause_or_advises() -> None:
    notes = [note.text for note in section().notes]
    told = [part for figure in section().figures for part in (figure.title, *figure.sentences)]
    said = " ".join([*notes, *told]).lower()
    assert "do not say which kind a person has" in said
    assert not re.search(r"\byou\b|\bsafe\b|isotretinoin|should", said)


# -- the drawings --------------------------------------------------------------------------------------------------


def test_a_note_with_a_number_that_we_do_not_have_is_refused() -> None:
    from anagen.analysis.effluvia.table import Note
    from anagen.evidence.records import checked

    with pytest.raises(DataError, match=r"(?s)note\[1\]\.text.*in braces only days"):
        checked({"note": [{"text": "It lasts {weeks} weeks."}]}, "effluvia.toml", dict[str, list[Note]])


def test_the_drawings_use_only_colours_of_the_theme() -> None:
    known = {value.lower() for value in vars(theme).values() if isinstance(value, str) and value.startswith("#")}
    known |= {fill.color for fill in theme.PHASES.values()}
    for figure in section().figures:
        assert set(re.findall(r"#[0-9a-f]{6}\b", figure.drawing)) <= known
        assert float(re.search(r'width="([\d.]+)"', figure.drawing)[1]) <= theme.WIDTH


def test_fills_next_to_each_other_differ_without_colour() -> None:
    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    for below, above in pairwise(theme.PHASES.values()):
        contrast = sorted((luminance(below.color) + 0.05, luminance(above.color) + 0.05))
        assert below.hatching != above.hatching or contrast[1] / contrast[0] > 1.5
    for fill in theme.PHASES.values():
        assert (luminance(fill.color) + 0.05) / (luminance(theme.INK) + 0.05) >= 7


@pytest.mark.parametrize("direction", ["upright", "level", "rising", "falling"])
def test_hatching_stays_inside_its_area(direction: str) -> None:
    frame = Frame(300, 100, (-4, 56), (0, 100), {}, {})
    at = np.linspace(-4, 56, 50)
    lower, upper = 20 + 15 * np.sin(at / 9), 70 + 10 * np.cos(at / 5)
    strokes = np.array(list(hatching(frame, at, lower, upper, theme.Fill("", direction, 6))))
    assert len(strokes) > 5
    for part in np.linspace(0, 1, 9):
        x, y = (1 - part) * strokes[:, 0] + part * strokes[:, 2], (1 - part) * strokes[:, 1] + part * strokes[:, 3]
        assert (y >= np.interp(x, at, lower) - 0.5).all()
        assert (y <= np.interp(x, at, upper) + 0.5).all()


def test_lines_through_the_drawn_rows_miss_no_day() -> None:
    course = both().anagen
    table = np.stack([course.broken_per_day, course.density_percent], axis=1)
    rows = needed_rows(course.day, table, 2.0)
    assert rows.size < course.day.size / 3
    for column in table.T:
        assert np.abs(np.interp(course.day, course.day[rows], column[rows]) - column).max() <= 2.0
