"""Model numbers on claims, each function against something that is not itself: closed forms, publications, a run."""

from __future__ import annotations

import ast
import dataclasses
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import gamma

from anagen import Patient, compare, simulate
from anagen.analysis.computed import store
from anagen.analysis.computed.functions import FUNCTIONS, compute
from anagen.analysis.computed.runs import Runs
from anagen.analysis.computed.spec import ModelNumber, Spec, spec, specs
from anagen.errors import DataError, InputError
from anagen.evidence import source
from anagen.evidence.claims import load_claims
from anagen.evidence.records import checked
from anagen.treatments.registry import treatment

DRUG = "isotretinoin"
DOSES = ("5 mg", "10 mg", "20 mg", "0.5 mg/kg", "1 mg/kg")


@lru_cache(maxsize=1)
def computed() -> dict[str, ModelNumber]:
    """All numbers, computed now with 1,000 people."""
    return dict(store.compute_all(treatment(DRUG)))


def test_the_shipped_numbers_are_those_that_the_program_computes() -> None:
    """`make numbers` writes them; the fingerprint alone would let a number be edited by hand."""
    shipped = store.shipped(DRUG)
    assert shipped, "nothing shipped fits the present program: run make numbers"
    assert set(shipped) == set(specs(DRUG)) == set(computed())
    for name, number in computed().items():
        assert shipped[name].says == number.says, name
        assert dict(shipped[name].values) == pytest.approx(dict(number.values), rel=1e-4, abs=1e-4), name


def test_every_specification_has_a_function_sources_and_a_claim() -> None:
    named = {name for claim in load_claims(DRUG).values() for name in claim.numbers}
    assert named == set(specs(DRUG)), "a number that no claim shows, or a claim that names none"
    for one in specs(DRUG).values():
        assert one.function in FUNCTIONS
        assert all(source(key) for key in one.source)
    assert {one.function for one in specs(DRUG).values()} == set(FUNCTIONS), "a function that nothing asks for"


def test_splitting_halves_the_peak_and_leaves_the_average() -> None:
    """Published steady state, high-fat meal: 65.1 and 34.2 ng/mL, mean 28.1, 4-oxo swing 1.36 and 1.03."""
    values = computed()["splitting-levels"].values
    assert values["peak_ratio"] == pytest.approx(1.91, abs=0.02)
    assert (values["peak_1"], values["peak_2"]) == pytest.approx((65.1, 34.2), rel=0.01)
    assert (values["mean_1"], values["mean_2"]) == pytest.approx((28.1, 28.1), rel=0.01)
    assert values["mean_ratio"] == pytest.approx(1.0, abs=0.005)
    assert (values["oxo_swing_1"], values["oxo_swing_2"]) == pytest.approx((1.36, 1.03), abs=0.02)


def test_sebum_at_5_4_mg_a_day() -> None:
    """About -65 % at 5 mg a day (Geissler 2003, up to -64 %; model.md -65 %)."""
    assert computed()["split-sebum"].values["sebum_change_percent_1"] == pytest.approx(-65, abs=4)
    assert computed()["sebum-by-dose"].values["sebum_change_percent_1"] == pytest.approx(-65, abs=4)


def test_levels_follow_weight_by_allometry() -> None:
    values = computed()["weight-levels"].values
    assert values["mean_1"] / values["mean_2"] == pytest.approx((50 / 70) ** -0.75, rel=1e-3)
    assert values["mean_3"] / values["mean_2"] == pytest.approx((100 / 70) ** -0.75, rel=1e-3)


def test_a_week_of_10_mg_cannot_take_70_percent_of_the_hair() -> None:
    """Without the hypothesis: only a person's own turnover. With it: a struck hair breaks after 16 d, Erlang-10."""
    plain, assumed = computed()["ten-mg-week"].values, computed()["ten-mg-week-assumed"].values
    assert plain["share_7"] == assumed["share_7"] == 0
    assert plain["high_7"] < 1
    most = 100 * gamma.cdf(7, 10, scale=1.6)  # if every hair were struck in the first hour
    assert assumed["high_7"] < most
    assert assumed["middle_84"] > 10 * max(plain["middle_7"], 0.1)
    assert computed()["ten-mg-week-assumed"].assumed == ("anagen-effluvium",)


