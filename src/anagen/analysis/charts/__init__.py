"""One definition of each figure, as Vega-Lite; the page, `--svg` and `.plot()` all draw from these."""

from __future__ import annotations

from anagen.analysis.charts.plot import plot
from anagen.analysis.charts.svg import to_svg

__all__ = ["plot", "to_svg"]
