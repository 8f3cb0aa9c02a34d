"""Pictures of a validation: all rows on one scale, and each row by itself or as a course over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from anagen.analysis.charts.predicted_observed import Standing, course_chart, one_chart, standings_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure, Table
from anagen.analysis.numbers import listed
from anagen.analysis.trial.cells import together

from .rounded import PARTS, value_and_range
from .validation_rows import ValidationRow

AT_ONCE = 14
"""Rows of one picture of standings; more would be taller than a screen."""


def standing_figures(rows: Sequence[ValidationRow]) -> list[Figure]:
    """How far each row is from its prediction; as many pictures as that takes, of about the same length."""
    pictures = -(-len(rows) // AT_ONCE)
    size = -(-len(rows) // pictures) if pictures else 0
    return [_standings(rows[start : start + size]) for start in range(0, len(rows), size or 1)]


def _standings(rows: Sequence[ValidationRow]) -> Figure:
    fair = [row for row in rows if not row.known and not row.bound]
    bounds = sum(bool(row.bound) and not row.known for row in rows)
    inside = sum(row.inside for row in fair)
    which = f"Rows {rows[0].number} to {rows[-1].number}" if len(rows) > 1 else f"Row {rows[0].number}"
    known = len(rows) - len(fair) - bounds
    others = [f"{n} {what}{'s' if n != 1 else ''}" for n, what in ((known, "known failure"), (bounds, "bound")) if n]
    aside = f", beside {listed(others)}" if others else ""
    title = f"{which}: {inside} of {len(fair)} inside{aside}" if fair else f"{which}: {listed(others)}"
    farthest = max(rows, key=lambda row: abs(row.z))
    over = sum(row.z < 0 for row in rows)
    points = [Standing(f"{row.number} {row.words}", row.z, row.inside, bool(row.known)) for row in rows]
    return Figure(
        key=f"standing-{rows[0].number}",
        title=title,
        sentences=[
            f"The model is above what was seen in {over} of {len(rows)} rows.",
            f"The farthest is row {farthest.number}, at {farthest.distance}.",
        ],
        svg=draw(standings_chart(points, "What was seen: how far above (+) or below (−) the model, in SDs")),
        table=Table(
            "distance from the prediction",
            ["Row", "Distance in SDs", "Where it lies"],
            [[f"{row.number} {row.title}", row.distance, row.standing] for row in rows],
        ),
    )


def row_figure(row: ValidationRow) -> Figure:
    """What was seen in one row beside what the model predicts."""
    seen, middle, ends = row.said
    where = "above" if row.z > 0 else "below"
    relation = "inside that range" if row.inside else f"{where} that range"
    if row.bound:
        relation = "as the model says" if row.inside else "against what the model says"
    title = f"{row.number}. {row.words}: {seen} seen, {ends} predicted"
    own = ""
    if row.own:
        interval = value_and_range(None, row.own[0], row.observed, row.own[1], row.unit)[2]
        own = f", with a 95\u202f% interval of {interval}"
    people = f", with {row.people:,} {'person' if row.people == 1 else 'people'}," if row.people else ""
    sentences = [
        f"The study{people} saw {seen}{own}.",
        f"The model puts 90 of 100 such studies at {ends}, the middle one at {middle}: "
        f"what was seen {'is' if row.bound else 'lies'} {relation}.",
    ]
    drawn = row.course
    if drawn and len(drawn["observed"]) > 1:
        sentences.append("The picture holds the other times of the same people too.")
    chart = (
        course_chart(drawn["day"], drawn["p05"], drawn["p50"], drawn["p95"], drawn["observed"], _unit_title(row))
        if drawn
        else one_chart(*_finite(row), row.observed, row.own, _unit_title(row))
    )
    return Figure(key=row.key, title=title, sentences=sentences, svg=draw(chart), table=_table(row))


def _finite(row: ValidationRow) -> tuple[float, float, float]:
    """The range as it can be drawn: an open end goes a little beyond all else."""
    known = [end for end in (row.low, row.middle, row.high, row.observed, *(row.own or ())) if math.isfinite(end)]
    beyond = max(known) + 0.2 * (max(known) - min(known) or abs(max(known)) or 1.0)
    low, middle, high = (end if math.isfinite(end) else beyond for end in (row.low, row.middle, row.high))
    return low, middle, high


def _unit_title(row: ValidationRow) -> str:
    return f"{row.title}, {row.unit}" if row.unit else row.title


def _table(row: ValidationRow) -> Table:
    if row.course is None:
        seen, middle, ends = row.said
        return Table(
            "the numbers",
            ["Seen", "Predicted, middle", "Predicted, 90 of 100", "Distance in SDs", "Where it lies"],
            [[seen, middle, ends, row.distance, row.standing]],
        )
    days = row.course["day"]
    span = max(row.course["p95"]) - min(row.course["p05"])
    shown = sorted({0, len(days) - 1, *(round(i * (len(days) - 1) / 12) for i in range(13)), *_nearest(row)})
    seen_at = {_closest(days, day): value for day, value in row.course["observed"]}
    rows = []
    for at in shown:
        said = together([row.course[name][at] for name in ("p05", "p50", "p95")] + [seen_at.get(at)], span, PARTS * 2)
        rows.append([f"{days[at]:g}", said[3], said[1], f"{said[0]} to {said[2]}"])
    unit = f", {row.unit}" if row.unit else ""
    return Table("the course", ["Day", f"Seen{unit}", f"Predicted, middle{unit}", "Predicted, 90 of 100"], rows)


def _nearest(row: ValidationRow) -> list[int]:
    assert row.course is not None
    return [_closest(row.course["day"], day) for day, _ in row.course["observed"]]


def _closest(days: Sequence[float], day: float) -> int:
    return min(range(len(days)), key=lambda i: abs(days[i] - day))
