"""What is impossible is refused where an entry is made; what is doubtful is asked here, of each entry and between them.

All limits are assumed: wide enough that a right entry is seldom asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from .doubt import Doubt
from .entries import DosePlanned, DoseTaken, Entry, Event, Lab, Level, Plan, PullTest, ShedCount, Symptom, Weight
from .laboratory import find_test, fold
from .plain import to_plain
from .store import Kept, Version

MOST_HAIRS = {"comb": 150, "wash": 1000, "wash-refined": 500, "wash-modified": 1500, "day": 1000}
MOST_MG, MOST_MG_PER_KG = 160.0, 2.0  # in a day; twice the label's usual highest, and its maximum
LEAST_MG = 0.5
MOST_NG_PER_ML, LEAST_NG_PER_ML = 3000.0, 1.0
POUNDS = 2.2046
_SLACK = timedelta(minutes=5)
_PLANS = (DosePlanned, Plan)


def doubts(entries: Sequence[Kept], *, now: datetime, history: Sequence[Version] = ()) -> tuple[Doubt, ...]:
    """Questions that are not answered yet, by the time of the entry they are about.

    Args:
        entries: what stands, by time.
        now: an aware time: what lies after it is in the future.
        history: everything written, in order, to see whether the machine's clock jumped back.

    >>> from datetime import timezone
    >>> at = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    >>> kept = Kept(1, ShedCount(at=at, hairs=3000, method="comb"), at)
    >>> [doubt.name for doubt in doubts([kept], now=at)]
    ['count-high']
    """
    found: list[Doubt] = []
    for kept in entries:
        found += [Doubt(name, (kept.number,), asks) for name, asks in _of_one(kept.entry, now)]
    found += [*_days(entries), *_same(entries), *_weights(entries), *_clock(history)]
    confirmed = {kept.number: kept.confirmed for kept in entries}
    order = {kept.number: place for place, kept in enumerate(entries)}
    open_ones = [doubt for doubt in found if doubt.name not in confirmed.get(doubt.numbers[-1], frozenset())]
    return tuple(sorted(open_ones, key=lambda doubt: order.get(doubt.numbers[-1], len(order))))


def _of_one(entry: Entry, now: datetime) -> Iterator[tuple[str, str]]:
    """Questions about an entry alone."""
    if (
        not isinstance(entry, _PLANS)
        and entry.at > now + _SLACK
        and not (not entry.time_known and entry.day <= now.date())
    ):
        yield "future", f"It lies in the future ({entry.day}). Is the date right?"
    if isinstance(entry, ShedCount):
        yield from _of_count(entry)
    elif isinstance(entry, DoseTaken | DosePlanned):
        if 0 < entry.mg < LEAST_MG:
            yield "dose-unit", f"{entry.mg:g} mg is very little. Was it written in grams?"
    elif isinstance(entry, Lab):
        yield from _of_lab(entry)
    elif isinstance(entry, Level):
        if entry.ng_per_ml > MOST_NG_PER_ML:
            yield (
                "level-high",
                f"A level of {entry.ng_per_ml:g} ng/mL is far above what is published. Is the unit right?",
            )
        elif 0 < entry.ng_per_ml < LEAST_NG_PER_ML:
            yield (
                "level-unit",
                f"A level of {entry.ng_per_ml:g} ng/mL is below what untreated people have. Was it in µg/mL?",
            )
    elif isinstance(entry, PullTest) and entry.pulled < 20:
        yield "pull-few", f"Only {entry.pulled} hairs were held; the test holds 50 to 60. Is it right?"
    elif isinstance(entry, Event) and entry.what in ("weight-loss", "weight-gain") and entry.kg is not None:
        if (entry.kg > 0) == (entry.what == "weight-loss") and entry.kg != 0:
            yield "weight-sign", f"{entry.what} with {entry.kg:+g} kg: is the sign right? Lost weight is negative."
    elif isinstance(entry, Symptom) and entry.name == "other" and not entry.note:
        yield "symptom-unnamed", "Which symptom is it? A note can say."


def _of_count(entry: ShedCount) -> Iterator[tuple[str, str]]:
    if entry.hairs > MOST_HAIRS[entry.method]:
        yield "count-high", f"{entry.hairs:,} hairs at one {entry.method} count is very many. Is the number right?"
    if entry.method == "day" and entry.interval_h is not None and not 12 <= entry.interval_h <= 36:
        yield "count-interval", f"A count of a day that took {entry.interval_h:g} h. Is it right?"
    if entry.method in ("wash", "wash-modified") and entry.interval_h is None:
        yield "count-interval", "How long was it since the wash before? Without that the count cannot be compared."
    if entry.method == "comb" and entry.combed_s is not None and not 50 <= entry.combed_s <= 70:
        yield "comb-time", f"The comb was used for {entry.combed_s:g} s; the test takes 60 s. Is it right?"


def _of_lab(entry: Lab) -> Iterator[tuple[str, str]]:
    test = find_test(entry.name)
    if test is None:
        return
    factor = test.factor(entry.unit)
    if factor is None:
        yield "lab-unit", f"{entry.name} in {entry.unit}: expected {', '.join(test.units)}. Is the unit right?"
        return
    if not test.usual(entry.value * factor):
        fits = [
            unit
            for unit, other in test.units.items()
            if test.usual(entry.value * other) and fold(unit) != fold(entry.unit)
        ]
        told = f" It would be usual in {' or '.join(fits)}. Were the units swapped?" if fits else " Is it right?"
        yield "lab-value", f"{entry.name} {entry.value:g} {entry.unit} is far from what people have.{told}"
    if entry.low is not None and entry.high is not None and not test.usual((entry.low + entry.high) / 2 * factor):
        yield (
            "lab-range",
            f"The range {entry.low:g} to {entry.high:g} {entry.unit} is unlike that of {test.name}. Is its unit right?",
        )


def _days(entries: Sequence[Kept]) -> Iterator[Doubt]:
    """Questions about one day: two counts, too much of the drug, more left out than taken."""
    counts: dict[tuple[object, str], list[Kept]] = defaultdict(list)
    doses: dict[tuple[object, type[Entry]], list[Kept]] = defaultdict(list)
    weight: float | None = None
    weights = {}
    for kept in entries:
        entry = kept.entry
        if isinstance(entry, Weight):
            weight = entry.kg
        elif isinstance(entry, ShedCount):
            counts[entry.day, entry.method].append(kept)
        elif isinstance(entry, DoseTaken | DosePlanned):
            doses[entry.day, type(entry)].append(kept)
            weights[kept.number] = weight
    for (day, method), several in counts.items():
        if len(several) > 1:
            numbers = tuple(kept.number for kept in several)
            yield Doubt("two-counts", numbers, f"{len(several)} {method} counts on {day}. Are all of them right?")
    for (day, _), several in doses.items():
        total = sum(kept.entry.mg for kept in several if isinstance(kept.entry, DoseTaken | DosePlanned))
        kg = weights[several[-1].number]
        if total > (MOST_MG_PER_KG * kg if kg else MOST_MG):
            most = "above the label's maximum of 2 mg/kg" if kg else f"very much: above {MOST_MG:g} mg"
            of = f" ({total / kg:.2g} mg/kg)" if kg else ""
            yield Doubt(
                "dose-high",
                tuple(kept.number for kept in several),
                f"{total:g} mg on {day}{of} is {most} a day. Is the number right?",
            )


def _same(entries: Sequence[Kept]) -> Iterator[Doubt]:
    """Entries that say the same at the same time."""
    seen: dict[str, int] = {}
    for kept in entries:
        text = repr(sorted(to_plain(kept.entry).items()))
        if text in seen:
            asks = f"It says the same as entry {seen[text]}, at the same time. Was it written twice?"
            yield Doubt("twice", (seen[text], kept.number), asks)
        else:
            seen[text] = kept.number


def _weights(entries: Sequence[Kept]) -> Iterator[Doubt]:
    """A weight far from the one before: pounds, or a slip."""
    before: Kept | None = None
    for kept in entries:
        entry = kept.entry
        if not isinstance(entry, Weight):
            continue
        if before is not None and isinstance(before.entry, Weight):
            ratio, days = entry.kg / before.entry.kg, (entry.at - before.entry.at) / timedelta(days=1)
            pounds = any(abs(ratio / unit - 1) < 0.1 for unit in (POUNDS, 1 / POUNDS))
            if pounds or abs(ratio - 1) > 0.1 + days / 365:
                told = " Was one of them in pounds?" if pounds else " Is it right?"
                asks = f"{entry.kg:g} kg, and {before.entry.kg:g} kg {days:.0f} days before.{told}"
                yield Doubt("weight-jump", (before.number, kept.number), asks)
        before = kept


def _clock(history: Sequence[Version]) -> Iterator[Doubt]:
    """Something written that bears an earlier time than what was written before it."""
    for before, after in pairwise(history):
        if after.recorded < before.recorded - _SLACK and after.act in ("written", "changed"):
            back = before.recorded - after.recorded
            asks = f"The machine's clock had gone back by {_span(back)} when it was written. Is its date right?"
            yield Doubt("clock-back", (after.number,), asks)


def _span(time: timedelta) -> str:
    if time >= timedelta(days=2):
        return f"{time / timedelta(days=1):.0f} days"
    return f"{time / timedelta(hours=1):.1f} h" if time >= timedelta(hours=2) else f"{time.seconds // 60} minutes"
