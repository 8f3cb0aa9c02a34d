"""The rows that a calibration was fitted to, beside its fit: rows of one unit share a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.analysis.charts.fit_rows import FitRow, fit_rows_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure, Table
from anagen.analysis.numbers import listed, number

from .rounded import signed, unit_of, value_and_range

FAR = 2.0
"""A row this many SDs from its fit is named."""
AT_ONCE = 9
LIMITS = {"at least": "at least ", "at most": "at most "}


@dataclass(frozen=True)
class FittedRow:
    """One calibration row, in the unit as said."""

    key: str
    study: str
    title: str
    dose: str
    meal: str
    weeks: float | None
    outcome: str
    unit: str
    people: int | None
    observed: float
    own: tuple[float, float] | None
    low: float
    middle: float
    high: float
    used: float | None
    z: float | None
    limit: str
    spread_assumed: bool
    method: str
    note: str
    source: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is said above it in a picture."""
        time = f"week {number(self.weeks)}" if self.weeks else ""
        if " mg" in self.title:
            return self.title
        return ", ".join(
            part for part in (self.title, *(p for p in (self.dose, time) if p and p not in self.title)) if part
        )

    @property
    def seen(self) -> str:
        """What was seen, and its own interval."""
        low, high = self.own or (self.low, self.high)
        seen, _, ends = value_and_range(self.observed, low, self.observed, high, self.unit)
        seen = self.limit + seen
        return f"{seen} ({ends})" if self.own else seen

    @property
    def fitted(self) -> str:
        """What is fitted, and its range."""
        _, middle, ends = value_and_range(None, self.low, self.middle, self.high, self.unit)
        return f"{middle} ({ends})"

    @property
    def in_use(self) -> str:
        """What the model shows with the numbers in use."""
        return "–" if self.used is None else value_and_range(None, self.low, self.used, self.high, self.unit)[1]

    @property
    def distance(self) -> str:
        """Distance of what was seen from the fit, in SDs."""
        return "–" if self.z is None else signed(self.z)


def fitted_rows(block: Mapping[str, Any]) -> list[FittedRow]:
    """The rows of a block of the calibration's JSON."""
    return [_row(entry) for entry in block.get("rows") or ()]


def _row(entry: Mapping[str, Any]) -> FittedRow:
    unit = unit_of(str(entry.get("unit") or ""))
    own = (entry.get("lower"), entry.get("upper"))
    fit = entry["fitted"]
    source = entry.get("source") or (entry["study"],)
    meal = str(entry.get("meal") or "")
    return FittedRow(
        key=str(entry["id"]),
        study=str(entry["study"]),
        title=str(entry.get("title") or entry["outcome"]),
        dose=str(entry.get("dose") or ""),
        meal=f"{meal} (assumed)" if entry.get("meal_assumed") and meal else meal,
        weeks=entry.get("time_weeks"),
        outcome=str(entry["outcome"]),
        unit=unit.words,
        people=entry.get("n"),
        observed=unit.factor * float(entry["observed"]),
        own=None if own[0] is None or own[1] is None else (unit.factor * float(own[0]), unit.factor * float(own[1])),
        low=unit.factor * float(fit["p05"]),
        middle=unit.factor * float(fit["p50"]),
        high=unit.factor * float(fit["p95"]),
        used=None if entry.get("in_use") is None else unit.factor * float(entry["in_use"]),
        z=None if entry.get("z") is None else float(entry["z"]),
        spread_assumed=bool(entry.get("se_assumed")),
        method=str(entry.get("method") or ""),
        note=str(entry.get("note") or ""),
        limit=LIMITS.get(str(entry.get("limit") or ""), ""),
        source=tuple([source] if isinstance(source, str) else source),
    )


def far_rows(rows: Sequence[FittedRow]) -> list[FittedRow]:
    """Rows that the fit does not meet, the farthest first."""
    far = [row for row in rows if row.z is not None and abs(row.z) > FAR]
    return sorted(far, key=lambda row: -abs(row.z or 0.0))


def fit_figures(key: str, rows: Sequence[FittedRow]) -> list[Figure]:
    """Data beside the fit; rows of one unit share an axis, outcome by outcome, up to nine to a picture."""
    groups: dict[str, list[FittedRow]] = {}
    order = list(dict.fromkeys(row.outcome for row in rows))
    for row in sorted(rows, key=lambda row: order.index(row.outcome)):
        groups.setdefault(row.unit, []).append(row)
    figures: list[Figure] = []
    before: list[str] = []
    for unit, group in groups.items():
        pictures = -(-len(group) // AT_ONCE)
        size = -(-len(group) // pictures)
        for start in range(0, len(group), size):
            rows_here = group[start : start + size]
            name = _names(rows_here, unit)
            before.append(name)
            part = f", part {before.count(name)}" if before.count(name) > 1 else ""
            figures.append(_figure(f"{key}-fit-{len(figures) + 1}", f"{name}{part}", unit, rows_here))
    return figures


def outcome_words(outcome: str, unit: str) -> str:
    """The name of an outcome as words, its unit at the end left out.

    >>> outcome_words("auc_inf_ng_h_per_ml", "ng*h/mL"), outcome_words("half_life", "h"), outcome_words("Lips", "")
    ('AUC inf', 'Half life', 'Lips')
    """
    ending = "_" + unit.casefold().replace("/", "_per_").replace("*", "_").replace("·", "_")
    words = outcome.removesuffix(ending).replace(":", ", ").replace("_", " ").replace("-", " ").split()
    letters = {"auc", "alt", "ast", "ck", "ldl", "hdl", "tg", "cv", "b12"}
    said = " ".join(word.upper() if word in letters else word for word in words)
    return said[:1].upper() + said[1:]


def _names(rows: Sequence[FittedRow], unit: str) -> str:
    """The outcomes of a picture, at most three of them by name.

    >>> _names([], "")
    ''
    """
    names = list(dict.fromkeys(outcome_words(row.outcome.partition(":")[0], unit) for row in rows))
    lower = [*names[:1], *(name if name[:2].isupper() else name[:1].lower() + name[1:] for name in names[1:])]
    return listed(lower[:3]) if len(names) <= 3 else f"{', '.join(lower[:3])} and {len(names) - 3} more"


def _figure(key: str, name: str, unit: str, rows: Sequence[FittedRow]) -> Figure:
    near = sum(row.z is None or abs(row.z) <= FAR for row in rows)
    drawn = [FitRow(row.words, row.observed, row.own, row.low, row.middle, row.high) for row in rows]
    studies = len({row.study for row in rows})
    sentences = [
        f"{len(rows)} result{'s' if len(rows) != 1 else ''} of {studies} {'studies' if studies != 1 else 'study'}; "
        f"{near} lie{'s' if near == 1 else ''} within 2 SDs of the fit."
    ]
    measured = [row for row in rows if row.z is not None]
    if measured:
        farthest = max(measured, key=lambda row: abs(row.z or 0.0))
        which = "The farthest is " if len(rows) > 1 else ""
        sentences.append(f"{which}“{farthest.words}”: {farthest.seen} seen, {farthest.fitted} fitted.")
    return Figure(
        key=key,
        title=f"{name}: {near} of {len(rows)} within 2 SDs of the fit",
        sentences=sentences,
        svg=draw(fit_rows_chart(drawn, f"Seen (diamond) and fitted (bar){f', {unit}' if unit else ''}")),
        table=Table(
            "seen and fitted",
            ["Result", "Seen (95\u202f%)", "Fitted (90\u202f%)", "Distance in SDs"],
            [[row.words, row.seen, row.fitted, row.distance] for row in rows],
        ),
    )
