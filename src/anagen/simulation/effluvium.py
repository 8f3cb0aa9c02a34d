"""Which effluvium a simulated course shows, by published features. For clinicians and research only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EARLY_DAYS = 35
ONSET_RATIO, MARKED_RATIO, CLUB_PERCENT = 1.5, 2.0, 20.0


def effluvium(series: Mapping[str, Floats], days: Floats) -> npt.NDArray[np.str_]:
    """`"anagen"`, `"telogen"` or `"none"` for each person, `(people,)`.

    Anagen: over half of the hairs shed in excess are broken, and the rise begins before day 35. Telogen: more than 20 %
    clubs, or twice the own shedding, with club roots, beginning later. Onset is the first row at 1.5 times the start.
    """
    shed, broken, clubs = series["shed_per_day"], series["broken_per_day"], series["club_percent"]
    start = shed[0]
    risen = shed > ONSET_RATIO * start
    onset = np.where(risen.any(0), days[risen.argmax(0)], np.inf)
    excess = np.maximum(shed - start, 0).sum(0)
    mostly_broken = broken.sum(0) > 0.5 * np.maximum(excess, 1e-12)
    anagen = mostly_broken & (onset < EARLY_DAYS) & (excess > 0)
    marked = (clubs.max(0) > CLUB_PERCENT) & (clubs[0] <= CLUB_PERCENT) | (shed > MARKED_RATIO * start).any(0)
    late = (onset > EARLY_DAYS) | np.isinf(onset)
    return np.where(anagen, "anagen", np.where(marked & late & ~mostly_broken, "telogen", "none"))
