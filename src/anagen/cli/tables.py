"""Tables on the terminal: what a group of simulated people shows, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from anagen.simulation.outcomes import PROBABILITIES

from .notices import show
from .screen import console

if TYPE_CHECKING:
    from anagen.analysis.analyse import Analysis
    from anagen.simulation.compare import Comparison, Difference
    from anagen.simulation.result import Simulation

NEVER = "⛔ never in pregnancy"
HOLDS = {
    "both": "how people differ, and what nobody knows",
    "between": "how people differ (--spread between); what nobody knows is left out",
    "unknown": "what nobody knows (--spread unknown); how people differ is left out",
}
EXPOSURE_ROWS = (
    ("auc_inf_ng_h_per_ml", "area under the level, to infinity", "ng·h/mL"),
    ("half_life_h", "half-life", "h"),
    ("cmax_ng_per_ml", "highest level", "ng/mL"),
    ("tmax_h", "time of the highest level after the dose", "h"),
    ("cavg_ng_per_ml", "average level", "ng/mL"),
    ("cmin_ng_per_ml", "lowest level", "ng/mL"),
)


def short(value: float) -> str:
    """Three significant digits, without exponents.

    >>> short(0.12345), short(98.66), short(12345.6)
    ('0.123', '98.7', '12,300')
    """
    if value == 0 or abs(value) < 5e-4:
        return "0"
    digits = float(f"{value:.3g}")
    return f"{digits:,.0f}" if abs(digits) >= 100 else f"{digits:g}"


def outcome_cell(outcome: Mapping[str, Any]) -> str:
    """A group's outcome in a few characters."""
    if "probability" in outcome:
        return f"{short(100 * outcome['probability'])} of 100"
    return f"{short(outcome['p50'])} ({short(outcome['p05'])} to {short(outcome['p95'])})"


def difference_cell(difference: Difference, table: Mapping[str, Any]) -> str:
    """A paired difference in a few characters."""
    d = difference
    counts = f"lower in {d.lower_in_100:.0f}, higher in {d.higher_in_100:.0f} of 100"
    if table["statistic"] in PROBABILITIES:
        return f"{d.mean:+.2g} of 100\n{counts}" if abs(d.mean) >= 0.005 else f"0 of 100\n{counts}"
    return f"{short(d.p50)} ({short(d.p05)} to {short(d.p95)})\n{counts}"


def _outcome_title(table: Mapping[str, Any], outcome: Mapping[str, Any]) -> str:
    return table["title"] + (f", {outcome['unit']}" if "unit" in outcome else "")


def _person(result: Simulation) -> str:
    patient = result.patient
    parts = [f"{patient.weight_kg:g} kg", patient.sex, f"{patient.age_years:g} years"]
    if patient.seborrheic_dermatitis != "none":
        parts.append(f"{patient.seborrheic_dermatitis} seborrheic dermatitis")
    if patient.pattern_hair_loss:
        parts.append("pattern hair loss")
    return ", ".join(parts)


def _about(result: Simulation) -> str:
    people = result.provenance["people"]
    return f"{people:,} simulated people like: {_person(result)}. {result.provenance['weeks']} weeks."


def _close(screen: Console, paths: Sequence[Path], spread: str) -> None:
    screen.print(
        f"Middle value, and in brackets the range that holds 90 of 100 simulated people: {HOLDS[spread]}.",
        style="dim",
    )
    for path in paths:
        screen.print(f"Written: {path.resolve()}", highlight=False, soft_wrap=True)


