"""Beside the fit, what clinicians use: Naranjo's questions, the WHO-UMC category, latency, and the base rate.

Answered from the record alone, by plain rules that can be read here. What a record cannot answer counts 0 and is named.
The questions and points are recalled from the field's usual form, not taken from the papers [unverified]; the cut-offs
are the project's own statement of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .record import Count, Record

ROSE = 1.5
TELOGEN_DAYS, ANAGEN_DAYS = (30, 183), 28
FIRST_POSSIBLE = 28
"""Days after a first dose before which shedding still counts as that without the drug."""
GAP = 56
"""Days without a dose after which the drug counts as stopped for hair: a telogen takes about 80 days to show."""
WINDOW = 150
MOST_WITHOUT_RECHALLENGE = 8
BASE_RATE = (
    "If 2 in 100 notice shedding anyway, the drug is the cause in 38 of 100 who complain at a low dose and in 65 of "
    "100 at a higher one (pooled complaints 3.2 % and 5.7 %)."
)
BANDS = ((9, "definite"), (5, "probable"), (1, "possible"), (-99, "doubtful"))


@dataclass(frozen=True)
class Change:
    """Counts of one stretch over those of another: the ratio with a 90 % interval, from an over-dispersed model."""

    ratio: float
    low: float
    high: float

    @property
    def rose(self) -> bool:
        """At least 1.5 times, and surely above 1."""
        return self.ratio >= ROSE and self.low > 1

    @property
    def fell(self) -> bool:
        """Surely below 1."""
        return self.high < 1


@dataclass(frozen=True)
class Answer:
    """One of Naranjo's questions: what was found and its points."""

    question: str
    found: str
    points: int


@dataclass(frozen=True)
class Causality:
    """`naranjo` with its `band` and `answers`; `who_umc`; `latency_days` from the first dose to the first of two counts
    in a row above 1.5 times the own mean before it, with what that fits; `base_rate` in words."""

    naranjo: int
    band: str
    answers: tuple[Answer, ...]
    who_umc: str
    latency_days: int | None
    latency: str
    base_rate: str


def causality(record: Record) -> Causality | None:
    """The scores; None where no dose was taken."""
    if record.first_dose is None:
        return None
    spells = _spells(record)
    before, after = _around(record, spells[0])
    onset = _onset(record, before)
    rise = change(before, after)
    off = _after(record, spells[0][1], spells[1][0] if len(spells) > 1 else record.last + 1)
    fall = change(after, off)
    again = change(off, _around(record, spells[1])[1]) if len(spells) > 1 else None
    others = [event for event in record.events if onset is not None and 20 <= onset - event.day <= 200]
    low_iron = any(value.value < 40 for value in record.ferritin)
    alternatives = bool(others) or low_iron
    rose = rise is not None and rise.rose and onset is not None and onset > record.first_dose
    answers = (
        Answer("earlier conclusive reports", "hair loss stands in the drug's label", 1),
        Answer("began after the drug", *_three(rise, rose, "rose after the first dose", "did not rise by half", 2, -1)),
        Answer(
            "better when it was stopped", *_two(fall, fall is not None and fall.fell, "fell after the last dose", 1)
        ),
        Answer(
            "came again with the drug",
            *_three(again, again is not None and again.rose, "rose again", "did not rise again", 2, -1),
        ),
        Answer(
            "other causes",
            "another recorded trigger, or low ferritin, in the months before" if alternatives else "none recorded",
            -1 if alternatives else 2,
        ),
        Answer("came with a placebo", "not in the record", 0),
        Answer("toxic level in the blood", "no such level is known for hair", 0),
        Answer("worse with more of it", "not judged from a record", 0),
        Answer("the same earlier", "not in the record", 0),
        Answer("objective evidence", "counted" if rose else "counted, but no rise", 1 if rose else 0),
    )
    total = sum(answer.points for answer in answers)
    if again is None:
        total = min(total, MOST_WITHOUT_RECHALLENGE)
    latency = onset - record.first_dose if onset is not None else None
    return Causality(
        naranjo=total,
        band=next(name for least, name in BANDS if total >= least),
        answers=answers,
        who_umc=_who_umc(rose, latency, alternatives, fall, again),
        latency_days=latency,
        latency=_latency(latency),
        base_rate=BASE_RATE,
    )


