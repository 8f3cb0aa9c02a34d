"""A trial as it is planned: frozen values, no text and no array. Made by `file.py`, carried out by `run.py`.

Units: weeks from the first dose for times, mg and mg/kg for doses, shares from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypedDict

from anagen.errors import InputError
from anagen.regimen import Course, Length, Regimen, Until
from anagen.regimen.course import LIMIT_DAYS
from anagen.trial.rules import Rule

MOST_PEOPLE = 100_000_000
Kind = Literal["number", "share", "time"]


@dataclass(frozen=True)
class Adherence:
    """How doses are missed: `process` is independent, clustered, weekend or full (see `adherence.py`).

    `missed_share` of the doses of the middle person, `spread` the SD of its logit between people; `break_days` the mean
    length of a break; at weekends a dose is missed `weekend_factor` times as often.
    """

    process: str = "full"
    missed_share: float = 0.0
    spread: float = 0.0
    break_days: float = 4.0
    weekend_factor: float = 3.0


@dataclass(frozen=True)
class Meals:
    """The share of doses meant to be taken with food that are; `spread` is the SD of its logit between people."""

    with_food_share: float = 1.0
    spread: float = 0.0


@dataclass(frozen=True)
class Dropouts:
    """People who leave: `per_year` the hazard, times each of `factor_when` whose symptom the person has."""

    per_year: float
    factor_when: Mapping[str, float]


@dataclass(frozen=True)
class Arm:
    """What one group takes; `regimen` None is no treatment. Rules act in the order listed."""

    name: str
    regimen: Regimen | None
    supplements: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    adherence: Adherence = Adherence()
    meals: Meals = Meals()

    @property
    def limits(self) -> tuple[Until, ...]:
        """Totals at which dosing ends: of the regimen's last course and of the rules. The first reached counts."""
        last = self.regimen.courses[-1] if self.regimen else None
        own = (last.length,) if isinstance(last, Course) and isinstance(last.length, Until) else ()
        return (*own, *(rule.action for rule in self.rules if isinstance(rule.action, Until)))

    def planned(self, weeks: int) -> Regimen | None:
        """The regimen to lay out over `weeks`: one that runs until a total goes on to the end of the follow-up, since
        doses that are missed or held do not count."""
        return None if self.regimen is None else without_total(self.regimen, weeks)


def without_total(regimen: Regimen, weeks: int) -> Regimen:
    """The regimen with the total of its last course replaced by a length that lasts at least to the end of `weeks`,
    or as long as a regimen may be.

    >>> without_total(Regimen.from_text("20 mg once daily until 120 mg/kg"), 52).text
    '20 mg once daily for 364 days'
    """
    *before, last = regimen.courses
    if not (isinstance(last, Course) and isinstance(last.length, Until)):
        return regimen
    longest = LIMIT_DAYS - sum(phase.length_days or 0 for phase in before)
    length = Length(max(1, min(longest, 7 * weeks)), "day")
    return Regimen((*before, replace(last, length=length)), regimen.treatment)


@dataclass(frozen=True)
class Endpoint:
    """One number for each person. `table` as in `outcomes.toml`: series (in the engine), statistic, and its arguments;
    `kind` says how a group shows it: a number, a share of people, or a time in weeks."""

    name: str
    title: str
    unit: str | None
    table: Mapping[str, Any]
    kind: Kind


@dataclass(frozen=True)
class NetBenefit:
    """One more endpoint: the sum of weight · endpoint of each person."""

    title: str
    unit: str
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Subgroup:
    """A column of the population by which results are told apart; `edges` cut a number into classes."""

    covariate: str
    edges: tuple[float, ...] = ()


@dataclass(frozen=True)
class Trial:
    """A whole trial. `visits` are weeks; `population` is `("name", name)`, `("file", path)` or `("table", path)`;
    `against` is the arm that the others are compared with; `text` the file as it was read."""

    title: str
    treatment: str
    people: int
    seed: int
    follow_up_weeks: int
    visits: tuple[int, ...]
    assume: tuple[str, ...]
    uncertainty: Literal["each", "shared", "none"]
    replicates: int
    after_leaving: Literal["last", "left-out", "as-if-seen"]
    precision: Literal["single", "double"]
    population: tuple[Literal["name", "file", "table"], str | Path]
    arms: tuple[Arm, ...]
    dropouts: Dropouts | None
    endpoints: tuple[Endpoint, ...]
    net_benefit: NetBenefit | None
    subgroups: tuple[Subgroup, ...]
    against: str
    text: str

    def with_people(self, people: int) -> Trial:
        """The same trial with another number of people.

        Raises:
            InputError: not a number of people, or one that the replicates do not divide.
        """
        if not 1 <= people <= MOST_PEOPLE:
            raise InputError(f"{people:,} people", expected=f"from 1 to {MOST_PEOPLE:,} people")
        if people % self.replicates:
            raise InputError(**undivided(people, self.replicates))
        return replace(self, people=people)


class Undivided(TypedDict):
    """What is said where replicates do not divide the people."""

    message: str
    expected: str
    nearest: tuple[str, ...]


def undivided(people: int, replicates: int) -> Undivided:
    """The words of the error for replicates that do not divide the people.

    >>> undivided(100, 30)["nearest"]
    ('90', '120')
    """
    less = people // replicates * replicates
    return {
        "message": f"{people:,} people cannot be dealt into {replicates:,} replicates of one size",
        "expected": "a number of people that the replicates divide",
        "nearest": tuple(f"{n:,}" for n in (less, less + replicates) if 0 < n <= MOST_PEOPLE),
    }
