"""Two regimens in the same people: the middle difference, the range of 90 of 100, and in how many it is lower."""

from __future__ import annotations

from collections.abc import Sequence

from .theme import GRID, INK, MIDDLE, PAPER, WIDTH, Spec, figure

ROW = 44


def pairs_chart(rows: Sequence[tuple[str, float, float, float]], title: str) -> Spec:
    """`rows` of (what is said, p05, p50, p95 of the difference), each with its own words above its range."""
    values = [
        {"y": i + 0.66, "t": i + 0.24, "words": words, "lo": lo, "mid": mid, "hi": hi}
        for i, (words, lo, mid, hi) in enumerate(rows)
    ]
    ends = [0.0, *(end for _, lo, _, hi in rows for end in (lo, hi))]
    room = 0.04 * (max(ends) - min(ends)) or 1.0
    domain = [min(ends) - room, max(ends) + room]
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [len(rows), 0], "nice": False, "zero": False}}
    x = {
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 5, "grid": True, "gridColor": GRID, "labelFlush": True},
    }
    at = {"field": "y", **y}
    return figure(
        [
            {
                "data": {"values": values},
                "width": WIDTH - 16,
                "height": ROW * len(rows),
                "layer": [
                    {
                        "data": {"values": [{"zero": 0}]},
                        "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                        "encoding": {"x": {"field": "zero", **x}},
                    },
                    {
                        "mark": {"type": "rule", "color": MIDDLE, "strokeWidth": 3, "strokeCap": "round"},
                        "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
                    },
                    {
                        "mark": {
                            "type": "point",
                            "filled": True,
                            "shape": "circle",
                            "color": MIDDLE,
                            "size": 90,
                            "opacity": 1,
                        },
                        "encoding": {"x": {"field": "mid", **x}, "y": at},
                    },
                    *(
                        {
                            "mark": {"type": "text", "align": "left", "baseline": "middle", **halo},
                            "encoding": {"x": {"value": 0}, "y": {"field": "t", **y}, "text": {"field": "words"}},
                        }
                        for halo in ({"stroke": PAPER, "strokeWidth": 5, "color": PAPER}, {})
                    ),
                ],
            }
        ],
        title,
    )