def show_simulation(result: Simulation, paths: Sequence[Path]) -> None:
    """Notices, levels, course over time, outcomes."""
    screen = console()
    show(screen, result.safety, result.mode)
    screen.print(f"\n[bold]{result.label}[/bold]  ({NEVER})\n{_about(result)}\n", highlight=False)

    levels = Table(title="Levels of the typical person, last dosing interval", title_justify="left")
    for column in ("", "isotretinoin", "4-oxo-isotretinoin", "unit"):
        levels.add_column(column, justify="left" if column in ("", "unit") else "right")
    for key, title, unit in EXPOSURE_ROWS:
        if key in result.exposure:
            levels.add_row(title, short(result.exposure[key]), short(result.exposure[f"oxo_{key}"]), unit)
    screen.print(levels)

    end = float(result.days[-1])
    wanted = sorted({0.0, 28.0, 84.0, 7 * round(result.course_days / 7), end})
    rows = [row for row, day in enumerate(result.days) if day in wanted]
    course = Table(title="Over time", title_justify="left")
    course.add_column("")
    for row in rows:
        course.add_column(f"week {result.days[row] / 7:.0f}", justify="right")
    for name in result.treatment.series:
        series = result.series(name)
        low, middle, high = series.bands
        cells = [f"{short(middle[r])} ({short(low[r])} to {short(high[r])})" for r in rows]
        course.add_row(f"{series.title}, {series.unit}", *cells)
    screen.print(course)

    outcomes = Table(title="Outcomes", title_justify="left")
    outcomes.add_column("")
    outcomes.add_column("all simulated people", justify="right")
    for name, outcome in result.outcomes.items():
        outcomes.add_row(_outcome_title(result.outcome_tables[name], outcome), outcome_cell(outcome))
    screen.print(outcomes)
    _close(screen, paths, result.provenance["spread"])


def show_comparison(result: Comparison, paths: Sequence[Path]) -> None:
    """Notices, outcomes side by side, paired differences."""
    screen = console()
    first = result.arms[0]
    show(screen, result.safety_json(), first.mode)
    screen.print(f"\n{_about(first)} The same people in every column.\n", highlight=False)

    side = Table(title="Outcomes", title_justify="left", show_lines=True)
    side.add_column("")
    for i, arm in enumerate(result.arms):
        side.add_column(f"{chr(65 + i)}: {arm.label}\n{NEVER}", justify="right")
    side.add_column("no treatment", justify="right")
    for name, outcome in first.outcomes.items():
        cells = [outcome_cell(arm.outcomes[name]) for arm in (*result.arms, result.untreated)]
        side.add_row(_outcome_title(first.outcome_tables[name], outcome), *cells)
    screen.print(side)

    paired = Table(
        title="Paired differences: the second minus the first, in the same people",
        title_justify="left",
        show_lines=True,
    )
    paired.add_column("")
    for a, b in result.differences:
        paired.add_column(f"{chr(65 + b)} minus {chr(65 + a)}", justify="right")
    for row, name in enumerate(first.outcome_tables):
        cells = []
        for found in result.differences.values():
            cells.append(difference_cell(found[row], first.outcome_tables[name]))
        paired.add_row(_outcome_title(first.outcome_tables[name], first.outcomes[name]), *cells)
    screen.print(paired)
    _close(screen, paths, first.provenance["spread"])


def show_analysis(result: Analysis, paths: Sequence[Path]) -> None:
    """Notices, ratings, where the page is. Verdicts are on the page, and with `anagen claims`."""
    screen = console()
    first = result.arms[0]
    show(screen, result.comparison.safety_json() if result.comparison else first.safety, first.mode)
    screen.print(f"\n{_about(first)}\n", highlight=False)
    ratings = Table(
        title="Ratings for this person: three scales, never added up", title_justify="left", show_lines=True
    )
    ratings.add_column("")
    for i, arm in enumerate(result.arms):
        letter = f"{chr(65 + i)}: " if len(result.arms) > 1 else ""
        ratings.add_column(f"Effect. {letter}{arm.label}\n{NEVER}")
    ratings.add_column("Certainty")
    ratings.add_column("Harm")
    for r in result.ratings:
        cells = [f"{e.drawn or 'blank'}\n{e.says}" for e in r.effects]
        ratings.add_row(r.title, *cells, f"{r.dots}\n{r.certainty_name}", f"{r.harm} of 4\n{r.harm_name}")
    screen.print(ratings)
    for path in paths:
        screen.print(f"Written: {path.resolve()}", highlight=False, soft_wrap=True)
