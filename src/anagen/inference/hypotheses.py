"""Which effluvium a record may show: the classes that are compared, and what each says of the unknowns.

They part the unknowns between them. Under "none" the drug and recorded triggers act too, but raise shedding by less
than half; where one raises it by more, that is the class of its name. So no two classes say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .chebyshev import coefficients, nodes
from .courses import SHAPE, STEEP, Courses
from .priors import MOST_SUSCEPTIBLE, Priors, stated
from .record import Record
from .timeline import SHOWS_WITHIN, Timeline

Floats = npt.NDArray[np.float64]
CLASSES: Mapping[str, str] = {
    "none": "no effluvium",
    "drug": "telogen effluvium by the drug",
    "trigger": "telogen effluvium by another recorded trigger",
    "unrecorded": "telogen effluvium by something that is not recorded",
    "anagen": "anagen effluvium by the drug",
    "pattern": "pattern hair loss",
    "drug + trigger": "telogen effluvium by the drug and by a recorded trigger",
    "drug + pattern": "telogen effluvium by the drug, with pattern hair loss",
    "trigger + pattern": "telogen effluvium by a recorded trigger, with pattern hair loss",
}
"""The classes, and what they are called."""
MERGED = {"drug + pattern": "drug", "trigger + pattern": "trigger"}
"""Verdicts are about effluvium: pattern loss beside one is shown as a probability, but makes no other verdict."""
CELLS = 16
"""The days on which an unrecorded trigger may have come are cut into so many parts, each fitted by itself."""
STRIKE_CELLS = 4
"""So are those of a strike: hairs fall within days of it, so that from a day a week off no fit finds the right one."""
LOOKS_BACK = 150
"""Days before the record in which such a trigger may have come."""
APART = 21
"""Days about a recorded trigger in which another cannot be told from it, and counts as it."""
SMALLEST = 1e-9


class Hypothesis(NamedTuple):
    """What one fit is made under; scalars, or `(fits,)` for all of them.

    `drug`, `trigger`, `pattern`, `sudden`: whether each acts (0 or 1), with the least and the most value of its size.
    `kind`: 0 a pulse, 1 a strike. `when`: first and last possible day of it, from the record's first. `log_share`: log
    of the prior share of the class that this part of it holds.
    """

    drug: Any
    drug_least: Any
    drug_most: Any
    trigger: Any
    trigger_least: Any
    trigger_most: Any
    pattern: Any
    pattern_least: Any
    pattern_most: Any
    sudden: Any
    sudden_least: Any
    sudden_most: Any
    kind: Any
    when_first: Any
    when_last: Any
    log_share: Any


@dataclass(frozen=True)
class Thresholds:
    """What raises shedding to 1.5 times the own: susceptibility, size of a pulse, extra exit of pattern loss.

    `susceptibility` is None where no susceptibility does so with the doses taken; it is that to the dose as taken.
    """

    susceptibility: float | None
    pulse: float
    pattern: float


@dataclass(frozen=True)
class Classes:
    """The fits to be made: `parts` (fits,), the class of each by `names`; which classes the record allows at all
    (`possible`), and their shares before it is read (`anticipated`)."""

    parts: Hypothesis
    names: tuple[str, ...]
    possible: tuple[str, ...]
    anticipated: Mapping[str, float]
    thresholds: Thresholds


def classes(record: Record, time: Timeline, grid: Courses, priors: Priors, pulse_threshold: float) -> Classes:
    """The hypotheses that a record allows. `pulse_threshold` is the pulse that raises shedding to 1.5 times."""
    return _assembled(record, time, _found(record, time, grid, pulse_threshold), priors)


def _found(record: Record, time: Timeline, grid: Courses, pulse_threshold: float) -> Thresholds:
    effective = stated()["effective"]["value"]
    middle = _at_middle(np.log(grid.shed_per_day))
    least = None
    if record.first_dose is not None:
        start = record.first_dose - time.origin
        some = middle[start : start + SHOWS_WITHIN, :, 0, 0]
        rise = (some - some[:, :1]).max(0)
        values = np.expm1(nodes(SHAPE[1]) * np.log1p(MOST_SUSCEPTIBLE))
        least = _crossing(rise, values, float(np.log(effective)))
    return Thresholds(least, pulse_threshold, effective - 1)


def _assembled(record: Record, time: Timeline, found: Thresholds, priors: Priors) -> Classes:
    own = stated()
    acts, triggered = found.susceptibility is not None, bool(record.events)
    drug_edge = found.susceptibility if found.susceptibility is not None else MOST_SUSCEPTIBLE
    low = {
        "drug": (float(record.took), SMALLEST, drug_edge),
        "trigger": (float(triggered), SMALLEST, found.pulse),
        "pattern": (0.0, found.pattern, priors.pattern_most),
    }
    high = {
        "drug": (1.0, drug_edge, MOST_SUSCEPTIBLE + 1e-9),
        "trigger": (1.0, found.pulse, priors.pulse_most),
        "pattern": (1.0, found.pattern, priors.pattern_most),
    }
    possible = [
        name
        for name in CLASSES
        if (acts or "drug" not in name) and (triggered or "trigger" not in name) and (record.took or name != "anagen")
    ]
    parts: list[Hypothesis] = []
    names: list[str] = []

    def add(name: str, kind: int = 0, when: tuple[float, float] = (0.0, 1.0), share: float = 1.0) -> None:
        sizes = {what: (high if what in name.split(" + ") else low)[what] for what in low}
        if name in ("unrecorded", "anagen"):
            span = (found.pulse, priors.pulse_most) if kind == 0 else priors.strike
            last: tuple[float, ...] = (1.0, *span)
        else:
            last = (0.0, found.pulse, priors.pulse_most)
        row = (*(x for some in sizes.values() for x in some), *last, kind, *when, float(np.log(share)))
        parts.append(Hypothesis._make(row))
        names.append(name)

    for name in CLASSES:
        if name == "unrecorded":
            cells = _cells(record, time)
            days = sum(last - first for first, last in cells)
            for first, last in cells:
                add(name, when=(first, last), share=(last - first) / days)
        elif name == "anagen":
            start = float((record.first_dose if record.first_dose is not None else record.first) - time.origin)
            edges = np.linspace(start, start + own["strike_within"]["value"], STRIKE_CELLS + 1)
            for first, last in pairwise(edges):
                add(name, kind=1, when=(float(first), float(last)), share=1 / STRIKE_CELLS)
        else:
            add(name)
    stacked = Hypothesis._make(np.array(column, float) for column in zip(*parts, strict=True))
    return Classes(stacked, tuple(names), tuple(possible), _anticipated(possible, found, priors), found)


def _cells(record: Record, time: Timeline) -> list[tuple[float, float]]:
    """The days of an unrecorded trigger in `CELLS` parts of one length, those about recorded triggers left out."""
    first, last = -float(LOOKS_BACK), max(record.last - time.origin - 21.0, 30.0)
    free = [(first, last)]
    for day in (event.day - time.origin for event in record.events):
        free = [
            part
            for start, end in free
            for part in ((start, min(end, day - APART)), (max(start, day + APART), end))
            if part[1] - part[0] > 1
        ]
    free = free or [(first - 30.0, first)]
    length = sum(end - start for start, end in free) / CELLS
    edges = np.cumsum([0.0] + [end - start for start, end in free])
    cells = []
    for i in range(CELLS):  # a part that would reach over a gap lies on the side where its middle is
        middle = (i + 0.5) * length
        which = int(np.clip(np.searchsorted(edges, middle, side="right") - 1, 0, len(free) - 1))
        start = free[which][0] + middle - edges[which]
        cells.append((max(start - length / 2, free[which][0]), min(start + length / 2, free[which][1])))
    return cells


def _anticipated(possible: list[str], found: Thresholds, priors: Priors) -> dict[str, float]:
    """How likely each class is before the record is read: causes come independently of each other."""
    own = stated()["anticipated"]
    above = 0.0
    if found.susceptibility is not None:
        total = type(priors.susceptibility)(priors.susceptibility.middle, priors.total_spread)
        above = 1 - total.below(found.susceptibility)
    chance = {"drug": above} | {name: own[name]["share"] for name in ("trigger", "unrecorded", "anagen", "pattern")}
    odds = {name: np.prod([chance[x] / (1 - chance[x]) for x in name.split(" + ") if x != "none"]) for name in possible}
    total_odds = sum(odds.values())
    return {name: float(value / total_odds) for name, value in odds.items()}


def pulse_that_shows(shed: Floats) -> float:
    """The pulse that raises shedding to 1.5 times the own; `shed`, logs of the ratio after pulses, `(lengths of anagen,
    sizes, days)`."""
    most = stated()["pulse"]["most"]
    peak = _at_middle(np.moveaxis(shed, 2, 0)).max(0)
    sizes = np.expm1(nodes(peak.size) * np.log1p(STEEP * most)) / STEEP
    found = _crossing(peak, sizes, float(np.log(stated()["effective"]["value"])))
    assert found is not None
    return found


def _at_middle(table: Floats) -> Floats:
    """A table `(days, lengths of anagen, ...)` at the typical length."""
    along = coefficients(np.moveaxis(table, 1, 0), 1)
    return np.tensordot(np.polynomial.chebyshev.chebvander(np.zeros(1), along.shape[0] - 1)[0], along, 1)


def _crossing(rise: Floats, values: Floats, wanted: float) -> float | None:
    """Where a rising curve comes to `wanted`, between the nodes on a straight line; None where it does not."""
    if rise.max() <= wanted:
        return None
    return float(np.interp(wanted, rise, values))
