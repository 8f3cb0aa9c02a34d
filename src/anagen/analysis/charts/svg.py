"""A chart as SVG, drawn here and now: no browser, no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair

_LONG = re.compile(r"(\d\.\d)\d+")
_GEOMETRY = re.compile(r'((?: d| transform| x2| y2)=")([^"]*)"')
_EMPTY = re.compile(r'<path class="(?:background|foreground)"[^>]*(?:d=""|d="M0,0h0v0h0Z"|display="none")[^>]*/>')
_ROLES = re.compile(r' (?:role|aria-roledescription|aria-hidden|pointer-events|class)="[^"]*"')


def to_svg(chart: altair.TopLevelMixin | dict[str, Any]) -> str:
    """A chart, or its Vega-Lite, as one SVG element.

    >>> to_svg({"mark": "point", "data": {"values": [{"a": 1}]}})[:4]
    '<svg'
    """
    import vl_convert

    spec = chart if isinstance(chart, dict) else chart.to_dict(validate=False)
    svg = vl_convert.vegalite_to_svg(spec)
    # Tenths of a pixel are enough, and what only an interactive chart needs goes: half of the size.
    svg = _EMPTY.sub("", svg)
    svg = _ROLES.sub("", svg)
    return _GEOMETRY.sub(lambda match: f'{match[1]}{_LONG.sub(chr(92) + "1", match[2])}"', svg)
