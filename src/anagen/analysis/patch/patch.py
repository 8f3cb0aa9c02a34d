"""A square centimetre of a course's scalp: its follicles one by one; for each week the counts and what fell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from anagen.analysis.effluvia.courses import PHASES, Course, Floats
from anagen.mechanisms.follicles import Follicles

from .moves import AT, Whole, moves, whole
from .places import Places, places
from .stories import CLUB, FULL_GROWN, KEPT, Stories, stories

SHORT = 13
"""Weeks of growth up to which a hair is drawn short."""
LOOKS = ("long", "middle", "short", "bud", "catagen", "telogen", "exogen", "kenogen", "struck", "repair")
"""How a follicle is drawn; the first four are anagen by the age of the hair."""


class Fallen(NamedTuple):
    """A hair lost within the week: the follicle it came from, and whether its shaft broke."""

    follicle: int
    broken: bool


@dataclass(frozen=True, eq=False)
class Patch:
    """`number` follicles, each for `stands_for` of the scalp; `course` gives the shares and `story` the single ones.

    In each week the follicles in a phase are the model's share of `number` to less than one follicle.
    """

    number: int
    stands_for: float
    course: Course
    places: Places
    story: Stories
    visible_after: int
    """Days of growth after which a hair is seen."""

    @classmethod
    def of(cls, course: Course, follicles: Follicles, seed: int = 1) -> Patch:
        """The patch of a course, which holds whole weeks, of one person's `follicles` (1,).

        The same seed gives the same places, whatever the course.
        """
        per_cm2 = _one(follicles.number) / _one(follicles.area)
        number = max(1, round(per_cm2))
        rows = np.arange(0, course.day.size, 7)
        shares = np.stack([course.phases[name][rows] for name in PHASES], axis=1)
        counts = np.array([whole(row, number) for row in shares])
        part = number / course.follicles
        going = moves(
            counts,
            part * _weekly(course.club_shed_per_day, rows.size - 1),
            part * _weekly(course.broken_per_day, rows.size - 1),
            _one(follicles.kenogen_probability),
        )
        mean = (
            follicles.anagen,
            follicles.catagen,
            follicles.telogen,
            follicles.exogen,
            follicles.kenogen,
            follicles.breaking,
            follicles.repairing,
        )
        mean_weeks = {name: _one(days) / 7 for name, days in zip(PHASES, mean, strict=True)}
        where, who = (np.random.default_rng([seed, stream]) for stream in (1, 2))
        return cls(
            number=number,
            stands_for=course.follicles / number,
            course=course,
            places=places(number, where),
            story=stories(counts[0], going, mean_weeks, who),
            visible_after=follicles.visible_after,
        )

    @property
    def weeks(self) -> int:
        """The last week."""
        return self.story.phase.shape[0] - 1

    @cached_property
    def counts(self) -> Mapping[str, Whole]:
        """Follicles in each phase, `(weeks + 1,)`."""
        return {name: (self.story.phase == AT[name]).sum(1) for name in PHASES}

    @cached_property
    def looks(self) -> Whole:
        """How each is drawn, `(weeks + 1, follicles)`: places in `LOOKS`."""
        phase, age = self.story.phase, self.story.age
        young = np.digitize(-age, (-FULL_GROWN, -SHORT, -self.visible_after / 7), right=True)
        return np.where(phase == AT["anagen"], young, phase + LOOKS.index("catagen") - AT["catagen"])

    @cached_property
    def short(self) -> Whole:
        """Growing hairs drawn short or not yet seen, `(weeks + 1,)`."""
        return np.asarray(np.isin(self.looks, [LOOKS.index("short"), LOOKS.index("bud")]).sum(1))

    def fallen(self, week: int) -> Iterator[Fallen]:
        """The hairs lost in the week before."""
        lost = self.story.lost[week]
        for follicle in np.flatnonzero(lost != KEPT):
            yield Fallen(int(follicle), bool(lost[follicle] != CLUB))

    @cached_property
    def shares(self) -> Mapping[str, Floats]:
        """The model's share in each phase, `(weeks + 1,)`."""
        return {name: self.course.phases[name][::7] for name in PHASES}

    @property
    def shed_per_day(self) -> Floats:
        """Hairs that the whole scalp loses a day, `(weeks + 1,)`."""
        return np.asarray(self.course.shed_per_day[::7])


def _one(value: object) -> float:
    return float(np.asarray(value).ravel()[0])


def _weekly(per_day: Floats, weeks: int) -> Floats:
    """Sums of the days of each week; row d holds what fell in the day before d."""
    return np.asarray(per_day[1 : 7 * weeks + 1].reshape(weeks, 7).sum(1))
