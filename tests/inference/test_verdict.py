"""When something is said: the bound on wrong verdicts, shown where likelihoods are exact, and the guards."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.inference.hypotheses import CLASSES
from anagen.inference.verdict import CANNOT_TELL, doubts_of, merged, shares, verdict

NAMES = ("none", "drug", "trigger", "unrecorded")
LOGS = st.lists(st.floats(-200, 200), min_size=4, max_size=4)


@pytest.mark.parametrize("counts", [1, 4, 16, 64])
@pytest.mark.parametrize("truth", range(4))
def test_wrong_at_most_one_in_twenty_whichever_is_true(truth, counts):
    # Classes whose likelihood is exact: the mean of normal data is itself normal, about another centre in each class.
    rng = np.random.default_rng(counts)
    centre, spread = np.array([0.0, 0.4, 0.8, 1.2]), 0.3
    deviation = math.sqrt(spread**2 + 1 / counts)
    prior = dict(zip(NAMES, (0.7, 0.1, 0.15, 0.05), strict=True))
    wrong = 0
    for mean in rng.normal(centre[truth], deviation, 2000):
        log = -0.5 * ((mean - centre) / deviation) ** 2
        says = verdict(dict(zip(NAMES, log, strict=True)), prior).says
        wrong += says not in (NAMES[truth], CANNOT_TELL)
    assert wrong <= 0.05 * 2000


def test_it_says_something_where_classes_are_far_apart():
    prior = dict.fromkeys(NAMES, 0.25)
    assert verdict({"none": 0, "drug": 12, "trigger": 1, "unrecorded": 2}, prior).says == "drug"


@given(LOGS)
@settings(deadline=None, max_examples=100)
def test_a_verdict_is_the_likeliest_and_alone(log):
    prior = dict(zip(NAMES, (0.6, 0.2, 0.15, 0.05), strict=True))
    found = verdict(dict(zip(NAMES, log, strict=True)), prior)
    assert sum(found.probability.values()) == pytest.approx(1)
    if found.says == CANNOT_TELL:
        assert found.reasons
    else:
        assert found.complete
        assert found.remaining == (found.says,)
        assert found.probability[found.says] >= 0.95
        assert all(e >= 20 for name, e in found.against.items() if name != found.says)


@given(LOGS, st.floats(-50, 50))
@settings(deadline=None, max_examples=50)
def test_only_ratios_of_likelihoods_count(log, more):
    prior = dict.fromkeys(NAMES, 0.25)
    one = verdict(dict(zip(NAMES, log, strict=True)), prior)
    other = verdict({name: value + more for name, value in zip(NAMES, log, strict=True)}, prior)
    for name in NAMES:
        assert one.probability[name] == pytest.approx(other.probability[name], abs=1e-9)


def test_a_mixture_with_pattern_loss_counts_with_its_effluvium():
    log, prior = merged(
        {"none": 0.0, "drug": 1.0, "drug + pattern": 3.0}, {"none": 0.8, "drug": 0.15, "drug + pattern": 0.05}
    )
    assert prior == {"none": 0.8, "drug": pytest.approx(0.2)}
    assert math.exp(log["drug"]) == pytest.approx(0.75 * math.e + 0.25 * math.e**3)
    assert shares(log, prior)["none"] == pytest.approx(0.8 / (0.8 + 0.15 * math.e + 0.05 * math.e**3))


def test_what_is_left_in_common_is_said_and_no_more():
    prior = {"none": 0.6, "drug": 0.1, "trigger": 0.2, "drug + trigger": 0.1}
    found = verdict({"none": -20, "drug": -20, "trigger": 0, "drug + trigger": 0}, prior)
    assert (found.says, found.complete) == ("trigger", False)
    assert "whether by the drug as well cannot be told" in found.in_words
    assert found.right("trigger")
    assert found.right("drug + trigger")
    assert found.wrong("drug")
    alone = verdict({"none": -20, "drug": -20, "trigger": 0, "drug + trigger": -20}, prior)
    assert alone.complete
    assert alone.wrong("drug + trigger")
    silent = verdict({"none": 0, "drug": 0, "trigger": 0, "drug + trigger": 0}, prior)
    assert not silent.right("none")
    assert not silent.wrong("none")


def test_doubts_keep_it_silent():
    prior = dict.fromkeys(NAMES, 0.25)
    sure = {"none": 0.0, "drug": 30.0, "trigger": 0.0, "unrecorded": 0.0}
    assert verdict(sure, prior).says == "drug"
    for doubt in (doubts_of(9.0, 1.0, 100), doubts_of(2.0, 8.0, 100), doubts_of(2.0, 1.0, 2.0)):
        assert verdict(sure, prior, doubts=doubt).says == CANNOT_TELL
    assert doubts_of(2.0, 2.0, 100) == ()


def test_every_class_has_words():
    assert all(words for words in CLASSES.values())
