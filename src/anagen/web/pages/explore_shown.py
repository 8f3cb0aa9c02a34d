"""What the explorer shows of a comparison: the same facts, figures and differences as the report, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anagen.analysis.answer import answer
from anagen.analysis.arms import columns
from anagen.analysis.charts.svg import draw
from anagen.analysis.content import content
from anagen.analysis.facts import facts, outcome_table
from anagen.analysis.levels import hours_figure
from anagen.analysis.page import GROUPS
from anagen.analysis.paired import paired_figures, paired_table
from anagen.analysis.total_dose import total_dose_table
from anagen.analysis.weekly import weekly_figure
from anagen.simulation.compare import Comparison
from anagen.treatments.registry import Treatment

from .explore_asked import HOURS


def shown_of(comparison: Comparison, series: Sequence[str], quick: bool) -> dict[str, Any]:
    """What `explore_result.html.j2` wants. What is drawn by another process is begun first, and waited for last; for a
    quick look, the drawings of differences are left out."""
    arms, untreated = comparison.arms, comparison.untreated
    data, named = content(arms[0].treatment.name), columns(arms)
    weeks = round(float(arms[0].days[-1]) / 7)
    several = len(arms) > 1
    hours = hours_figure(arms, named) if HOURS in series else None
    pen = (lambda chart: "") if quick else draw
    paired = paired_figures(comparison, named, data.get("paired", ()), pen) if several else []
    results = data.get("weekly_result", {})
    dermatitis = arms[0].patient.seborrheic_dermatitis != "none"
    weekly = [
        weekly_figure(arms, named, name, result=results.get(name, ""))
        for name in arms[0].treatment.series
        if name in series and (dermatitis or not name.startswith("dermatitis"))
    ]
    notices = comparison.safety_json()
    return {
        "columns": named,
        "weeks": weeks,
        "people": int(arms[0].provenance["people"]),
        "stop": [notice for notice in notices if notice["level"] == "stop"],
        "assumed": [notice for notice in notices if notice["id"].startswith("assumed-")],
        "supplements": [notice for notice in notices if notice["id"].startswith("supplement-")],
        "answer": answer(arms, untreated, named, data, weeks),
        "facts": facts(arms, untreated, data.get("facts", ()), weeks),
        "outcomes": outcome_table(arms, untreated, named),
        "untreated": True,
        "figures": [*([hours] if hours else []), *weekly],
        "paired": paired,
        "paired_all": paired_table(comparison, named) if several else None,
        "total": total_dose_table(arms, named),
    }


def series_choices(treatment: Treatment) -> Mapping[str, Mapping[str, str]]:
    """Series that can be drawn, by group as in the report: name and title."""
    found: dict[str, dict[str, str]] = {}
    for group, title in GROUPS.items():
        known = {name: table["title"] for name, table in treatment.series.items() if table.get("group") == group}
        found[title] = {HOURS: "Within the day, hour by hour", **known} if group == "levels" else known
    return {title: known for title, known in found.items() if known}
