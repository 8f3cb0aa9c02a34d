"""What is said of a mechanism map: its result, two sentences, and every arrow in a table."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.analysis.figure import Table
from anagen.analysis.numbers import listed, number
from anagen.evidence import load_sources
from anagen.evidence.grade import Certainty

from .mechanism_map import Edge, MechanismMap
from .words import UNSUPPORTED, signed

WAYS = {"raises": "raises", "lowers": "lowers", "none": "no change"}


def title(drawn: MechanismMap) -> str:
    """How many of the ways into the sum act, and with how much."""
    into = _into_sum(drawn)
    if not into:
        return f"{_count(drawn, 'on')} of {len(drawn.edges)} arrows act in the typical person"
    name = drawn.nodes[into[0].target].title
    acting = [edge for edge in into if edge.state == "on"]
    sizes = [f"{_inside(drawn.nodes[edge.source].title)} {_brief(edge)}" for edge in acting]
    verb = "acts" if len(acting) == 1 else "act"
    said = f"{len(acting) or 'None'} of {len(into)} ways into “{name}” {verb} in the typical person"
    return f"{said}: {listed(sizes)}" if sizes else said


def sentences(drawn: MechanismMap) -> list[str]:
    """The sum, then what acts, what does not act, and what is off."""
    led = {edge.target for edge in drawn.edges if edge.state != "off"}  # an arrow from a box that nothing leads to
    off = [edge for edge in drawn.edges if edge.state == "off" and edge.source in {*led, *_starts(drawn)}]
    counts = (
        f"Of {len(drawn.edges)} arrows, these many act: {_count(drawn, 'on')}; wired, but not acting here: "
        f"{_count(drawn, 'not acting')}; off: {_count(drawn, 'off')}"
    )
    pairs: dict[str, list[str]] = {}
    for edge in off:
        if edge.why == UNSUPPORTED:
            pairs.setdefault(drawn.nodes[edge.source].title, []).append(_inside(drawn.nodes[edge.target].title))
    ways = [f"{_inside(start)} → {listed(ends)}" for start, ends in pairs.items()]
    counts += f", among them those that evidence does not support: {'; '.join(ways)}." if ways else "."
    into = _into_sum(drawn)
    if not into:
        return [counts]
    node = drawn.nodes[into[0].target]
    moved = signed(node.change or 0.0, "%")
    together = (
        f"By week {number(drawn.weeks)} all arrows into it together have moved it by {moved} of the healthy rate."
    )
    return [together, counts]


def rests(drawn: MechanismMap) -> str:
    """What was assumed, where something was."""
    return f"Drawn with what was assumed for this page: {', '.join(drawn.assumed)}." if drawn.assumed else ""


def words(drawn: MechanismMap) -> str:
    """The drawing for those who do not see it: what acts, and what does not."""
    acting = [f"{_pair(drawn, e)} ({WAYS[e.direction]}, {_size(e)})" for e in drawn.edges if e.state == "on"]
    still = [_pair(drawn, e) for e in drawn.edges if e.state == "not acting"]
    off = [_pair(drawn, e) for e in drawn.edges if e.state == "off"]
    said = (("Arrows that act", acting), ("Not acting here", still), ("Off", off))
    return " ".join(f"{head}: {'; '.join(pairs)}." for head, pairs in said if pairs)


def map_table(drawn: MechanismMap) -> Table:
    """A row for every arrow."""
    rows = [
        [
            drawn.nodes[edge.source].title,
            drawn.nodes[edge.target].title,
            (f"claimed: {WAYS[edge.direction]}" if edge.state == "off" and edge.hypothesis else WAYS[edge.direction]),
            _size(edge) or "–",
            f"{Certainty(edge.certainty, ()).dots} {Certainty(edge.certainty, ()).name}",
            _state(edge),
            ", ".join(map(short_name, edge.sources)),
        ]
        for edge in drawn.edges
    ]
    caption = (
        f"Every arrow of the map: the typical person under {drawn.regimen}, end of week {number(drawn.weeks)} "
        "against the start"
    )
    return Table(caption, ["From", "To", "Direction", "Size", "Certainty", "On or off", "Source"], rows)


@dataclass(frozen=True)
class Line:
    """An arrow in words: from and to, the sentence of `map.toml`, its size, certainty from 1 to 4, and source keys."""

    pair: str
    says: str
    size: str
    certainty: int
    sources: tuple[str, ...]


def read_out(drawn: MechanismMap) -> list[tuple[str, list[Line]]]:
    """The arrows that matter to hair, under headings: what acts on it here, and what is off."""
    into = [edge for edge in _into_sum(drawn) if edge.state != "off"]
    off = [edge for edge in drawn.edges if edge.state == "off"]
    return [
        ("What acts on growing hairs here", [_line(drawn, edge) for edge in into]),
        ("Off here: claimed or suspected", [_line(drawn, edge) for edge in off]),
    ]


def _line(drawn: MechanismMap, edge: Edge) -> Line:
    return Line(_pair(drawn, edge), edge.says, _size(edge), edge.certainty, edge.sources)


def short_name(key: str) -> str:
    """A source in a word or two: the first author and the year where known.

    >>> short_name("farrell-1980"), short_name("us-label-2024")
    ('Farrell 1980', 'us label 2024')
    """
    source = load_sources()[key]
    return f"{source.authors[0]} {source.year}" if source.authors and source.year else key.replace("-", " ")


def _inside(title: str) -> str:
    """A title inside a sentence: its first letter small, unless it is an abbreviation."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def _into_sum(drawn: MechanismMap) -> list[Edge]:
    sums = {edge.target for edge in drawn.edges if edge.into_sum}
    return [edge for edge in drawn.edges if edge.target in sums]


def _count(drawn: MechanismMap, state: str) -> int:
    return sum(edge.state == state for edge in drawn.edges)


def _pair(drawn: MechanismMap, edge: Edge) -> str:
    return f"{drawn.nodes[edge.source].title} → {drawn.nodes[edge.target].title}"


def _starts(drawn: MechanismMap) -> set[str]:
    return {*drawn.nodes} - {edge.target for edge in drawn.edges}


def _brief(edge: Edge, unit: str = "%") -> str:
    """The size of an arrow into the sum, and what it added at the start already."""
    if edge.size is None:
        return ""
    if edge.standing and not edge.size:
        return f"{signed(edge.standing, unit)} all along"
    return signed(edge.size, unit) + (f" (from {signed(edge.standing, '%')})" if edge.standing else "")


def _size(edge: Edge) -> str:
    return _brief(edge, edge.unit) + (" with the other arrows" if edge.shared else "")


def _state(edge: Edge) -> str:
    if edge.state == "on":
        return "on, assumed" if edge.assumed else "on"
    return "wired, not acting here" if edge.state == "not acting" else f"off: {edge.why}"