def test_harm_and_benefit_covers_every_dose_weight_and_dermatitis() -> None:
    number = computed()["harm-and-benefit"]
    assert len(number.table.rows) == 5 * 3 * 3
    for kg in ("50", "70", "100"):
        for severity in ("none", "moderate", "severe"):
            peaks = [number.values[f"shed_change_peak_percent:{dose} once daily:{severity}:{kg}"] for dose in DOSES[:3]]
            assert peaks == sorted(peaks), "more drug, a higher rise"
            nets = [number.values[f"net:{dose} once daily:{severity}:{kg}"] for dose in ("0.5 mg/kg", "1 mg/kg")]
            assert nets[0] < nets[1]
    for dose in DOSES:
        nets = [number.values[f"net:{dose} once daily:{severity}:70"] for severity in ("none", "moderate", "severe")]
        assert nets == sorted(nets, reverse=True), "the more dermatitis, the more there is to gain"
        assert nets[0] > 0, "without dermatitis there is nothing to gain"


def test_harm_and_benefit_is_what_a_comparison_gives() -> None:
    patient = Patient(weight_kg=50, seborrheic_dermatitis="severe")
    regimens = [f"{dose} once daily with food for 24 weeks" for dose in ("20 mg", "0.5 mg/kg")]
    both = compare(DRUG, regimens, patient, weeks=52)
    arm = both.arms[0]
    net = arm.person_outcomes("extra_hairs_shed") - both.untreated.person_outcomes("extra_hairs_shed")
    values = computed()["harm-and-benefit"].values
    assert values["net:20 mg once daily:severe:50"] == pytest.approx(float(np.median(net)), rel=1e-9)
    marked = 100 * arm.outcomes["marked_shedding"]["probability"]
    assert values["marked_shedding:20 mg once daily:severe:50"] == pytest.approx(marked, rel=1e-9)


def test_a_supplement_is_with_minus_without_in_the_same_people() -> None:
    regimen = "20 mg once daily with food for 24 weeks"
    with_it = simulate(DRUG, regimen, Patient(supplements=("multivitamin",)), weeks=52)
    without = simulate(DRUG, regimen, Patient(), weeks=52)
    outcome = "shed_change_peak_percent"
    difference = float(np.median(with_it.person_outcomes(outcome) - without.person_outcomes(outcome)))
    values = computed()["supplement-effect"].values
    assert values[f"{outcome}:multivitamin"] == pytest.approx(difference, abs=1e-12)
    assert values[f"largest_{outcome}"] >= abs(difference)


def test_two_effluvia_are_those_of_the_design() -> None:
    """A pulse of 30 %: 5.9 times on day 100, above 1.5 times on days 59-153. A hit of 90 %: 19 % left near day 28."""
    values = computed()["two-effluvia"].values
    assert values["telogen_peak_times"] == pytest.approx(5.9, abs=0.1)
    days = tuple(values[f"telogen_{name}"] for name in ("first_day", "peak_day", "last_day"))
    assert days == pytest.approx((59, 100, 153), abs=2)
    assert values["telogen_density"] == pytest.approx(92, abs=1)
    assert values["anagen_density"] == pytest.approx(19, abs=1)
    assert (values["telogen_broken"], values["anagen_broken"]) == pytest.approx((0, 100), abs=0.01)


def test_severe_dermatitis_cleared_sheds_17_percent_less_at_six_months() -> None:
    values = computed()["dermatitis-cleared"].values
    assert values["severe"] == pytest.approx(-17, abs=1)
    assert values["severe"] < values["moderate"] < values["mild"] < 0


def test_the_base_rate_sum() -> None:
    """(3.2 - 2) / 3.2 and (5.7 - 2) / 5.7, by hand: 38 and 65 of 100."""
    values = computed()["base-rate"].values
    assert values["share_1_of_2"] == pytest.approx(37.5)
    assert values["share_2_of_2"] == pytest.approx(64.9, abs=0.05)
    assert values["share_1_of_0"] == values["share_2_of_0"] == 100
    for rate in spec("base-rate", DRUG).rates:
        assert rate.percent == pytest.approx(100 * rate.affected / rate.people, abs=0.05)


