"""Draws of a person from the fits of a record, all classes together, and what they say of each unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from anagen.compiled.programs import program

from .hypotheses import Hypothesis
from .laplace import DRAWS, Laplace, source
from .likelihood import Expected, Person, expected, person
from .prepared import Prepared

Floats = npt.NDArray[np.float64]
LEVELS = (0.05, 0.5, 0.95)
PEOPLE = 4 * DRAWS


@dataclass(frozen=True)
class Posterior:
    """Draws, of all fits: `z` (draws, scores), `part` (draws,) the fit each is of, `weight` (alike, adding to 1),
    `people` what the scores mean, `mean` what such people would see."""

    z: Floats
    part: npt.NDArray[np.int64]
    weight: Floats
    people: Person
    mean: Expected


def posterior(of: Prepared, found: Laplace, probability: Mapping[str, float]) -> Posterior:
    """Draws according to the weight of each fit inside its class and of each class; classes not named have none."""
    parts = np.asarray(found.evidence) + np.asarray(of.classes.parts.log_share)
    share = np.zeros(parts.size)
    for name, chance in probability.items():
        mine = np.array(of.classes.names) == name
        inside = parts[mine] - np.logaddexp.reduce(parts[mine])
        share[mine] = chance * np.exp(inside)
    weight = (share[:, None] * np.asarray(found.weight)).ravel()
    part = np.repeat(np.arange(parts.size), found.draws.shape[1])
    z = np.asarray(found.draws).reshape(-1, found.draws.shape[-1])
    # As many draws of one weight, taken evenly along the weights: no share is lost, and the same record gives the same.
    along = np.cumsum(weight) / weight.sum()
    kept = np.minimum(np.searchsorted(along, (np.arange(PEOPLE) + 0.5) / PEOPLE), weight.size - 1)
    z, part, weight = z[kept], part[kept], np.full(PEOPLE, 1 / PEOPLE)
    people, mean = means(of, z, part)
    return Posterior(z, part, weight, people, mean)


def means(of: Prepared, z: Floats, part: npt.NDArray[np.int64]) -> tuple[Person, Expected]:
    """What scores mean under the fits `part` (indices, one for each), and what such people would see."""
    size = -len(z) % DRAWS
    filled = np.concatenate([z, np.zeros((size, z.shape[1]))])
    which = np.concatenate([part, np.zeros(size, np.int64)])
    rows: list[Any] = []
    for start in range(0, len(filled), DRAWS):
        some = slice(start, start + DRAWS)
        under = Hypothesis(*(np.asarray(column)[which[some]] for column in of.classes.parts))
        run = program(_means, ("inference means", source()), filled[some], under, of.data)
        rows.append(run(filled[some], under, of.data))
    joined: Any = jax.tree_util.tree_map(lambda *x: np.concatenate([np.asarray(one) for one in x])[: len(z)], *rows)
    people, mean = joined
    return people, mean


def _means(z: Any, under: Hypothesis, data: Any) -> tuple[Person, Expected]:
    def one(z: Any, under: Hypothesis) -> tuple[Person, Expected]:
        of = person(z, under, data.priors)
        return of, expected(of, under, data)

    made: tuple[Person, Expected] = jax.vmap(one)(z, under)
    return made


def quantiles(values: Floats, weight: Floats, levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
    """Weighted quantiles.

    >>> [round(value) for value in quantiles(np.arange(101.0), np.full(101, 1 / 101))]
    [5, 50, 95]
    """
    order = np.argsort(values)
    along = np.cumsum(weight[order]) - weight[order] / 2
    return tuple(float(np.interp(level, along, values[order])) for level in levels)


def summary(of: Prepared, drawn: Posterior) -> dict[str, dict[str, Any]]:
    """Each unknown with unit, median and 90 % interval; what acts only in some classes, among those draws."""
    people, p = drawn.people, of.priors
    used = {count.method for count in of.record.counts}
    anagen = np.exp(p.anagen.middle + p.anagen.spread * people.anagen)
    rows: dict[str, tuple[str, Floats, Floats]] = {}
    everyone = drawn.weight

    def add(name: str, unit: str, values: Floats, acts: Floats | None = None) -> None:
        weight = everyone if acts is None else np.where(acts > 0, everyone, 0.0)
        if weight.sum() > 1e-3:
            rows[name] = (unit, np.asarray(values), weight / weight.sum())

    if of.record.took:
        add("susceptibility", "extra anagen exit at the reference level", people.susceptibility)
    for i, method in enumerate(("comb", "wash", "day")):
        if method in used:
            add(f"capture_{method}", "share of the day's sheds", people.capture[:, i])
    add("dispersion", "variance over mean", people.dispersion)
    add("anagen_duration", "d", anagen)
    add("exposure", "times the typical person's", np.exp(people.exposure))
    kind = np.asarray(of.classes.parts.kind)[drawn.part]
    add("recorded_trigger", "part of the anagen hairs sent to rest", people.trigger, people.trigger)
    add("unrecorded_trigger", "part of the anagen hairs sent to rest", people.sudden, people.sudden * (kind == 0))
    add("unrecorded_trigger_day", "d of the record", people.when + of.time.origin, people.sudden * (kind == 0))
    add("strike", "part of the anagen hairs struck", people.sudden, people.sudden * (kind > 0))
    add("pattern_loss", "extra anagen exit when it is full", people.pattern, people.pattern)
    return {
        name: {"unit": unit, **dict(zip(("p05", "p50", "p95"), quantiles(values, weight), strict=True))}
        for name, (unit, values, weight) in rows.items()
    }


def farthest(of: Prepared, drawn: Posterior) -> float:
    """The count that lies farthest from what is expected of it, in SDs."""
    mean = drawn.weight @ drawn.mean.hairs
    square = drawn.weight @ drawn.mean.hairs**2
    variance = drawn.weight @ (drawn.people.dispersion[:, None] * drawn.mean.hairs) + square - mean**2
    apart = np.abs(np.asarray(of.data.hairs) - mean) / np.sqrt(variance)
    return float(np.max(np.where(np.asarray(of.data.real) > 0, apart, 0.0)))
