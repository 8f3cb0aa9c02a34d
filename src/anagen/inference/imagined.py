"""Records that nobody kept: people drawn under a class, and what they would have counted on the days of a design.

For calibration checks, recovery tables and the power of designs; the counts alone are drawn.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .likelihood import Person
from .posterior import means
from .prepared import Prepared
from .priors import NAMES

Floats = npt.NDArray[np.float64]
CANDIDATES = 16


def people_under(
    of: Prepared, name: str, number: int, rng: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Scores of people drawn under a class, `(number, 13)`, and the fit that each belongs to.

    Exposure and susceptibility go together in who is in a class: of sixteen people each, one is kept by chance
    according to how many susceptibilities the class allows them.
    """
    rows = np.flatnonzero(np.array(of.classes.names) == name)
    part = rng.choice(rows, size=number)
    z = rng.standard_normal((number * CANDIDATES, len(NAMES)))
    people, _ = means(of, z, np.repeat(part, CANDIDATES))
    mass = np.exp(np.asarray(people.log_mass)).reshape(number, CANDIDATES)
    chosen = np.array([rng.choice(CANDIDATES, p=row / row.sum()) for row in mass])
    return z.reshape(number, CANDIDATES, -1)[np.arange(number), chosen], part


def counted(
    of: Prepared, z: Floats, part: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], Person]:
    """Hairs of each count, `(people, counts)`, drawn about what such people would see; and the people."""
    people, mean = means(of, z, part)
    expected = np.asarray(mean.hairs)[:, : len(of.record.counts)]
    extra = np.asarray(people.dispersion)[:, None] - 1
    rate = rng.gamma(np.maximum(expected, 1e-6) / extra, extra)
    return rng.poisson(rate), people
