"""What Anagen says when it is asked for something it cannot do.

Every error tells what was wrong, where, what was expected, and the nearest valid choice. Doors (command line,
web page) print `str(error)` and leave with `error.exit_code`; nothing else is ever shown.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LINE_WIDTH = 96  # characters of the quoted text shown around the caret
_LONGEST = 400  # characters of a message: it may repeat what was typed


@dataclass(frozen=True)
class Where:
    """A place in a text the user wrote: `column` counts from 0, `length` is the number of characters marked.

    >>> print(Where("20 g once daily", 3, 1).render())
    20 g once daily
       ^
    """

    text: str
    column: int
    length: int = 1

    def render(self) -> str:
        """The line and, under it, the caret. Long lines are cut; characters that do not print show as `?`."""
        line = "".join(c if c.isprintable() and not unicodedata.combining(c) else "?" for c in self.text)
        column = min(max(self.column, 0), len(line))
        first = 0 if len(line) <= _LINE_WIDTH else max(0, min(column - _LINE_WIDTH // 2, len(line) - _LINE_WIDTH))
        shown = line[first : first + _LINE_WIDTH]
        before, after = "… " * (first > 0), " …" * (first + _LINE_WIDTH < len(line))
        marks = max(1, min(self.length, len(shown) - (column - first)))
        return f"{before}{shown}{after}".rstrip() + "\n" + " " * (len(before) + column - first) + "^" * marks


class AnagenError(Exception):
    """Something was asked that cannot be done as written.

    Args:
        message: what was wrong, in one sentence; a very long one loses its middle.
        where: the text and place it was wrong at, if it was a text.
        expected: what would have been right.
        nearest: the nearest valid form, or several.

    >>> print(AnagenError("unknown unit: g", where=Where("20 g once", 3), expected="mg", nearest="20 mg once"))
    unknown unit: g
        20 g once
           ^
    expected: mg
    nearest: 20 mg once
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        where: Where | None = None,
        expected: str | None = None,
        nearest: str | Iterable[str] = (),
    ) -> None:
        if len(message) > _LONGEST:
            message = f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 4 :]}"
        super().__init__(message)
        self.message = message
        self.where = where
        self.expected = expected
        self.nearest: tuple[str, ...] = (nearest,) if isinstance(nearest, str) else tuple(nearest)

    def __str__(self) -> str:
        lines = [self.message]
        if self.where is not None:
            lines += ["    " + line for line in self.where.render().splitlines()]
        if self.expected:
            lines.append(f"expected: {self.expected}")
        if self.nearest:
            lines.append("nearest: " + ", or ".join(self.nearest))
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries in trials; keyword-only arguments need this to be unpickled.
        return _rebuild, (type(self), self.message, self.where, self.expected, self.nearest)


def _rebuild(
    kind: type[AnagenError], message: str, where: Where | None, expected: str | None, nearest: tuple[str, ...]
) -> AnagenError:
    return kind(message, where=where, expected=expected, nearest=nearest)


class RegimenError(AnagenError):
    """A regimen that cannot be read, or must not be simulated."""


class InputError(AnagenError):
    """A person, an option, a product, a name or a path that is not valid."""


class DataError(AnagenError):
    """A data file that was edited wrongly: the message names the file and the key."""


class PregnancyStop(AnagenError):
    """The input says the person is pregnant: nothing is simulated."""

    exit_code = 3


def nearest(word: str, choices: Sequence[str], count: int = 3, cutoff: float = 0.6) -> tuple[str, ...]:
    """Up to `count` of `choices` that are spelled most like `word`, best first; none below `cutoff` (0 to 1).

    >>> nearest("dialy", ["weekly", "daily", "once"])
    ('daily',)
    """
    by_fold = {choice.casefold(): choice for choice in reversed(choices)}
    matches = difflib.get_close_matches(word.casefold()[:80], list(by_fold), n=count, cutoff=cutoff)
    return tuple(by_fold[match] for match in matches)


def unknown(what: str, word: str, choices: Sequence[str]) -> InputError:
    """The error about a word that is none of the choices.

    >>> print(unknown("mode", "readr", ("reader", "clinician")))
    unknown mode: 'readr'
    expected: reader, clinician
    nearest: reader
    """
    return InputError(f"unknown {what}: '{word}'", expected=", ".join(choices), nearest=nearest(word, choices))
