"""The chart of some series of one or more arms: what `.plot()` gives and `--svg` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anagen.errors import InputError
from anagen.simulation.result import Simulation

from .theme import MARKS, Spec, figure
from .units import said
from .weeks import HOW_TO_READ, Curve, weeks_chart

if TYPE_CHECKING:
    import altair

GROUP = "hair"


def plot(arms: Sequence[Simulation], names: Sequence[str] = ()) -> altair.VConcatChart:
    """Series of the arms over the weeks, under each other, as an Altair chart.

    Args:
        arms: what `simulate` gave, or the arms of a comparison; at most eight.
        names: series; those of the hair where none is named.

    Raises:
        InputError: no arm, more than eight, or an unknown series.

    >>> from anagen import simulate
    >>> type(plot([simulate("isotretinoin", "20 mg once daily", people=5, weeks=4)])).__name__
    'VConcatChart'
    """
    import altair

    if not 1 <= len(arms) <= len(MARKS):
        raise InputError(f"{len(arms)} regimens to draw", expected=f"from 1 to {len(MARKS)}")
    chosen = tuple(names) or tuple(
        name for name, table in arms[0].treatment.series.items() if table.get("group") == GROUP
    )
    rows = [_without_config(series_chart(arms, name)) for name in chosen]
    assumed = [f"ASSUMED: {name}" for name in arms[0].assumed]
    pregnancy = next((notice["title"] for notice in arms[0].safety if notice["level"] == "stop"), "")
    return altair.VConcatChart.from_dict(
        figure(rows, [pregnancy, *assumed, *HOW_TO_READ_LINES], spacing=18), validate=False
    )


HOW_TO_READ_LINES = (HOW_TO_READ.rsplit("; ", 2)[0] + ";", "; ".join(HOW_TO_READ.rsplit("; ", 2)[1:]))


def series_chart(arms: Sequence[Simulation], name: str, *, own_start: bool = False) -> Spec:
    """One series over the weeks; where `own_start`, in percent of each person's own start."""
    series = arms[0].series(name)
    unit = "% of the own start" if own_start else said(series.unit).words
    return weeks_chart([Curve.of(arm, name, own_start) for arm in arms], f"{series.title}, {unit}")


def _without_config(spec: Spec) -> Spec:
    return {key: value for key, value in spec.items() if key != "config"}
