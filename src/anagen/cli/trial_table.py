"""A trial on the terminal: the box, then what the arms show with intervals; and one person replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from anagen.analysis.trial.arms import TrialArm, trial_arms
from anagen.analysis.trial.cells import together
from anagen.analysis.trial.differences import difference_table
from anagen.analysis.trial.facts import endpoint_titles, fact_rows
from anagen.analysis.trial.flow import flow_table, rules_table
from anagen.analysis.trial.power import power_table
from anagen.safety import pregnancy_notice

from .notices import show
from .screen import console
from .tables import NEVER

Grid = Any  # a figure.Table: caption, head, rows
MOST_WEEKS = 8


def show_trial(result: Mapping[str, Any], paths: Sequence[Path]) -> None:
    """Notices; endpoints, differences, flow and rules; where the files are."""
    screen = console()
    arms = trial_arms(result)
    weeks = int(result["trial"]["follow_up_weeks"])
    show(screen, _notices(result), str(result.get("mode", "reader")))
    people = int(result["trial"]["people"])
    screen.print(
        f"\n[bold]{escape(str(result['title']))}[/bold]\n{people:,} simulated adults, the same in every arm, "
        f"over {weeks} weeks. Nobody real was treated.",
        highlight=False,
    )
    for arm in arms:
        regimen = "" if arm.regimen == arm.name else f": {arm.regimen}"
        screen.print(f"[bold]{arm.letter}[/bold]  {escape(arm.name + regimen)}", highlight=False)
    screen.print()
    _endpoints(screen, arms, weeks)
    if result.get("contrasts"):
        _print(screen, difference_table(result, arms), "Differences in the same people: mean (95 % interval)", ())
    _print(screen, flow_table(arms), "People in each arm", arms)
    rules = rules_table(arms)
    if rules:
        _print(screen, rules, "Rules that acted", ())
    power, _ = power_table(result, arms, endpoint_titles(arms))
    if power:
        _print(screen, power, power.caption, ())
    screen.print("95 % intervals hold chance only; how wrong the model is, they do not say.", style="dim")
    for path in paths:
        screen.print(f"Written: {escape(str(path.resolve()))}", highlight=False, soft_wrap=True)


def _notices(result: Mapping[str, Any]) -> list[Mapping[str, str]]:
    found = list(result.get("safety") or ())
    if any(notice["level"] == "stop" for notice in found):
        return found
    return [pregnancy_notice(str(result.get("treatment", "isotretinoin"))), *found]


def _endpoints(screen: Console, arms: Sequence[TrialArm], weeks: int) -> None:
    table = Table(title="Endpoints", title_justify="left", show_lines=True)
    table.add_column("")
    for arm in arms:
        table.add_column(f"{escape(arm.head)}\n{NEVER}", justify="right")
    for row in fact_rows(arms, weeks):
        cells = ["\n".join((cell.main, *cell.small)) for cell in row.cells]
        table.add_row(escape(f"{row.title}\n({row.says})"), *map(escape, cells))
    screen.print(table)


def _print(screen: Console, grid: Grid, title: str, arms: Sequence[TrialArm]) -> None:
    """A table of the page; under the heads of arms the mark."""
    table = Table(title=title, title_justify="left")
    heads = {arm.head for arm in arms}
    for i, head in enumerate(grid.head):
        mark = f"\n{NEVER}" if head in heads else ""
        table.add_column(escape(head if i else "") + mark, justify="right" if i else "left")
    for row in grid.rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    screen.print(table)


def show_person(found: Mapping[str, Any], mode: str) -> None:
    """One person of a trial: who it is, and in each arm the doses, visits and endpoints."""
    screen = console()
    show(screen, _notices(found), mode)
    screen.print(f"\n[bold]Person {found['person']:,}[/bold], simulated", highlight=False)
    who = ", ".join(f"{name.replace('_', ' ')} {_value(value)}" for name, value in found["covariates"].items())
    screen.print(escape(who), highlight=False)
    for arm in found["arms"]:
        screen.print(f"\n[bold]{escape(str(arm['name']))}[/bold]  ({NEVER})", highlight=False)
        regimen = arm.get("regimen") or "no treatment"
        taken = f"{_value(arm.get('mg_taken'))} mg taken, {_value(arm.get('mg_per_kg'))} mg/kg"
        screen.print(escape(f"{regimen}; {taken}"), highlight=False)
        _visits(screen, arm.get("visits") or ())
        _series(screen, arm.get("series") or {})
        endpoints = Table(title="Endpoints", title_justify="left")
        endpoints.add_column("")
        endpoints.add_column("value", justify="right")
        for name, value in (arm.get("endpoints") or {}).items():
            endpoints.add_row(escape(str(name)), _value(value))
        screen.print(endpoints)


def _visits(screen: Console, visits: Sequence[Mapping[str, Any]]) -> None:
    signals = list(dict.fromkeys(name for visit in visits for name in visit.get("measured") or {}))
    table = Table(title="Visits: values as measured", title_justify="left")
    for head in ("week", *signals):
        table.add_column(escape(str(head)), justify="right")
    table.add_column("what a rule did")
    for visit in visits:
        measured = visit.get("measured") or {}
        table.add_row(
            _value(visit["week"]),
            *(_value(measured.get(name)) for name in signals),
            escape(str(visit.get("did") or "")),
        )
    if visits:
        screen.print(table)


def _series(screen: Console, series: Mapping[str, Mapping[str, Any]]) -> None:
    """True values at some weeks."""
    if not series:
        return
    days = next(iter(series.values()))["day"]
    rows = sorted({round(i * (len(days) - 1) / (MOST_WEEKS - 1)) for i in range(MOST_WEEKS)})
    table = Table(title="True values", title_justify="left")
    table.add_column("")
    for row in rows:
        table.add_column(f"week {days[row] / 7:.0f}", justify="right")
    for name, entry in series.items():
        values = [entry["value"][row] for row in rows]
        table.add_row(escape(f"{name}, {entry['unit']}"), *(_value(value) for value in values))
    screen.print(table)


def _value(value: Any) -> str:
    """A value in a few characters.

    >>> _value(0.12345), _value(None), _value("female"), _value(1234.5), _value(True)
    ('0.12', '–', 'female', '1,230', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return together([float(value)], None)[0]
    return "–" if value is None else str(value)
