"""What happened to the people of each arm of a trial: a bar for each step, out of all who started."""

from __future__ import annotations

from collections.abc import Sequence

from .theme import GRID, INK, MARKS, QUIET, WIDTH, Spec, figure, wrapped

BAR = 15
LABELS = 62
NUMBERS = 48
"""Height of a row; room for its name on the left and its number on the right; px."""


def flow_chart(groups: Sequence[tuple[int, str, Sequence[tuple[str, float, str]]]], title: str) -> Spec:
    """`groups` of (number of the arm, heading, rows of (step, share from 0 to 1, what is written beside the bar))."""
    return figure([_panel(i, heading, rows) for i, heading, rows in groups], title, spacing=10)


def _panel(arm: int, heading: str, rows: Sequence[tuple[str, float, str]]) -> Spec:
    width = WIDTH - LABELS - NUMBERS - 12
    mark = MARKS[arm]
    values: list[Spec] = [
        {"y": i + 0.5, "top": i + 0.18, "low": i + 0.82, "share": share, "step": step, "words": words}
        for i, (step, share, words) in enumerate(rows)
    ]
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [len(rows), 0], "nice": False, "zero": False}}
    at = {"field": "y", **y}
    tall = {"y": {"field": "top", **y}, "y2": {"field": "low"}}

    def words(field: str, place: float, align: str, color: str) -> Spec:
        return {
            "mark": {"type": "text", "align": align, "baseline": "middle", "color": color},
            "encoding": {"x": {"value": place}, "y": at, "text": {"field": field}},
        }

    return {
        "data": {"values": values},
        "width": width + LABELS + NUMBERS,
        "height": BAR * len(rows),
        "title": {"text": wrapped(heading, WIDTH - 12, 2), "color": mark.color},
        "layer": [
            {
                "mark": {"type": "bar", "color": GRID, "opacity": 1},
                "encoding": {**tall, "x": {"value": LABELS}, "x2": {"value": LABELS + width}},
            },
            *(
                {
                    "data": {"values": [value]},
                    "mark": {"type": "bar", "color": mark.color, "opacity": 1},
                    "encoding": {**tall, "x": {"value": LABELS}, "x2": {"value": LABELS + width * value["share"]}},
                }
                for value in values
                if value["share"] > 0
            ),
            words("step", LABELS - 6, "right", QUIET),
            words("words", LABELS + width + 6, "left", INK),
        ],
    }
