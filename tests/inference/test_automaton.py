"""A diary made by another program: a scalp follicle by follicle, written here in plain NumPy, which the fit never sees.

Each follicle waits its own random times in anagen, catagen, telogen and exogen; nothing of the engine is used.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.diaries import FEVER, START, WEEKS, record

from anagen.inference.fit import fit
from anagen.inference.verdict import CANNOT_TELL

FOLLICLES = 100_000
STAGES = ((250.0,) * 4, (4.5,) * 4, (80 / 14,) * 14, (8.0,), (30.0,) * 3)  # mean days; the last is kenogen
MEAN = np.concatenate(STAGES)
ANAGEN, LAST_HAIR = 4, 22


def sheds(rng, *, pulse=0.0, drug=0.0, days=7 * WEEKS):
    """Hairs shed on each day. Each day a follicle leaves its stage with the chance of an exponential time, at most
    twice; a pulse sends a share of anagen to catagen on the fever's day, the drug an extra share each day."""
    share = MEAN * np.r_[np.ones(23), 0.15 * np.ones(3)]
    stage = rng.choice(26, FOLLICLES, p=share / share.sum())
    shed = np.zeros(days)
    for day in range(-60, days):
        if day == FEVER and pulse:
            stage[(stage < ANAGEN) & (rng.random(FOLLICLES) < pulse)] = ANAGEN
        if drug and day >= START:
            stage[(stage < ANAGEN) & (rng.random(FOLLICLES) < drug / 1000)] = ANAGEN
        left = np.ones(FOLLICLES)
        for _ in range(2):
            wait = rng.exponential(MEAN[stage])
            moves = wait < left
            left = np.where(moves, left - wait, 0.0)
            falls = moves & (stage == LAST_HAIR)
            if day >= 0:
                shed[day] += falls.sum()
            empty = falls & (rng.random(FOLLICLES) < 0.15)
            onward = np.where(stage == LAST_HAIR, np.where(empty, 23, 0), np.where(stage == 25, 0, stage + 1))
            stage = np.where(moves, onward, stage)
    return shed


def counts(rng, shed, number, capture=0.12, dispersion=1.8):
    """What is found: a share, more scattered than chance."""
    day = np.round(np.linspace(0, shed.size - 1, number)).astype(int)
    rate = rng.gamma(capture * shed[day] / (dispersion - 1), dispersion - 1)
    return rng.poisson(rate)


def test_the_automaton_is_a_healthy_scalp():
    shed = sheds(np.random.default_rng(1))
    assert shed.mean() == pytest.approx(89.3, rel=0.03)
    assert shed[-60:].mean() == pytest.approx(shed[:60].mean(), rel=0.05)


@pytest.mark.parametrize("number", [9, 36])
@pytest.mark.parametrize("truth", ["none", "trigger", "drug"])
def test_of_diaries_by_the_automaton_nothing_wrong_is_said(truth, number):
    rng = np.random.default_rng(number)
    shed = sheds(rng, pulse=0.25 * (truth == "trigger"), drug=1.6 * (truth == "drug"))
    found = fit(record(counts(rng, shed, number)), mode="clinician", forecast=False)
    assert found.verdict.says == CANNOT_TELL or found.verdict.right(truth)


def test_a_marked_fever_is_found_in_weekly_counts():
    rng = np.random.default_rng(8)
    found = fit(record(counts(rng, sheds(rng, pulse=0.3), 36)), mode="clinician", forecast=False)
    assert found.verdict.right("trigger")
    assert found.unknowns["recorded_trigger"]["p05"] < 0.3 < found.unknowns["recorded_trigger"]["p95"]
