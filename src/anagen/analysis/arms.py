"""The regimens as the columns of a page: letter, full text, notes under it, and the words "with A" in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.analysis.charts.regimens import short_names
from anagen.analysis.charts.theme import MARKS
from anagen.analysis.numbers import listed, with_unit
from anagen.simulation.result import Simulation

EVERY = " with every regimen"
RUN_NOTES = ("assumed-", "supplement-")


@dataclass(frozen=True)
class Column:
    """One regimen. `said` stands in sentences: "with A", or nothing where there is only one."""

    letter: str
    text: str
    short: str
    notes: tuple[str, ...]
    said: str

    @property
    def head(self) -> str:
        """A short heading of a column."""
        return f"{self.letter}: {self.short}" if self.said else self.short


def columns(arms: Sequence[Simulation]) -> list[Column]:
    """The columns of all arms, in their order."""
    shorts = short_names([arm.label for arm in arms])
    alone = len(arms) == 1
    return [
        Column(
            letter=MARKS[i].letter,
            text=arm.label,
            short=short,
            notes=_notes(arm),
            said="" if alone else f" with {MARKS[i].letter}",
        )
        for i, (arm, short) in enumerate(zip(arms, shorts, strict=True))
    ]


def beside(values: Sequence[str], columns: Sequence[Column], unit: str = "") -> str:
    """A number for each regimen, the unit after the first; said once where they are all the same.

    >>> two = [Column("A", "", "", (), " with A"), Column("B", "", "", (), " with B")]
    >>> beside(["3", "5"], two, "mg"), beside(["3", "3"], two, "mg"), beside(["3"], two[:1])
    ('3 mg with A and 5 with B', '3 mg with every regimen', '3 with A')
    """
    if len(values) > 1 and len(set(values)) == 1:
        return with_unit(values[0], unit) + EVERY
    units = [unit, *[""] * (len(values) - 1)]
    return listed([with_unit(v, u) + c.said for v, u, c in zip(values, units, columns, strict=True)])


def _notes(arm: Simulation) -> tuple[str, ...]:
    """What is to be said of this regimen only: not the fixed notices, nor those of the person."""
    fixed = {name for name, table in arm.treatment.safety.items() if "when" not in table}
    return tuple(
        notice["text"] for notice in arm.safety if notice["id"] not in fixed and not notice["id"].startswith(RUN_NOTES)
    )
