"""Several quantities at one time: the middle and the range of 90 of 100 people, a letter for each regimen."""

from __future__ import annotations

from collections.abc import Sequence

from .theme import INK, MARKS, PAPER, WIDTH, Spec, figure

LINE = 13
HEAD = 18


def ranges_chart(
    groups: Sequence[tuple[str, Sequence[tuple[int, float, float, float]]]],
    title: str,
    *,
    reference: float | None = None,
) -> Spec:
    """`groups` of (name, rows of (number of the regimen, p05, p50, p95)); a rule at `reference`."""
    layers: list[Spec] = []
    top = 0.0
    heads: list[Spec] = []
    rows: list[Spec] = []
    for name, ranges in groups:
        heads.append({"y": top + HEAD / 2, "words": name})
        top += HEAD
        for i, lo, mid, hi in ranges:
            rows.append({"y": top + LINE / 2, "i": i, "lo": lo, "mid": mid, "hi": hi, "letter": MARKS[i].letter})
            top += LINE
    ends = [end for row in rows for end in (row["lo"], row["hi"])]
    if reference is not None:
        ends.append(reference)
    room = 0.05 * (max(ends) - min(ends)) or 1.0
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - 1.6 * room, max(ends) + room], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 5, "labelFlush": True},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [top, 0], "nice": False, "zero": False}}
    if reference is not None:
        layers.append(
            {
                "data": {"values": [{"at": reference}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": [2, 2]},
                "encoding": {"x": {"field": "at", **x}},
            }
        )
    layers += [
        {
            "data": {"values": heads},
            "mark": {"type": "text", "align": "left", "baseline": "middle", **halo},
            "encoding": {"x": {"value": 0}, "y": {"field": "y", **y}, "text": {"field": "words"}},
        }
        for halo in ({"stroke": PAPER, "strokeWidth": 5, "color": PAPER}, {})
    ]
    at = {"field": "y", **y}
    for i in sorted({row["i"] for row in rows}):
        mark = MARKS[i]
        data = {"values": [row for row in rows if row["i"] == i]}
        layers += [
            {
                "data": data,
                "mark": {"type": "rule", "color": mark.color, "strokeWidth": 2, "strokeDash": list(mark.dash)},
                "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
            },
            {
                "data": data,
                "mark": {
                    "type": "point",
                    "filled": True,
                    "shape": mark.shape,
                    "color": mark.color,
                    "size": 55,
                    "opacity": 1,
                },
                "encoding": {"x": {"field": "mid", **x}, "y": at},
            },
            {
                "data": data,
                "mark": {
                    "type": "text",
                    "align": "right",
                    "baseline": "middle",
                    "dx": -4,
                    "fontWeight": "bold",
                    "color": mark.color,
                },
                "encoding": {"x": {"field": "lo", **x}, "y": at, "text": {"field": "letter"}},
            },
        ]
    return figure([{"width": WIDTH - 16, "height": top, "layer": layers}], title)
