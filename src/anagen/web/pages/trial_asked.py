"""What the form of a trial holds, as it was typed, so that nothing is lost where it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from anagen.errors import InputError
from anagen.trial.power import sizes_of

from ..problems import Problem
from ..settings import Settings
from ..trial_order import LONGEST_TEXT, order_of
from ..trial_process import Order

if TYPE_CHECKING:
    from anagen.simulation.result import Mode

MOST_SEED = 2**32 - 1
BUSY = Problem(429, "Other trials run and wait just now", "What you typed is still below. Try again in a minute.")


@dataclass(frozen=True)
class Asked:
    """Texts of the form's fields; empty where the file says it."""

    text: str
    people: str = ""
    seed: str = ""
    power: str = ""

    @classmethod
    def of_order(cls, order: Order) -> Asked:
        """The form that gave an order."""
        trial = order.trial
        return cls(trial.text, str(trial.people), str(trial.seed), ", ".join(map(str, order.power)))

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
        )


async def read_form(request: Request) -> Asked:
    """The form that was sent; a file that was chosen counts instead of the text.

    Raises:
        InputError: the file is too long, or no text.
    """
    async with request.form(max_files=2, max_fields=20, max_part_size=4 * LONGEST_TEXT) as form:
        file = form.get("file")
        text = _said(form, "trial")
        if isinstance(file, UploadFile) and file.filename:
            text = _decoded(await file.read(4 * LONGEST_TEXT + 1))
        return Asked(text, *(_said(form, name).strip() for name in ("people", "seed", "power")))


def _said(form: FormData, name: str) -> str:
    value: Any = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _decoded(content: bytes) -> str:
    if len(content) > 4 * LONGEST_TEXT:
        raise InputError("the file is too long", expected=f"a trial file of at most {LONGEST_TEXT:,} characters")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"the file's byte {error.start} is not UTF-8", expected="a trial file (TOML), a text in UTF-8"
        ) from None


def _whole(name: str, text: str, least: int, most: int) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 20 or not least <= int(text) <= most:
        raise InputError(f"{name}: '{text[:40]}'", expected=f"a whole number from {least:,} to {most:,}")
    return int(text)
