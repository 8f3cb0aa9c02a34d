"""Refuses text that people and programs read differently, before any grammar sees it.

`1,8 mg`, `.5 mg` and `10-20 mg` are known sources of tenfold dosing mistakes; they are never guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from anagen.errors import RegimenError, Where

LONGEST = 2000  # characters
EXAMPLE = "20 mg once daily with food for 24 weeks"

_DECIMAL_COMMA = re.compile(r"(?<![\d:.,])\d+,\d+(?![\d:])")
_NAKED_POINT = re.compile(r"(?<![\w.])\.\d+")
_TRAILING_POINT = re.compile(r"(?<![\w.])\d+\.(?=\s*(?:mg|h|hours?|days?|weeks?|months?)\b)", re.IGNORECASE)
_SPACED_POINT = re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}|\d+\.\s+\d+|\d+\s+\.\d+")
_RANGE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*(?:[-–—~]|to|or)\s*\d+(?:\.\d+)?", re.IGNORECASE)
_EXPONENT = re.compile(r"(?<![\w.])\d+(?:\.\d+)?e[-+]?\d+", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{16,}")


def refuse_misreadable(text: str, readable: Callable[[str], bool]) -> None:
    """Raise a `RegimenError` where `text` is empty, too long, holds characters that do not print, or holds a
    number written in a way that is often misread. `readable` says whether a proposed correction is valid."""
    if not isinstance(text, str):
        raise RegimenError(f"a regimen is a text, not {type(text).__name__}", expected="a text", nearest=EXAMPLE)
    if not text.strip():
        raise RegimenError("the regimen is empty", expected="a dose and how often it is taken", nearest=EXAMPLE)
    if len(text) > LONGEST:
        raise RegimenError(
            f"the regimen is {len(text):,} characters long",
            expected=f"at most {LONGEST:,} characters",
            nearest=EXAMPLE,
        )
    for column, character in enumerate(text):
        if unicodedata.category(character)[0] == "C":
            name = {"\t": "a tab", "\n": "a line break", "\r": "a line break"}.get(character, f"U+{ord(character):04X}")
            spaced = " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())
            raise RegimenError(
                f"a character that does not print: {name}",
                where=Where(text, column),
                expected="letters, digits, spaces and punctuation on one line",
                nearest=spaced if readable(spaced) else EXAMPLE,
            )

    def refuse(match: re.Match[str], message: str, expected: str, *instead: str) -> RegimenError:
        written = match.group()
        candidates = [text[: match.start()] + number + text[match.end() :] for number in instead]
        nearest = [candidate for candidate in candidates if readable(candidate)] or [EXAMPLE]
        return RegimenError(
            f"{message}: {written}",
            where=Where(text, match.start(), len(written)),
            expected=expected,
            nearest=nearest,
        )

    if match := _DECIMAL_COMMA.search(text):
        whole, part = match.group().split(",")
        instead = [f"{whole}.{part}"] if len(part) != 3 else [f"{whole}{part}"]
        raise refuse(match, "a comma inside a number", "a decimal point, and no separator of thousands", *instead)
    if match := _SPACED_POINT.search(text):
        raise refuse(match, "not a number", "one decimal point with digits right before and after it, such as 1.8")
    if match := _NAKED_POINT.search(text):
        raise refuse(match, "a decimal point with no digit before it", "a leading zero", "0" + match.group())
    if match := _TRAILING_POINT.search(text):
        raise refuse(match, "a decimal point with no digit after it", "no point", match.group()[:-1])
    if match := _EXPONENT.search(text):
        raise refuse(
            match,
            "a number with an exponent",
            "plain digits, such as 20 or 0.5",
            *([f"{value:f}"] if (value := Decimal(match.group())).adjusted() < 6 else []),
        )
    if match := _RANGE.search(text):
        raise refuse(match, "a range", "one number", match.group(1))
    if match := _LONG_NUMBER.search(text):
        raise refuse(match, "a number with too many digits", "at most 15 digits")
