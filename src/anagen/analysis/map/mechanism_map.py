"""The mechanism map of a simulation: each wire that ran, which way and how far it went in the typical person.

Wires come from the running model (`simulation.wires`), sizes from the typical person's own series, words and certainty
from the treatment's `map.toml`. Sizes compare the end of the course with the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from anagen.errors import InputError
from anagen.simulation.result import Simulation, number

from .data import Column, Direction, EdgeText, Heading, MapText, map_text
from .typical_course import STILL, TypicalCourse
from .words import UNSUPPORTED

State = Literal["on", "not acting", "off"]
REASONS = {"class-effect": "seen only with a relative of the drug", "assumed": "nobody measured it in hair"}
"""Why a hypothesis is off, by its status; the others are not supported by evidence."""


@dataclass(frozen=True)
class Node:
    """A box. `change` of its measure from the start to the end of the course in `unit`; None where it has none."""

    key: str
    title: str
    column: Column
    row: int
    change: float | None
    unit: str


@dataclass(frozen=True)
class Edge:
    """An arrow. `size` in `unit`, None unless on; `standing`, what it adds at the start already, where it adds.

    `direction` is that of the arrow's end during the course, as simulated where on, as claimed where off. `shared`: the
    size is that of the end's arrows together. `assumed`: there, or so large, only because a hypothesis was assumed.
    `into_sum`: it adds its own part to a sum, whatever else adds to it.
    """

    source: str
    target: str
    says: str
    state: State
    direction: Direction
    size: float | None
    standing: float | None
    unit: str
    shared: bool
    certainty: int
    sources: tuple[str, ...]
    hypothesis: str | None
    assumed: bool
    why: str
    into_sum: bool


@dataclass(frozen=True)
class MechanismMap:
    """All nodes and edges of one simulation, in the order of the treatment's map file."""

    regimen: str
    weeks: float
    assumed: tuple[str, ...]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    headings: tuple[Heading, ...]

    def edge(self, source: str, target: str) -> Edge:
        """The edge between two nodes.

        Raises:
            InputError: there is none.
        """
        for edge in self.edges:
            if (edge.source, edge.target) == (source, target):
                return edge
        raise InputError(f"no edge from '{source}' to '{target}'", expected="two nodes that the map joins")

    def to_json(self) -> dict[str, Any]:
        """Nodes and edges as plain tables, numbers to six digits."""
        tables = {"nodes": [asdict(node) for node in self.nodes.values()], "edges": [asdict(e) for e in self.edges]}
        for table in [*tables["nodes"], *tables["edges"]]:
            table.update({key: number(value) for key, value in table.items() if isinstance(value, float)})
        about = {"regimen": self.regimen, "weeks": number(self.weeks), "assumed": list(self.assumed)}
        return {**about, "person": "the typical person", **tables}


def mechanism_map(simulation: Simulation) -> MechanismMap:
    """The map of what ran in a simulation.

    >>> from anagen import simulate
    >>> drawn = mechanism_map(simulate("isotretinoin", "20 mg once daily for 16 weeks", people=1))
    >>> drawn.edge("level", "sebum").direction, drawn.edge("liver", "struck").state
    ('lowers', 'off')

    Raises:
        InputError: the treatment has no map file.
    """
    text = map_text(simulation.treatment.name)
    if text is None:
        raise InputError(f"no mechanism map of {simulation.treatment.name}", expected="a treatment with a map.toml")
    course = TypicalCourse(simulation, text)
    row = course.last
    return MechanismMap(
        regimen=simulation.label,
        weeks=float(simulation.days[row]) / 7,
        assumed=simulation.assumed,
        nodes={
            key: Node(key, node.title, node.column, node.row, *course.change(node.measured))
            for key, node in text.node.items()
        },
        edges=tuple(_edge(edge, course, text) for edge in text.edge),
        headings=text.heading,
    )


def _edge(edge: EdgeText, course: TypicalCourse, text: MapText) -> Edge:
    source, target = text.node[edge.source], text.node[edge.target]
    here = [w for w in course.wires if w.source in source.signals and w.target in target.signals]
    measured = edge.measure or target.measured
    part = next((w.source for w in here if w.source in course.parts), None)
    standing = None
    if part:  # what it adds to a sum is its own, whatever else adds to it
        size, unit = course.change(part)
        standing = course.start(part)
        acts, shared = course.moved(part) or abs(standing) > STILL, False
    else:
        size, unit = course.change(measured)
        drivers = course.drivers(measured, target.signals)
        acts = edge.source in drivers and course.moved(measured)
        shared = len(drivers) > 1
    waiting = edge.hypothesis is not None and edge.hypothesis not in course.simulation.assumed
    state: State = "on" if here and acts else "off" if waiting or not here else "not acting"
    on = state == "on"
    way = (size or standing or 0.0) if on else 0.0
    direction: Direction = "raises" if way > 0 else "lowers" if way < 0 else "none"
    if state == "off" and edge.claimed:
        direction = edge.claimed
    named = {edge.hypothesis, edge.shaped_by} & {*course.simulation.assumed}
    return Edge(
        source=edge.source,
        target=edge.target,
        says=edge.says,
        state=state,
        direction=direction,
        size=size if on else None,
        standing=standing if on else None,
        unit=unit,
        shared=on and shared,
        certainty=edge.level,
        sources=edge.sources,
        hypothesis=edge.hypothesis,
        assumed=on and bool(named),
        why=_why(edge, course.simulation) if state == "off" else "",
        into_sum=part is not None,
    )


def _why(edge: EdgeText, simulation: Simulation) -> str:
    """Why an edge is off."""
    if edge.hypothesis is None or edge.hypothesis in simulation.assumed:
        return "not wired in this simulation"
    status = simulation.treatment.hypothesis(edge.hypothesis)["status"]
    return REASONS.get(status, UNSUPPORTED)
