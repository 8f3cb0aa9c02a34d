"""The page of an analysis: everything on it, in the order decided on, and true to the engine that runs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen import Patient, analyse, simulate
from anagen.analysis.analyse import Analysis
from anagen.analysis.computed import store
from anagen.analysis.computed.functions import compute
from anagen.analysis.computed.runs import Runs
from anagen.analysis.computed.spec import ModelNumber, spec
from anagen.analysis.map.mechanism_map import mechanism_map
from anagen.analysis.ratings import rate
from anagen.evidence import load_sources
from anagen.evidence.claims import load_claims
from anagen.evidence.side_effects import load_side_effects
from anagen.simulation import kept
from anagen.simulation.result import Mode
from anagen.treatments.products import load_products
from anagen.treatments.registry import Treatment, treatment

from .test_page import FORBIDDEN, Reading

REGIMENS = (
    "20 mg once daily with food for 12 weeks",
    "10 mg every other day with food for 12 weeks",
    "1.8 mg every 8 hours with food for 12 weeks",
)
ORDER = [
    *("answer", "ratings", "facts", "regimens", "weeks", "hair", "map", "effluvia", "claims", "labs", "harms"),
    *("about-drug", "questions", "methods", "sources"),
]
"""Sections as people.md has them; the map and the two effluvia belong to hair."""
CLAIMS = [
    *("rating", "acne-indication", "causes-hair-loss", "dose-question", "anagen-effluvium", "effluvium-types"),
    *("liver-intoxication", "ten-mg-liver", "nutrients", "biotin", "deficiency-te", "multivitamin", "sebum"),
    *("seborrheic-dermatitis", "sd-hair-loss", "net-benefit", "distinguish", "usual-dose", "japan"),
    *("ten-mg-70-percent", "micro-dose", "splitting", "threshold", "weight", "aga", "side-effects", "brands"),
    *("pregnancy", "consult"),
]
QUOTES = ("claim",)
"""Cards quote what others say, and their verdicts use the verbs of GRADE: words that our own text does not use."""
NEVER_ANYWHERE = (r"you (have|should|must|need)", r"\bsafest\b", r"\bis safe\b", r"winner", r"superior")
MODERATE = Patient(weight_kg=70, seborrheic_dermatitis="moderate")
SEVERE = Patient(weight_kg=70, seborrheic_dermatitis="severe")


@lru_cache(maxsize=2)
def analysis(mode: Mode = "reader") -> Analysis:
    return analyse("isotretinoin", REGIMENS, MODERATE, weeks=36, people=120, mode=mode)


@lru_cache(maxsize=2)
def reading(mode: Mode = "reader") -> Reading:
    return Reading(analysis(mode).page())


def section(found: Reading, identity: str) -> str:
    (place,) = found.find("section", id=identity)
    return found.text(place)


def test_sections_stand_in_the_order_decided_on() -> None:
    ids = [attributes["id"] for tag, attributes, _, _ in reading().elements if tag == "section"]
    assert ids == ORDER


def test_the_pregnancy_box_is_first_and_cannot_be_folded() -> None:
    found = reading()
    (body,) = found.find("body")
    first = next(
        i for i in range(body + 1, len(found.elements)) if found.elements[i][0] in ("aside", "p", "h1", "section")
    )
    assert "stop" in found.elements[first][1]["class"]
    assert not any(found.elements[parent][0] == "details" for parent in found.elements[first][3])


def test_every_column_of_a_dose_carries_the_same_mark() -> None:
    found = reading()
    heads = [found.text(i) for i in found.find("th", scope="col")]
    dosed = [head for head in heads if re.search(r"\bmg\b(?!/dL)", head)]
    assert len(dosed) > 20
    assert [head for head in dosed if "Never in pregnancy" not in head] == []
    for identity in ("ratings", "facts"):
        (place,) = found.find("section", id=identity)
        assert sum("Never in pregnancy" in found.text(i) for i in found.find("th", within=place, scope="col")) >= 3
    assert "Never in pregnancy" in section(found, "about-drug")


def test_every_claim_has_a_card_with_verdict_certainty_and_source() -> None:
    found = reading()
    cards = found.find("article", class_="claim")
    assert [found.elements[card][1]["id"] for card in cards] == CLAIMS
    for card in cards:
        text = found.text(card)
        claim = load_claims("isotretinoin")[found.elements[card][1]["id"]]
        assert found.elements[card][1]["data-verdict"] == claim.verdict
        assert claim.verdict in text.lower()
        assert f"{claim.certainty.dots} {claim.certainty.name}" in text
        assert found.find("a", within=card, class_="cite")
        assert text.index(claim.fact[:40]) < text.index(claim.claim[:40]), "the fact stands first"


def test_every_link_within_the_page_leads_somewhere() -> None:
    found = reading()
    ids = [attributes["id"] for _, attributes, _, _ in found.elements if attributes.get("id")]
    assert len(ids) == len(set(ids)), [identity for identity in ids if ids.count(identity) > 1]
    links = {a["href"][1:] for tag, a, _, _ in found.elements if tag == "a" and a.get("href", "").startswith("#")}
    assert links <= set(ids)


def test_every_side_effect_and_every_brand_is_there() -> None:
    harms, about = section(reading(), "harms"), section(reading(), "about-drug")
    assert all(effect.name in harms for effect in load_side_effects("isotretinoin").values())
    assert all(product.name in about for product in load_products("isotretinoin"))


def test_sources_have_addresses_and_say_what_is_not_verified() -> None:
    found = reading()
    for key in ("lytvyn-2022", "article", "lammer-1985"):
        (place,) = found.find("li", id=f"source-{key}")
        if load_sources()[key].doi:
            assert f"https://doi.org/{load_sources()[key].doi}" in found.text(place)
        assert load_sources()[key].verified or "Not verified" in found.text(place)


def test_the_page_is_one_file_of_less_than_1_5_mb() -> None:
    page = analysis().page()
    assert len(page.encode()) < 1.5e6
    assert "<script" not in page
    assert not re.search(r'(?:src|xlink:href)="(?!#|data:)', page)


def test_reader_mode_says_none_of_the_forbidden_words_in_its_own_voice() -> None:
    words = reading().words(("fixed", "sources", "mark", *QUOTES, "effects", "features"))
    ours = "\n".join(line for line in words.splitlines() if not line.startswith("Is it true?"))
    about = section(reading(), "about-drug")
    for pattern in FORBIDDEN:
        for line in ours.splitlines():
            if line in about:  # what labels and programmes say
                continue
            assert not re.search(pattern, line, re.I), f"{pattern}: {line}"


@pytest.mark.parametrize("pattern", NEVER_ANYWHERE)
def test_some_words_stand_nowhere(pattern: str) -> None:
    for line in reading().words(("fixed", "sources")).splitlines():
        assert not re.search(pattern, line, re.I), line


def test_clinician_mode_is_stamped() -> None:
    text = reading("clinician").text(0)
    assert "Clinician and research mode" in text
    assert "Reader mode" not in text


# --- What is on the page follows the engine.


def test_an_assumed_mechanism_shows_on_map_page_and_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Liver stress that strikes hair: off, then on. Of the numbers only one is computed anew: test_computed.py assumes
    something for all of them."""

    def one_of_them(drug: Treatment, assumed: tuple[str, ...], people: int, _: object) -> Mapping[str, ModelNumber]:
        name = "harm-by-dose"
        made = compute(name, spec(name, drug.name), Runs(drug, people=people, assumed=assumed))
        return {**off.numbers, name: made}

    assume = ("anagen-effluvium",)
    off = analyse("isotretinoin", REGIMENS[:1], MODERATE, weeks=36, people=120)
    with monkeypatch.context() as patch:
        patch.setattr(kept, "read", lambda *_: None)  # neither found nor left on disk
        patch.setattr(kept, "keep", lambda *_: None)
        patch.setattr(store, "compute_all", one_of_them)
        on = analyse("isotretinoin", REGIMENS[:1], MODERATE, weeks=36, people=120, assume=assume)
    assert off.map.edge("liver", "struck").state == "off"
    assert on.map.edge("liver", "struck").state == "on"
    assert off.numbers["harm-by-dose"].assumed == ()
    assert on.numbers["harm-by-dose"].assumed == assume
    marked = "marked_shedding_5"
    assert on.numbers["harm-by-dose"].values[marked] > off.numbers["harm-by-dose"].values[marked]
    pages = Reading(off.page()), Reading(on.page())
    assert "assumed: anagen-effluvium" in pages[1].text(0)
    assert "assumed: anagen-effluvium" not in pages[0].text(0)
    assert section(pages[0], "map") != section(pages[1], "map")


