"""The rules behind certainty and verdicts: cases by hand, and what must hold for all."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.evidence.grade import CAPS, NAMES, SMALL, START, Body, Design, certainty
from anagen.evidence.verdict import FACTS, RULE, Finding, Part, Verdict, verdict

# Judgements from least to most concern, as GRADE has them.
BIAS = ("no concern", "serious", "very serious")
CONSISTENCY = ("consistent", "inconsistent")
DIRECTNESS = ("direct", "indirect", "very indirect")
OBSERVED = ("cohort", "before and after", "case-control", "cross-sectional", "survey")

FINDINGS: tuple[Finding, ...] = get_args(Finding)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
SOME_FINDINGS = st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=6)


def body(design: str = "trials", people: int = 1000, **judged: Any) -> Body:
    """Several large studies without any concern, but for what is named."""
    given = {"studies": 3, "bias": "no concern", "consistency": "consistent", "directness": "direct", **judged}
    return Body.model_validate({"design": design, "people": people, "why": "x", "source": ("assumed",), **given})


def parts(*findings: Finding) -> list[Part]:
    return [Part(says="x", finding=finding, source=("assumed",)) for finding in findings]


BODIES = st.builds(
    body,
    st.sampled_from(get_args(Design)),
    st.integers(0, 5000),
    studies=st.integers(0, 20),
    bias=st.sampled_from(BIAS),
    consistency=st.sampled_from((*CONSISTENCY, "one study")),
    directness=st.sampled_from(DIRECTNESS),
    large_effect=st.booleans(),
    dose_response=st.booleans(),
    surrogate=st.booleans(),
)


@pytest.mark.parametrize(
    ("wanted", "of"),
    [
        ("high", body()),
        ("high", body("official text", people=0, studies=1)),
        ("moderate", body(bias="serious")),
        ("moderate", body(consistency="inconsistent")),
        ("moderate", body(people=99)),  # few people in several trials
        ("high", body(people=100)),
        ("low", body(people=99, studies=1)),  # one small trial
        ("low", body(bias="very serious")),
        ("low", body(bias="serious", directness="indirect")),
        ("very low", body(bias="very serious", directness="very indirect")),
        ("low", body(surrogate=True)),
        ("high", body(large_effect=True, dose_response=True)),  # nothing rises above high
        ("low", body("cohort")),
        ("moderate", body("cohort", large_effect=True)),
        ("high", body("cohort", large_effect=True, dose_response=True)),
        ("very low", body("cohort", bias="serious", large_effect=True)),  # a biased large effect adds nothing
        ("very low", body("cohort", people=42)),
        ("low", body("cohort", people=42, studies=1, large_effect=True, dose_response=True)),
        ("very low", body("case series", large_effect=True)),
        ("very low", body("one account", people=1, studies=1)),
        ("very low", body("none", people=0, studies=0)),
    ],
)
def test_certainty_by_hand(wanted: str, of: Body) -> None:
    assert certainty(of).name == wanted


@given(BODIES)
def test_certainty_is_one_of_four_and_begins_at_the_design(of: Body) -> None:
    found = certainty(of)
    assert found.level in NAMES
    assert found.steps[0] == f"starts {NAMES[START[of.design]]} ({of.design})"
    assert len(found.dots) == 4
    assert found.dots.count("●") == found.level


@pytest.mark.parametrize(("field", "order"), [("bias", BIAS), ("consistency", CONSISTENCY), ("directness", DIRECTNESS)])
@given(of=BODIES)
def test_a_concern_never_raises_certainty(field: str, order: tuple[str, ...], of: Body) -> None:
    levels = [certainty(of.model_copy(update={field: judged})).level for judged in order]
    assert levels == sorted(levels, reverse=True)


@given(BODIES, st.integers(0, 5000))
def test_more_people_never_lower_certainty(of: Body, more: int) -> None:
    assert certainty(of.model_copy(update={"people": of.people + more})).level >= certainty(of).level


@given(BODIES)
def test_a_step_up_takes_an_observed_design_without_bias(of: Body) -> None:
    plain = certainty(of.model_copy(update={"large_effect": False, "dose_response": False})).level
    if of.design not in OBSERVED or of.bias != "no concern":
        assert certainty(of).level == plain
    assert certainty(of).level >= plain


@given(BODIES)
def test_caps_hold(of: Body) -> None:
    level = certainty(of).level
    if of.surrogate:
        assert level <= CAPS["laboratory surrogate"]
    if of.studies <= 1 and of.people < SMALL and of.design != "official text":
        assert level <= CAPS["one small study"]


@pytest.mark.parametrize(
    ("wanted", "findings"),
    [
        ("not studied", ["not studied"]),
        ("not studied", ["not studied", "not studied"]),
        ("supported", ["agrees"]),
        ("supported", ["agrees", "agrees"]),
        ("partly", ["agrees", "not studied"]),
        ("partly", ["agrees", "disagrees"]),
        ("partly", ["agrees", "mixed", "not studied"]),
        ("contradicted", ["disagrees"]),
        ("contradicted", ["disagrees", "not studied"]),
        ("unclear", ["mixed"]),
        ("unclear", ["mixed", "disagrees"]),
        ("unclear", ["mixed", "not studied"]),
    ],
)
def test_verdict_by_hand(wanted: Verdict, findings: list[Finding]) -> None:
    assert verdict(parts(*findings)) == wanted


@given(SOME_FINDINGS)
def test_a_safety_rule_is_a_safety_rule_whatever_studies_find(findings: list[Finding]) -> None:
    assert verdict(parts(*findings), safety=True) == "safety rule"
    assert verdict(parts(*findings)) != "safety rule"


@given(SOME_FINDINGS, st.randoms())
def test_the_order_of_parts_does_not_matter(findings: list[Finding], random: Any) -> None:
    shuffled = random.sample(findings, len(findings))
    assert verdict(parts(*findings)) == verdict(parts(*shuffled))


@given(SOME_FINDINGS)
def test_supported_takes_every_part_and_contradicted_lets_none_agree(findings: list[Finding]) -> None:
    found = verdict(parts(*findings))
    assert (found == "supported") == (set(findings) == {"agrees"})
    assert ("agrees" in findings) == (found in ("supported", "partly"))


def test_every_verdict_has_its_line_in_the_rule_and_its_fact() -> None:
    assert {name for name, _ in RULE} == set(FACTS) == set(VERDICTS)
