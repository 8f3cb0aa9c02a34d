"""Turns 'the grammar stops here' into a sentence a person can act on: what was wrong, where, what was
expected."""

from __future__ import annotations

import re
from collections.abc import Callable

from anagen.errors import RegimenError, Where, nearest
from anagen.regimen.expected import Expected, expected_at
from anagen.regimen.misread import EXAMPLE

_TIME_WORD = re.compile(r"(days?|weeks?|months?|years?)\b", re.IGNORECASE)
_DANGLING = re.compile(r"[\s,;]*(?:\b(?:and|then|for|with|until|of|on|at|in))?[\s,;]*$")
_MICROGRAMS = re.compile(r"(µg|μg|mcg|ug|micrograms?)\b", re.IGNORECASE)


def refuse_at(text: str, column: int, accepted: frozenset[str], readable: Callable[[str], bool]) -> RegimenError:
    """The error for a text that is not a regimen.

    Args:
        text: what was written.
        column: where reading stopped (`len(text)` when more was expected).
        accepted: names of the grammar's terminals that may stand there.
        readable: says whether a proposed correction is a valid regimen.
    """
    before = text[:column]
    place = expected_at(accepted, before)
    word = _word(text, column)
    if not word:
        kept = _DANGLING.sub("", text)
        offered = [text.rstrip(" ,;") + " " + words for words in place.words] + [kept]
        offered = [candidate for candidate in offered if readable(candidate)][:1]
        return _error(place.missing, Where(text, len(text.rstrip())), place, offered)

    after = text[column + len(word) :]
    number = re.search(r"(\d+(?:\.\d+)?)\s*$", before)
    candidates: list[str] = []
    message, most = f"{place.wrong}: {word}", 2
    if "MG" in place.terminals and number:
        message, candidates = _unit(word, before, after, number)
        most = 1
    elif "TIMES" in place.terminals and _TIME_WORD.match(word) and number:
        message, candidates = (
            "`for` is missing before a length",
            [before[: number.start()] + "for " + text[number.start() :]],
        )
        column, word = number.start(), text[number.start() : column + len(word)]
    elif "OFF" in place.terminals:
        message, candidates = _no_dose(text, column, word)
    elif "CLOCK" in place.terminals:
        candidates = _clock(before, text[column:])
    elif "HIGH_FAT" in place.terminals:
        word = _meal_words(text, column)
        after = text[column + len(word) :]
        message = f"{place.wrong}: {word}"
    elif "PER_DAY" in place.terminals and word.startswith("/"):
        message, candidates = f"unknown unit: {before.split()[-1]}{word}", [before + after]
        place = expected_at(frozenset({"MG"}), before)
    elif "FOR" in place.terminals:
        candidates = [before + "of " + text[column:]]  # a brand name without `of`
    alike: tuple[str, ...] = nearest(re.sub(r"[.;:]+$", "", word), place.words)
    if "HIGH_FAT" in place.terminals and re.search(r"\b(low|no|light)\b", word, re.IGNORECASE):
        alike = ()  # `a low-fat meal` is spelled like its opposite
    candidates += [before + choice + after for choice in alike + place.words[:1] * place.always]
    offered = [candidate for candidate in dict.fromkeys(candidates) if readable(candidate)][:most]
    if not offered and "HIGH_FAT" in place.terminals:
        offered = [before + meal + after for meal in ("food", "a standard meal")]
        offered = [candidate for candidate in offered if readable(candidate)]
    if not offered and readable(before.rstrip(" ,;")):
        offered = [before.rstrip(" ,;")]
    return _error(message, Where(text, column, len(word)), place, offered)


def _error(message: str, where: Where, place: Expected, offered: list[str]) -> RegimenError:
    return RegimenError(message, where=where, expected=place.instead, nearest=offered or [EXAMPLE])


def _word(text: str, column: int) -> str:
    match = re.compile(r"\s*([^\s,;]+|[,;])").match(text, column)
    return match.group(1) if match else ""


def _unit(word: str, before: str, after: str, number: re.Match[str]) -> tuple[str, list[str]]:
    value = float(number.group(1))
    if _MICROGRAMS.match(word):
        in_mg = f"{value / 1000:.12f}".rstrip("0").rstrip(".")
        return f"unknown unit: {word} (1,000 micrograms are 1 mg)", [
            before[: number.start()] + f"{in_mg} mg" + re.sub(_MICROGRAMS, "", word) + after
        ]
    if re.match(r"(g|grams?)\b", word, re.IGNORECASE):
        rest = re.sub(r"^(grams?|g)", "", word, flags=re.IGNORECASE)
        meant = f"{value * 1000:,.10g}"
        return f"unknown unit: {word} ({number.group(1)} g would be {meant} mg)", [before + "mg" + rest + after]
    if word[0].isdigit():
        return f"two numbers in a row: {number.group(1)} {word}", []
    rest = word[word.index("/") :] if "/" in word else ""
    left_out = before.rstrip() + " mg " + word + after  # `20 once daily`
    return f"unknown unit: {word}", [left_out, before + "mg" + rest + after]


def _no_dose(text: str, column: int, word: str) -> tuple[str, list[str]]:
    first = not text[:column].strip()
    dose = re.compile(r"[\d]").search(text, column)
    if first and dose is None:
        return f"no dose: the regimen begins with `{word}`", [
            f"20 mg {text.strip()}",
            f"20 mg once daily {text.strip()}",
        ]
    begin = f"a course begins with its dose, not with `{word}`"
    dropped = [text[:column] + text[dose.start() :]] if dose else []
    return begin, [*dropped, text[:column] + "20 mg " + text[column:]]


def _clock(before: str, rest: str) -> list[str]:
    hours = re.match(
        r"\d{1,2}(?:[.h]\d\d)?(?:\s*(?:,\s*and|,|and)\s*\d{1,2}(?:[.h]\d\d)?)*(\s*(?:hours|hrs|h|o'clock)\b)?",
        rest,
    )
    if not hours:
        return []
    written = hours.group().removesuffix(hours.group(1) or "")
    return [before + re.sub(r"(\d{1,2})(?:[.h](\d\d))?", _hour, written) + rest[hours.end() :]]


def _hour(match: re.Match[str]) -> str:
    return f"{int(match.group(1)):02d}:{match.group(2) or '00'}"


def _meal_words(text: str, column: int) -> str:
    return re.split(r"\s+(?:for|until|once|twice|daily|every|then|on|at)\b|[,;]", text[column:])[0].strip()
