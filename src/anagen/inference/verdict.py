"""From how likely the record is under each class to what is said: a class, or "cannot tell".

A class G is excluded where E(G) is 20 or more: the mean over the other classes, weighted by their base rates, of their
likelihood over that of G. If G is true, E(G) is a ratio of two probabilities of the record, with expectation 1, so it
reaches 20 in at most 1 of 20 records (Markov), whatever their number of counts, and however often one looks (Ville).
Something is said only where all classes that are left have it in common: to be wrong, the true one must be excluded.
Two more guards can only make it rarer: the probability with base rates must be 95 %, and the record must look like one
that the model can make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .hypotheses import CLASSES, MERGED, Classes
from .laplace import Laplace

Floats = npt.NDArray[np.float64]
WRONG = 0.05
"""Largest share of wrong verdicts, whichever class is true."""
SURE = 0.95
MOST_DISPERSION, FARTHEST = 6.0, 5.0
LEAST_EFFECTIVE = 10.0
CAUSES = {"drug": "the drug", "trigger": "a recorded trigger"}
CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Verdict:
    """What the record says. By class: `log_likelihood`; `alike`, probabilities where all classes were as likely
    before; `probability`, with base rates; `against`, E of the class. `remaining` are those not excluded, likeliest
    first; `says` is what these have in common (one class, where `complete`), or "cannot tell" with the `reasons`."""

    says: str
    complete: bool
    reasons: tuple[str, ...]
    remaining: tuple[str, ...]
    log_likelihood: Mapping[str, float]
    alike: Mapping[str, float]
    probability: Mapping[str, float]
    against: Mapping[str, float]

    @property
    def in_words(self) -> str:
        """What is said, in words."""
        said = CLASSES.get(self.says, CANNOT_TELL)
        if self.complete or self.says == CANNOT_TELL:
            return said
        others = {part for name in self.remaining for part in _parts(name)} - _parts(self.says)
        return f"{said}; whether by {' or '.join(CAUSES[part] for part in sorted(others))} as well cannot be told"

    def right(self, truth: str) -> bool:
        """Whether what is said is true where `truth` is; False where nothing is said.

        >>> log = {"drug": 0.0, "drug + trigger": 0.0, "none": -9.0}
        >>> verdict(log, dict.fromkeys(CLASSES, 0.1)).right("drug + trigger")
        True
        """
        told = MERGED.get(truth, truth)
        return told == self.says if self.complete else _parts(self.says) <= _parts(told)

    def wrong(self, truth: str) -> bool:
        """Whether something is said and is not true."""
        return self.says != CANNOT_TELL and not self.right(truth)


def merged(
    likelihood: Mapping[str, float], anticipated: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Likelihoods and base rates of the classes that verdicts are about: each with its mixture with pattern loss."""
    log: dict[str, float] = {}
    prior: dict[str, float] = {}
    for name, value in likelihood.items():
        kept = MERGED.get(name, name)
        log[kept] = float(np.logaddexp(log.get(kept, -np.inf), value + np.log(anticipated[name])))
        prior[kept] = prior.get(kept, 0.0) + anticipated[name]
    return {name: value - float(np.log(prior[name])) for name, value in log.items()}, prior


def class_likelihoods(found: Laplace, of: Classes) -> dict[str, float]:
    """Log marginal likelihood of each possible class: its parts added up."""
    total = np.asarray(found.evidence) + np.asarray(of.parts.log_share)
    names = np.array(of.names)
    return {name: float(np.logaddexp.reduce(total[names == name])) for name in of.possible}


def verdict(
    likelihood: Mapping[str, float],
    anticipated: Mapping[str, float],
    *,
    doubts: tuple[str, ...] = (),
    wrong: float = WRONG,
) -> Verdict:
    """Say a class, or that it cannot be told. `doubts` are reasons to say nothing.

    >>> verdict({"none": 0.0, "drug": 9.0}, {"none": 0.9, "drug": 0.1}).says
    'drug'
    >>> verdict({"none": 0.0, "drug": 2.0}, {"none": 0.9, "drug": 0.1}).says
    'cannot tell'
    """
    likelihood, anticipated = merged(likelihood, anticipated)
    names = list(likelihood)
    log = np.array([likelihood[name] for name in names])
    prior = np.array([anticipated[name] for name in names])
    against = {name: _against(log, prior, i) for i, name in enumerate(names)}
    alike = _shares(log)
    probability = _shares(log + np.log(prior))
    order = np.argsort(-probability)
    remaining = tuple(names[i] for i in order if against[names[i]] < 1 / wrong)
    reasons = list(doubts)
    if len(names) == 1:
        reasons.append("the record has nothing in it that could be told apart")
    shared = frozenset.intersection(*map(_parts, remaining)) if remaining else frozenset()
    chance = sum(float(probability[names.index(name)]) for name in remaining)
    if not shared:
        told = ", ".join(CLASSES[name] for name in remaining)
        reasons.append(f"explanations that remain: {told}" if remaining else "no explanation fits")
    elif chance < SURE:
        reasons.append(f"with base rates it is likely at {100 * chance:.0f} %, below {100 * SURE:.0f} %")
    return Verdict(
        says=CANNOT_TELL if reasons else " + ".join(sorted(shared)),
        complete=len(remaining) == 1,
        reasons=tuple(reasons),
        remaining=remaining,
        log_likelihood=dict(likelihood),
        alike=dict(zip(names, alike.tolist(), strict=True)),
        probability=dict(zip(names, probability.tolist(), strict=True)),
        against=against,
    )


def shares(likelihood: Mapping[str, float], anticipated: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of classes with their base rates.

    >>> shares({"none": 0.0, "drug": 0.0}, {"none": 0.75, "drug": 0.25})["drug"]
    0.25
    """
    names = list(likelihood)
    log = np.array([likelihood[name] + np.log(anticipated[name]) for name in names])
    return dict(zip(names, _shares(log).tolist(), strict=True))


def doubts_of(dispersion: float, farthest: float, effective: float) -> tuple[str, ...]:
    """Reasons not to trust the model with a record: its middle dispersion, its farthest count in SDs, and how many
    draws the answer rests on."""
    found = []
    if dispersion > MOST_DISPERSION:
        found.append(f"the counts vary too much for the model (variance {dispersion:.1f} times the mean)")
    if farthest > FARTHEST:
        found.append(f"one count lies {farthest:.1f} SDs from all that the model can make of it")
    if effective < LEAST_EFFECTIVE:
        found.append("the likeliest explanation could not be computed well")
    return tuple(found)


def _parts(name: str) -> frozenset[str]:
    """The causes that a class is made of."""
    return frozenset(name.split(" + "))


def _against(log: Floats, prior: Floats, which: int) -> float:
    others = np.delete(log + np.log(prior), which)
    if not others.size:
        return 0.0
    mean = np.logaddexp.reduce(others) - np.log(1 - prior[which] / prior.sum()) - np.log(prior.sum())
    return float(np.exp(min(mean - log[which], 300.0)))


def _shares(log: Floats) -> Floats:
    return np.asarray(np.exp(log - np.logaddexp.reduce(log)))
