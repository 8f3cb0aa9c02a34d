"""The analysis: the engine against simulate, a sum against its closed form, and the file that is kept."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from anagen import Patient, simulate
from anagen.errors import DataError
from anagen.sensitivity import analyse as analysis
from anagen.sensitivity.__main__ import main
from anagen.sensitivity.analyse import analyse
from anagen.sensitivity.model import outcomes_of
from anagen.sensitivity.plan import plan_of, read_plan
from anagen.sensitivity.space import KINDS, space
from anagen.simulation.outcomes import person_outcome
from anagen.treatments.registry import table, treatment

PLAN = read_plan(treatment())
KEPT = json.loads(resources.files("anagen.treatments.isotretinoin").joinpath("sensitivity.json").read_text("utf-8"))


def test_the_typical_person_is_that_of_simulate():
    case = PLAN.cases[0]
    values = {"exposure.clearance": np.full(3, treatment().parameters["exposure.clearance"].value)}
    found = outcomes_of(PLAN, case, values, 3)
    usual = simulate("isotretinoin", case.regimen, PLAN.patient, weeks=PLAN.weeks, people=1)
    for outcome, row in zip(PLAN.outcomes, found, strict=True):
        end = usual.course_days if outcome.week is None else 7 * outcome.week
        typical = person_outcome(outcome.table, usual.signals, usual.days, end)[0]
        # Single precision: changes in percent are differences of numbers that are known to 1e-7.
        np.testing.assert_allclose(row, typical, rtol=1e-4, atol=2e-5, err_msg=outcome.name)


def test_a_value_given_is_the_value_that_acts():
    """Twice the clearance, half the level; nothing else differs between samples."""
    clearance = np.array([8.0, 16.0, 8.0])
    level = [outcome.name for outcome in PLAN.outcomes].index("mean_level_ng_per_ml")
    first, second, third = outcomes_of(PLAN, PLAN.cases[0], {"exposure.clearance": clearance}, 3)[level]
    assert second == pytest.approx(first / 2, rel=1e-3)
    assert third == pytest.approx(first, rel=1e-12)


@pytest.fixture
def of_a_sum(monkeypatch):
    """An engine whose outcomes are sums of two linear parameters: in one case and outcome, other weights."""
    weights = {"nutrients.zinc.effect": 3.0, "nutrients.selenium.effect": 1.0, "nutrients.folate.effect": -2.0}

    def outcomes(plan, case, values, samples, report=None):
        sign = 1 if case.name == plan.cases[0].name else -2
        total = sum(weight * values[name] for name, weight in weights.items() if name in values)
        total = total + np.zeros(samples)
        return np.stack([sign * total, np.zeros_like(total)])

    monkeypatch.setattr(analysis, "outcomes_of", outcomes)
    return weights


def test_a_sum_has_the_shares_of_its_closed_form(of_a_sum):
    plan = replace(PLAN, base=1024, trajectories=4, resamples=50, outcomes=PLAN.outcomes[:2])
    result = analyse(plan)
    known = treatment().parameters
    sds = {name: abs(weight) * (known[name].lower + known[name].upper) / 2 for name, weight in of_a_sum.items()}
    assert all(known[name].scale == "linear" for name in of_a_sum)
    variance = {name: sd**2 / sum(s**2 for s in sds.values()) for name, sd in sds.items()}
    assert [entry["name"] for entry in result["inputs"]["unknown"]] == [n for n in known if n in of_a_sum]
    assert len(result["screened_out"]["unknown"]) == len(space(treatment(), "unknown", plan.hold).names) - 3
    moved = [r for r in result["results"] if r["kind"] == "unknown" and r["outcome"] == plan.outcomes[0].name]
    assert len(moved) == len(plan.cases)
    for r in moved:
        for index in r["indices"]:
            assert index["first"]["value"] == pytest.approx(variance[index["input"]], abs=0.02)
            assert index["total"]["value"] == pytest.approx(variance[index["input"]], abs=0.02)
        assert r["sum_of_first"] == pytest.approx(1, abs=0.02)
    assert moved[1]["sd"] == pytest.approx(2 * moved[0]["sd"], rel=1e-3)
    still = [r for r in result["results"] if r["outcome"] == plan.outcomes[1].name]
    assert all(r["indices"] == [] and r["sd"] == 0 for r in still)
    assert result["inputs"]["between"] == []


def test_the_same_plan_gives_the_same_file(of_a_sum):
    plan = replace(PLAN, base=16, trajectories=4, resamples=20, outcomes=PLAN.outcomes[:2])
    once, again = (json.dumps(analyse(plan)) for _ in range(2))
    assert once == again
    assert json.dumps(analyse(replace(plan, seed=2))) != once


class TestKept:
    """The file that ships."""

    def test_it_was_made_of_the_numbers_in_use(self):
        assert KEPT["parameters"] == treatment().parameter_hash(), "run `make sensitivity`"
        made = {key: KEPT["made"][key] for key in ("seed", "base", "trajectories", "resamples", "weeks")}
        assert made == {key: getattr(PLAN, key) for key in made}

    def test_it_holds_every_outcome_of_every_case_and_kind(self):
        places = {(r["kind"], r["case"], r["outcome"]) for r in KEPT["results"]}
        assert places == {(k, c.name, o.name) for k in KINDS for c in PLAN.cases for o in PLAN.outcomes}

    def test_first_order_shares_sum_to_no_more_than_one_and_totals_are_no_less(self):
        for r in KEPT["results"]:
            firsts = [index["first"] for index in r["indices"]]
            error = math.sqrt(sum(((f["high"] - f["low"]) / 2) ** 2 for f in firsts))
            assert r["sum_of_first"] <= 1 + error, r["outcome"]
            assert sum(f["value"] for f in firsts) == pytest.approx(r["sum_of_first"], abs=0.02)
            totals = [index["total"]["value"] for index in r["indices"]]
            assert totals == sorted(totals, reverse=True)
            for index in r["indices"]:
                first, total = index["first"], index["total"]
                assert total["high"] >= first["low"], (r["outcome"], index["input"])
                assert first["low"] <= first["value"] <= first["high"]
                assert total["low"] <= total["value"] <= total["high"]

    @pytest.mark.parametrize("case", [case.name for case in PLAN.cases])
    def test_levels_have_the_shares_of_a_product_of_lognormals(self, case):
        """The average level is dose x share absorbed / clearance: two lognormals, so all shares are known."""
        known = treatment().parameters
        spread = {
            name: known[name].between
            for name in ("exposure.clearance", "exposure.bioavailability.conventional.standard")
        }
        whole = math.expm1(sum(sd**2 for sd in spread.values()))
        (found,) = (
            r
            for r in KEPT["results"]
            if (r["kind"], r["case"], r["outcome"]) == ("between", case, "mean_level_ng_per_ml")
        )
        own = {index["input"]: index for index in found["indices"]}
        for name, sd in spread.items():
            first = math.expm1(sd**2) / whole
            total = 1 - math.expm1(sum(s**2 for other, s in spread.items() if other != name)) / whole
            room = own[name]["first"]["high"] - own[name]["first"]["low"]
            assert own[name]["first"]["value"] == pytest.approx(first, abs=room)
            assert own[name]["total"]["value"] == pytest.approx(total, abs=room)
        assert found["sd"] / found["mean"] == pytest.approx(math.sqrt(whole), rel=0.05)

    @pytest.mark.parametrize("kind", list(KINDS))
    def test_what_was_screened_out_moves_nothing(self, kind):
        """All of it moved at once, at random: no outcome moves by a tenth of its spread."""
        out = space(treatment(), kind, PLAN.hold).only(KEPT["screened_out"][kind])
        uniform = np.random.default_rng(5).uniform(size=(1000, len(out.names)))
        for case in PLAN.cases:
            found = outcomes_of(PLAN, case, out.apart().values(uniform), len(uniform))
            for outcome, row in zip(PLAN.outcomes, found, strict=True):
                (r,) = (
                    r
                    for r in KEPT["results"]
                    if (r["kind"], r["case"], r["outcome"]) == (kind, case.name, outcome.name)
                )
                assert row.std() <= 0.1 * r["sd"] + 1e-9, (case.name, outcome.name)


class TestPlan:
    def test_words_are_said_of_parameters_that_are_moved(self):
        moved = {entry["name"] for kind in KINDS for entry in KEPT["inputs"][kind]}
        assert moved & set(PLAN.words)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"base": 500}, "a power of two"),
            ({"base": 0}, "whole number"),
            ({"seed": "1"}, "whole number"),
            ({"weeks": True}, "whole number"),
            ({"resamples": None}, "whole number"),
            ({"hold": {"laboratory.liver_reaction.probabilty": 0.0}}, "laboratory.liver_reaction.probability"),
            ({"words": {"sebum.fall": "x"}}, "sebum.fall"),
            ({"person": {"weight": 70.0}}, "weight_kg"),
            ({"cases": {}}, "cases"),
            ({"outcomes": {}}, "outcomes"),
            ({"cases": {"a": {"title": "A"}}}, "no regimen"),
            ({"outcomes": {"a": {"title": "A", "group": "hare", "outcome": "cheilitis"}}}, "hair"),
            ({"outcomes": {"a": {"title": "A", "group": "hair", "outcome": "cheilit"}}}, "cheilitis"),
            ({"outcomes": {"a": {"title": "A", "group": "hair", "series": "x", "statistic": "hihgest"}}}, "highest"),
            ({"outcomes": {"a": {"title": "A", "group": "hair", "series": "x", "statistic": "highest"}}}, "no unit"),
        ],
    )
    def test_a_wrong_file_is_refused_with_its_place(self, change, says):
        with pytest.raises(DataError, match=r"isotretinoin/sensitivity\.toml: ") as refused:
            plan_of(treatment(), {**table("isotretinoin", "sensitivity.toml"), **change})
        assert says in str(refused.value)

    def test_nobody_pregnant_or_a_child_is_analysed(self):
        with pytest.raises(Exception, match="age is 12"):
            plan_of(treatment(), {**table("isotretinoin", "sensitivity.toml"), "person": {"age_years": 12.0}})
        assert isinstance(PLAN.patient, Patient)


def test_the_command_refuses_before_it_begins(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(["isotretinon"])
    assert left.value.code == 2
    assert "nearest: isotretinoin" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["-o", str(tmp_path / "none" / "x.json")])
    assert "there is no folder" in capsys.readouterr().err
