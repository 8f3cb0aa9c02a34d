"""The side effects of isotretinoin: the article's whole list, every number sourced, nothing weak shown as sure."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import get_args

import pytest

from anagen.evidence import source
from anagen.evidence.side_effects import OFTEN, Frequency, Often, SideEffect, load_side_effects

EFFECTS = load_side_effects("isotretinoin")
FOLDER = resources.files("anagen.treatments.isotretinoin")
FINDINGS = [
    pytest.param(effect, finding, id=f"{key}-{place}")
    for key, effect in EFFECTS.items()
    for place, finding in enumerate(effect.frequency)
]

# The article's two lists, word for word as the claims table gives them, and the percent it prints.
IN_THE_ARTICLE = {
    "triglycerides": 25.0,
    "back-pain": 29.0,
    "conjunctivitis": 4.0,
    "blepharitis": 1.0,
    "chalazion": 1.0,
    "hordeolum": 1.0,
    **dict.fromkeys(
        [
            "dry-skin",
            "cheilitis",
            "joint-pain",
            "muscle-pain",
            "headache",
            "dry-eyes",
            "nosebleeds",
            "depression",
            "mood-change",
            "rash",
            "sun-sensitivity",
        ],
        "listed",
    ),
    **dict.fromkeys(
        [
            "hepatitis",
            "permanent-hair-loss",
            "night-vision",
            "bone-density",
            "blood-pressure",
            "erectile-dysfunction",
            "birth-defects",
            "blood-sugar",
            "nausea",
            "diarrhoea",
            "white-cells",
            "bruising",
            "allergy",
            "hearing",
            "tinnitus",
            "vision",
            "peeling",
            "creatine-kinase",
        ],
        "rare",
    ),
}

# Known besides the article: responses 3-6 and hair 5.4.
KNOWN_BESIDES = [
    "eczema",
    "skin-fragility",
    "itch",
    "severe-skin-reactions",
    "tear-film",
    "any-eye-problem",
    "dry-nose",
    "self-harm",
    "intracranial-hypertension",
    "total-cholesterol",
    "hdl-cholesterol",
    "ldl-cholesterol",
    "liver-enzymes",
    "esr",
    "homocysteine",
    "low-folate",
    "low-b12",
    "low-biotinidase",
    "low-vitamin-e",
    "pancreatitis",
    "bowel-disease",
    "hair-shedding",
    "miscarriage",
    "tiredness",
    "any-side-effect",
]

# (effect, percent, affected, people, dose, source) as the evidence prints them.
PUBLISHED = [
    ("cheilitis", 47, None, None, "below 0.25", "rademaker-2010"),
    ("cheilitis", 96, None, None, "above 0.75", "rademaker-2010"),
    ("cheilitis", 78, None, 1743, "all doses", "rademaker-2010"),
    ("cheilitis", 97.9, 47, 48, "10 to 20 mg", "zhang-2023-blog"),
    ("eczema", 7, None, None, "below 0.25", "rademaker-2010"),
    ("eczema", 16, None, None, "above 0.75", "rademaker-2010"),
    ("tiredness", 5, None, None, "below 0.25", "rademaker-2010"),
    ("tiredness", 18, None, None, "above 0.75", "rademaker-2010"),
    ("hair-shedding", 3.2, 18, 565, "below 0.5", "lytvyn-2022"),
    ("hair-shedding", 5.7, 192, 3375, "0.5 mg/kg a day or more", "lytvyn-2022"),
    ("itch", 10.4, 5, 48, "10 to 20 mg", "zhang-2023-blog"),
    ("nosebleeds", 8.3, 4, 48, "10 to 20 mg", "zhang-2023-blog"),
    ("dry-eyes", 77, None, 230, "30 mg", "saudi-survey"),
    ("dry-nose", 67.4, None, 230, "30 mg", "saudi-survey"),
    ("back-pain", 29.1, 104, 358, "ages 12 to 17", "label-back-pain-paediatric"),
    ("joint-pain", 22.1, 79, 358, "ages 12 to 17", "label-back-pain-paediatric"),
    ("back-pain", 25, None, None, "any dose", "low-back-pain-2023"),
    ("creatine-kinase", 20.1, 31, 154, "not seen", "ck-154"),
    ("creatine-kinase", 1.6, 7, 442, "not seen", "ck-442"),
    ("bone-density", 7.9, None, 217, "teenagers", "fda-paediatric-label"),
    ("triglycerides", 44, None, 13772, "usual", "zane-2006"),
    ("total-cholesterol", 31, None, 13772, "usual", "zane-2006"),
    ("liver-enzymes", 11, None, 13772, "usual", "zane-2006"),
    ("depression", 3.83, None, None, "1 year", "tan-2023"),
    ("birth-defects", 13.9, 5, 36, "any amount", "lammer-1985"),
]

# What the evidence marks [unverified], weak or suspect, and what only the article says.
NOT_SURE = [
    ("back-pain", "article"),
    ("back-pain", "label-back-pain-paediatric"),
    ("joint-pain", "label-back-pain-paediatric"),
    ("triglycerides", "article"),
    ("triglycerides", "amichai-copy"),
    ("triglycerides", "lee-2016"),
    ("triglycerides", "mussenhealth-lipids"),
    ("liver-enzymes", "amichai-copy"),
    ("conjunctivitis", "article"),
    ("blepharitis", "article"),
    ("chalazion", "article"),
    ("hordeolum", "article"),
    ("bruising", "article"),
    ("tinnitus", "article"),
    ("blood-pressure", "article"),
    ("birth-defects", "fetal-ultrasound-page"),
    ("night-vision", "smpc-adverse-list"),
    ("hearing", "smpc-adverse-list"),
    ("bowel-disease", "smpc-adverse-list"),
    ("severe-skin-reactions", "smpc-adverse-list"),
    ("intracranial-hypertension", "smpc-adverse-list"),
    ("hair-shedding", "kmiec-2013"),
    ("low-vitamin-e", "akturk-2013"),
    ("cheilitis", "vitamin-e-cod-liver-2013"),
    ("nosebleeds", "vitamin-e-cod-liver-2013"),
]

# `often` does not follow the finding that rests on the most people, and why.
EXCEPTIONS = {"creatine-kinase": "the largest study counted only values above 5000"}


def test_every_entry_of_the_article_is_there() -> None:
    for key, says in IN_THE_ARTICLE.items():
        effect = EFFECTS[key]
        if isinstance(says, str):
            assert effect.article == says, key
        else:
            assert effect.article == f"{says:g} %", key
            assert [one.percent for one in effect.frequency if one.asked == "the article"] == [says], key
    assert {key for key, effect in EFFECTS.items() if effect.article} == set(IN_THE_ARTICLE)


def test_what_is_known_besides_is_there() -> None:
    assert set(KNOWN_BESIDES) <= {key for key, effect in EFFECTS.items() if effect.article is None}


@pytest.mark.parametrize(("key", "percent", "affected", "people", "dose", "cited"), PUBLISHED)
def test_published_numbers(
    key: str, percent: float, affected: int | None, people: int | None, dose: str, cited: str
) -> None:
    found = [one for one in EFFECTS[key].frequency if cited in one.source and one.percent == percent]
    assert [(one.affected, one.people) for one in found] == [(affected, people)]
    assert dose in found[0].dose


@pytest.mark.parametrize(("effect", "finding"), FINDINGS)
def test_every_finding_has_a_source_and_says_when_it_is_weak(effect: SideEffect, finding: Frequency) -> None:
    weak = [not source(key).verified for key in finding.source]
    assert weak
    assert finding.unverified or not all(weak)
    assert (finding.asked == "the article") == (finding.source == ("article",))


@pytest.mark.parametrize(("key", "cited"), NOT_SURE)
def test_what_the_evidence_doubts_is_marked(key: str, cited: str) -> None:
    found = [one for one in EFFECTS[key].frequency if one.source == (cited,)]
    assert found
    assert all(one.unverified for one in found)


@pytest.mark.parametrize(("effect", "finding"), FINDINGS)
def test_a_percent_is_the_affected_of_the_people(effect: SideEffect, finding: Frequency) -> None:
    if finding.affected is not None and finding.people is not None:
        assert finding.percent == pytest.approx(100 * finding.affected / finding.people, abs=0.05)


def test_outcomes_are_simulated_ones() -> None:
    outcomes = tomllib.loads(FOLDER.joinpath("outcomes.toml").read_text("utf-8"))
    named = {effect.outcome for effect in EFFECTS.values() if effect.outcome}
    assert named <= set(outcomes)
    probabilities = {key for key, outcome in outcomes.items() if outcome["statistic"] == "largest_probability"}
    assert probabilities <= named  # no simulated side effect without its entry


def class_of(percent: float) -> Often:
    """The cut-offs of CIOMS."""
    if percent >= 10:
        return "very common"
    if percent >= 1:
        return "common"
    return "uncommon" if percent >= 0.1 else "rare"


def class_of_a_label(finding: Frequency) -> Often | None:
    """The class a label gives, "very rare" with "rare"; a row may name several, the more frequent first."""
    names: dict[str, Often] = {
        "very common (": "very common",
        "common (": "common",
        "rare (": "rare",
        "very rare (": "rare",
        "rare or very rare (": "rare",
    }
    return next((often for name, often in names.items() if finding.in_words.startswith(name)), None)


@pytest.mark.parametrize("key", EFFECTS)
def test_often_follows_from_the_verified_findings(key: str) -> None:
    sure = [one for one in EFFECTS[key].frequency if not one.unverified]
    counted = [
        (one.people or 0, top) for one in sure if (top := one.high if one.percent is None else one.percent) is not None
    ]
    labels = [often for one in sure if (often := class_of_a_label(one))]
    expected: Often = "not known"
    if counted:
        expected = class_of(max(counted)[1])
    elif labels:
        expected = min(labels, key=list(OFTEN).index)
    if key in EXCEPTIONS:
        assert EFFECTS[key].often != expected, "no exception any more"
        assert EFFECTS[key].often in {class_of(percent) for _, percent in counted}
    else:
        assert EFFECTS[key].often == expected


def test_birth_defects_are_grave_and_never_by_dose() -> None:
    assert next(iter(EFFECTS)) == "birth-defects"
    for key, effect in EFFECTS.items():
        if effect.group == "pregnancy":
            assert effect.serious, key
            assert {one.dose for one in effect.frequency} == {"any amount"}, key
            assert "any amount" in effect.note.casefold(), key
            assert effect.outcome is None, key
    told = " ".join(one.in_words for one in EFFECTS["birth-defects"].frequency)
    assert "1.04" not in told  # the later odds ratio reflects selection


@pytest.mark.parametrize(
    "key",
    [
        "self-harm",
        "depression",
        "pancreatitis",
        "intracranial-hypertension",
        "bowel-disease",
        "severe-skin-reactions",
        "hepatitis",
        "allergy",
        "hearing",
        "night-vision",
        "vision",
    ],
)
def test_what_can_be_grave_says_so(key: str) -> None:
    assert EFFECTS[key].serious


def test_the_order_is_pregnancy_then_often_then_group() -> None:
    groups = list(get_args(SideEffect.model_fields["group"].annotation))
    places = [
        (effect.group != "pregnancy", list(OFTEN).index(effect.often), groups.index(effect.group))
        for effect in EFFECTS.values()
    ]
    assert places == sorted(places)


def test_texts_promise_nothing() -> None:
    for key, effect in EFFECTS.items():
        text = " ".join([effect.name, effect.note, *(one.in_words for one in effect.frequency)]).casefold()
        assert not {"safe", "harmless", "should", "caused"} & set(text.replace(".", " ").replace(",", " ").split()), key