def test_a_mechanism_taken_out_leaves_map_ratings_and_numbers() -> None:
    """Dermatitis that drives no hair out of anagen: no benefit is left to show."""
    drug = treatment()
    weight = dataclasses.replace(drug.parameters["anagen_exit.dermatitis.weight"], value=1e-12, lower=0.0, upper=0.0)
    altered = dataclasses.replace(drug, parameters={**drug.parameters, weight.name: weight})
    usual, without = (analyse(d, [REGIMENS[1]], SEVERE, weeks=36, people=60) for d in (drug, altered))
    edges = [found.map.edge("dermatitis", "exit") for found in (usual, without)]
    assert edges[0].state == "on"
    assert edges[1].state == "not acting"
    key = "net:10 mg once daily:severe:70"
    assert usual.numbers["harm-and-benefit"].values[key] < 0 < without.numbers["harm-and-benefit"].values[key]
    percent = [next(r for r in found.ratings if r.key == "shedding").effects[0].percent for found in (usual, without)]
    assert percent[0] < 0 < percent[1]
    assert usual.page() != without.page()


def test_the_map_is_that_of_the_simulation_that_ran() -> None:
    first = simulate("isotretinoin", REGIMENS[0], Patient(seborrheic_dermatitis="moderate"), weeks=36, people=120)
    assert mechanism_map(first).to_json() == analysis().map.to_json()


