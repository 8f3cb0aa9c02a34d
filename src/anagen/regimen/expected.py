"""What may stand at each place of the grammar, in words: the tables behind the errors of `refuse.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anagen.regimen.misread import EXAMPLE


@dataclass(frozen=True)
class Expected:
    """A place in the grammar, known by terminals that may stand there, and what to say about it."""

    terminals: frozenset[str]
    wrong: str  # before the unexpected word
    missing: str  # at the end of the text
    instead: str  # what was expected
    words: tuple[str, ...]  # valid there; the most usual first
    always: bool = False  # offer the first word even when nothing is spelled alike


def _at(terminals: str, wrong: str, missing: str, instead: str, words: str, always: bool = False) -> Expected:
    return Expected(frozenset(terminals.split()), wrong, missing, instead, tuple(words.split("|")), always)


# The first place whose terminals may all stand where the text went wrong.
_PLACES = (
    _at(
        "FOR PER_DAY",
        "not understood",
        "the text ends too early",
        "how often (once daily, every 8 h, on Mon and Fri, at 08:00), a meal (with food, fasted), "
        "a length (for 24 weeks), a product (of Absorica LD), or `then` and the next course",
        "daily|once daily|once|twice|weekly|every|every other day|with food|with|fasted|for|until|then|on|at|"
        "of|twice daily|three times a day|in|a day|a week|Mon|Tue|Wed|Thu|Fri|Sat|Sun|"
        "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    ),
    _at("MG", "unknown unit", "the unit is missing", "mg or mg/kg", "mg|mg/kg|mg once daily", True),
    _at(
        "OFF NUMBER",
        "a course cannot begin with",
        "a course is missing here",
        "a dose, such as 20 mg or 0.5 mg/kg, or a pause, such as off 4 weeks",
        "20 mg once daily|off 4 weeks|off",
    ),
    _at(
        "YEAR",
        "unknown length of time",
        "the unit of time is missing",
        "days, weeks, months or years",
        "weeks|days|months|years|week|day|month|year",
        True,
    ),
    _at(
        "HOUR",
        "unknown interval",
        "the unit of time is missing",
        "h, days or weeks",
        "h|hours|days|weeks",
        True,
    ),
    _at(
        "OTHER",
        "not understood after `every`",
        "the interval is missing",
        "8 h, day, other day, 3 days or week",
        "8 h|other day|day|other|second|third|week",
    ),
    _at(
        "PER_DAY",
        "not understood",
        "daily or weekly is missing",
        "daily, a day, weekly or a week",
        "daily|a day|weekly|a week|every",
        True,
    ),
    _at(
        "TIMES",
        "not understood",
        "the text ends too early",
        "`times` after a count (3 times a day), or `for` before a length",
        "times",
        False,
    ),
    _at(
        "HIGH_FAT",
        "unknown meal",
        "the meal is missing",
        "with food, with a standard meal, with a high-fat meal, or fasted",
        "food|a meal|a standard meal|a high-fat meal|meals",
        False,
    ),
    _at(
        "CLOCK",
        "not a clock time",
        "the clock time is missing",
        "24-hour times, such as 08:00 or 20:30",
        "08:00",
    ),
    _at(
        "WEEKDAY",
        "not a day of the week",
        "the day is missing",
        "Mon, Tue, Wed, Thu, Fri, Sat or Sun",
        "Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    ),
    _at(
        "NAME",
        "not a product name",
        "the product is missing",
        "a brand name, such as of Absorica LD",
        "isotretinoin",
    ),
    _at(
        "DIVIDED",
        "not understood",
        "the number of doses is missing",
        "a number of doses, such as in two doses",
        "two doses",
    ),
    _at("DOSES", "not understood", "`doses` is missing", "doses", "doses", True),
    _at(
        "NUMBER_WORD",
        "not a length of time",
        "the length of time is missing",
        "a length, such as 24 weeks",
        "24 weeks",
    ),
    _at("NUMBER", "not a total dose", "the total dose is missing", "a total, such as 120 mg/kg", "120 mg/kg"),
)
_ELSEWHERE = _at("", "not understood", "the text ends too early", "a regimen", EXAMPLE)


def expected_at(accepted: frozenset[str], before: str) -> Expected:
    """What was expected where the grammar accepts these terminals, after the text `before`."""
    if {"TIMES", "YEAR"} <= accepted:
        # After a number the grammar alone does not tell a length from an interval or a count;
        # the word before it does.
        keyword = re.search(r"(\w+)(?:\s+(?:a|the))?\s+[-\w.]+\s*$", before)
        kind = {"for": "YEAR", "off": "YEAR", "every": "HOUR", "each": "HOUR", "in": "DOSES", "into": "DOSES"}
        wanted = kind.get(keyword.group(1).lower() if keyword else "", "TIMES")
        return next(place for place in _PLACES if wanted in place.terminals)
    return next((place for place in _PLACES if place.terminals <= accepted), _ELSEWHERE)
