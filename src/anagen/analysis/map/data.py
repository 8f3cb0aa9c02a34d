"""What a treatment's `map.toml` says of its wires: names, sentences, certainty, sources, and places in the drawing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from anagen.evidence.grade import NAMES
from anagen.evidence.records import Record, Sources, read_records

Column = Literal["left", "middle", "right", "wide"]
Direction = Literal["raises", "lowers", "none"]
FILE = "map.toml"


class NodeText(Record):
    """A box of the map: the `signals` it stands for, and the one that says how far it moves."""

    title: str
    signals: tuple[str, ...] = Field(min_length=1)
    measure: str = ""
    column: Column
    row: int

    @property
    def measured(self) -> str:
        return self.measure or self.signals[0]


class EdgeText(Record):
    """An arrow of the map, in words. With a `hypothesis` it has a direction that is `claimed`."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    says: str
    certainty: Literal["very low", "low", "moderate", "high"]
    sources: Sources = Field(alias="source")
    measure: str = ""
    hypothesis: str | None = None
    claimed: Direction | None = None
    shaped_by: str | None = None

    @property
    def level(self) -> int:
        """Certainty from 1 to 4."""
        return next(level for level, name in NAMES.items() if name == self.certainty)

    @model_validator(mode="after")
    def _a_hypothesis_claims_a_direction(self) -> EdgeText:
        if (self.hypothesis is None) != (self.claimed is None):
            raise ValueError(f"{self.source} to {self.target}: a hypothesis and what is claimed go together")
        return self


class Heading(Record):
    """Words above a part of the drawing."""

    text: str
    column: Column
    row: int


class MapText(Record):
    """The whole file."""

    left_out: tuple[str, ...] = ()
    heading: tuple[Heading, ...] = ()
    node: dict[str, NodeText]
    edge: tuple[EdgeText, ...]

    @model_validator(mode="after")
    def _edges_join_nodes(self) -> MapText:
        joined = [(edge.source, edge.target) for edge in self.edge]
        for pair in joined:
            if not {*pair} <= {*self.node}:
                raise ValueError(f"an edge from {pair[0]} to {pair[1]}, which are not both nodes")
            if joined.count(pair) > 1:
                raise ValueError(f"two edges from {pair[0]} to {pair[1]}")
        signals = [signal for node in self.node.values() for signal in node.signals]
        if twice := {signal for signal in signals if signals.count(signal) > 1}:
            raise ValueError(f"in two nodes: {', '.join(sorted(twice))}")
        return self

    @property
    def node_of(self) -> Mapping[str, str]:
        """The node of each signal."""
        return {signal: key for key, node in self.node.items() for signal in node.signals}

    @property
    def kept(self) -> frozenset[str]:
        """The mechanisms that are nodes themselves."""
        return frozenset(s.removeprefix("in:") for s in self.node_of if s.startswith("in:"))


@cache
def map_text(treatment: str) -> MapText | None:
    """The map file of a treatment; None where it has none.

    >>> map_text("isotretinoin").node["sebum"].title
    'Skin oil (sebum)'

    Raises:
        DataError: the file was edited wrongly.
    """
    return read_records(treatment, FILE, MapText)