# --- Ratings.


def test_ratings_are_those_of_the_person_described() -> None:
    found = {rating.key: rating for rating in analysis().ratings}
    oil = found["oil"].effects[0]
    arm, none = analysis().arms[0], analysis().untreated
    row = 12  # the end of 12 weeks
    change = 100 * (arm.series("sebum_fraction").people[row] - none.series("sebum_fraction").people[row])
    assert oil.percent == pytest.approx(float(sorted(change)[60] + sorted(change)[59]) / 2)
    assert found["regrowth"].effects[0].stars is None
    assert {rating.harm for rating in analysis().ratings} == {4}
    nobody = analyse("isotretinoin", [REGIMENS[0]], Patient(), weeks=16, people=40)
    assert next(r for r in nobody.ratings if r.key == "dermatitis").effects[0].stars is None


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from(("0.1 mg once weekly", "2.5 mg every other day", "5 mg once daily", "1 mg/kg twice daily")),
    st.floats(40, 140),
)
def test_no_dose_and_no_person_lowers_the_harm(regimen: str, weight: float) -> None:
    patient = Patient(weight_kg=weight, seborrheic_dermatitis="severe")
    arm = simulate("isotretinoin", f"{regimen} with food for 2 weeks", patient, weeks=3, people=1)
    none = simulate("isotretinoin", None, patient, weeks=3, people=1)
    assert {rating.harm for rating in rate([arm], none)} == {4}


def test_harm_and_benefit_are_drawn_from_the_numbers() -> None:
    from anagen.analysis.figure import Table
    from anagen.analysis.harm_benefit import harm_benefit_figure

    values = {}
    for kg in ("50", "100"):
        for severity, middle in (("none", 500.0), ("severe", -700.0)):
            key = f"net:10 mg once daily:{severity}:{kg}"
            values |= {key: middle + float(kg), f"{key}:low": -2000.0, f"{key}:high": 4000.0}
    found = ModelNumber("x", "X", "", values, Table("", [], []), 1000, (), ())
    figure = harm_benefit_figure(found, weight_kg=88)
    assert figure is not None
    assert figure.table.rows == [
        ["no dermatitis", "600 (−2,000 to 4,000)"],
        ["severe dermatitis", "−600 (−2,000 to 4,000)"],
    ]
    assert "100 kg" in figure.sentences[0]
    assert figure.drawing.startswith("<svg")
    assert harm_benefit_figure(ModelNumber("x", "X", "", {}, Table("", [], []), 1, (), ()), 70) is None
