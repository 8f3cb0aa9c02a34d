"""The level of the drug within the day, of the typical person, and its summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anagen.simulation.result import Simulation

from .arms import Column, beside
from .charts.hours import hours_chart
from .charts.svg import draw
from .figure import Figure, Table
from .numbers import number
from .rests import rests_on, series_trust


def hours_figure(arms: Sequence[Simulation], shown: Sequence[Column]) -> Figure | None:
    """One line for each regimen; None where nothing is taken."""
    chart = hours_chart(arms)
    if chart is None:
        return None
    drawn = [(arm, column) for arm, column in zip(arms, shown, strict=True) if arm.within_day is not None]
    shown_drawn = [column for _, column in drawn]
    peaks = beside([number(arm.exposure["cmax_ng_per_ml"]) for arm, _ in drawn], shown_drawn, "ng/mL")
    swings = beside([_swing(arm.exposure) for arm, _ in drawn], shown_drawn)
    return Figure(
        key="hours",
        title=f"Within the day, the typical person peaks at {peaks}",
        sentences=[
            f"Between doses at the end of the course, the level in ng/mL moves between {swings}.",
            "The drawn hours begin with a dose; they show one typical person, and no spread between people.",
        ],
        svg=draw(chart),
        table=exposure_table(arms, shown),
        rests=rests_on(arms[0], series_trust(arms[0].treatment, "isotretinoin_ng_per_ml")),
    )


def _swing(exposure: Mapping[str, float]) -> str:
    low, high, mean = (number(exposure[f"{name}_ng_per_ml"]) for name in ("cmin", "cmax", "cavg"))
    return f"{low} and {high} (mean {mean})"


EXPOSURE_WORDS = {
    "auc_inf_ng_h_per_ml": "Area under the curve, ng·h/mL",
    "half_life_h": "Half-life, h",
    "cmax_ng_per_ml": "Highest, ng/mL",
    "tmax_h": "Hours from the last dose to the highest",
    "cavg_ng_per_ml": "Mean, ng/mL",
    "cmin_ng_per_ml": "Lowest, ng/mL",
}


def exposure_table(arms: Sequence[Simulation], shown: Sequence[Column]) -> Table:
    """What `Simulation.exposure` says of each arm."""
    keys = list(dict.fromkeys(key for arm in arms for key in arm.exposure))
    rows = []
    for key in keys:
        name = EXPOSURE_WORDS.get(key.removeprefix("oxo_"), key) + (" (4-oxo)" if key.startswith("oxo_") else "")
        rows.append([name, *(number(arm.exposure[key]) if key in arm.exposure else "–" for arm in arms)])
    return Table("Typical person, last dosing interval", ["Level", *(column.head for column in shown)], rows)
