"""Planning an n-of-1 record, on and off the drug: how often its counts would tell whether the drug takes part.

People are drawn under "drug" and under "none", their counts on the design's days with them, and each record is fitted
like any other. A design of groups of simulated people; not advice to take a drug again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.errors import InputError
from anagen.treatments.registry import Treatment

from .imagined import counted, people_under
from .judged import judged
from .laplace import laplace
from .prepared import Prepared, prepared
from .record import MOST_COUNTS, Count, Dose, Happening, Method, Record
from .seen import with_hairs
from .verdict import CANNOT_TELL


@dataclass(frozen=True)
class Design:
    """`phases`, weeks off and on the drug in turn, beginning off: (12, 20, 24, 20) is off, on, off, on. `mg` a day
    while on; `counts_per_week` (2, 1, 0.5, 0.25) by `method`.

    >>> len(Design((8, 20, 24, 20), mg=20).record().counts)
    72
    """

    phases: tuple[int, ...]
    mg: float
    counts_per_week: float = 1.0
    method: Method = "comb"
    events: tuple[Happening, ...] = ()
    weight_kg: float = 70.0

    def __post_init__(self) -> None:
        if not self.phases or any(weeks < 1 for weeks in self.phases):
            raise InputError(f"phases: {self.phases}", expected="weeks off, on, off, ..., each at least 1")
        if not 0 < self.counts_per_week * sum(self.phases) <= MOST_COUNTS or self.counts_per_week > 7:
            raise InputError(f"counts per week: {self.counts_per_week}", expected="such as 2, 1, 0.5 or 0.25")

    def record(self) -> Record:
        """The record with its days and doses, and no hairs yet."""
        days = np.arange(0.0, 7.0 * sum(self.phases), 7.0 / self.counts_per_week)
        doses, start = [], 0
        for i, weeks in enumerate(self.phases):
            if i % 2:
                doses += [Dose(day, self.mg) for day in range(start, start + 7 * weeks)]
            start += 7 * weeks
        counts = [Count(float(np.floor(day)), 0, self.method) for day in days]
        return Record(counts=counts, doses=doses, events=self.events, weight_kg=self.weight_kg)


@dataclass(frozen=True)
class Told:
    """Of `records` made under a class: how many verdicts were right, wrong, or none."""

    truth: str
    records: int
    right: int
    wrong: int

    @property
    def undecided(self) -> int:
        """Records of which nothing was said."""
        return self.records - self.right - self.wrong


def told(of: Prepared, truth: str, records: int, seed: int = 1) -> Told:
    """Draw people under a class, let them count, and see what the fit says."""
    rng = np.random.default_rng(seed)
    z, part = people_under(of, truth, records, rng)
    hairs, _ = counted(of, z, part, rng)
    right = wrong = 0
    for row in hairs:
        kept = replace(of, data=with_hairs(of.data, row))
        says = judged(kept, laplace(kept.data, of.classes.parts)).verdict
        right += says.says != CANNOT_TELL and says.right(truth)
        wrong += says.wrong(truth)
    return Told(truth, records, right, wrong)


def power(
    design: Design, treatment: Treatment, *, records: int = 100, seed: int = 1, truths: Sequence[str] = ("drug", "none")
) -> dict[str, Told]:
    """How often the design tells, for each class that may be true.

    Raises:
        InputError: the record allows no such class (none was taken, or too little to raise shedding by half).
    """
    of = prepared(treatment, design.record())
    for truth in truths:
        if truth not in of.classes.possible:
            raise InputError(f"'{truth}' cannot be in such a record", expected=", ".join(of.classes.possible))
    return {truth: told(of, truth, records, seed) for truth in truths}
