"""The rank histograms of `anagen fit` as a picture: docs/images/fit-calibration.svg, from benchmarks/latest_fit.json.

    python -m benchmarks.fit_picture

Where the fit is right, true values lie in each tenth of their posterior equally often: 99 of 100 bars in the band.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fit import RESULT

from anagen.analysis.charts.svg import to_svg
from anagen.analysis.charts.theme import BAND, INK, MIDDLE

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "fit-calibration.svg"
WORDS = {
    "capture": "share counted",
    "anagen": "length of anagen",
    "pattern": "pattern loss",
    "sudden": "size of another",
}


def spec(bins: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """One small panel for each unknown; `bins`, how many true values lie in each tenth."""
    rows = []
    for name, counts in bins.items():
        expected = sum(counts) / len(counts)
        spread = 2.576 * math.sqrt(expected * (1 - 1 / len(counts)))
        for i, count in enumerate(counts):
            rows.append(
                {
                    "unknown": f"{WORDS.get(name, name)} (n = {sum(counts)})",
                    "tenth": i + 1,
                    "share": 100 * count / sum(counts),
                    "low": 100 * max(expected - spread, 0) / sum(counts),
                    "high": 100 * (expected + spread) / sum(counts),
                }
            )
    tenth = {"field": "tenth", "type": "ordinal", "title": "tenth of the posterior", "axis": {"labelAngle": 0}}
    share = {"type": "quantitative", "title": "% of records"}
    layers = [
        {"mark": {"type": "bar", "color": MIDDLE}, "encoding": {"x": tenth, "y": {**share, "field": "share"}}},
        {
            "mark": {"type": "rule", "color": BAND, "strokeWidth": 9, "opacity": 0.75},
            "encoding": {"x": tenth, "y": {**share, "field": "low"}, "y2": {"field": "high"}},
        },
        {"mark": {"type": "tick", "color": INK}, "encoding": {"x": tenth, "y": {**share, "field": "share"}}},
    ]
    return {
        "title": "Where true values lie in their posteriors: evenly, if the fit is right (band: 99 of 100 bars)",
        "data": {"values": rows},
        "facet": {"field": "unknown", "type": "nominal", "title": None, "sort": None},
        "columns": 3,
        "spec": {"width": 190, "height": 90, "layer": layers},
    }


def main() -> None:
    table = json.loads(RESULT.read_text("utf-8"))["calibration"]
    PICTURE.write_text(to_svg(spec({name: row["bins"] for name, row in table.items()})), "utf-8")
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
