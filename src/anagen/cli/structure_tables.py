"""Tables of what hangs on the choice of structure, for the commands that simulate with `--structures`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .screen import console
from .tables import NEVER, outcome_cell, short, show_comparison, show_simulation

if TYPE_CHECKING:
    from anagen.simulation.structure_file import Structure
    from anagen.simulation.structures import Rivals, StructuredComparison, StructuredSimulation

SAME = 0.005
"""A band narrower than this share of its middle is said as none."""


def show_structured_simulation(result: StructuredSimulation, paths: Sequence[Path]) -> None:
    """The tables of the simulation in use, then the band between structures for outcomes and series."""
    show_simulation(result.default, paths)
    screen = console()
    _about(screen, result.structures)
    _outcomes(screen, result.rivals)
    _series(screen, result.rivals)
    _close(screen)


def show_structured_comparison(result: StructuredComparison, paths: Sequence[Path]) -> None:
    """The tables of the comparison in use, then the band between structures for the outcomes of each arm."""
    show_comparison(result.default, paths)
    screen = console()
    _about(screen, result.structures)
    for arm in result.arms:
        _outcomes(screen, arm)
    _close(screen)


def _about(screen: Console, structures: Sequence[Structure]) -> None:
    table = Table(
        title="Other structures that fit the same data, in the same people", title_justify="left", show_lines=True
    )
    for column in ("", "what it says", "what speaks for it and against it"):
        table.add_column(column)
    for one in structures:
        table.add_row(escape(one.name), escape(one.title), escape(f"{one.evidence} [{', '.join(one.source)}]"))
    screen.print()
    if structures:
        screen.print(table)
    else:
        screen.print("No other structure changes anything here.")


def _outcomes(screen: Console, rivals: Rivals) -> None:
    table = Table(title="Outcomes between structures", title_justify="left")
    table.add_column("")
    table.add_column(f"in use: {escape(rivals.default.label)}\n{NEVER}", justify="right")
    table.add_column("between structures", justify="right")
    table.add_column("lowest and highest with")
    for name, outcome in rivals.default.outcomes.items():
        middles = rivals.middle(name)
        title = rivals.default.outcome_tables[name]["title"] + (f", {outcome['unit']}" if "unit" in outcome else "")
        table.add_row(escape(title), outcome_cell(outcome), *_between(middles, outcome))
    screen.print(table)


def _between(middles: Mapping[str, float], outcome: Mapping[str, Any]) -> tuple[str, str]:
    """The band of the middles, and the structures at its ends; a dash where there is none."""
    low, high = min(middles, key=lambda name: middles[name]), max(middles, key=lambda name: middles[name])
    if not _apart(middles[low], middles[high]):
        return "–", ""
    factor, words = (100.0, " of 100") if "probability" in outcome else (1.0, "")
    ends = f"{short(factor * middles[low])} to {short(factor * middles[high])}{words}"
    return ends, " / ".join("in use" if name == "default" else escape(name) for name in (low, high))


def _apart(low: float, high: float) -> bool:
    return high - low > SAME * max(abs(low), abs(high))


def _series(screen: Console, rivals: Rivals) -> None:
    run = rivals.default
    rows = sorted({row for row, day in enumerate(run.days) if day in (28.0, 84.0, float(run.days[-1]))} | {run.end_row})
    table = Table(title="Middle person over time: in use (lowest to highest between structures)", title_justify="left")
    table.add_column("")
    for row in rows:
        table.add_column(f"week {run.days[row] / 7:.0f}", justify="right")
    for name, band in rivals.bands.items():
        series = run.series(name)
        if not any(_apart(band.low[row], band.high[row]) for row in rows):
            continue
        cells = [f"{short(series.bands[1][row])} ({short(band.low[row])} to {short(band.high[row])})" for row in rows]
        table.add_row(escape(f"{series.title}, {series.unit}"), *cells)
    if table.row_count:
        screen.print(table)


def _close(screen: Console) -> None:
    screen.print(
        "Between structures: the lowest and the highest of the middle values, in the same simulated people. It comes "
        "on top of the range in brackets, and does not say which of them holds.",
        style="dim",
    )
