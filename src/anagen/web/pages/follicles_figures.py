"""Curves under the scalps of the follicle page, with a line at the week: phases of each, hairs shed in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anagen.analysis.arms import Column, columns
from anagen.analysis.charts import phases, weeks
from anagen.analysis.charts.theme import AXIS, WIDTH, columns_for, panel_width
from anagen.analysis.charts.week_line import with_week_line
from anagen.analysis.effluvia.regimen_phases import course_phases_figure
from anagen.analysis.figure import Figure
from anagen.analysis.patch import Patch
from anagen.analysis.rests import rests_on, series_trust
from anagen.analysis.weekly import weekly_figure

from .follicles_cases import Scalp

STRUCK_RESTS = "The share struck is chosen for teaching. The time to break and to recover is fitted to chemotherapy."


def phases_figures(scalps: Sequence[Scalp], week: int) -> list[Figure]:
    """The phases of each scalp over the weeks, with a line at `week`."""
    figures = []
    for scalp in scalps:
        rests = STRUCK_RESTS
        if simulation := scalp.simulation:
            rests = rests_on(simulation, series_trust(simulation.treatment, "telogen_percent"))
        key = f"phases-{scalp.letter}"
        figures.append(course_phases_figure(scalp.course, f"{scalp.letter}: {scalp.case.words}", key=key, rests=rests))
    return [_lined(one, week, scalps[0].patch, WIDTH - AXIS - 12, phases.HEIGHT) for one in figures]


def shed_figure(scalps: Sequence[Scalp], week: int) -> Figure | None:
    """Hairs shed a day in groups of people like each, with a line at `week`; None where no group was simulated."""
    groups = [(scalp, scalp.simulation) for scalp in scalps if scalp.simulation]
    if not groups:
        return None
    courses = [arm.course_days for _, arm in groups if arm.regimen]
    end = max(courses, default=float(groups[0][1].days[-1]))
    arms = [arm if arm.regimen else replace(arm, course_days=end) for _, arm in groups]
    named: list[Column] = [
        replace(column, letter=scalp.letter, text=scalp.case.words)
        for column, (scalp, _) in zip(columns(arms), groups, strict=True)
    ]
    figure = weekly_figure(arms, named, "shed_per_day", result="highest")
    return _lined(figure, week, scalps[0].patch, panel_width(columns_for(len(arms))), weeks.HEIGHT)


def _lined(figure: Figure, week: int, patch: Patch, width: float, height: float) -> Figure:
    svg = figure.svg if isinstance(figure.svg, str) else figure.svg.result()
    return replace(figure, svg=with_week_line(svg, week, patch.weeks, width, height))