def change(first: Sequence[Count], then: Sequence[Count]) -> Change | None:
    """Ratio of the means of `then` to `first`, by the method that both have most of; None with under two of each.

    >>> change([Count(d, 10, "comb") for d in range(9)], [Count(d, 20, "comb") for d in range(9)]).ratio
    2.0
    """
    shared = [m for m in ("comb", "wash", "day") if min(_of(first, m).size, _of(then, m).size) >= 2]
    if not shared:
        return None
    method = max(shared, key=lambda m: min(_of(first, m).size, _of(then, m).size))
    a, b = _of(first, method), _of(then, method)
    one, other = max(float(a.mean()), 0.25), max(float(b.mean()), 0.25)
    freedom = a.size + b.size - 2
    dispersion = max(1.0, float((((a - one) ** 2).sum() / one + ((b - other) ** 2).sum() / other) / freedom))
    spread = math.sqrt(dispersion * (1 / (one * a.size) + 1 / (other * b.size)))
    ratio = other / one
    return Change(ratio, ratio * math.exp(-1.645 * spread), ratio * math.exp(1.645 * spread))


def _of(counts: Sequence[Count], method: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([count.hairs / count.interval_days for count in counts if count.method == method], float)


def _spells(record: Record) -> list[tuple[float, float]]:
    """First and last day of each stretch of doses."""
    spells: list[tuple[float, float]] = []
    for dose in record.doses:
        if dose.mg > 0:
            if spells and dose.day - spells[-1][1] <= GAP:
                spells[-1] = (spells[-1][0], dose.day)
            else:
                spells.append((dose.day, dose.day))
    return spells


def _around(record: Record, spell: tuple[float, float]) -> tuple[list[Count], list[Count]]:
    """Counts that the spell cannot have touched yet, and those that it can."""
    before = [c for c in record.counts if c.day <= spell[0] + FIRST_POSSIBLE]
    after = [c for c in record.counts if spell[0] + 60 <= c.day <= max(spell[1] + 60, spell[0] + WINDOW)]
    return before, after


def _after(record: Record, stopped: float, again: float) -> list[Count]:
    """Counts late enough after the last dose of a spell to show that it ended."""
    return [c for c in record.counts if stopped + 110 <= c.day < again + FIRST_POSSIBLE]


def _onset(record: Record, before: Sequence[Count]) -> int | None:
    """The first of two counts in a row above 1.5 times the mean before the drug could act."""
    for method in ("comb", "wash", "day"):
        usual = _of(before, method)
        if usual.size < 2:
            continue
        rows = [c for c in record.counts if c.method == method and c not in before]
        high = [c.hairs / c.interval_days > ROSE * max(float(usual.mean()), 0.5) for c in rows]
        for i in range(len(rows) - 1):
            if high[i] and high[i + 1]:
                return int(rows[i].day // 1)
    return None


def _three(found: Change | None, yes: bool, said: str, denied: str, plus: int, minus: int) -> tuple[str, int]:
    if found is None:
        return "too few counts", 0
    return (said, plus) if yes else (denied, minus)


def _two(found: Change | None, yes: bool, said: str, plus: int) -> tuple[str, int]:
    if found is None:
        return "too few counts", 0
    return (said, plus) if yes else ("did not surely fall", 0)


def _latency(days: int | None) -> str:
    if days is None:
        return "no two counts in a row above 1.5 times the own mean before the drug could act"
    low, high = TELOGEN_DAYS
    if days <= ANAGEN_DAYS:
        return "within four weeks, as an anagen effluvium by a drug begins"
    return (
        "one to six months, as a telogen effluvium by a drug begins"
        if low <= days <= high
        else "outside the known times"
    )


def _who_umc(rose: bool, latency: int | None, alternatives: bool, fall: Change | None, again: Change | None) -> str:
    """The category; "certain" needs a rechallenge."""
    if not rose or latency is None:
        return "unlikely" if latency is None and fall is not None else "unassessable"
    if not TELOGEN_DAYS[0] <= latency <= TELOGEN_DAYS[1] and latency > ANAGEN_DAYS:
        return "unlikely"
    if alternatives:
        return "possible"
    if fall is not None and fall.fell:
        return "certain" if again is not None and again.rose else "probable"
    return "possible"
