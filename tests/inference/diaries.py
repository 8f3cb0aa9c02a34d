"""Records made for tests: 36 weeks, 8 before the first dose, a fever on day 30; and counts put into them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from anagen import treatment
from anagen.inference.prepared import Prepared, prepared
from anagen.inference.record import Count, Dose, Happening, Record

START, COURSE, FEVER, WEEKS = 56, 168, 30, 36


def record(hairs, *, fever: bool = True, mg: float = 40.0) -> Record:
    """A comb count every so often, evenly over the 36 weeks."""
    days = np.round(np.linspace(0, 7 * WEEKS - 1, len(hairs)))
    return Record(
        counts=[Count(float(day), int(n), "comb") for day, n in zip(days, hairs, strict=True)],
        doses=[Dose(day, mg) for day in range(START, START + COURSE)] if mg else [],
        events=[Happening(FEVER, "fever")] if fever else [],
    )


@lru_cache(maxsize=4)
def ready(counts: int) -> Prepared:
    """The design with so many counts, made ready once."""
    return prepared(treatment("isotretinoin"), record([0] * counts))
