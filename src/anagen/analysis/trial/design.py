"""A trial before it is run, in words: who, which arms with which rules, when they are looked at, what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from anagen.analysis.charts.theme import MARKS
from anagen.analysis.numbers import listed
from anagen.patient.covariates import covariates
from anagen.treatments.registry import treatment
from anagen.trial.endpoints import endpoints_of
from anagen.trial.plan import Adherence, Arm, Meals, Trial
from anagen.trial.result import trial_notices

from .cells import percent_of
from .people import column_title

UNCERTAINTY = {
    "each": "What nobody knows of the model is drawn anew for each person, so every range holds it too.",
    "shared": "What nobody knows of the model is drawn once for all people of a replicate: replicates differ by it.",
    "none": "What nobody knows of the model is left out: the ranges hold only how people differ.",
}
LEAVING = {
    "last": "Of people who left, the last value seen counts.",
    "left-out": "People who left before an endpoint was complete are left out of it.",
    "as-if-seen": "People who left count as if they had been seen to the end.",
}


@dataclass(frozen=True)
class ArmDesign:
    """One arm as it is planned; `takes` are sentences on supplements, missed doses and meals."""

    letter: str
    name: str
    regimen: str
    rules: tuple[str, ...]
    takes: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """What a trial will do; `says` are sentences, `endpoints` titles, `safety` the notices of all arms."""

    title: str
    people: int
    weeks: int
    seed: int
    says: tuple[str, ...]
    arms: tuple[ArmDesign, ...]
    endpoints: tuple[str, ...]
    safety: tuple[Mapping[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """The same as one object."""
        return asdict(self)


def design(trial: Trial) -> Design:
    """A trial that has been read, in words.

    >>> from anagen.trial.file import EXAMPLE, parse_trial
    >>> found = design(parse_trial(EXAMPLE))
    >>> found.says[0]
    '2,000 simulated adults, the same in each of 3 arms, are followed for 52 weeks.'
    >>> found.arms[2].rules[-1], len(found.arms[2].takes), found.endpoints[-1]
    ('until 120 mg/kg', 2, 'Hairs kept')
    """
    return Design(
        title=trial.title,
        people=trial.people,
        weeks=trial.follow_up_weeks,
        seed=trial.seed,
        says=tuple(_says(trial)),
        arms=tuple(_arm(place, arm) for place, arm in enumerate(trial.arms)),
        endpoints=tuple(endpoint.title for endpoint in endpoints_of(trial)),
        safety=tuple(dict(notice) for notice in trial_notices(trial, treatment(trial.treatment))),
    )


def _says(trial: Trial) -> list[str]:
    arms, weeks = len(trial.arms), trial.follow_up_weeks
    who = f"{trial.people:,} simulated adult" + ("s" if trial.people != 1 else "")
    same = f", the same in each of {arms} arms," if arms > 1 else ""
    said = [f"{who}{same} {'are' if trial.people != 1 else 'is'} followed for {weeks} week{'s' if weeks != 1 else ''}."]
    if trial.visits:
        said.append(f"Visits are {visits_said(trial.visits)}. Rules look at people only then.")
    else:
        said.append("There are no visits, so no rule acts and nobody leaves.")
    if trial.dropouts and trial.dropouts.per_year:
        factors = [f"{factor:g} times that with {name}" for name, factor in _named(trial).items()]
        more = f" ({listed(factors)})" if factors else ""
        said.append(f"People leave at visits, at a hazard of {trial.dropouts.per_year:g} a year{more}.")
        said.append(LEAVING[trial.after_leaving])
    if arms > 1:
        said.append(f"Arms are compared with “{trial.against}”.")
    if trial.replicates > 1:
        said.append(f"The people are dealt into {trial.replicates:,} trials of one size.")
    said.append(UNCERTAINTY[trial.uncertainty])
    if trial.subgroups:
        said.append(f"Subgroups: {listed([_column(one.covariate, trial.treatment) for one in trial.subgroups])}.")
    if trial.assume:
        said.append(f"Assumed, not shown: {listed(list(trial.assume))}.")
    return said


def _column(name: str, of: str) -> str:
    known = covariates(of).get(name)
    return column_title(name, known.unit if known else "")


def _named(trial: Trial) -> dict[str, float]:
    """Factors of leaving by the title of the symptom."""
    series = treatment(trial.treatment).series
    factors = trial.dropouts.factor_when if trial.dropouts else {}
    return {str(series.get(name, {}).get("title", name)).lower(): factor for name, factor in factors.items()}


def _arm(place: int, arm: Arm) -> ArmDesign:
    takes = [f"Also: {listed([name.replace('-', ' ') for name in arm.supplements])}."] if arm.supplements else []
    if arm.regimen is not None:
        takes += [_missed(arm.adherence), *_meals(arm.meals)]
    return ArmDesign(
        letter=MARKS[place].letter,
        name=arm.name,
        regimen=arm.regimen.text if arm.regimen else "no treatment",
        rules=tuple(rule.text for rule in arm.rules),
        takes=tuple(takes),
    )


def _missed(adherence: Adherence) -> str:
    if adherence.process == "full":
        return "Every dose is taken."
    how = {
        "clustered": f"in breaks of {adherence.break_days:g} days on average",
        "weekend": f"{adherence.weekend_factor:g} times as often at weekends",
    }.get(adherence.process, "each by a lot of its own")
    return f"About {percent_of(adherence.missed_share)} of doses are missed, {how}."


def _meals(meals: Meals) -> list[str]:
    if meals.with_food_share >= 1:
        return []
    return [f"{percent_of(meals.with_food_share)} of doses meant for a meal are taken with one."]


def visits_said(weeks: Sequence[int]) -> str:
    """When visits are, in a few words.

    >>> visits_said([4, 8, 12, 16]), visits_said([2, 4, 8]), visits_said([])
    ('every 4 weeks, up to week 16', 'in weeks 2, 4 and 8', '')
    """
    if not weeks:
        return ""
    if len(weeks) == 1:
        return f"in week {weeks[0]}"
    if all(week == weeks[0] * place for place, week in enumerate(weeks, 1)):
        return (
            f"every {weeks[0]} weeks, up to week {weeks[-1]}" if weeks[0] > 1 else f"every week, up to week {weeks[-1]}"
        )
    return f"in weeks {listed(list(map(str, weeks)))}"
