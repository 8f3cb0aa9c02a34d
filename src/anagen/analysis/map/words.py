"""The words at an arrow of the mechanism map: sign and size above the line, what else must be said below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anagen.analysis.numbers import MINUS, number

if TYPE_CHECKING:
    from .mechanism_map import Edge

UNSUPPORTED = "not supported by evidence"
SIGNS = {"raises": "+", "lowers": MINUS, "none": ""}
_SHORT = {"hairs a day": "a day", "hairs per cm²": "/cm²", "% of people": "of 100"}


def signed(value: float, unit: str) -> str:
    """A change with its sign; what is not nought is never rounded to it.

    >>> signed(-16.6, "%"), signed(0.0041, "U/L"), signed(0.0, "%")
    ('−17\u202f%', '+0.004 U/L', '0\u202f%')
    """
    size = number(abs(value))
    if size == "0" and value:
        size = f"{abs(value):.1g}"
    sign = "" if not value else "+" if value > 0 else MINUS
    return f"{sign}{size}" + (f"\u202f{unit}" if unit.startswith("%") else f" {unit}")


def said_size(edge: Edge) -> list[str]:
    """One or two lines above an arrow."""
    if edge.state == "not acting":
        return ["not acting"]
    if edge.state == "off":
        word = "claimed" if edge.why == UNSUPPORTED else "suspected"
        return [f"{word} {SIGNS[edge.direction]}"] if edge.direction != "none" else ["not wired"]
    assert edge.size is not None
    unit = "%" if edge.unit.startswith("%") and edge.unit not in _SHORT else _SHORT.get(edge.unit, edge.unit)
    if edge.standing and not edge.size:
        return ["all along", signed(edge.standing, unit)]
    here = signed(edge.size, unit) + ("*" if edge.shared else "")
    return [f"was {signed(edge.standing, unit)}", here] if edge.standing else [here]


def said_below(edge: Edge) -> str:
    """The word beside the dots."""
    return "off" if edge.state == "off" else "assumed" if edge.assumed else ""
