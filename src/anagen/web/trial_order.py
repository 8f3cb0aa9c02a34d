"""From the text of a trial file to an order: read without touching a file, within what this server allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.analysis.numbers import listed
from anagen.errors import InputError
from anagen.patient.covariate_table import Table
from anagen.patient.population import Population
from anagen.trial.file import parse_trial
from anagen.trial.plan import Trial
from anagen.trial.run import check
from anagen.trial.setting import TILE, Setting, read_population

from .settings import Settings
from .trial_bounds import bounded_toml
from .trial_population import SentPopulation
from .trial_process import Order

if TYPE_CHECKING:
    from anagen.simulation.result import Mode

MOST_SIZES = 20
SMALL = 4 * TILE
"""People up to whom one process is as quick as several."""


def order_of(
    text: str,
    settings: Settings,
    *,
    people: int | None = None,
    seed: int | None = None,
    power: tuple[int, ...] = (),
    mode: Mode = "reader",
    sent: SentPopulation | None = None,
) -> Order:
    """An order for `Jobs.add`; `people` and `seed` stand in the place of the file's, `sent` is the file of people that
    it names.

    >>> from anagen.trial.file import EXAMPLE
    >>> order_of(EXAMPLE, Settings(), people=100).trial.people
    100

    Raises:
        InputError: the text, the people or the sizes cannot be used; a file is named in it that was not sent, or
            cannot be used.
        RegimenError: a regimen cannot be read, or must not be simulated.
        PregnancyStop: it says that people are pregnant.
    """
    bounded_toml(text, "trial.toml")
    if len(power) > MOST_SIZES:
        raise InputError(f"power: {len(power)} numbers of people", expected=f"at most {MOST_SIZES}")
    trial = parse_trial(text, folder=None, sent=sent.name if sent else "")
    trial = _sized(trial if seed is None else replace(trial, seed=seed), people, settings.most_trial_people)
    population = sent.population(trial.treatment) if sent else read_population(trial)
    check(Setting(trial, population, mode))
    return Order(
        trial=trial,
        sent=sent,
        who=who(population, trial.people),
        folder=Path(),
        workers=1 if trial.people <= SMALL else settings.trial_workers,
        power=power,
        mode=mode,
    )


def who(population: Population, people: int) -> str:
    """Who the people of a trial are, in a sentence or two.

    >>> who(Population.named("acne-clinic"), 100)
    'People: acne-clinic (Young adults of an acne clinic, 18 to 35 years).'
    """
    made = population.made_of
    if not isinstance(made, Table):
        return f"People: {population.name} ({population.to_json()['title']})."
    rows = f"{made.rows:,} row{'s' if made.rows != 1 else ''}"
    said = f"People: those of {population.name}, {rows} with {listed(list(population.columns))}."
    return said if people <= made.rows else f"{said} After the last row they are taken from the first again."


def _sized(trial: Trial, people: int | None, most: int) -> Trial:
    wanted = trial.people if people is None else people
    if wanted > most:
        raise InputError(
            f"people: {wanted:,}",
            expected=f"at most {most:,} here; `anagen trial` takes more",
            nearest=f"{most // trial.replicates * trial.replicates:,}",
        )
    return trial if people is None else trial.with_people(people)
