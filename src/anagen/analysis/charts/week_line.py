"""A thin upright line at one week in a drawing over weeks; script may move it from `data-from` to `data-to`."""

from __future__ import annotations

import re

_PANEL = re.compile(r'<g fill="none"[^>]*transform="translate\((\d+(?:\.\d+)?),(\d+(?:\.\d+)?)\)">')


def with_week_line(svg: str, week: float, last: float, width: float, height: float) -> str:
    """The drawing with a line in each of its panels, `width` by `height` px each, whose axis goes from 0 to `last`.

    >>> with_week_line('<svg><g fill="none" transform="translate(40,10)"></g></svg>', 5, 10, 100, 50)[-109:]
    '<line class="week-line" data-from="40" data-to="140" x1="90" x2="90" y1="10" y2="60" stroke="#1b1f24"/></svg>'
    """
    lines = []
    for left, top in _PANEL.findall(svg):
        start, above = float(left), float(top)
        at = f"{start + width * week / last:.1f}".removesuffix(".0")
        lines.append(
            f'<line class="week-line" data-from="{start:g}" data-to="{start + width:g}" x1="{at}" x2="{at}" '
            f'y1="{above:g}" y2="{above + height:g}" stroke="#1b1f24"/>'
        )
    return svg.removesuffix("</svg>") + "".join(lines) + "</svg>"
