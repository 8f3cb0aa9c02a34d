"""How many of 100: a hundred circles for each regimen, filled where it happens."""

from __future__ import annotations

from collections.abc import Sequence

from .theme import GAP, HOLLOW, INK, WIDTH, Spec, figure, in_rows, wrapped

SIDE = 10


def icons_chart(groups: Sequence[tuple[str, str, int]], title: str) -> Spec:
    """`groups` of (heading, words under it, how many of 100)."""
    columns = min(len(groups), 4)
    width = (WIDTH - 12 - GAP * (columns - 1)) // columns if columns > 2 else 110
    heads = [[head, *wrapped(words, width - 6)] for head, words, _ in groups]
    tallest = max(len(head) for head in heads)
    looks: tuple[tuple[str, Spec], ...] = (
        ("true", {"filled": True, "color": INK}),
        ("false", {"filled": False, "stroke": HOLLOW, "color": HOLLOW}),
    )
    size = (width / SIDE - 1.6) ** 2 * 0.785
    dot: Spec = {"type": "point", "shape": "circle", "size": size, "opacity": 1, "strokeWidth": 1}
    panels = []
    for (_, _, count), head in zip(groups, heads, strict=True):
        icons = [{"x": i % SIDE, "y": i // SIDE, "on": i < count} for i in range(SIDE * SIDE)]
        place = {"type": "quantitative", "axis": None, "scale": {"domain": [-0.5, SIDE - 0.5], "nice": False}}
        panels.append(
            {
                "data": {"values": icons},
                "width": width,
                "height": width,
                "title": {"text": [f"{count} of 100", *head[:1], *head[1:], *[""] * (tallest - len(head))]},
                "layer": [
                    {
                        "transform": [{"filter": f"datum.on == {on}"}],
                        "mark": dot | look,
                        "encoding": {"x": {"field": "x", **place}, "y": {"field": "y", **place, "sort": "descending"}},
                    }
                    for on, look in looks
                ],
            }
        )
    return figure(in_rows(panels, columns), title)
