"""Where the boxes and arrows of the mechanism map stand: two rails with rungs between them, on a phone's width.

The level runs down the left rail. Rungs go from it to the boxes in the middle, and from these to the right rail, which
ends in the box that they act on. Boxes that act on one another stand below each other. So no line crosses a label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from anagen.analysis.charts.theme import wrapped

from .words import said_size

if TYPE_CHECKING:
    from .mechanism_map import Edge, MechanismMap, Node

SPAN = {"left": (2.0, 98.0), "middle": (108.0, 224.0), "right": (238.0, 334.0), "wide": (108.0, 334.0)}
LEFT_RAIL, RIGHT_RAIL = 12.0, 326.0
LINE = 14.0
"""From one line of text to the next."""
PAD = 6.0
BETWEEN_ROWS = 9.0
DROP = 44.0
"""Length of an arrow downwards: room for its label beside it."""
ABOVE, BELOW = 5.0, 16.0
"""From a rung up to its words, and down to the end of its dots."""
INDENT = 8.0
"""From the left side of a box to an arrow down from it, whose label stands on its right."""

Point = tuple[float, float]
Placed = tuple[Point, Sequence[str]]
"""Where lines of words begin, and the lines."""


class Box(NamedTuple):
    """A box with the lines of its title."""

    lines: Sequence[str]
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


class Label(NamedTuple):
    """Words above a point, dots below it; `at` start or middle of the words."""

    x: float
    y: float
    at: str


@dataclass(frozen=True)
class Arrow:
    """An edge, the corners of its line, and where its label stands."""

    edge: Edge
    points: Sequence[Point]
    label: Label


class Layout(NamedTuple):
    """Everything that is drawn, from `top` down to `height`. `rails` run from first to last point, arrow at the end."""

    boxes: Mapping[str, Box]
    arrows: Sequence[Arrow]
    rails: Sequence[tuple[Point, Point, bool]]
    headings: Sequence[Placed]
    height: float


def layout(drawn: MechanismMap, top: float) -> Layout:
    """The places of a map whose drawing begins at `top`."""
    boxes, headings, height = _rows(drawn, top)
    arrows = [_arrow(edge, drawn.nodes, boxes) for edge in drawn.edges]
    return Layout(boxes, arrows, _rails(drawn, boxes), headings, height + 4)


def _rows(drawn: MechanismMap, top: float) -> tuple[dict[str, Box], list[Placed], float]:
    boxes: dict[str, Box] = {}
    headings: list[Placed] = []
    bottom = top
    rows = sorted({*(node.row for node in drawn.nodes.values()), *(heading.row for heading in drawn.headings)})
    for row in rows:
        y = bottom + BETWEEN_ROWS
        for heading in (h for h in drawn.headings if h.row == row):
            x0, x1 = SPAN[heading.column][0], RIGHT_RAIL - 10
            lines = wrapped(heading.text, int(x1 - x0))
            headings.append(((x0, y + LINE), lines))
            bottom = y = y + LINE * len(lines)
        here = [node for node in drawn.nodes.values() if node.row == row]
        for edge in drawn.edges:  # an arrow downwards needs its length
            source, target = drawn.nodes[edge.source], drawn.nodes[edge.target]
            comes = target in here and not _crosses(source, target)
            passes = bool(here) and source.column == "right" and source.row < row
            if (comes or passes) and edge.source in boxes:
                y = max(y, boxes[edge.source].y1 + DROP)
        if not here:  # a heading has a row of its own
            continue
        above = max(_above(node, drawn) for node in here)
        below = max(_below(node, drawn) for node in here)
        for node in here:
            lines, (x0, x1) = _title(node), SPAN[node.column]
            half = (LINE * len(lines) + PAD) / 2
            boxes[node.key] = Box(lines, x0, y + above - half, x1, y + above + half)
        bottom = y + above + below
    return boxes, headings, bottom


def _title(node: Node) -> list[str]:
    x0, x1 = SPAN[node.column]
    return wrapped(node.title, int(x1 - x0 - 14), lines=4)  # bold, and room at both sides


def _rungs(node: Node, drawn: MechanismMap) -> list[Edge]:
    return [
        e
        for e in drawn.edges
        if (e.source == node.key and _crosses(node, drawn.nodes[e.target]))
        or (e.target == node.key and (_crosses(drawn.nodes[e.source], node) and drawn.nodes[e.source].column == "left"))
    ]


def _above(node: Node, drawn: MechanismMap) -> float:
    words = [ABOVE + LINE * len(said_size(edge)) for edge in _rungs(node, drawn)]
    return max([(LINE * len(_title(node)) + PAD) / 2, *words])


def _below(node: Node, drawn: MechanismMap) -> float:
    return max((LINE * len(_title(node)) + PAD) / 2, BELOW if _rungs(node, drawn) else 0.0)


def _crosses(source: Node, target: Node) -> bool:
    """Whether an arrow goes across, from the left rail or to the right one, or to the left."""
    order = {"left": 0, "middle": 1, "right": 2, "wide": 2}
    return order[source.column] < order[target.column] or target.column == "left"


def _arrow(edge: Edge, nodes: Mapping[str, Node], boxes: Mapping[str, Box]) -> Arrow:
    source, target = nodes[edge.source], nodes[edge.target]
    start, end = boxes[edge.source], boxes[edge.target]
    if target.column == "left":
        x = end.x0 + 22
        points = [(start.x0, start.middle), (x, start.middle), (x, end.y0)]
        return Arrow(edge, points, Label((x + start.x0) / 2, start.middle, "middle"))
    if source.column == "left":
        y = end.middle
        return Arrow(edge, [(LEFT_RAIL, y), (end.x0, y)], Label((LEFT_RAIL + end.x0) / 2, y, "middle"))
    if _crosses(source, target):
        y = start.middle
        return Arrow(edge, [(start.x1, y), (RIGHT_RAIL, y)], Label((start.x1 + RIGHT_RAIL) / 2 - 2, y, "middle"))
    if source.column == "right":
        return Arrow(edge, [(RIGHT_RAIL, start.y1), (RIGHT_RAIL, end.y0)], Label(RIGHT_RAIL - 8, start.y1 + 20, "end"))
    x = max(start.x0, end.x0) + INDENT
    return Arrow(edge, [(x, start.y1), (x, end.y0)], Label(x + 8, start.y1 + 20, "start"))


def _rails(drawn: MechanismMap, boxes: Mapping[str, Box]) -> list[tuple[Point, Point, bool]]:
    """The level's rail, and one into each box on the right that no other box on the right leads to."""
    found = []
    for key, node in drawn.nodes.items():
        lefts = [boxes[e.target].middle for e in drawn.edges if e.source == key and node.column == "left"]
        if lefts:
            found.append(((LEFT_RAIL, boxes[key].y1), (LEFT_RAIL, max(lefts)), False))
        into = [e for e in drawn.edges if e.target == key and node.column in ("right", "wide")]
        rungs = [boxes[e.source].middle for e in into if drawn.nodes[e.source].column == "middle"]
        if rungs and not any(drawn.nodes[e.source].column == "right" for e in into):
            found.append(((RIGHT_RAIL, min(rungs)), (RIGHT_RAIL, boxes[key].y0), True))
    return found