def test_the_androgen_hypothesis_lowers_shedding_in_pattern_hair_loss() -> None:
    values = computed()["pattern-hair"].values
    assert values["shed_change_peak_percent_with"] < values["shed_change_peak_percent_without"]


def test_a_treatment_that_was_altered_never_gets_the_shipped_numbers() -> None:
    """Dermatitis that drives no hair out of anagen: nothing is left to gain, and the numbers say so."""
    drug = treatment(DRUG)
    weight = dataclasses.replace(drug.parameters["anagen_exit.dermatitis.weight"], value=1e-12, lower=0.0, upper=0.0)
    altered = dataclasses.replace(drug, parameters={**drug.parameters, weight.name: weight})
    number = compute("x", spec("harm-and-benefit", DRUG), Runs(altered, people=100))
    stock = computed()["harm-and-benefit"].values
    key = "net:10 mg once daily:severe:70"
    assert stock[key] < 0 < number.values[key]


def test_something_can_be_assumed_for_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zinc falls, and the hair with it; what a number assumes by itself comes after. A few numbers, of a few people."""
    some = {name: specs(DRUG)[name] for name in ("harm-by-dose", "ten-mg-week-assumed", "splitting-levels")}
    monkeypatch.setattr(store, "specs", lambda name: some)
    assumed = ("nutrient-depletion",)
    made = store.compute_all(treatment(DRUG), assumed, people=100)
    assert set(made) == set(some)
    for name, number in made.items():
        own = spec(name, DRUG).assume
        assert number.assumed == (*assumed, *(each for each in own if each not in assumed)), name
    marked = "marked_shedding_5"
    plain = compute("harm-by-dose", spec("harm-by-dose", DRUG), Runs(treatment(DRUG), people=100))
    assert made["harm-by-dose"].values[marked] >= plain.values[marked]


def test_kept_numbers_are_used_only_while_nothing_has_changed(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("ANAGEN_CACHE_DIR", str(tmp_path))
    made = []

    def few(*arguments: object) -> dict[str, ModelNumber]:
        made.append(arguments)
        return {"base-rate": computed()["base-rate"]}

    monkeypatch.setattr(store, "compute_all", few)
    drug, assumed = treatment(DRUG), ("anchorage",)
    first = store.numbers(drug, assumed)
    assert store.numbers(drug, assumed) == first
    assert len(made) == 1
    store.numbers(drug, ("onset-arrest",))
    assert len(made) == 2
    for file in (tmp_path / "numbers").iterdir():
        file.write_text(file.read_text()[: len(file.read_text()) // 2])
    assert store.numbers(drug, assumed) == first
    assert len(made) == 3, "a damaged file is as good as none"


def test_the_fingerprint_covers_what_the_numbers_are_made_with() -> None:
    """Every module that the functions import from is hashed, but for what holds no number."""
    package = Path(store.__file__).parents[2]
    hashed = {file for place in store.CODE for file in ([package / place, *(package / place).rglob("*.py")])}
    numberless = {"errors", "fingerprint", "evidence.records", "analysis.figure", "treatments.registry"}
    for file in sorted(file for file in hashed if file.is_file() and "analysis" in file.parts):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".") if not node.level else [*file.relative_to(package).parts[:-1]]
                name = ".".join(parts[1:] if not node.level else [*parts, node.module])
                if (not node.level and parts[0] != "anagen") or name in numberless:
                    continue
                made = package.joinpath(*name.split(".")).with_suffix(".py")
                folder = package.joinpath(*name.split("."))
                assert made in hashed or folder in hashed, f"{file.name} reads {name}, which is not hashed"


def test_a_number_survives_json() -> None:
    one = computed()["base-rate"]
    assert ModelNumber.from_json(one.to_json()) == one


def test_an_unknown_number_names_the_nearest() -> None:
    with pytest.raises(InputError, match="unknown model number") as caught:
        spec("spliting-levels", DRUG)
    assert "splitting-levels" in caught.value.nearest


def test_a_wrong_edit_names_file_and_key() -> None:
    with pytest.raises(DataError, match=r"numbers.toml: x.source is missing"):
        checked({"x": {"title": "X", "function": "levels", "says": "x"}}, "numbers.toml", dict[str, Spec])
