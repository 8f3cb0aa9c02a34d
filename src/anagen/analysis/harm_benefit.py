"""Harm and benefit side by side, drawn: hairs shed in a year against no drug, by dose and severity of dermatitis."""

from __future__ import annotations

from collections.abc import Mapping

from .charts.pairs import pairs_chart
from .charts.svg import draw
from .computed.spec import ModelNumber
from .figure import Figure, Table
from .numbers import listed, number, spread

NET = "net"


def harm_benefit_figure(found: ModelNumber, weight_kg: float) -> Figure | None:
    """The net change of shedding of the middle person and of 90 of 100 people, at the weight that is nearest.

    Args:
        found: the model number `harm-and-benefit`; its values `net:<dose>:<dermatitis>:<kg>`, `...:low`, `...:high`.
        weight_kg: of the person described.

    Returns:
        The figure; None where the number holds no net change.
    """
    keys = [key.split(":") for key in found.values if key.startswith(f"{NET}:") and key.count(":") == 3]
    if not keys:
        return None
    kg = min({key[3] for key in keys}, key=lambda text: abs(float(text) - weight_kg))
    doses = list(dict.fromkeys(key[1] for key in keys))
    severities = list(dict.fromkeys(key[2] for key in keys))

    def at(dose: str, severity: str) -> tuple[float, float, float]:
        return _range(found.values, f"{NET}:{dose}:{severity}:{kg}")

    drawn = [(f"{_said(severity)}: {dose}", *at(dose, severity)) for severity in severities for dose in doses]
    ends = [f"{_signed(at(doses[0], s)[1])} to {_signed(at(doses[-1], s)[1])} with {_said(s)}" for s in severities]
    rows = [
        [_said(severity), *(spread(middle, low, high) for low, middle, high in (at(dose, severity) for dose in doses))]
        for severity in severities
    ]
    return Figure(
        key="harm-and-benefit-drawn",
        title=f"From {doses[0]} to {doses[-1]}, the change in hairs shed in a year is {listed(ends)}",
        sentences=[
            f"Each with food for 24 weeks, at {kg} kg. The dot is the middle person, the bar 90 of 100 people. Left of "
            "the line fewer hairs fall than without the drug, right of it more.",
            "A year has some 32,000 hairs that fall anyway. The gain comes from calmed dermatitis and is slow; the "
            "harm comes first.",
        ],
        svg=draw(pairs_chart(drawn, "Hairs shed in 52 weeks, against no drug")),
        table=Table(
            f"Hairs shed in 52 weeks against no drug, at {kg} kg: middle person (90 of 100 people)",
            ["Dermatitis", *doses],
            rows,
        ),
        rests="Rests on assumed numbers.",
    )


def _range(values: Mapping[str, float], key: str) -> tuple[float, float, float]:
    return values[f"{key}:low"], values[key], values[f"{key}:high"]


def _said(severity: str) -> str:
    return f"{'no' if severity == 'none' else severity} dermatitis"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value)
