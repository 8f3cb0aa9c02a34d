"""Diaries of nobody, made from a seed, for the tests and the pictures of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone

import numpy as np

from anagen.diary.describe.rule import over_dispersed
from anagen.diary.entries import (
    DosePlanned,
    DoseTaken,
    Entry,
    Event,
    Lab,
    Level,
    Note,
    Photo,
    Plan,
    PullTest,
    ShedCount,
    ShedScale,
    Symptom,
    Trichogram,
    Weight,
)

CET = timezone(timedelta(hours=1))
START = date(2026, 1, 5)
TODAY = START + timedelta(days=7 * 20)


def at(day: int, hour: int = 8) -> datetime:
    """So many days after the first dose."""
    return datetime.combine(START + timedelta(days=day), time(hour), CET)


def counts(
    days: Sequence[int], mean: Callable[[int], float], phi: float = 1.5, seed: int = 1, method: str = "comb"
) -> list[Entry]:
    """Counts on some days with a mean for each, over-dispersed."""
    hairs = over_dispersed(np.random.default_rng(seed), np.array([mean(day) for day in days]), phi, 1)[0]
    return [ShedCount(at=at(day), hairs=int(n), method=method) for day, n in zip(days, hairs, strict=True)]


def doses(days: int = 84, mg: float = 20.0) -> list[Entry]:
    """One a day with food."""
    return [DoseTaken(at=at(day, 20), mg=mg, meal="food", product="roaccutane") for day in range(days)]


BEFORE = [-84, -83, -82, -56, -55, -54, -28, -27, -26]
EVERY_WEEK = [7 * week + day for week in range(20) for day in (0, 1, 2)]


def a_rise() -> list[Entry]:
    """A baseline, a rise from week 9 on, doses, events, laboratory values: something of every kind."""
    return [
        *counts(BEFORE + EVERY_WEEK, lambda day: 10.2 if day < 56 else 21.0),
        *doses(),
        Plan(at=at(0), regimen="20 mg once daily with food for 24 weeks"),
        DosePlanned(at=at(84, 20), mg=20.0),
        DoseTaken(at=at(84, 20), mg=0.0),
        Weight(at=at(-3), kg=70.0),
        Weight(at=at(60), kg=68.5),
        Event(at=at(-40), what="fever", days=4, temperature_c=39.2, name="influenza, says Dr X"),
        Event(at=at(10), what="weight-loss", kg=-4.0, days=30),
        Event(at=at(70), what="stress", days=14),
        Event(at=at(80), what="low-iron"),
        Lab(at=at(-7), name="triglycerides", value=92.0, unit="mg/dL", high=150.0, fasting=True),
        Lab(at=at(28), name="triglycerides", value=1.9, unit="mmol/L", high=1.7, fasting=True),
        Lab(at=at(28), name="ALT", value=24.0, unit="U/L", low=5.0, high=45.0),
        Lab(at=at(28), name="ferritin", value=18.0, unit="ug/L", low=15.0, high=150.0),
        Level(at=at(28), ng_per_ml=180.0, hours_after_dose=12.0),
        PullTest(at=at(70), hairs=4, pulled=55, club=4),
        Trichogram(at=at(71), anagen=76, telogen=20, catagen=2, dystrophic=2, site="crown"),
        ShedScale(at=at(70), scale="sinclair", grade=4),
        Symptom(at=at(14), name="dry-lips", grade=3),
        Symptom(at=at(14), name="dermatitis", grade=1),
        Photo(at=at(1), view="part-line", kept_at="album 3"),
        Note(at=at(2), text="new pillow"),
    ]


def no_rise() -> list[Entry]:
    """The same without any change."""
    return [*counts(BEFORE + EVERY_WEEK, lambda day: 10.2, seed=2), *doses(), Weight(at=at(-3), kg=70.0)]


def no_baseline() -> list[Entry]:
    """Counts only after the first dose."""
    return [*counts(EVERY_WEEK, lambda day: 15.0, seed=3), *doses(28)]
