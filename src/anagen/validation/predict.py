"""One row, predicted: the figure that each of many possible studies would report, in the row's unit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from anagen.validation import series
from anagen.validation.exposure import assay_error, concentrations, exposure
from anagen.validation.instruments import HAIR_LOSS, hair_loss
from anagen.validation.people import Simulated
from anagen.validation.rows import Row, Side
from anagen.validation.sampling import Combine, Sample, alone, average, possible, shares
from anagen.validation.study import Study

Floats = npt.NDArray[np.float64]
REPEATS = 5
"""Draws of measurement error and of binomial counts for each replicate."""
ADDED = 0.5
"""Added to both counts of a ratio of shares (and 1 to both numbers of people), so that none is divided by zero."""
COURSE_POINTS = 49


@dataclass(frozen=True)
class Band:
    """The predicted figure over time: 5th, 50th and 95th percentile at `day`, in the row's unit."""

    day: Floats
    p05: Floats
    p50: Floats
    p95: Floats


def paired(study: Study, row: Row) -> bool:
    """Whether both sides of a comparison are the same people: a crossover, or one arm at two times."""
    return row.second is None or study.design == "crossover" or row.first.arm is row.second.arm


def pool_size(study: Study, row: Row) -> int:
    """People that a row needs in each replicate."""
    sizes = [Sample((), lambda parts: parts[0], side.n).size for side in (row.first, row.second) if side]
    return max(sizes) if paired(study, row) else sum(sizes)


def generator(seed: int, *names: str) -> np.random.Generator:
    """Random numbers for one purpose: keyed by the seed and the names, and by nothing else."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest[:16], np.uint32).tolist()])


def predicted(study: Study, row: Row, arms: Mapping[str, Simulated], seed: int) -> Floats:
    """Figures in the row's unit, `(REPEATS * replicates,)`; those that cannot be had (nobody affected) are left out."""
    sides = [side for side in (row.first, row.second) if side]
    fixed = [
        _fixed(row, side, arms[side.arm.name], generator(seed, study.name, row.id, "assay", str(i)))
        for i, side in enumerate(sides)
    ]
    found = []
    for repeat in range(REPEATS):
        rng = generator(seed, study.name, row.id, str(repeat))
        if row.measured.form == "share":
            found.append(_of_shares(study, row, sides, arms, seed, repeat, rng))
            continue
        samples = [
            _sample(row, side, arms[side.arm.name], values, rng) for side, values in zip(sides, fixed, strict=True)
        ]
        found.append(possible(samples, _combine(row), paired(study, row), rng))
        if not _noisy(row):
            break
    values = np.concatenate(found) * (row.table.factor or 1.0) / row.measured.factor
    return values[np.isfinite(values)]


def band(study: Study, row: Row, arms: Mapping[str, Simulated], seed: int) -> Band | None:
    """The figure at all times that were simulated; None where a row is no value at a time, or a comparison."""
    if row.second is not None or row.kind not in ("sebum", "score", "laboratory", "hair", "concentration"):
        return None
    side, simulated = row.first, arms[row.first.arm.name]
    rng = generator(seed, study.name, row.table.id, "course")
    if row.kind == "concentration":
        times = row.table.at_hours
        last = max(times) if isinstance(times, list) else float(times or 0.0)
        hours = np.linspace(0.0, max(24.0, 1.25 * last), COURSE_POINTS)
        levels = concentrations(simulated, row, side, hours)
        samples = [_sample(row, side, simulated, level, rng) for level in levels]
        days = hours / 24
    else:
        course = simulated.course()
        days = course.days
        samples = [_figures(row, side, series.before_and_on(course, row, side, day, rng)) for day in days.tolist()]
    scale = (row.table.factor or 1.0) / row.measured.factor
    figures = [possible([sample], alone, True, rng) * scale for sample in samples]
    p05, p50, p95 = np.nanquantile(np.stack(figures), [0.05, 0.5, 0.95], axis=1)
    return Band(days, p05, p50, p95)


def _fixed(row: Row, side: Side, simulated: Simulated, rng: np.random.Generator) -> Floats | None:
    """Values of people that are worked out once: levels, and times."""
    if row.kind == "exposure":
        return exposure(simulated, row, side, rng)
    if row.kind == "concentration":
        return concentrations(simulated, row, side, np.array([side.hours or 0.0]))[0]
    if row.kind == "timing":
        return series.timing(simulated.course(), row, side)
    return None


def _noisy(row: Row) -> bool:
    return row.kind not in ("exposure", "timing")


def _sample(row: Row, side: Side, simulated: Simulated, values: Floats | None, rng: np.random.Generator) -> Sample:
    if values is None:
        return _figures(row, side, series.before_and_on(simulated.course(), row, side, side.day or 0.0, rng))
    if row.kind == "concentration":
        values = values * np.exp(assay_error(simulated) * rng.standard_normal(values.shape))
    return Sample((values,), partial(_mean, row.table.mean), side.n)


def _mean(how: str, parts: tuple[Floats, ...]) -> Floats:
    return average(parts[0], how)


def _figures(row: Row, side: Side, now_and_before: tuple[Floats, Floats]) -> Sample:
    """The figure of values now and before: a level, a change, a percent change, or a share of what was."""
    form, how, each = row.measured.form, row.table.mean, row.table.change_of == "people"
    now, before = now_and_before
    if form == "level":
        return Sample((now,), partial(_mean, how), side.n)
    if each:
        own = now - before if form == "change" else now / before - (1.0 if form == "percent change" else 0.0)
        return Sample((own,), partial(_mean, how), side.n)

    def of_means(parts: tuple[Floats, ...]) -> Floats:
        after, first = average(parts[0], how), average(parts[1], how)
        if form == "change":
            return after - first
        return after / first - (1.0 if form == "percent change" else 0.0)

    return Sample((now, before), of_means, side.n)


def _combine(row: Row) -> Combine:
    if row.second is None:
        return alone
    kind = row.table.compare

    def two(figures: Sequence[Floats]) -> Floats:
        first, second = figures
        with np.errstate(divide="ignore", invalid="ignore"):
            if kind == "difference":
                return first - second
            return first / second - (1.0 if kind == "percent difference" else 0.0)

    return two


def _of_shares(
    study: Study,
    row: Row,
    sides: Sequence[Side],
    arms: Mapping[str, Simulated],
    seed: int,
    repeat: int,
    rng: np.random.Generator,
) -> Floats:
    together = paired(study, row)
    found: list[Floats] = []
    first = 0
    for side in sides:
        course = arms[side.arm.name].course()
        if row.kind == "share":
            chances = series.beyond_limit(course, row, side, rng)
        else:
            chances = series.complaint(course, row, side)
            low, high = row.table.background or (hair_loss().background if side.quantity.label == HAIR_LOSS else (0, 0))
            # The same in all rows of a study, and in both arms of a comparison.
            common = generator(seed, study.name, "background", str(repeat)).uniform(size=(chances.shape[0], 1))
            chances = chances + (1 - chances) * (low + (high - low) * common)
        size = Sample((), lambda parts: parts[0], side.n).size
        found.append(shares(chances[:, first : first + size], side.n, rng))
        first += 0 if together else size
    if row.table.compare in ("ratio", "percent difference"):
        numbers = [side.n for side in sides]
        found = [(share * n + ADDED) / (n + 2 * ADDED) for share, n in zip(found, numbers, strict=True)]
    return _combine(row)(found)
