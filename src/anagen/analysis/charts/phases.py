"""All follicles by phase through time: areas that fill the panel, with their names in them and a key below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .hatching import Frame, area
from .theme import AXIS, INK, PHASES, TEXT, WIDTH, Spec, figure, week_axis, wrapped
from .thinning import needed_rows

Floats = npt.NDArray[np.float64]
HEIGHT = 118
NEAR = 0.25
"""How far, in px, a drawn edge may be from the computed one."""
KEY_ROW = 17
SWATCH = (1.0, 27.0)
LETTER = 0.52 * TEXT
"""Width of a letter in px, on average."""


class Phase(NamedTuple):
    """`short` stands in the area, `words` in the key."""

    short: str
    words: str


NAMES: Mapping[str, Phase] = {
    "anagen": Phase("growing", "growing a hair (anagen)"),
    "catagen": Phase("ending", "growth ending (catagen)"),
    "telogen": Phase("resting", "resting, with a club root (telogen)"),
    "exogen": Phase("loose", "club root loose, about to fall (exogen)"),
    "kenogen": Phase("empty", "empty for a while (kenogen)"),
    "struck": Phase("struck", "struck: the growing hair will break"),
    "repair": Phase("repair", "under repair: no hair yet"),
}


class Panel(NamedTuple):
    """`heading` and the line under it; weeks (rows,); fraction in each phase; whether the event of week 0 is marked."""

    heading: str
    under: str
    week: Floats
    phases: Mapping[str, Floats]
    event: bool = True


def phases_chart(panels: Sequence[Panel], title: str, *, lowest: float = 0.0, weeks: str = "week") -> Spec:
    """A panel under each other; the axis begins at `lowest` percent. `weeks` is the title of the time axis."""
    present = [name for name in PHASES if any(panel.phases[name].max() > 0 for panel in panels)]
    rows = [_panel(panel, lowest, weeks if panel is panels[-1] else "") for panel in panels]
    return figure([*rows, _key(present)], title, spacing=10)


def _panel(panel: Panel, lowest: float, weeks: str) -> Spec:
    width = WIDTH - AXIS - 12
    first, last = float(panel.week[0]), float(panel.week[-1])
    x = {
        "type": "quantitative",
        "scale": {"domain": [first, last], "nice": False},
        "axis": week_axis(last, width, weeks or None),
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [lowest, 100], "nice": False, "zero": False},
        "axis": {
            "values": np.linspace(lowest, 100, 5).tolist(),
            "grid": False,
            "title": None,
            "minExtent": AXIS,
            "maxExtent": AXIS,
        },
    }
    title = {
        "text": wrapped(panel.heading, WIDTH - AXIS),
        "subtitle": panel.under,
        "subtitleFontSize": TEXT,
        "subtitleColor": INK,
        "subtitlePadding": 1,
    }
    frame = Frame(width, HEIGHT, (first, last), (lowest, 100), x, y)
    layers: list[Spec] = []
    labels: list[Spec] = []
    edges = 100 * np.cumsum([0 * panel.week, *(panel.phases[name] for name in PHASES)], axis=0)
    edges = np.maximum(edges, lowest)
    rows = needed_rows(panel.week, edges.T, NEAR * (100 - lowest) / HEIGHT)
    week = panel.week[rows]
    for (name, fill), lower, upper in zip(PHASES.items(), edges[:-1, rows], edges[1:, rows], strict=True):
        if panel.phases[name].max() > 0:
            layers += area(frame, week, lower, upper, fill)
            labels += _label(frame, week, lower, upper, name)
    layers += labels
    if panel.event:
        layers.append(_event(x))
    return {
        "width": width,
        "height": HEIGHT,
        "title": title,
        "layer": layers,
    }


def _label(frame: Frame, week: Floats, lower: Floats, upper: Floats, name: str) -> list[Spec]:
    """The name of a phase where its area has most room for it, level or upright; none where it does not fit."""
    words = NAMES[name].short
    px = np.arange(0, frame.width, 2.0)
    at = frame.across[0] + px / frame.width * (frame.across[1] - frame.across[0])
    low, high = np.interp(at, week, lower), np.interp(at, week, upper)
    scale = frame.height / (frame.up[1] - frame.up[0])
    long, tall = LETTER * len(words) + 4, TEXT - 1
    for width, height, angle in ((long, tall, 0), (tall, long, 270)):
        windows = np.lib.stride_tricks.sliding_window_view(np.stack([low, high]), int(width // 2) + 1, axis=1)
        bottom, top = windows[0].max(1), windows[1].min(1)
        room = (top - bottom) * scale
        if room.max() >= height:
            roomy = np.flatnonzero(room >= min(room.max() - 1, 0.9 * HEIGHT))
            i = int(roomy[roomy.size // 2])
            x = float(at[i] + (width / 2) / frame.width * (frame.across[1] - frame.across[0]))
            label = [{"x": x, "y": float(bottom[i] + top[i]) / 2, "words": words}]
            color = PHASES[name].color
            halo = _words(label, frame.x, frame.y, angle=angle, color=color, stroke=color, strokeWidth=3)
            return [halo, _words(label, frame.x, frame.y, angle=angle)]
    return []


def _words(labels: Sequence[Spec], x: Spec, y: Spec, **look: Any) -> Spec:
    return {
        "data": {"values": list(labels)},
        "mark": {"type": "text", "baseline": "middle", "color": INK, **look},
        "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}, "text": {"field": "words"}},
    }


def _event(x: Spec) -> Spec:
    return {
        "data": {"values": [{"x": 0}]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.4, "strokeDash": [3, 2]},
        "encoding": {"x": {"field": "x", **x}},
    }


def _key(names: Sequence[str]) -> Spec:
    """A swatch and a name for each phase, in the order of the panels from the bottom up."""
    width, height = WIDTH - AXIS - 12, KEY_ROW * len(names)
    x: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, width], "nice": False}}
    y: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, height], "nice": False}}
    frame = Frame(width, height, (0.0, float(width)), (0.0, float(height)), x, y)
    layers: list[Spec] = []
    boxes, labels = [], []
    for i, name in enumerate(names):
        bottom, top = KEY_ROW * i + 2.0, KEY_ROW * (i + 1) - 2.0
        layers += area(frame, np.array(SWATCH), np.full(2, bottom), np.full(2, top), PHASES[name])
        boxes.append({"x": SWATCH[0], "x2": SWATCH[1], "y": bottom, "y2": top})
        labels.append({"x": SWATCH[1] + 7, "y": (bottom + top) / 2, "words": NAMES[name].words})
    outline = {
        "data": {"values": boxes},
        "mark": {"type": "rect", "filled": False, "stroke": INK, "strokeWidth": 0.7},
        "encoding": {"x": {"field": "x", **x}, "x2": {"field": "x2"}, "y": {"field": "y", **y}, "y2": {"field": "y2"}},
    }
    return {"width": width, "height": height, "layer": [*layers, outline, _words(labels, x, y, align="left")]}
