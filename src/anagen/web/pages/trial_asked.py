"""What the form of a trial holds, as it was typed, so that nothing is lost where it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from anagen.errors import InputError
from anagen.trial.power import sizes_of

from ..job import Job
from ..problems import Problem
from ..settings import Settings
from ..trial_bounds import LONGEST_TEXT, decoded
from ..trial_order import order_of
from ..trial_population import SentPopulation
from ..trial_process import Order

if TYPE_CHECKING:
    from anagen.simulation.result import Mode

MOST_SEED = 2**32 - 1
BUSY = Problem(429, "Other trials run and wait just now", "What you typed is still below. Try again in a minute.")


@dataclass(frozen=True)
class Asked:
    """Texts of the form's fields, empty where the file says it; `sent` is the file of people, `again` the id of the
    earlier trial that it came with."""

    text: str
    people: str = ""
    seed: str = ""
    power: str = ""
    sent: SentPopulation | None = None
    again: str = ""

    @classmethod
    def of_job(cls, job: Job) -> Asked:
        """The form that gave an earlier trial."""
        trial, order = job.order.trial, job.order
        return cls(trial.text, str(trial.people), str(trial.seed), ", ".join(map(str, order.power)), order.sent, job.id)

    def order(self, settings: Settings, mode: Mode) -> Order:
        """The order.

        Raises:
            InputError, RegimenError, PregnancyStop: as `order_of`; or a field holds no number.
        """
        return order_of(
            self.text,
            settings,
            people=_whole("people", self.people, 1, settings.most_trial_people),
            seed=_whole("seed", self.seed, 0, MOST_SEED),
            power=sizes_of(self.power or None),
            mode=mode,
            sent=self.sent,
        )


async def read_form(request: Request) -> Asked:
    """The form that was sent; a file that was chosen counts instead of the text, or of the people of an earlier trial.

    Raises:
        InputError: the trial file is too long, or no text; the file of people is none.
    """
    async with request.form(max_files=2, max_fields=20, max_part_size=4 * LONGEST_TEXT) as form:
        text, again, sent = _said(form, "trial"), _said(form, "again"), None
        if file := _chosen(form, "file"):
            text = decoded(await file.read(), "trial.toml")
        if file := _chosen(form, "population"):
            again, sent = "", SentPopulation.of(file.filename or "", await file.read())
        elif job := request.app.state.jobs.find(again):
            sent = job.order.sent
        people, seed, power = (_said(form, name).strip() for name in ("people", "seed", "power"))
        return Asked(text, people, seed, power, sent, again)


def _chosen(form: FormData, name: str) -> UploadFile | None:
    """The file of a field; a browser sends one without a name where none was chosen."""
    file = form.get(name)
    return file if isinstance(file, UploadFile) and file.filename else None


def _said(form: FormData, name: str) -> str:
    value: Any = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _whole(name: str, text: str, least: int, most: int) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 20 or not least <= int(text) <= most:
        raise InputError(f"{name}: '{text[:40]}'", expected=f"a whole number from {least:,} to {most:,}")
    return int(text)
