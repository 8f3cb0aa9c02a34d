"""Regimens against each other in the same simulated people: differences person by person, never a ranking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from anagen.simulation.compare import Comparison, Difference

from .arms import Column
from .charts.pairs import pairs_chart
from .charts.svg import draw
from .charts.theme import Spec
from .charts.units import said
from .figure import Figure, Table
from .numbers import number, spread, with_unit
from .rests import outcome_rests

MOST_PAIRS = 6
"""With more pairs than this, figures show each regimen against the first; the table keeps them all."""
POINTS = "percentage points"


def paired_figures(
    comparison: Comparison,
    columns: Sequence[Column],
    outcomes: Sequence[Mapping[str, str]],
    draw: Callable[[Spec], str | Future[str]] = draw,
) -> list[Figure]:
    """A figure for each outcome that fits the person; `title` says what the outcome is called in words.

    `draw` makes the drawings; where these are not wanted it gives an empty text.
    """
    known = comparison.arms[0].outcome_tables
    return [
        _figure(comparison, columns, row["outcome"], row.get("title", known[row["outcome"]]["title"]), draw)
        for row in outcomes
        if row["outcome"] in known
    ]


def in_100(share: float) -> str:
    """A number of 100, never a false none or all.

    >>> in_100(99.6), in_100(71.2), in_100(0.0), in_100(0.3)
    ('more than 99', '71', '0', 'fewer than 1')
    """
    if 0 < share < 0.5:
        return "fewer than 1"
    return "more than 99" if 99.5 <= share < 100 else f"{share:.0f}"


def _unit(difference: Difference) -> tuple[float, str]:
    factor, words = said(difference.unit)
    return factor, POINTS if difference.unit == "%" else words


def _pairs(comparison: Comparison) -> list[tuple[int, int]]:
    pairs = list(comparison.differences)
    return pairs if len(pairs) <= MOST_PAIRS else [pair for pair in pairs if pair[0] == 0]


def _direction(difference: Difference) -> tuple[str, float]:
    lower, higher = difference.lower_in_100, difference.higher_in_100
    if not lower and not higher:
        return "the same", 100.0
    return ("lower", lower) if lower >= higher else ("higher", higher)


def _of(comparison: Comparison, pair: tuple[int, int], outcome: str) -> Difference:
    return next(d for d in comparison.differences[pair] if d.outcome == outcome)


def _figure(
    comparison: Comparison,
    columns: Sequence[Column],
    outcome: str,
    name: str,
    draw: Callable[[Spec], str | Future[str]],
) -> Figure:
    arm = comparison.arms[0]
    found = [(pair, _of(comparison, pair, outcome)) for pair in _pairs(comparison)]
    factor, unit = _unit(found[0][1])
    rows, table, words = [], [], []
    for (first, second), d in found:
        a, b = columns[first].letter, columns[second].letter
        word, share = _direction(d)
        low, middle, high = (factor * x for x in (d.p05, d.p50, d.p95))
        rows.append((f"{b} against {a}: {word} in {in_100(share)} of 100", low, middle, high))
        table.append([f"{b} against {a}", spread(middle, low, high), in_100(d.lower_in_100), in_100(d.higher_in_100)])
        words.append(f"{b} against {a}: {with_unit(number(middle), unit)} ({number(low)} to {number(high)})")
    (first, second), d = found[0]
    word, share = _direction(d)
    than = "as" if word == "the same" else "than"
    rest = f" {'; '.join(words[1:])}." if words[1:] else " A number below zero means lower."
    return Figure(
        key=f"pair-{outcome}",
        title=f"{name}: {word} with {columns[second].letter} {than} with {columns[first].letter} "
        f"in {in_100(share)} of 100 people",
        sentences=[f"Difference in the middle person (90 of 100 people): {words[0]}.", rest.strip()],
        svg=draw(pairs_chart(rows, f"Difference in the same people, {unit}")),
        table=Table(
            f"{name}: paired difference, {unit}; {number(factor * d.same)} or less counts as no difference",
            ["Regimens", "Middle (90 of 100 people)", "Lower in, of 100", "Higher in, of 100"],
            table,
        ),
        rests=outcome_rests(arm, outcome),
    )


def paired_table(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """Every outcome and every pair."""
    rows = []
    for (first, second), differences in comparison.differences.items():
        for d in differences:
            factor, unit = _unit(d)
            rows.append(
                [
                    comparison.arms[0].outcome_tables[d.outcome]["title"],
                    f"{columns[second].letter} against {columns[first].letter}",
                    with_unit(spread(*(factor * x for x in (d.p50, d.p05, d.p95))), unit),
                    in_100(d.lower_in_100),
                    in_100(d.higher_in_100),
                ]
            )
    rows.sort(key=lambda row: row[0])
    head = ["Outcome", "Regimens", "Difference (90 of 100 people)", "Lower in, of 100", "Higher in, of 100"]
    return Table("All paired differences", head, rows)
