"""The facts box: without and with, the same denominator, frequency and percent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anagen.simulation.outcomes import PROBABILITIES
from anagen.simulation.result import Simulation

from .arms import Column
from .charts.units import said
from .figure import Table
from .numbers import denominator, frequency, spread
from .rests import outcome_rests


@dataclass(frozen=True)
class Fact:
    """One row: a question, the answer without treatment and with each regimen."""

    key: str
    question: str
    without: str
    arms: Sequence[str]
    rests: bool


def chance(arm: Simulation, outcome: str, at_most: float | None = None) -> float:
    """Share of the group with an outcome, or, where `at_most` is given, with a value not above it."""
    people = arm.person_outcomes(outcome)
    return float(np.mean(people if at_most is None else people <= at_most))


def facts(
    arms: Sequence[Simulation], untreated: Simulation | None, rows: Sequence[Mapping[str, Any]], weeks: int
) -> list[Fact]:
    """`rows` as in `page.toml`; those whose outcome does not fit the person are left out."""
    found = []
    for row in rows:
        outcome, limit = row["outcome"], row.get("at_most")
        table = arms[0].outcome_tables.get(outcome)
        if table is None or (limit is None and table["statistic"] not in PROBABILITIES):
            continue
        chances = [chance(arm, outcome, limit) for arm in arms]
        without = chance(untreated, outcome, limit) if untreated and "without" not in row else None
        of = denominator([*chances, *([without] if without is not None else [])])
        found.append(
            Fact(
                key=outcome,
                question=row["question"].format(weeks=weeks),
                without=frequency(without, of) if without is not None else row.get("without", "not simulated"),
                arms=[frequency(c, of) for c in chances],
                rests=bool(outcome_rests(arms[0], outcome)),
            )
        )
    return found


def outcome_table(arms: Sequence[Simulation], untreated: Simulation | None, columns: Sequence[Column]) -> Table:
    """Every outcome of the mode: a frequency, or the middle person and the range of 90 of 100 people."""
    groups = [*arms, *([untreated] if untreated else [])]
    rows = []
    for name, table in arms[0].outcome_tables.items():
        found = [group.outcomes[name] for group in groups]
        mark = " *" if outcome_rests(arms[0], name) else ""
        if table["statistic"] in PROBABILITIES:
            shares = [outcome["probability"] for outcome in found]
            of = denominator(shares)
            rows.append([table["title"] + mark, *(frequency(share, of) for share in shares)])
            continue
        factor, unit = said(table["unit"])
        cells = [spread(*(factor * outcome[key] for key in ("p50", "p05", "p95"))) for outcome in found]
        rows.append([f"{table['title']}, {unit}{mark}", *cells])
    heads = [column.head for column in columns] + ["Without treatment"] * (untreated is not None)
    return Table("Middle person (90 of 100 people), or how many", ["Outcome", *heads], rows)
