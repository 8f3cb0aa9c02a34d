"""A text with the means to point into it and to propose a corrected one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from anagen.errors import RegimenError, Where
from anagen.regimen.course import Span
from anagen.regimen.misread import EXAMPLE


@dataclass(frozen=True)
class Place:
    """The text being read. `readable` says whether a proposed correction is itself a valid regimen: only such
    corrections are ever offered."""

    text: str
    readable: Callable[[str], bool]

    def error(self, message: str, span: Span, expected: str, *candidates: str) -> RegimenError:
        """An error at `span` that offers those of `candidates` that can be read."""
        # Deduplicated in order; at most three, so that the answer can be read aloud.
        offered = [text for text in dict.fromkeys(candidates) if self.readable(text)][:3]
        where = Where(self.text, span.start, max(1, span.end - span.start))
        return RegimenError(message, where=where, expected=expected, nearest=offered or [EXAMPLE])

    def instead(self, span: Span, words: str) -> str:
        """The text with `words` in place of `span`."""
        return _tidy(f"{self.text[: span.start]} {words} {self.text[span.end :]}")

    def without(self, span: Span) -> str:
        """The text without `span`."""
        return _tidy(f"{self.text[: span.start].rstrip(' ,')} {self.text[span.end :].lstrip(' ,')}")


def _tidy(text: str) -> str:
    return re.sub(r"\s+(?=[,;])", "", " ".join(text.split()))
