"""What a calibration learnt of each parameter: before and after the data, how much narrower, what hangs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.analysis.charts.prior_posterior import Learnt as Drawn
from anagen.analysis.charts.prior_posterior import Levels, prior_posterior_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure, Table

from .rounded import levels_text, signed

MUCH, SOME = 0.5, 0.1
"""Shares of the prior's spread that the data took away: above the first much was learnt, below the second nothing."""
TOGETHER = 0.5
"""A correlation at least this far from zero is worth a sentence."""
AT_ONCE = 8
EMPTY = Table("", [], [])


@dataclass(frozen=True)
class Learnt:
    """A parameter of one block; levels are lower, median, upper (95 %). A `nuisance` is of the studies, not of the
    model: how an instrument reads, say."""

    name: str
    meaning: str
    unit: str
    log: bool
    before: Levels
    after: Levels
    contraction: float
    informed: bool
    nuisance: bool
    rhat: float | None
    ess: float | None

    @property
    def label(self) -> str:
        """Its meaning and unit."""
        return ", ".join(p for p in (self.meaning, self.unit, "of the studies" if self.nuisance else "") if p)

    @property
    def narrower(self) -> str:
        """How much narrower the range became.

        >>> Learnt("a", "a", "", True, (1, 2, 3), (1, 2, 3), 0.254, True, False, None, None).narrower
        '25\u202f% narrower'
        """
        percent = round(100 * self.contraction)
        return f"{percent}\u202f% narrower" if percent > 0 else "no narrower"

    @property
    def amount(self) -> str:
        """In a word: much, something, nothing."""
        if not self.informed:
            return "nothing"
        return "much" if self.contraction >= MUCH else "something"


def learnt(block: Mapping[str, Any]) -> list[Learnt]:
    """The parameters of a block of the calibration's JSON."""
    return [_parameter(entry) for entry in block.get("parameters") or ()]


def _parameter(entry: Mapping[str, Any]) -> Learnt:
    unit = str(entry.get("unit") or "")
    return Learnt(
        name=str(entry["name"]),
        meaning=str(entry.get("meaning") or entry["name"]),
        unit="" if unit == "1" else unit,
        log=entry.get("scale") == "log",
        before=_levels(entry["prior"]),
        after=_levels(entry["posterior"]),
        contraction=float(entry["contraction"]),
        informed=bool(entry.get("informed", float(entry["contraction"]) >= SOME)),
        nuisance=bool(entry.get("nuisance")),
        rhat=entry.get("rhat"),
        ess=entry.get("ess"),
    )


def _levels(entry: Mapping[str, Any]) -> Levels:
    return float(entry["lower"]), float(entry["median"]), float(entry["upper"])


def learnt_figures(key: str, block: str, parameters: Sequence[Learnt]) -> list[Figure]:
    """Before and after the data, up to eight parameters to a picture."""
    pictures = -(-len(parameters) // AT_ONCE)
    size = -(-len(parameters) // pictures) if pictures else 1
    return [
        _figure(
            f"{key}-learnt-{start // size + 1}", block, parameters[start : start + size], pictures, start // size + 1
        )
        for start in range(0, len(parameters), size)
    ]


def _figure(key: str, block: str, parameters: Sequence[Learnt], pictures: int, place: int) -> Figure:
    much = sum(p.amount == "much" for p in parameters)
    nothing = sum(p.amount == "nothing" for p in parameters)
    part = f", part {place}" if pictures > 1 else ""
    most = max(parameters, key=lambda p: p.contraction)
    least = min(parameters, key=lambda p: p.contraction)
    sentences = [f"The data told most of “{most.meaning}”: its range is {most.narrower}."]
    if len(parameters) > 1:
        sentences.append(f"They told least of “{least.meaning}”: {least.narrower}.")
    drawn = [Drawn(p.label, p.before, p.after, p.log) for p in parameters]
    return Figure(
        key=key,
        title=f"{block}{part}: the data told much of {much} of {len(parameters)} numbers, and nothing of {nothing}",
        sentences=sentences,
        svg=draw(prior_posterior_chart(drawn, "Before the data (dashed) and after them (bar): 95 % ranges")),
        table=learnt_table(parameters) or EMPTY,
    )


def learnt_table(parameters: Sequence[Learnt]) -> Table | None:
    """Before and after the data as a table; none without parameters.

    >>> learnt_table([]) is None
    True
    """
    if not parameters:
        return None
    return Table(
        "before and after the data",
        ["Number", "Before: middle (95\u202f% range)", "After: middle (95\u202f% range)", "The range is"],
        [[p.label, levels_text(p.before), levels_text(p.after), p.narrower] for p in parameters],
    )


def pairs(block: Mapping[str, Any], parameters: Sequence[Learnt]) -> list[tuple[str, str, float]]:
    """Pairs of parameters that the data tell apart badly, the strongest first: meanings and correlation."""
    found = block.get("correlation") or {}
    names, matrix = list(found.get("names") or ()), found.get("matrix") or ()
    meaning = {p.name: p.meaning for p in parameters}
    strong = [
        (meaning.get(names[i], names[i]), meaning.get(names[j], names[j]), float(matrix[i][j]))
        for i in range(len(names))
        for j in range(i)
        if abs(float(matrix[i][j])) >= TOGETHER
    ]
    return sorted(strong, key=lambda pair: -abs(pair[2]))


def pair_sentence(first: str, second: str, correlation: float) -> str:
    """Two numbers that hang together, in plain words.

    >>> pair_sentence("clearance", "volume", -0.62)
    'If “clearance” is higher, “volume” is lower (correlation −0.6).'
    """
    way = "higher" if correlation > 0 else "lower"
    return f"If “{first}” is higher, “{second}” is {way} (correlation {signed(correlation)})."


def correlation_table(block: Mapping[str, Any], parameters: Sequence[Learnt]) -> Table | None:
    """The whole matrix, numbered as its rows; None for a single parameter."""
    found = block.get("correlation") or {}
    names, matrix = list(found.get("names") or ()), found.get("matrix") or ()
    if len(names) < 2:
        return None
    meaning = {p.name: p.meaning for p in parameters}
    rows = [
        [
            f"{i} {meaning.get(name, name)}",
            *("" if j > i else signed(float(matrix[i - 1][j - 1])) for j in range(1, len(names) + 1)),
        ]
        for i, name in enumerate(names, 1)
    ]
    return Table("correlations after the data", ["Number", *map(str, range(1, len(names) + 1))], rows)


def quality_table(parameters: Sequence[Learnt]) -> Table:
    """How well the sampling itself went: r-hat near 1, many effective draws."""
    rows = [
        [p.label, f"{p.rhat:.3f}" if p.rhat is not None else "–", f"{p.ess:,.0f}" if p.ess is not None else "–", p.name]
        for p in parameters
    ]
    return Table("how the sampling went", ["Number", "r-hat", "Effective draws", "Name in the file"], rows)
