"""Vega-Lite as SVG: no browser, no network. Run by itself, this file is the process that draws; see `svg.py`."""

from __future__ import annotations

import json
import re
import sys

_LONG = re.compile(r"(\d\.\d)\d+")
_GEOMETRY = re.compile(r'((?: d| transform| x2| y2)=")([^"]*)"')
_EMPTY = re.compile(r'<path class="(?:background|foreground)"[^>]*(?:d=""|d="M0,0h0v0h0Z"|display="none")[^>]*/>')
_ROLES = re.compile(r' (?:role|aria-roledescription|aria-hidden|pointer-events|class)="[^"]*"')


def drawn(spec: str) -> str:
    """Vega-Lite, as JSON, drawn as one SVG element.

    >>> drawn('{"mark": "point", "data": {"values": [{"a": 1}]}}')[:4]
    '<svg'
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    # Tenths of a pixel are enough, and what only an interactive chart needs goes: half of the size.
    svg = _EMPTY.sub("", svg)
    svg = _ROLES.sub("", svg)
    return _GEOMETRY.sub(lambda match: f'{match[1]}{_LONG.sub(chr(92) + "1", match[2])}"', svg)


def serve() -> None:
    """A line of Vega-Lite in, a line with the SVG out, both as JSON, until the input ends."""
    drawn('{"mark": "point", "data": {"values": [{"a": 1}]}}')  # Vega starts now, not at the first chart
    for line in sys.stdin:
        print(json.dumps(drawn(line)), flush=True)


if __name__ == "__main__":
    serve()
