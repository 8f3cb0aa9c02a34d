"""What the posterior says of other courses: without the drug, and from now on the same, half, or none of it.

Each is a group of simulated people who would have kept such a record: a range, never one number for this person, and
never advice. Counts are those of the record's last method, expected; a count of one day scatters about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .chebyshev import coefficients, polynomials
from .courses import (
    SHAPE,
    SUDDEN_DAYS,
    SUDDEN_SHAPE,
    Courses,
    Sudden,
    anagen_place,
    courses,
    pattern_place,
    pulse_place,
    sudden,
    susceptibility_place,
)
from .posterior import Posterior, quantiles
from .prepared import Prepared
from .priors import METHODS
from .record import Dose
from .timeline import AHEAD_DAYS, timeline

Floats = npt.NDArray[np.float64]
PEOPLE = 400
RECENT = 28
"""Days before the last dose whose mean daily amount stands for the dose taken now."""
LATELY = 28
"""Days at the end of the record over which the counterfactual is compared."""


@dataclass(frozen=True)
class Group:
    """Expected hairs of one count (of `method`, one day's sheds) in a group of people: `day` (weeks,) of the record,
    `p05`, `p50`, `p95` alike; `doses` in words."""

    doses: str
    day: Floats
    p05: Floats
    p50: Floats
    p95: Floats


@dataclass(frozen=True)
class Forecast:
    """`groups` by name: `as_recorded` through the record; `without_the_drug`; and, from its last day on, `continued`,
    `halved`, `stopped` where the drug is being taken. `with_drug`, `without_drug`, `difference`: hairs of a count over
    the last four weeks of the record, as (p05, p50, p95)."""

    method: str
    groups: Mapping[str, Group]
    with_drug: tuple[float, ...]
    without_drug: tuple[float, ...]
    difference: tuple[float, ...]


def forecast(of: Prepared, drawn: Posterior, *, seed: int = 1) -> Forecast:
    """The groups. The same people in each: differences are of one person."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(drawn.weight.size, size=PEOPLE, p=drawn.weight / drawn.weight.sum())
    record = of.record
    method = record.counts[-1].method
    answer = sudden(of.treatment)
    taken = tuple(dose for dose in record.doses if dose.mg > 0)
    expected = {"as_recorded": _hairs(of, of.grid, answer, drawn, rows, method)}
    words = {"as_recorded": "as recorded, and none after"}
    if record.took:
        for name, doses, said in _others(of, taken):
            expected[name] = _hairs(
                of, courses(of.treatment, timeline(of.treatment, record, doses)), answer, drawn, rows, method
            )
            words[name] = said
        if "continued" not in expected:
            expected["stopped"], words["stopped"] = expected["as_recorded"], words["as_recorded"]
    else:
        expected["without_the_drug"], words["without_the_drug"] = expected["as_recorded"], "none"
    now = record.last - of.time.origin
    lately = slice(max(now - LATELY, 0), now + 1)
    drug = expected["as_recorded"][:, lately].mean(1)
    none = expected["without_the_drug"][:, lately].mean(1)
    alike = np.full(PEOPLE, 1 / PEOPLE)
    groups = {}
    for name, values in expected.items():
        first = 0 if name in ("as_recorded", "without_the_drug") else now
        last = now if name in ("as_recorded", "without_the_drug") else now + AHEAD_DAYS
        days = np.arange(first, min(last, values.shape[1] - 1) + 1, 7)
        low, middle, high = np.array([quantiles(values[:, day], alike) for day in days]).T
        groups[name] = Group(words[name], days + float(of.time.origin), low, middle, high)
    return Forecast(method, groups, quantiles(drug, alike), quantiles(none, alike), quantiles(drug - none, alike))


def _others(of: Prepared, taken: tuple[Dose, ...]) -> list[tuple[str, tuple[Dose, ...], str]]:
    """Other doses in the place of the record's: name, doses, words."""
    record = of.record
    found: list[tuple[str, tuple[Dose, ...], str]] = [("without_the_drug", (), "none")]
    last = taken[-1].day
    if record.last - last <= RECENT:
        recent = [dose for dose in taken if dose.day > last - RECENT]
        span = min(RECENT, last - taken[0].day + 1)
        daily = sum(dose.mg for dose in recent) / span
        ahead = range(record.last + 1, record.last + 1 + AHEAD_DAYS)
        for name, part in (("continued", 1.0), ("halved", 0.5), ("stopped", 0.0)):
            more = tuple(Dose(day, part * daily, recent[-1].meal) for day in ahead) if part else ()
            said = (
                f"a mean of {part * daily:.3g} mg a day for {AHEAD_DAYS // 7} weeks more"
                if part
                else "none from now on"
            )
            found.append((name, taken + more, said))
    return found


def _hairs(
    of: Prepared, grid: Courses, answer: Sudden, drawn: Posterior, rows: npt.NDArray[np.int64], method: str
) -> Floats:
    """Expected hairs of one day's sheds at a count, `(people, 1 + days)`."""
    people, p = drawn.people, of.priors

    def values(what: object) -> Floats:
        return np.asarray(what)[rows]

    places = (
        anagen_place(values(people.anagen)),
        susceptibility_place(values(people.drug)),
        pulse_place(values(people.trigger), p.pulse_most),
        pattern_place(values(people.pattern), p.pattern_most),
    )
    along = [_polynomials(place, size) for place, size in zip(places, SHAPE, strict=True)]
    weight = np.einsum("na,nb,nc,nd->nabcd", *along, optimize=True).reshape(rows.size, -1)
    weekly = np.arange(0, grid.shed_per_day.shape[0], 7)
    table = coefficients(np.moveaxis(np.log(grid.shed_per_day[weekly]), 0, -1), 4).reshape(-1, weekly.size)
    log_shed = weight @ table
    days = np.arange(grid.shed_per_day.shape[0], dtype=float)
    every = np.stack([np.interp(days, weekly, row) for row in log_shed])
    kind = np.asarray(of.classes.parts.kind)[drawn.part[rows]].astype(int)
    size = values(people.sudden)
    for which, most in ((0, p.pulse_most), (1, p.strike[1])):
        mine = np.flatnonzero((kind == which) & (size > 0))
        if mine.size:
            of_size = _polynomials(pulse_place(size[mine], most), SUDDEN_SHAPE[1])
            of_anagen = _polynomials(places[0][mine], SUDDEN_SHAPE[0])
            curves = np.einsum("na,ns,ast->nt", of_anagen, of_size, coefficients(answer.shed[which], 2))
            since = np.clip(days[None] - values(people.when)[mine][:, None], 0, SUDDEN_DAYS)
            every[mine] += np.stack(
                [np.interp(s, np.arange(SUDDEN_DAYS + 1.0), c) for s, c in zip(since, curves, strict=True)]
            )
    capture = values(people.capture)[:, METHODS.index(method)]
    return np.asarray(capture[:, None] * np.exp(every + values(people.follicles)[:, None]))


def _polynomials(place: Any, size: int) -> Floats:
    """The first `size` polynomials at each place, `(people, size)`."""
    return np.asarray(polynomials(place, size)).T
