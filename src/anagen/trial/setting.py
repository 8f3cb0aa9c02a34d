"""All that is fixed before the first person: drug, population, planned doses, blocks of weeks. Made once a process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from anagen.compiled.configure import configure, one_thread
from anagen.compiled.programs import Effort
from anagen.patient.covariates import covariates
from anagen.patient.people import People
from anagen.patient.population import Population
from anagen.simulation.engine import BLOCK_WEEKS
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .layout import Layout
from .plan import Trial
from .planned import Planned
from .rules import Hold

TILE = 1264
"""People of a tile. More would not fit in the processor's cache; a power of two would fill few of its lines."""
MANY_WEEKS = 10_000_000
"""Weeks of all people and arms from which it pays to compile longer."""
PRECISIONS = {"single": "float32", "double": "float64"}


def read_population(trial: Trial) -> Population:
    """The population that a trial names."""
    kind, value = trial.population
    if kind == "name":
        return Population.named(str(value), trial.treatment)
    return Population.read(value, treatment=trial.treatment)


@dataclass(frozen=True, eq=False)
class Setting:
    """A trial and its population, with what follows from them. Picklable: what is heavy is made where it is used."""

    trial: Trial
    population: Population
    mode: str = "reader"

    def __getstate__(self) -> tuple[Trial, Population, str]:
        return self.trial, self.population, self.mode

    def __setstate__(self, state: tuple[Trial, Population, str]) -> None:
        for name, value in zip(("trial", "population", "mode"), state, strict=True):
            object.__setattr__(self, name, value)

    @cached_property
    def treatment(self) -> Treatment:
        one_thread()
        configure()
        return find_treatment(self.trial.treatment)

    @cached_property
    def fingerprint(self) -> str:
        """Of the treatment, as compiled programs hang on it."""
        return self.treatment.fingerprint()

    @property
    def precision(self) -> str:
        return PRECISIONS[self.trial.precision]

    @property
    def effort(self) -> Effort:
        """How long the compiler may take, by the size of the trial alone."""
        weeks = self.trial.people * self.trial.follow_up_weeks * len(self.trial.arms)
        return "long" if weeks >= MANY_WEEKS else "usual"

    @cached_property
    def tiles(self) -> int:
        """Tiles of people, the last one padded."""
        return -(-self.trial.people // TILE)

    @cached_property
    def planned(self) -> tuple[Planned, ...]:
        """The planned doses of each arm."""
        meals = "with_food_share" in self.population.columns
        return tuple(
            Planned.of(
                arm,
                self.treatment,
                self.trial.follow_up_weeks,
                own_meals=meals or arm.meals.with_food_share < 1,
            )
            for arm in self.trial.arms
        )

    @cached_property
    def longest_course_days(self) -> float:
        """Of all arms. What is read at the end of the course is read there in an arm without one."""
        return max(planned.events.course_days for planned in self.planned)

    @cached_property
    def block_weeks(self) -> int:
        """Weeks computed at once: a divisor of all times at which doses can change, and of the follow-up."""
        trial = self.trial
        times = [trial.follow_up_weeks]
        if trial.dropouts or any(arm.rules for arm in trial.arms):
            times += trial.visits
            times += [
                round(rule.action.weeks) for arm in trial.arms for rule in arm.rules if isinstance(rule.action, Hold)
            ]
        together = math.gcd(*times)
        return next(weeks for weeks in range(min(together, BLOCK_WEEKS), 0, -1) if together % weeks == 0)

    @cached_property
    def layout(self) -> Layout:
        """The axes of the sums."""
        known = covariates(self.trial.treatment)
        levels = {name: known[name].levels for name in self.population.columns}
        return Layout.of(self.trial, levels, people=self.trial.people, tile=TILE)

    def people(self, tile: int) -> People:
        """The people of a tile; those beyond the last are padding."""
        return self.population.people(np.arange(tile * TILE, (tile + 1) * TILE), self.trial.seed)

    def valid(self, tile: int) -> np.ndarray:
        """Who of a tile is no padding, `(people,)`."""
        return np.arange(tile * TILE, (tile + 1) * TILE) < self.trial.people
