"""The typical person from the start to the end of a course, signal by signal, and the wires between the signals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import jax
import numpy as np
import numpy.typing as npt

from anagen.analysis.charts.units import Unit, said
from anagen.simulation.engine import series_units
from anagen.simulation.result import Simulation
from anagen.simulation.wires import DOSE, LEVEL, Wire, wires

from .data import MapText

Floats = npt.NDArray[np.float64]
STILL = 1e-6
"""A signal that moves by less than this part of its start has not moved."""
HEALTHY = "% of the healthy exit rate"
_UNITS = {
    "probability": Unit(100, "% of people"),
    "times the healthy rate": Unit(100, HEALTHY),
    "part of it due to the drug": Unit(100, HEALTHY),
    "share of cycles": Unit(100, "% of cycles"),
    "times usual": Unit(100, "% of usual"),
    "of anagen hairs per day": Unit(100, "% of growing hairs a day"),
    "cumulative hazard": Unit(100, "% of cumulative hazard"),
}


class TypicalCourse:
    """The typical person's signals from the start to the end of the course, and the wires of the arm."""

    def __init__(self, simulation: Simulation, text: MapText) -> None:
        self.simulation = simulation
        self.wires: frozenset[Wire] = wires(simulation.wiring, text.kept)
        self.node_of = text.node_of
        self.units = series_units(simulation.wiring)

    @cached_property
    def last(self) -> int:
        """The row at the end of the course; the last row of all where there is none."""
        return self.simulation.end_row if self.simulation.course_days else self.simulation.days.size - 1

    @cached_property
    def parts(self) -> Mapping[str, Floats]:
        """The parts of sums, at every row."""
        return contributions(self.simulation)

    def values(self, signal: str) -> Floats | None:
        """A signal up to the end of the course; None for what is not published (the dose, events)."""
        signals = self.simulation.signals
        name = "concentration_mean" if signal in (LEVEL, "on_drug") else signal
        column = signals[name][:, 0] if name in signals else self.parts.get(name)
        return None if column is None else np.asarray(column[: self.last + 1])

    def start(self, part: str) -> float:
        return 100 * float(self.parts[part][0])

    def change(self, signal: str) -> tuple[float | None, str]:
        """From the start to the end of the course, with its unit."""
        values = self.values(signal)
        if values is None:
            return None, ""
        unit = self.units.get(signal, "ng/mL")
        factor, words = Unit(100, HEALTHY) if signal in self.parts else _UNITS.get(unit) or said(unit)
        change = float(values[-1] - values[0])
        return (factor * change if abs(change) > STILL * max(1.0, abs(values[0])) else 0.0), words

    def moved(self, signal: str) -> bool:
        """Whether it was ever elsewhere than at the start, up to the end of the course."""
        if signal.startswith("in:"):
            return any(self.moved(w.target) for w in self.wires if w.source == signal)
        values = self.values(signal)
        if values is not None:
            return bool(np.abs(values - values[0]).max() > STILL * max(1.0, abs(values[0])))
        if signal in (DOSE, "dose_mg_per_kg"):
            return self.simulation.regimen is not None
        return signal == "pulse_fraction" and any(
            event.day < self.simulation.days[self.last] for event in self.simulation.patient.events
        )

    def drivers(self, measured: str, own: tuple[str, ...]) -> frozenset[str]:
        """The nodes whose moving signals come into a node on the way to one of its signals."""
        reached, before = {measured}, set[str]()
        while reached != before:
            before = set(reached)
            reached |= {w.source for w in self.wires if w.target in before and w.source in own}
        into = {w.source for w in self.wires if w.target in reached and w.source not in own}
        return frozenset(self.node_of[s] for s in into if s in self.node_of and self.moved(s))


def contributions(simulation: Simulation) -> dict[str, Floats]:
    """What each part adds to each sum of the wiring, in the typical person at every row: `anagen_exit:zinc` -> (rows,).

    It is the engine's own sum, asked for part by part.

    >>> from anagen import simulate
    >>> parts = contributions(simulate("isotretinoin", None, people=1, weeks=1))
    >>> parts["anagen_exit:retinoid"].tolist()
    [0.0, 0.0]
    """
    typical = {name: values[:, 0] for name, values in simulation.signals.items()}
    off_drug = float(np.asarray(simulation.wiring.off_drug))
    typical["on_drug"] = np.where(typical["concentration_mean"] > off_drug, 1.0, 0.0)
    found: dict[str, Floats] = {}
    for block in simulation.wiring.mechanisms:
        if hasattr(block, "contributions"):
            one = jax.tree_util.tree_map(lambda x: np.asarray(x)[..., :1], block)
            amounts = one.contributions(typical)
            found |= {
                f"{block.sums}:{name}": np.broadcast_to(np.asarray(amount), simulation.days.shape)
                for name, amount in amounts.items()
            }
    return found
