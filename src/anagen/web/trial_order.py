"""From the text of a trial file to an order: read without touching a file, within what this server allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.errors import InputError
from anagen.trial.file import parse_trial
from anagen.trial.plan import Trial
from anagen.trial.run import check
from anagen.trial.setting import TILE, Setting, read_population

from .settings import Settings
from .trial_process import Order

if TYPE_CHECKING:
    from anagen.simulation.result import Mode

LONGEST_TEXT = 100_000
MOST_DOTS = 100
"""In a line: a key of many names with dots between takes long to read, with the square of their number."""
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
) -> Order:
    """An order for `Jobs.add`; `people` and `seed` stand in the place of the file's.

    >>> from anagen.trial.file import EXAMPLE
    >>> order_of(EXAMPLE, Settings(), people=100).trial.people
    100

    Raises:
        InputError: the text, the people or the sizes cannot be used; a file is named in it.
        RegimenError: a regimen cannot be read, or must not be simulated.
        PregnancyStop: it says that people are pregnant.
    """
    if len(text) > LONGEST_TEXT:
        raise InputError(f"a trial file of {len(text):,} characters", expected=f"at most {LONGEST_TEXT:,}")
    crowded = next((n for n, line in enumerate(text.split("\n"), 1) if line.count(".") > MOST_DOTS), None)
    if crowded is not None:
        raise InputError(f"trial.toml, line {crowded}: more than {MOST_DOTS} dots", expected="shorter lines")
    if len(power) > MOST_SIZES:
        raise InputError(f"power: {len(power)} numbers of people", expected=f"at most {MOST_SIZES}")
    trial = parse_trial(text, folder=None)
    trial = _sized(trial if seed is None else replace(trial, seed=seed), people, settings.most_trial_people)
    check(Setting(trial, read_population(trial), mode))
    return Order(
        trial=trial,
        folder=Path(),
        workers=1 if trial.people <= SMALL else settings.trial_workers,
        power=power,
        mode=mode,
    )


def _sized(trial: Trial, people: int | None, most: int) -> Trial:
    wanted = trial.people if people is None else people
    if wanted > most:
        raise InputError(
            f"people: {wanted:,}",
            expected=f"at most {most:,} here; `anagen trial` takes more",
            nearest=f"{most // trial.replicates * trial.replicates:,}",
        )
    return trial if people is None else trial.with_people(people)
