"""The mechanism map as SVG: readable without colour, by the kind of line, signs, words and dots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from anagen.analysis.charts.theme import HOLLOW, INK, MIDDLE, QUIET, TEXT, TYPICAL, WIDTH

from .layout import LINE, Arrow, Box, Layout, Point, layout
from .words import said_below, said_size

if TYPE_CHECKING:
    from .mechanism_map import MechanismMap, State

STROKE = {
    "on": f'stroke="{INK}" stroke-width="1.8"',
    "not acting": f'stroke="{HOLLOW}" stroke-width="1"',
    "off": f'stroke="{QUIET}" stroke-width="1.4" stroke-dasharray="4 3"',
}
RAIL = f'stroke="{INK}" stroke-width="3.4"'
TONE = {"raises": TYPICAL, "lowers": MIDDLE, "none": QUIET}
DOT, STEP = 2.7, 7.6
KEY: Sequence[tuple[State | None, str]] = (
    ("on", "on: it acts in this simulation"),
    ("not acting", "wired, but not acting here"),
    ("off", "off: not supported by evidence"),
    (None, "+ −  how far the box at the tip rises or falls;"),
    (None, "at the thick right line, in % of the healthy rate"),
)


def map_svg(drawn: MechanismMap) -> str:
    """The drawing, as wide as a phone and as high as it must be."""
    key = [*_key(drawn)]
    place = layout(drawn, 16.0 * (len(KEY) + 2) + 4)
    parts = [*key, *_lines(place), *_boxes(drawn, place)]
    height = round(place.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="{TEXT}">{"".join(parts)}</svg>'
    )


def _key(drawn: MechanismMap) -> Iterable[str]:
    y = 12.0
    for state, words in KEY:
        if state:
            yield _line([(2, y - 4), (34, y - 4)], STROKE[state])
        yield _text(40 if state else 2, y, words, QUIET)
        y += 16
    yield from _dots(2 + DOT, y - 4, 2)
    yield _text(40, y, "certainty: 1 dot very low, 4 dots high", QUIET)
    if any(edge.shared for edge in drawn.edges):
        yield _text(2, y + 16, "*  together with the other arrows into that box", QUIET)


def _lines(place: Layout) -> Iterable[str]:
    for start, end, head in place.rails:
        yield _line([start, end], RAIL)
        if head:
            yield _head(start, end, RAIL)
    for (x, y), lines in place.headings:
        for i, words in enumerate(lines):
            yield _text(x, y + LINE * i, words, INK, bold=True)
    for arrow in place.arrows:
        yield from _arrow(arrow)


def _arrow(arrow: Arrow) -> Iterable[str]:
    edge, (x, y, at) = arrow.edge, arrow.label
    stroke = STROKE[edge.state]
    yield _line(arrow.points, stroke)
    yield _head(arrow.points[-2], arrow.points[-1], stroke.split(" stroke-dasharray")[0])
    tone = TONE[edge.direction] if edge.state == "on" else QUIET
    words = said_size(edge)
    for i, line in enumerate(words):
        latest = i == len(words) - 1
        bold = edge.state == "on" and latest
        yield _text(x, y - 5 - LINE * (len(words) - 1 - i), line, tone if latest else QUIET, at, bold=bold)
    word = said_below(edge)
    width = 3 * STEP + 2 * DOT + (4 + 0.6 * TEXT * len(word) if word else 0)
    left = x - width * {"start": 0, "middle": 0.5, "end": 1}[at]
    yield from _dots(left + DOT, y + 9, edge.certainty)
    if word:
        yield _text(left + 3 * STEP + 2 * DOT + 4, y + 13, word, QUIET)


def _boxes(drawn: MechanismMap, place: Layout) -> Iterable[str]:
    for key, box in place.boxes.items():
        states = {edge.state for edge in drawn.edges if key in (edge.source, edge.target)}
        state = next(s for s in ("on", "not acting", "off") if s in states)
        stroke = STROKE[state].replace('"1.8"', '"1.3"')
        size = f'width="{box.x1 - box.x0:g}" height="{box.y1 - box.y0:g}"'
        yield f'<rect x="{box.x0:g}" y="{box.y0:g}" {size} rx="5" fill="none" {stroke}/>'
        yield from _title(box, INK if state == "on" else QUIET)


def _title(box: Box, tone: str) -> Iterable[str]:
    first = box.middle - LINE * (len(box.lines) - 1) / 2 + 4
    for i, words in enumerate(box.lines):
        yield _text((box.x0 + box.x1) / 2, first + LINE * i, words, tone, "middle", bold=True)


def _text(x: float, y: float, words: str, tone: str, at: str = "start", *, bold: bool = False) -> str:
    anchor = "" if at == "start" else f' text-anchor="{at}"'
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{tone}"{anchor}{weight}>{escape(words)}</text>'


def _line(points: Sequence[Point], stroke: str) -> str:
    return f'<path d="M{" L".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" {stroke}/>'


def _head(before: Point, tip: Point, stroke: str) -> str:
    """An open arrowhead, which takes the colour of its line."""
    (x, y), size = tip, 6.0
    along = ((tip[0] > before[0]) - (tip[0] < before[0]), (tip[1] > before[1]) - (tip[1] < before[1]))
    across = (along[1], along[0])
    wings = [
        (x - size * along[0] + s * 0.7 * size * across[0], y - size * along[1] + s * 0.7 * size * across[1])
        for s in (1, -1)
    ]
    return _line([wings[0], tip, wings[1]], stroke)


def _dots(x: float, y: float, filled: int) -> Iterable[str]:
    for i in range(4):
        look = f'fill="{INK}"' if i < filled else f'fill="none" stroke="{QUIET}"'
        yield f'<circle cx="{x + STEP * i:.1f}" cy="{y:.1f}" r="{DOT - (i >= filled) * 0.4:.1f}" {look}/>'
