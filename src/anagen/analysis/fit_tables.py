"""A fit as tables and sentences: what the terminal and the page of the diary both print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.inference.hypotheses import CLASSES

from .figure import Table

if TYPE_CHECKING:
    from anagen.inference.forecast import Forecast
    from anagen.inference.result import Fit

WRONG = "By design a verdict is wrong in at most 5 of 100 records, whichever explanation is true."
COURSES = ("continued", "halved", "stopped")


@dataclass(frozen=True)
class FitTables:
    """A fit laid out.

    `classes` are the explanations, the likeliest first, `unknowns` those of the person. The `course` is of the last
    four weeks with the drug and without; `courses` of groups come after it, where they were forecast. `causes` are
    scores, `answers` their questions; none where the drug was not taken.
    """

    classes: Table
    unknowns: Table
    course: str
    courses: Table | None
    causes: list[tuple[str, str]]
    answers: list[str]


def fit_tables(found: Fit) -> FitTables:
    """A fit laid out; the groups have no table where the record is too short for 24 weeks more."""
    courses = _course_table(found.forecast) if found.forecast else None
    return FitTables(
        classes=_class_table(found),
        unknowns=_unknown_table(found),
        course=_course_sentence(found.forecast) if found.forecast else "",
        courses=courses if courses and courses.rows else None,
        causes=_cause_rows(found),
        answers=_answer_lines(found),
    )


def _class_table(found: Fit) -> Table:
    """The explanations, the likeliest first."""
    order = sorted(found.probability, key=lambda name: -found.probability[name])
    return Table(
        "Which effluvium; the probabilities rest on assumed base rates",
        ["Explanation", "Probability", "Base rate"],
        [[CLASSES[name], _percent(found.probability[name]), _percent(found.anticipated[name])] for name in order],
    )


def _unknown_table(found: Fit) -> Table:
    """What the record says of the person."""
    return Table(
        "What the record says of the person (90 of 100 such people lie in the range; causes: where they act)",
        ["Unknown", "Middle", "Range", "Unit"],
        [
            [
                name.replace("_", " "),
                _digits(row["p50"]),
                f"{_digits(row['p05'])} to {_digits(row['p95'])}",
                str(row["unit"]),
            ]
            for name, row in found.unknowns.items()
        ],
    )


def _course_table(found: Forecast) -> Table:
    """Groups that go on, halve or stop; without rows where the record is too short for 24 weeks more."""
    return Table(
        "Groups of simulated people who would keep such a record: hairs expected at one count. This compares groups "
        "and is no advice on a dose.",
        ["From the last day on", "Doses", "After 12 weeks", "After 24 weeks"],
        [
            [name, group.doses, *(_three((group.p05[w], group.p50[w], group.p95[w])) for w in (12, 24))]
            for name, group in found.groups.items()
            if name in COURSES and group.day.size > 24
        ],
    )


def _course_sentence(found: Forecast) -> str:
    """The record's last four weeks with the drug and without."""
    return (
        f"In the record’s last four weeks a {found.method} count is expected at {_three(found.with_drug)} hairs; "
        f"without the drug at {_three(found.without_drug)}; the difference is {_three(found.difference)}."
    )


def _cause_rows(found: Fit) -> list[tuple[str, str]]:
    """How likely the drug, score by score; none where it was not taken."""
    score = found.causality
    if score is None:
        return []
    days = f"{score.latency_days} days: " if score.latency_days is not None else ""
    return [
        ("Naranjo", f"{score.naranjo} ({score.band})"),
        ("WHO-UMC", score.who_umc),
        ("Latency", f"{days}{score.latency}"),
        ("Base rate", score.base_rate),
    ]


def _answer_lines(found: Fit) -> list[str]:
    """The questions of the score, each with its points and what was found."""
    answers = found.causality.answers if found.causality else ()
    return [f"{answer.points:+d}: {answer.question}: {answer.found}" for answer in answers]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u202f%" if share >= 0.001 else "under 0.1\u202f%"


def _digits(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _three(values: Sequence[float]) -> str:
    low, middle, high = values
    return f"{middle:.1f} ({low:.1f} to {high:.1f})"
