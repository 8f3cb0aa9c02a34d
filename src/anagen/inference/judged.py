"""From the fits of a record to what is said of it: draws of the person, doubts about the model, the verdict.

`fit` says this of a real record; recovery tables and the power of designs say it of imagined ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .laplace import Laplace
from .posterior import Posterior, farthest, posterior, quantiles
from .prepared import Prepared
from .verdict import Verdict, class_likelihoods, doubts_of, shares, verdict


@dataclass(frozen=True)
class Judged:
    """`likelihood` (log) and `probability` (with base rates) by class; draws of the person; what is said."""

    likelihood: Mapping[str, float]
    probability: Mapping[str, float]
    drawn: Posterior
    verdict: Verdict


def judged(of: Prepared, found: Laplace) -> Judged:
    """What the fits of a record say. `of` must hold the counts that were fitted."""
    likelihood = class_likelihoods(found, of.classes)
    probability = shares(likelihood, of.classes.anticipated)
    drawn = posterior(of, found, probability)
    allowed = np.isin(of.classes.names, of.classes.possible)
    best = int(np.argmax(np.where(allowed, np.asarray(found.evidence) + of.classes.parts.log_share, -np.inf)))
    dispersion = quantiles(np.asarray(drawn.people.dispersion), drawn.weight, (0.5,))[0]
    doubts = doubts_of(dispersion, farthest(of, drawn), float(found.effective[best]))
    return Judged(likelihood, probability, drawn, verdict(likelihood, of.classes.anticipated, doubts=doubts))
