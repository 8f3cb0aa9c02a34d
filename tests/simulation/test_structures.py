"""Structures that fit the same data: what the file says, what each changes, and the band between them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from anagen import Patient, simulate
from anagen.errors import DataError, InputError, PregnancyStop
from anagen.evidence import load_sources
from anagen.patient.draws import Draws, correlated
from anagen.patient.parameters import NORMAL_95
from anagen.simulation import structure_file
from anagen.simulation.structure_file import Question, altered, chosen, questions
from anagen.simulation.structures import Rivals, compare_structures, simulate_structures
from anagen.treatments.registry import treatment

REGIMEN = "20 mg once daily fasted for 4 weeks"
FULL = {"assume": ["anchorage"], "title": "t", "evidence": "e", "source": ["s"]}
OPTIONS: dict[str, Any] = {"weeks": 8, "people": 100}


@pytest.fixture(scope="module")
def every():
    return simulate_structures("isotretinoin", REGIMEN, structures="all", **OPTIONS)


class TestFile:
    def test_questions_are_those_of_the_issue_each_with_its_evidence(self):
        found = questions(treatment())
        assert set(found) == {"oxo-ratio", "lasting-suppression", "fasted-absorption", "shedding-slope"}
        sources = load_sources()
        for question in found.values():
            assert question.alternatives
            said = [question.default, *(vars(one) for one in question.alternatives.values())]
            for entry in said:
                assert entry["title"]
                assert entry["evidence"]
                assert entry["source"]
                assert set(entry["source"]) - {"assumed"} <= set(sources)

    def test_the_ratios_of_areas_are_those_named(self):
        """At any dose the area of 4-oxo over that of the drug is CL / CLm, times the ratio of masses."""
        known = treatment().parameters
        mass = known["exposure.metabolite_mass_factor"].value
        for name, ratio in (("oxo-ratio-2-5", 2.5), ("oxo-ratio-3-4", 3.4)):
            (one,) = chosen(treatment(), name)
            clearance = one.parameters["exposure.metabolite_clearance"]["value"]
            assert 8.0 * mass / clearance == pytest.approx(ratio, rel=0.005)
        half = NORMAL_95 * 0.35 / math.sqrt(15)
        (one,) = chosen(treatment(), "oxo-ratio-2-5")
        given = one.parameters["exposure.metabolite_clearance"]
        assert given["unknown"] == pytest.approx([3.35 * math.exp(-half), 3.35 * math.exp(half)], rel=0.005)

    @pytest.mark.parametrize(
        ("name", "background"), [("no-background-complaints", 0.0), ("full-background-complaints", 0.028)]
    )
    def test_the_slope_follows_from_the_two_counts(self, name, background):
        """Who complains has a sensitivity above 1 (docs/trial-lytvyn.md): two shares give median and exponent."""
        sd, known = 1.2, treatment().parameters
        assert known["anagen_exit.retinoid.susceptibility"].between == pytest.approx(sd, rel=0.2)
        (one,) = chosen(treatment(), name)
        low, high = (norm.ppf((x / n - background) / (1 - background)) for x, n in ((18, 565), (192, 3375)))
        susceptibility = one.parameters["anagen_exit.retinoid.susceptibility"]
        exponent = one.parameters["anagen_exit.retinoid.exponent"]
        assert susceptibility["value"] == pytest.approx(math.exp(sd * high), rel=0.01)
        assert exponent["value"] == pytest.approx(sd * (high - low) / math.log(0.59 / 0.24), rel=0.01)
        p = 192 / 3375
        half = NORMAL_95 * sd * math.sqrt(p * (1 - p) / 3375) / (1 - background) / norm.pdf(high)
        ends = [susceptibility["value"] * math.exp(sign * half) for sign in (-1, 1)]
        assert susceptibility["unknown"] == pytest.approx(ends, rel=0.02)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"title": ""}, "no title"),
            ({"says": None}, "no says"),
            ({"default": {}}, "no default"),
            ({"alternatives": {}}, "no alternatives"),
            ({"alternatives": {"x": {}}}, "changes nothing"),
            ({"alternatives": {"x": {"assume": ["saturable-absorbtion"]}}}, "saturable-absorption"),
            ({"alternatives": {"x": {"parameters": {"sebum.fall_rat": {"value": 1.0}}}}}, "sebum.fall_rate"),
            ({"alternatives": {"x": {"parameters": {"sebum.fall_rate": {"unknown": [1, 2]}}}}}, "expected: value"),
            ({"alternatives": {"x": {"parameters": {"sebum.fall_rate": {"value": 3.0, "unknown": [1, 2]}}}}}, "inside"),
            ({"alternatives": {"x": {"parameters": {"sebum.fall_rate": {"value": 0.0}}}}}, "log"),
            ({"alternatives": {"x": {"assume": ["saturable-absorption"]}}}, "no title"),
            (
                {"alternatives": {"band": {"assume": ["anchorage"], "title": "t", "evidence": "e", "source": ["s"]}}},
                "taken",
            ),
        ],
    )
    def test_a_wrong_file_is_refused_with_its_place(self, monkeypatch, change, says):
        entry = structure_file.table("isotretinoin", structure_file.FILE)["lasting-suppression"]
        monkeypatch.setattr(structure_file, "table", lambda *_: {"lasting-suppression": {**entry, **change}})
        with pytest.raises(DataError, match=r"isotretinoin/structures\.toml: ") as refused:
            questions(treatment())
        assert says in str(refused.value)

    def test_two_questions_may_not_change_one_number(self, monkeypatch):
        entry = structure_file.table("isotretinoin", structure_file.FILE)["lasting-suppression"]
        one = {"other": entry["alternatives"]["no-lasting-suppression"]}
        twice = {"lasting-suppression": entry, "again": {**entry, "alternatives": one}}
        monkeypatch.setattr(structure_file, "table", lambda *_: twice)
        with pytest.raises(DataError, match="changed by lasting-suppression too"):
            questions(treatment())

    def test_a_treatment_without_a_file_says_so(self, monkeypatch):
        monkeypatch.setattr(structure_file, "table", lambda *_: {})
        with pytest.raises(InputError, match="no structures of isotretinoin"):
            chosen(treatment(), "all")


class TestChoice:
    def test_all_leaves_out_what_is_in_use(self):
        names = [one.name for one in chosen(treatment(), "all")]
        known = treatment()
        used = [
            one.name
            for question in questions(known).values()
            for one in question.alternatives.values()
            if one.is_used(known, ())
        ]
        assert sorted(names + used) == sorted(n for q in questions(known).values() for n in q.alternatives)
        assert "saturable-absorption" not in [s.name for s in chosen(known, "all", ["saturable-absorption"])]

    def test_few_are_all_combined_and_many_one_at_a_time(self, monkeypatch):
        found = questions(treatment())
        two = {name: found[name] for name in ("lasting-suppression", "fasted-absorption")}
        monkeypatch.setattr(structure_file, "questions", lambda _: two)
        assert [one.name for one in chosen(treatment(), "all")] == [
            "saturable-absorption",
            "no-lasting-suppression",
            "no-lasting-suppression + saturable-absorption",
        ]
        both = chosen(treatment(), "all")[-1]
        assert both.assume == ("saturable-absorption",)
        assert both.of(treatment()).parameters["sebum.lasting_maximum"].value == 0
        monkeypatch.setattr(structure_file, "FEW", 2)
        assert [one.name for one in chosen(treatment(), "all")] == ["no-lasting-suppression", "saturable-absorption"]

    def test_one_question_or_one_alternative(self):
        assert [one.name for one in chosen(treatment(), "shedding-slope")] == [
            "no-background-complaints",
            "full-background-complaints",
        ]
        assert [one.name for one in chosen(treatment(), "oxo-ratio-3-4")] == ["oxo-ratio-3-4"]

    @pytest.mark.parametrize("word", ["no-lasting-supression", "al", "", "oxo ratio"])
    def test_an_unknown_name_is_refused(self, word):
        with pytest.raises(InputError, match="unknown structure") as refused:
            simulate_structures("isotretinoin", REGIMEN, structures=word, **OPTIONS)
        assert "lasting-suppression" in (refused.value.expected or "")

    def test_the_nearest_name_is_offered(self):
        with pytest.raises(InputError) as refused:
            chosen(treatment(), "saturable-absorbtion")
        assert refused.value.nearest[0] == "saturable-absorption"

    def test_nothing_is_run_for_a_wrong_regimen_person_or_hypothesis(self):
        with pytest.raises(PregnancyStop):
            simulate_structures("isotretinoin", REGIMEN, Patient(pregnant=True), structures="all")
        with pytest.raises(InputError, match="unknown hypothesis"):
            simulate_structures("isotretinoin", REGIMEN, structures="all", assume=["nothing"])


class TestAltered:
    def test_another_value_keeps_the_width_on_its_scale(self):
        known = treatment().parameters["anagen_exit.retinoid.exponent"]
        moved = altered(known, 2 * known.value)
        assert (moved.lower, moved.upper, moved.between) == (known.lower, known.upper, known.between)

    @pytest.mark.parametrize("name", ["sebum.maximal_inhibition", "exposure.clearance", "dermatitis.regression"])
    def test_an_interval_is_where_people_are_drawn(self, name):
        """Of many drawn people, 2.5 % lie below the interval and 2.5 % above."""
        known = treatment().parameters[name]
        low, high = (known.value - 0.06, known.value + 0.04) if known.value < 1 else (known.value - 1, known.value + 2)
        moved = replace(altered(known, known.value, (low, high)), between=0.0, unknown_with=())
        drawn = np.asarray(Draws({name: moved}, 1, np.arange(20_000))[name])
        assert (drawn < low).mean() == pytest.approx(0.025, abs=0.004)
        assert (drawn > high).mean() == pytest.approx(0.025, abs=0.004)

    def test_what_is_known_loses_its_correlations(self):
        known = treatment()
        pair = (("sebum.lasting_half_dose", -0.4), ("sebum.rise_rate", 0.2))
        linked = {name: replace(p, unknown_with=()) for name, p in known.parameters.items()}
        linked["sebum.lasting_maximum"] = replace(linked["sebum.lasting_maximum"], unknown_with=pair)
        linked["sebum.fall_rate"] = replace(
            linked["sebum.fall_rate"], unknown_with=(("sebum.lasting_maximum", 0.1), ("sebum.rise_rate", 0.3))
        )
        (one,) = chosen(known, "no-lasting-suppression")
        made = one.of(replace(known, parameters=linked)).parameters
        assert made["sebum.lasting_maximum"].unknown_with == ()
        assert made["sebum.fall_rate"].unknown_with == (("sebum.rise_rate", 0.3),)
        open_ = [name for name, p in made.items() if p.lower or p.upper]
        assert len(correlated(made, open_)[0]) == 2  # no error: correlations with a known value would be one

    def test_each_structure_is_another_program(self):
        known = treatment()
        prints = [one.of(known).fingerprint() + ",".join(one.assume) for one in chosen(known, "all")]
        assert len({known.fingerprint(), *prints}) == 1 + len(prints)


class TestBand:
    def test_the_default_is_what_simulate_gives(self, every):
        alone = simulate("isotretinoin", REGIMEN, **OPTIONS)
        for name in ("oxo_ng_per_ml", "shed_per_day"):
            np.testing.assert_array_equal(every.default.series(name).people, alone.series(name).people)
        json = every.to_json()
        assert {k: v for k, v in json.items() if k != "structures"} == alone.to_json()

    def test_each_is_what_simulate_gives_of_it(self, every):
        one = next(s for s in every.structures if s.name == "saturable-absorption")
        own = simulate("isotretinoin", REGIMEN, assume=["saturable-absorption"], **OPTIONS)
        found = every.to_json()["structures"][one.name]
        assert found["outcomes"] == own.to_json()["outcomes"]
        assert found["assumed"] == ["saturable-absorption"]

    def test_the_same_people_differ_only_where_the_structure_acts(self, every):
        rivals = every.rivals
        known = every.default.series
        slope = rivals.others["no-background-complaints"].series
        for name in ("isotretinoin_ng_per_ml", "sebum_fraction", "alt_u_per_l"):
            np.testing.assert_array_equal(slope(name).people, known(name).people)
        assert not np.array_equal(slope("shed_per_day").people, known("shed_per_day").people)
        oil = rivals.others["no-lasting-suppression"].series("sebum_fraction").people
        assert (oil[-1] >= known("sebum_fraction").people[-1] - 1e-12).all(), "nothing lasts: oil comes back sooner"

    def test_the_oxo_level_follows_the_ratio(self):
        """The typical level at steady state goes as 1 / CLm."""
        both = simulate_structures(
            "isotretinoin", "20 mg once daily with food for 16 weeks", structures="oxo-ratio-2-5", people=1, weeks=16
        )
        levels = [r.series("oxo_ng_per_ml").typical[-1] for r in (both.default, *both.rivals.others.values())]
        used = treatment().parameters["exposure.metabolite_clearance"].value
        assert levels[1] / levels[0] == pytest.approx(used / 3.35, rel=1e-3)

    def test_the_band_is_that_of_the_medians(self, every):
        runs = [every.default, *every.rivals.others.values()]
        for name, band in every.rivals.bands.items():
            middles = np.array([np.median(run.series(name).people, axis=1) for run in runs])
            np.testing.assert_allclose(band.low, middles.min(0), rtol=1e-12)
            np.testing.assert_allclose(band.high, middles.max(0), rtol=1e-12)
            assert band.day.shape == band.low.shape

    def test_the_json_has_the_agreed_form(self, every):
        structures = every.to_json()["structures"]
        assert set(structures) == {"band", *(s.name for s in every.structures)}
        for name, entry in structures.items():
            if name == "band":
                assert set(entry) == set(every.default.treatment.series)
                assert all(set(one) == {"day", "low", "high"} for one in entry.values())
            else:
                assert entry["title"]
                assert set(entry["outcomes"]) == set(every.default.outcomes)
                assert {"p05", "p50", "p95"} <= set(entry["outcomes"]["extra_hairs_shed"])
        assert "structures" not in every.default.to_json(), "only when asked"

    def test_progress_rises_to_the_end(self):
        seen: list[float] = []
        simulate_structures("isotretinoin", REGIMEN, structures="lasting-suppression", progress=seen.append, **OPTIONS)
        assert seen == sorted(seen)
        assert seen[-1] == pytest.approx(1)

    def test_with_nothing_else_to_run_the_band_has_no_width(self, every):
        alone = Rivals(every.default, {})
        assert all((band.low == band.high).all() for band in alone.bands.values())


def test_a_comparison_under_each_structure():
    two = ["10 mg once daily fasted for 4 weeks", REGIMEN]
    made = compare_structures("isotretinoin", two, structures="fasted-absorption", **OPTIONS)
    found = made.to_json()["structures"]
    assert [arm["regimen"] for arm in found["saturable-absorption"]["arms"]] == two
    assert len(found["band"]) == 2
    own = simulate("isotretinoin", two[0], assume=["saturable-absorption"], **OPTIONS)
    assert found["saturable-absorption"]["arms"][0]["outcomes"] == own.to_json()["outcomes"]
    (paired,) = found["saturable-absorption"]["paired"]
    usual = made.to_json()["paired"][0]["outcomes"]["mean_level_ng_per_ml"]
    assert paired["outcomes"]["mean_level_ng_per_ml"]["mean"] < 2 * usual["mean"], "a larger dose gains less"


def test_a_question_holds_what_the_card_reads():
    question = questions(treatment())["shedding-slope"]
    assert isinstance(question, Question)
    assert question.says.endswith(".")
