"""Trials for the tests that run the engine: all of 24 weeks with a visit every 4, so that few programs are compiled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from anagen.patient.population import Population
from anagen.trial.file import parse_trial
from anagen.trial.plan import Trial
from anagen.trial.result import TrialResult
from anagen.trial.setting import Setting
from anagen.trial.tile import ArmCourse, Tile

WEEKS = 24
DAILY = "20 mg once daily with food for 24 weeks"

BUSY = """
title = "Two doses with everything that can happen"
people = 3000
seed = 7
follow_up_weeks = 24
visits_every_weeks = 4
[population]
name = "adults"
[[arms]]
name = "20 mg"
regimen = "20 mg once daily with food for 24 weeks"
rules = [
  "when triglycerides > 180 mg/dL then hold 4 weeks",
  "when ALT > 1 x ULN at 2 visits in a row then stop",
  "when cheilitis and week >= 8 then reduce to 10 mg",
  "when triglycerides rises by 150 % then reduce by half",
]
[[arms]]
name = "0.5 mg/kg"
regimen = "0.5 mg/kg once daily with food for 24 weeks"
rules = ["when TG > 250 mg/dL then hold until TG < 200 mg/dL", "until 45 mg/kg"]
[adherence]
process = "clustered"
missed_share = 0.1
[meals]
with_food_share = 0.8
[dropouts]
per_year = 0.4
factor_when = { cheilitis = 1.5 }
[[endpoints]]
outcome = "extra_hairs_shed"
[[endpoints]]
outcome = "dermatitis_change_percent"
[[endpoints]]
outcome = "triglycerides_peak_mg_per_dl"
[[endpoints]]
name = "tg_150"
title = "Time to triglycerides above 150 mg/dL"
series = "triglycerides_mg_per_dl"
statistic = "first_above"
limit = 150
[[subgroups]]
covariate = "sex"
[[subgroups]]
covariate = "weight_kg"
edges = [60, 80]
"""

WOMAN = """
[covariates.sex]
unit = "category"
distribution = "constant"
value = "female"
[covariates.weight_kg]
unit = "kg"
distribution = "constant"
value = 70
"""
"""A population in which everybody is the patient that `simulate` takes where nothing is said."""


def busy() -> Trial:
    """A trial of three tiles, the last padded, in which rules, totals, missed doses, meals and dropouts act."""
    return parse_trial(BUSY)


def plan(arms: Iterable[str], more: str = "", top: str = "", folder: Path = Path(), *, weeks: int = WEEKS) -> Trial:
    """A trial of 1,024 people with `arms`, each the lines of its table after the name (which is "arm 0", ...).

    `top` are other lines at the top, `more` further tables. Nobody leaves, unless `more` says so.
    """
    tables = [f'[[arms]]\nname = "arm {i}"\n{text}' for i, text in enumerate(arms)]
    dropouts = "" if "[dropouts]" in more else "[dropouts]\nper_year = 0"
    population = "" if "[population]" in more else '[population]\nname = "adults"'
    usual = {"people": "people = 1024", "weeks =": f"follow_up_weeks = {weeks}", "visits": "visits_every_weeks = 4"}
    lines = ['title = "t"', *(line for word, line in usual.items() if word not in top), top]
    return parse_trial("\n".join([*lines, population, *tables, dropouts, more]), folder=folder)


def regimen(text: str = DAILY, *more: str) -> str:
    """The lines of an arm."""
    return "\n".join([f'regimen = "{text}"', *more])


def run_tile(trial: Trial, population: str | None = None, tile: int = 0) -> tuple[Tile, list[ArmCourse]]:
    """One tile through all arms; `population` is the text of a population in the place of the trial's."""
    people = Population.parse(population) if population else Population.named("adults")
    one = Tile(Setting(trial, people), tile)
    return one, [one.through(planned) for planned in one.setting.planned]


def endpoint(trial: Trial, course: ArmCourse, name: str) -> np.ndarray[Any, Any]:
    """The values of one endpoint, `(people,)`."""
    return course.endpoints[[one.name for one in trial.endpoints].index(name)]


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of all files of all parts."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted((folder / "parts").iterdir())}


def said(result: TrialResult) -> str:
    """The whole JSON of a result."""
    return json.dumps(result.to_json(), allow_nan=False)
