"""What a field of an entry may hold: unit, range, choices. Read by the checks, the commands and every file format."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from anagen.errors import InputError, nearest

LONGEST_TEXT = 2000  # characters of one text


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` is how a value is written; `low` to `high` in `unit` is what is possible, not what is usual."""

    kind: str
    says: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    free: bool = False  # the person's own words: left out of what is shared

    @property
    def expected(self) -> str:
        """What is right, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind in ("whole", "number"):
            what = "a whole number" if self.kind == "whole" else "a number"
            return f"{what} from {self.low:g} to {self.high:g} {self.unit}".rstrip()
        return {"text": f"a text of up to {LONGEST_TEXT} characters", "flag": "yes or no"}[self.kind]

    def check(self, name: str, value: object) -> None:
        """Refuse what cannot be.

        Raises:
            InputError: a value of another type, outside the range, or not among the choices.
        """
        if self.kind == "flag":
            right = isinstance(value, bool)
        elif self.kind in ("whole", "number"):
            numeric = (int,) if self.kind == "whole" else (int, float)
            right = isinstance(value, numeric) and not isinstance(value, bool) and self.low <= value <= self.high
        elif self.choices:
            right = value in self.choices
        else:
            right = isinstance(value, str) and len(value) <= LONGEST_TEXT and _writable(value)
        if not right:
            near = nearest(value, self.choices) if isinstance(value, str) else ()
            raise InputError(f"{name} is {_shown(value)}", expected=self.expected, nearest=near)


def _writable(text: str) -> bool:
    """Whether a text can stand in a file: no NUL, no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _made(spec: Field, required: bool, default: Any) -> Any:
    return field(metadata={"field": spec}) if required else field(default=default, metadata={"field": spec})


def number(says: str, unit: str, low: float, high: float, *, required: bool = False) -> Any:
    """A number in `unit`; None where nobody said it."""
    return _made(Field("number", says, unit, low, high), required, None)


def whole(says: str, unit: str, low: int, high: int, *, required: bool = False, default: int | None = None) -> Any:
    """A whole number, such as a count."""
    return _made(Field("whole", says, unit, low, high), required, default)


def one_of(says: str, *choices: str, required: bool = False) -> Any:
    """One of some words; None where nobody said it."""
    return _made(Field("choice", says, choices=choices), required, None)


def flag(says: str) -> Any:
    """Yes, no, or None where nobody said it."""
    return _made(Field("flag", says), False, None)


def text(says: str, *, required: bool = False, free: bool = False) -> Any:
    """Words; empty where there are none. `free` text is private."""
    return _made(Field("text", says, free=free), required, "")
