"""The rule language: good and bad rules, and the round trip through the normal form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.errors import InputError
from anagen.regimen import Until
from anagen.trial.rules import (
    Hold,
    HoldUntil,
    Level,
    ReduceBy,
    ReduceTo,
    Resume,
    Rule,
    Stop,
    Symptom,
    Week,
    parse_rule,
)
from anagen.trial.vocabulary import vocabulary

WORDS = vocabulary()
TG, ALT = WORDS.signals["tg"], WORDS.signals["alt"]
CHEILITIS = Symptom("cheilitis", "cheilitis")

GOOD = [
    (
        "when triglycerides > 500 mg/dL at a visit then hold 4 weeks",
        Rule(((Level(TG, ">", 500.0),),), 1, Hold(4)),
        "when triglycerides > 500 mg/dL then hold 4 weeks",
    ),
    ("IF  tg ABOVE 500, then pause for 1 week.", Rule(((Level(TG, ">", 500.0),),), 1, Hold(1)), None),
    (
        "when ALT > 3 × ULN then stop",
        Rule(((Level(ALT, ">", 3.0, "ULN"),),), 1, Stop()),
        "when ALT > 3 x ULN then stop",
    ),
    (
        "when alt is at least 3 times the upper limit of normal then stop",
        Rule(((Level(ALT, ">=", 3.0, "ULN"),),), 1, Stop()),
        None,
    ),
    ("when cheilitis then reduce to 10 mg", Rule(((CHEILITIS,),), 1, ReduceTo(10.0)), None),
    (
        "when dry lips then reduce by half",
        Rule(((CHEILITIS,),), 1, ReduceBy(50.0)),
        "when cheilitis then reduce by half",
    ),
    (
        "when cheilitis then reduce by 50 %",
        Rule(((CHEILITIS,),), 1, ReduceBy(50.0)),
        "when cheilitis then reduce by half",
    ),
    ("until 120 mg/kg", Rule((), 1, Until(120.0, True)), "until 120 mg/kg"),
    ("until 7000mg", Rule((), 1, Until(7000.0, False)), "until 7000 mg"),
    (
        "when ALT rises by 50% or TG falls by 10 % and week >= 8 at 2 visits in a row then hold until ALT < 1.5 x ULN",
        Rule(
            ((Level(ALT, ">=", 50.0, "start"),), (Level(TG, "<=", -10.0, "start"), Week(">=", 8.0))),
            2,
            HoldUntil(Level(ALT, "<", 1.5, "ULN")),
        ),
        None,
    ),
    ("when joint or muscle pain or back pain then resume", None, None),
    ("when ALT under 40 then resume at half", Rule(((Level(ALT, "<", 40.0),),), 1, Resume(50.0)), None),
    ("when ALT <= 40 U/L then resume at 10 mg", Rule(((Level(ALT, "<=", 40.0),),), 1, Resume(100.0, 10.0)), None),
]


@pytest.mark.parametrize(("text", "meant", "normal"), GOOD)
def test_good(text: str, meant: Rule | None, normal: str | None) -> None:
    rule = parse_rule(text)
    if meant is not None:
        assert rule == meant
    if normal is not None:
        assert rule.text == normal
    assert parse_rule(rule.text) == rule


def test_or_inside_the_name_of_a_symptom_is_no_or() -> None:
    rule = parse_rule("when joint or muscle pain or back pain then stop")
    assert [[c.text for c in group] for group in rule.conditions] == [["joint or muscle pain"], ["back pain"]]
    assert rule.series == ("joint_or_muscle_pain", "back_pain")


BAD = [
    # text, part of the message, words under the caret, part of a nearest
    ("when triglicerides > 500 then stop", "unknown signal", "triglicerides", "when triglycerides > 500 then stop"),
    ("when ALT > 3 x UNL then stop", "not understood", "UNL", "when ALT > 3 x ULN then stop"),
    ("when blood fat > 3 then stop", "unknown signal or symptom: blood fat", "blood fat", ""),
    ("when ALT > 500 mg/dL then stop", "ALT is not in mg/dL", "mg/dL", "U/L"),
    ("when ALT > 500 mmol/L then stop", "not understood", "mmol/L", ""),
    ("when HDL > 2 x ULN then stop", "no upper limit of normal is known for HDL", "ULN", ""),
    ("when cheilitis", "ends too early", "", ""),
    ("when cheilitis then", "ends too early", "", "when cheilitis then stop"),
    ("when ALT then stop", "not understood", "then", ""),
    ("when ALT > 1,5 then stop", "not understood", "1,5", ""),
    ("when ALT > 1e3 then stop", "not understood", "e3", ""),
    ("when ALT > -3 then stop", "not understood", "-3", ""),
    ("when cheilitis then reduce by 100 %", "leaves no dose", "reduce by 100 %", "when cheilitis then stop"),
    ("when cheilitis then reduce to 0 mg", "the dose is zero", "0", "when cheilitis then reduce to 10 mg"),
    ("when cheilitis then hold 1.5 weeks", "not a number of weeks", "1.5", "when cheilitis then hold 2 weeks"),
    ("when cheilitis then hold 4", "ends too early", "", "when cheilitis then hold 4 weeks"),
    ("when cheilitis then stop now", "not understood", "now", "when cheilitis then stop"),
    ("when cheilitis hold 4 weeks", "not understood", "hold", "when cheilitis then hold 4 weeks"),
    ("cheilitis then stop", "not understood", "cheilitis", "when cheilitis then stop"),
    ("when cheilitis at 0 visits in a row then stop", "visits in a row", "0", ""),
    ("when TG falls by 150 % then stop", "more than 100", "150", ""),
    ("until 0 mg", "the total is zero", "0", "until 120 mg"),
    ("until 120", "ends too early", "", "until 120 mg/kg"),
    ("", "the rule is empty", None, "when ALT > 3 x ULN then stop"),
    ("when ALT > 3 then stop " + "x" * 500, "characters long", None, ""),
]


@pytest.mark.parametrize(("text", "message", "marked", "near"), BAD)
def test_bad(text: str, message: str, marked: str | None, near: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rule(text)
    error = caught.value
    assert message in error.message
    assert error.expected
    if marked is not None:
        assert error.where is not None
        at = error.where.column
        assert text[at : at + error.where.length] == marked or (marked == "" and at == len(text))
    assert any(near in offered for offered in error.nearest) or not near


def test_every_rule_that_is_offered_can_be_read() -> None:
    for text, *_ in BAD:
        with pytest.raises(InputError) as caught:
            parse_rule(text)
        for offered in caught.value.nearest:
            if offered.startswith(("when ", "until ")):
                assert parse_rule(parse_rule(offered).text) == parse_rule(offered)


plain = st.decimals(min_value="0.01", max_value="99999", places=2).map(float)
signals = st.sampled_from(sorted(set(WORDS.signals.values()), key=lambda s: s.name))
compare = st.sampled_from([">", ">=", "<", "<="])


@st.composite
def levels(draw: st.DrawFn) -> Level:
    signal = draw(signals)
    kind = draw(st.sampled_from(["none", "start", *["ULN"] * (signal.upper_limit is not None)]))
    if kind == "start":
        change = draw(st.floats(0.5, 100, allow_nan=False).map(lambda x: round(x, 2)))
        return Level(signal, ">=", change, "start") if draw(st.booleans()) else Level(signal, "<=", -change, "start")
    return Level(signal, draw(compare), draw(plain), kind)


symptoms = st.sampled_from(sorted(WORDS.symptom_words.items())).map(lambda item: Symptom(*item))
conditions = levels() | symptoms | st.builds(Week, compare, st.integers(1, 200).map(float))
actions = st.one_of(
    st.builds(Hold, st.integers(1, 300)),
    st.builds(HoldUntil, levels().filter(lambda level: level.relative != "start")),
    st.builds(ReduceTo, plain),
    st.builds(ReduceBy, st.floats(0.5, 99.5).map(lambda x: round(x, 1))),
    st.just(Stop()),
    st.builds(Resume, st.sampled_from([50.0, 100.0])),
    st.builds(Resume, st.just(100.0), plain),
)
groups = st.lists(st.lists(conditions, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
rules = st.builds(Rule, groups, st.integers(1, 6), actions) | st.builds(
    Rule, st.just(()), st.just(1), st.builds(Until, plain, st.booleans())
)


@given(rules)
def test_round_trip(rule: Rule) -> None:
    if len(rule.text) <= 500:
        again = parse_rule(rule.text)
        assert again == rule
        assert again.text == rule.text


def test_every_word_of_the_treatment_is_read() -> None:
    for word, signal in WORDS.signals.items():
        assert parse_rule(f"when {word} > 1 then stop").conditions[0][0].signal == signal  # type: ignore[union-attr]
    for word, name in WORDS.symptoms.items():
        assert parse_rule(f"when {word} then stop").symptoms == (name,)


def test_every_rule_in_the_docs_is_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "trials.md").read_text("utf-8")
    shown = [rule for rule in re.findall(r"`((?:when|until) [^`]*)`", text) if "…" not in rule]
    assert len(shown) > 8
    for rule in shown:
        assert parse_rule(rule).text


def test_another_treatment_needs_only_its_own_file() -> None:
    with pytest.raises(InputError, match="unknown treatment"):
        parse_rule("when ALT > 3 then stop", "nothing")
