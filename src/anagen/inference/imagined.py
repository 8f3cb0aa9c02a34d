"""Records that nobody kept: people drawn under a class, and what they would have seen on the days of a design.

For calibration checks, recovery tables and the power of designs. Drawn with NumPy from what the likelihood says in
words, not from its code.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .likelihood import Expected, Person
from .posterior import means
from .prepared import Prepared
from .priors import AT, NAMES, Lognormal, stated
from .seen import Seen

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def people_under(of: Prepared, name: str, number: int, rng: np.random.Generator) -> tuple[Floats, Integers]:
    """Scores of people drawn under a class, `(number, 13)`, and the fit that each belongs to."""
    rows = np.flatnonzero(np.array(of.classes.names) == name)
    share = np.exp(np.asarray(of.classes.parts.log_share)[rows])
    part = rng.choice(rows, size=number, p=share / share.sum())
    z = rng.standard_normal((number, len(NAMES)))
    z[:, AT["exposure"]] = [_exposure(of, row, rng) for row in part]
    return z, part


def _exposure(of: Prepared, part: int, rng: np.random.Generator) -> float:
    """A score of exposure: the more susceptibilities the class allows with it, the likelier it is there."""
    under, p = of.classes.parts, of.priors
    while True:
        score = float(rng.standard_normal())
        if not under.drug[part]:
            return score
        there = Lognormal(p.susceptibility.middle + p.exponent * p.food * score, p.susceptibility.spread)
        if rng.random() < there.below(under.drug_most[part]) - there.below(under.drug_least[part]):
            return score


def counted(of: Prepared, z: Floats, part: Integers, rng: np.random.Generator) -> tuple[Integers, Person]:
    """Hairs of each count, `(people, counts)`, drawn about what such people would see; and the people."""
    people, mean = means(of, z, part)
    expected = np.asarray(mean.hairs)[:, : len(of.record.counts)]
    return _scattered(expected, np.asarray(people.dispersion)[:, None], rng), people


def all_seen(of: Prepared, z: Floats, part: Integers, rng: np.random.Generator) -> tuple[list[Seen], Person]:
    """Everything that the record has a place for, drawn for each person: counts with the ends of all their hairs and
    the short ones where the record has them, pulls, trichograms, levels, triglycerides."""
    people, mean = means(of, z, part)
    rows = [_seen(of, i, people, mean, int(row), rng) for i, row in enumerate(part)]
    return rows, people


def _seen(of: Prepared, i: int, people: Person, mean: Expected, part: int, rng: np.random.Generator) -> Seen:
    data, own = of.data, stated()
    hairs = data.real * _scattered(np.asarray(mean.hairs)[i], np.asarray(people.dispersion)[i], rng)
    looked, short_of = hairs * (data.looked > 0), hairs * (data.short_of > 0)
    broken, short = np.asarray(mean.broken)[i], np.asarray(mean.short)[i]
    lost = own["short_pattern" if of.classes.parts.pattern[part] else "short_usual"]["hairs"]
    pulls = _scattered(np.asarray(mean.pull)[i], own["pull_dispersion"]["value"], rng)
    resting = np.asarray(mean.resting)[i]
    odds = np.log(resting / (1 - resting)) + own["trichogram_error"]["value"] * rng.standard_normal(resting.size)
    found = rng.binomial(data.plucked.astype(int), 1 / (1 + np.exp(-odds)))
    exposure, error = float(people.exposure[i]), own["triglyceride_error"]["value"]
    rise = np.log1p(np.exp(exposure) * float(people.gain[i]) * data.triglyceride_rise)
    before = (
        error * rng.standard_normal() / np.sqrt(data.triglycerides_before)
    )  # the baseline's own error is in every later ratio
    return data._replace(
        hairs=hairs,
        looked=looked,
        broken=_alike(looked, broken, own["ends_alike"]["value"], rng),
        short_of=short_of,
        short=_alike(short_of, short, lost, rng),
        pull_hairs=data.pull_real * pulls,
        resting=data.roots_real * found,
        level=data.level_real
        * (data.level_typical + exposure + own["level_error"]["value"] * rng.standard_normal(data.level.size)),
        triglycerides=data.triglycerides_real * (rise + error * rng.standard_normal(rise.size) - before),
    )


def _scattered(mean: Floats, dispersion: Floats | float, rng: np.random.Generator) -> Integers:
    """Counts whose variance is `dispersion` times their mean: Poisson about a gamma."""
    extra = np.asarray(dispersion) - 1
    return rng.poisson(rng.gamma(np.maximum(mean, 1e-6) / extra, extra))


def _alike(of: Floats, share: Floats, hairs: float, rng: np.random.Generator) -> Floats:
    """How many of so many, where the share itself varies as much as that of `hairs` hairs."""
    chance = rng.beta(share * hairs, (1 - share) * hairs, size=of.shape)
    return rng.binomial(of.astype(int), chance).astype(float)
