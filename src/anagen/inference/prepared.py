"""A record made ready for fitting: its timeline, the courses of the grid, the hypotheses and the arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anagen.treatments.registry import Treatment

from .courses import Courses, courses, sudden
from .hypotheses import Classes, classes, pulse_that_shows
from .priors import Priors
from .record import Record
from .seen import Seen, seen
from .timeline import Timeline, timeline


@dataclass(frozen=True)
class Prepared:
    """All that is computed once of a record; other counts on the same days can be put in its place."""

    treatment: Treatment
    record: Record
    time: Timeline
    grid: Courses
    priors: Priors
    classes: Classes
    data: Seen


def prepared(treatment: Treatment, record: Record) -> Prepared:
    """Simulate the grid of people through the record.

    Raises:
        InputError: a record that is too long.
    """
    priors = Priors.of(treatment.parameters)
    answer = sudden(treatment)
    time = timeline(treatment, record)
    grid = courses(treatment, time)
    found = classes(record, time, grid, priors, _pulse_that_shows(treatment))
    return Prepared(treatment, record, time, grid, priors, found, seen(record, time, grid, answer, priors))


@lru_cache(maxsize=4)
def _pulse_that_shows(treatment: Treatment) -> float:
    return pulse_that_shows(sudden(treatment).shed[0])
