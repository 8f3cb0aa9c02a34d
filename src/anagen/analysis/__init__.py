"""What a person sees: charts, and the page. The last stage of the flow; heavy parts load when first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.analysis.charts.plot import plot
    from anagen.analysis.charts.svg import to_svg
    from anagen.analysis.page import comparison_page, simulation_page

__all__ = ["comparison_page", "plot", "simulation_page", "to_svg"]

_HOMES = {
    "comparison_page": "anagen.analysis.page",
    "plot": "anagen.analysis.charts.plot",
    "simulation_page": "anagen.analysis.page",
    "to_svg": "anagen.analysis.charts.svg",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'anagen.analysis' has no attribute '{name}'")
