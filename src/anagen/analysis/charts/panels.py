"""Small multiples drawn straight from their Vega-Lite, as Vega would draw them, in a fiftieth of its time.

A page has more of these than of all other figures. Only what `weeks_chart` writes is known here: areas, lines and rules
over linear axes whose ends and labels are given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from .theme import AXIS, GAP, GRID, INK, PAPER, QUIET, TEXT, WIDTH, Spec

Floats = npt.NDArray[np.float64]
EDGE = 2
"""Around the whole figure, px."""
LEADING = 13.5
HEAD_ABOVE, TITLE_ABOVE = 5.0, 6.0
"""Between the panel and its heading; between the heading and the title."""
BELOW = 34.0
"""Room for the labels and the title of the horizontal axis."""
APART = GAP + 6


def panels_svg(spec: Spec) -> str:
    """The drawing of what `weeks_chart` gave, as one SVG element."""
    title = spec["title"]
    top = EDGE + 0.5
    drawn = [_words(title["text"], EDGE, top, title["color"])]
    top += _height(title["text"]) + TITLE_ABOVE - spec["spacing"]
    for row in spec["vconcat"]:
        top += spec["spacing"] + _height(row["hconcat"][0]["title"]["text"]) + HEAD_ABOVE
        left = EDGE + AXIS
        for i, panel in enumerate(row["hconcat"]):
            head = panel["title"]["text"]
            above = top - HEAD_ABOVE - _height(head)
            drawn.append(_words(head, left - (AXIS if i == 0 else EDGE), above, INK, ' font-weight="bold"'))
            drawn.append(f'<g fill="none" transform="translate({left},{_px(top)})">{_panel(panel)}</g>')
            left += panel["width"] + APART
        top += row["hconcat"][0]["height"] + BELOW
    width, height = WIDTH + 8, int(top + EDGE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{"".join(drawn)}</svg>'
    )


def _height(lines: Sequence[str]) -> float:
    return TEXT + LEADING * (len(lines) - 1)


def _words(lines: Sequence[str], x: float, top: float, color: str, more: str = "") -> str:
    first = f'<tspan x="{x}">{escape(lines[0])}</tspan>'
    rest = "".join(f'<tspan x="{x}" dy="{LEADING}">{escape(line)}</tspan>' for line in lines[1:])
    return f'<text y="{_px(top + 9)}" {_FONT}{more} fill="{color}">{first}{rest}</text>'


_FONT = f'font-family="sans-serif" font-size="{TEXT}px"'


def _panel(panel: Spec) -> str:
    """Grid and axes, then the layers in their order."""
    width, height = panel["width"], panel["height"]
    first = panel["layer"][0]["encoding"]
    across, up = (_scale(first[axis]["scale"]["domain"]) for axis in ("x", "y"))

    def x(values: Any) -> Floats:
        return width * across(values)

    def y(values: Any) -> Floats:
        return height * (1 - up(values))

    parts = [_axes(width, height, first["x"]["axis"], x, first["y"]["axis"], y)]
    for layer in panel["layer"]:
        rows, mark, encoding = layer.get("data", panel["data"])["values"], layer["mark"], layer["encoding"]
        at = x(_column(rows, encoding["x"]["field"]))
        if mark["type"] == "rule":
            parts.append(f'<path d="{"".join(f"M{_px(v)},0v{height}" for v in at)}"{_stroke(mark)}/>')
            continue
        line = _points(at, y(_column(rows, encoding["y"]["field"])))
        if mark["type"] == "area":
            line += _points(at, y(_column(rows, encoding["y2"]["field"])))[::-1]
            parts.append(f'<path d="M{"L".join(line)}Z" fill="{mark["color"]}"/>')
            continue
        each = encoding.get("detail", {}).get("field")  # a line for each value of this field
        breaks = [i for i in range(1, len(rows)) if each and rows[i][each] != rows[i - 1][each]]
        lines = [line[i:j] for i, j in zip([0, *breaks], [*breaks, len(line)], strict=True)]
        parts.append(f'<path d="{"".join("M" + "L".join(one) for one in lines)}"{_stroke(mark)}/>')
    return "".join(parts)


def _scale(domain: Sequence[float]) -> Callable[[Any], Floats]:
    low, high = domain
    return lambda values: (np.asarray(values, float) - low) / (high - low)


def _column(rows: Sequence[Spec], field: str) -> Floats:
    return np.array([row[field] for row in rows], float)


def _points(x: Floats, y: Floats) -> list[str]:
    return [f"{_px(h)},{_px(v)}" for h, v in zip(x.tolist(), y.tolist(), strict=True)]


def _px(value: float) -> str:
    """Tenths of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _stroke(mark: Spec) -> str:
    names = {"color": "stroke", "strokeWidth": "stroke-width", "opacity": "opacity"}
    dash = mark.get("strokeDash")
    dashes = f' stroke-dasharray="{",".join(map(str, dash))}"' if dash else ""
    return "".join(f' {name}="{mark[key]}"' for key, name in names.items() if key in mark) + dashes


def _axes(
    width: float,
    height: float,
    across: Spec,
    x: Callable[[Any], Floats],
    up: Spec,
    y: Callable[[Any], Floats],
) -> str:
    weeks, levels = x(across["values"]).round(), y(up["values"]).round()
    labelled = up.get("labels", True)
    grid = "".join(f"M0,{_px(v)}h{width}" for v in levels)
    ticks = "".join(f"M{_px(v)},{height}v3" for v in weeks) + f"M0,{height}h{width}"
    if labelled:
        ticks += "".join(f"M0,{_px(v)}h-3" for v in levels) + f"M0,0v{height}"
    words = []
    for place, week in zip(weeks, across["values"], strict=True):
        anchor = "start" if place == 0 else "end" if place == width else "middle"
        words.append((place, height + 15, anchor, f"{week:,}"))
    words.append((width / 2, height + 30.5, "middle", across["title"]))
    if labelled:
        words += [(-6, v + 3.1, "end", f"{level:,g}") for v, level in zip(levels, up["values"], strict=True)]
    texts = "".join(
        f'<text x="{_px(h)}" y="{_px(v)}" text-anchor="{anchor}">{said}</text>' for h, v, anchor, said in words
    )
    return (
        f'<g transform="translate(0.5,0.5)"><path d="{grid}" stroke="{GRID}"/><path d="{ticks}" stroke="{QUIET}"/>'
        f'<g {_FONT} fill="{QUIET}">{texts}</g></g>'
    )
