"""The rows that were measured as a table: on the terminal, and in the page of the documentation."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks import page

DRUG_WITHIN = 0.01  # of what was given: a solver that misses doses is no peer
COLUMNS = ("program", "patient-years/s", "lowest to highest", "×", "error", "compile s", "peak MB", "people")

Result = Mapping[str, Any]


def rate(result: Result) -> float | None:
    """Patient-years per second: the median of the rounds; None, where there is no number or it is not to be trusted."""
    return statistics.median(result["rates"]) if result.get("rates") and trouble(result) is None else None


def trouble(result: Result) -> str | None:
    """Why a row has no rate."""
    if "missing" in result:
        return f"not installed ({result['missing']})"
    if "failed" in result:
        return f"failed: {result['failed']}"
    found = result.get("drug_found")
    if found is not None and not abs(found - 1) <= DRUG_WITHIN:
        return f"wrong: accounts for {100 * found:.0f} % of the drug"
    return None


def baseline(results: Sequence[Result]) -> Result | None:
    """The first row meant for comparison that was measured."""
    return next((result for result in results if result.get("baseline") and rate(result) is not None), None)


def named(result: Result) -> str:
    """A row's name: the program, its settings, and the people where they are not the usual ones."""
    if "title" not in result:
        return str(result["peer"])
    people = ", four random rates" if result["variant"] == "four" else ""
    return f"{result['title']}, {result['settings']}{people}"


def cells(result: Result, base: float | None) -> list[str]:
    """One line of the table, in the order of `COLUMNS`."""
    speed = rate(result)
    if speed is None:
        return [f"{named(result)}: {trouble(result) or 'not measured'}", *[""] * (len(COLUMNS) - 1)]
    return [
        named(result),
        _three(speed),
        f"{_three(min(result['rates']))} to {_three(max(result['rates']))}",
        "" if base is None else _three(speed / base),
        _given(result.get("error"), lambda value: f"{value:.0e}".replace("e-0", "e-")),
        _given(result.get("compile_s"), lambda value: f"{value:.1f}"),
        _given(result.get("peak_mb"), lambda value: f"{value:.0f}"),
        f"{result['people']:,}",
    ]


def _three(value: float) -> str:
    """Three digits that count."""
    digits = next((d for limit, d in ((1, 3), (10, 2), (100, 1)) if value < limit), 0)
    return f"{value:,.{digits}f}" if value < 1000 else f"{float(f'{value:.3g}'):,.0f}"


def _given(value: float | None, text: Callable[[float], str]) -> str:
    return "" if value is None else text(value)


def caption(results: Sequence[Result], machine: Mapping[str, str | int]) -> str:
    """What × compares with, the programs' versions, and the machine."""
    base = baseline(results)
    against = "" if base is None else f"×: times the rate of {named(base)}. "
    versions = "; ".join(dict.fromkeys(result["versions"] for result in results if result.get("versions")))
    return f"{against}One core each. {versions}. Machine: " + ", ".join(f"{k} {v}" for k, v in machine.items()) + "."


def show(results: Sequence[Result], machine: Mapping[str, str | int], console: Console) -> None:
    """The table on the terminal."""
    base = baseline(results)
    table = Table(title="The reference model: 365 daily doses, daily outputs", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for i, column in enumerate(COLUMNS):
        heading = column.replace("patient-", "patient-\n").replace(" ", "\n")
        table.add_column(heading, justify="right" if i else "left", no_wrap=i > 0)
    without = [result for result in results if rate(result) is None]
    for result in results:
        if result not in without:
            table.add_row(*cells(result, None if base is None else rate(base)))
    console.print(table)
    for result in without:
        console.print(cells(result, None)[0], markup=False)
    console.print(caption(results, machine), markup=False)


def markdown(results: Sequence[Result], machine: Mapping[str, str | int]) -> str:
    """The same for the page."""
    base = baseline(results)
    lines = [cells(result, None if base is None else rate(base)) for result in results]
    return f"{page.markdown(COLUMNS, lines)}\n\n{caption(results, machine)}\n"
