"""Week by week in the arms of a trial: the middle person and the band of 90 of 100 people, for the main series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.analysis.charts.svg import draw
from anagen.analysis.charts.trial_bands import Band, bands_chart
from anagen.analysis.charts.units import said
from anagen.analysis.figure import Figure, Table
from anagen.analysis.numbers import listed, with_unit

from .arms import NAMED, TrialArm, in_arms
from .cells import together
from .flow import some_weeks

DIGITS = 50
"""Into how many parts the span of a figure is cut: its numbers need no finer steps."""
MOST = 14
"""Figures of series on a page; the rest is in the JSON."""


def week_figures(arms: Sequence[TrialArm], first: Sequence[str] = ()) -> tuple[list[Figure], int]:
    """A figure for each series, those named `first` before the others; and how many find no room."""
    known = list(dict.fromkeys(name for arm in arms for name in arm.entry.get("series") or {}))
    order = [*(name for name in first if name in known), *(name for name in known if name not in first)]
    drawn = [figure for name in order[:MOST] if (figure := _figure(name, arms))]
    return drawn, len(order[MOST:])


def _figure(name: str, arms: Sequence[TrialArm]) -> Figure | None:
    found = [(arm, entry) for arm in arms if (entry := (arm.entry.get("series") or {}).get(name)) and entry.get("day")]
    bands = [band for arm, entry in found if (band := _band(arm, entry)) is not None]
    if not bands:
        return None
    shown = [arms[band.arm] for band in bands]
    title, unit = str(found[0][1].get("title", name)), said(found[0][1].get("unit") or "").words
    return Figure(
        key=f"weeks-{name}",
        title=f"{title}: {_result(bands, shown, unit)}",
        sentences=_sentences(bands, shown, unit),
        svg=draw(bands_chart(bands, f"{title}{f', {unit}' if unit else ''}")),
        table=_table(bands, shown, f"{title}{f', {unit}' if unit else ''}: middle person (90 of 100 people)"),
    )


def _band(arm: TrialArm, entry: Mapping[str, Any]) -> Band | None:
    """The numbers of one arm in the unit as said; rows that are not whole are left out."""
    levels = said(entry.get("unit") or "").factor * np.array([entry[key] for key in ("p05", "p50", "p95")], float)
    days = np.asarray(entry["day"], float)
    whole = np.isfinite(levels).all(0)
    return Band(arm.place, arm.name, days[whole] / 7, levels[:, whole]) if whole.any() else None


def _result(bands: Sequence[Band], arms: Sequence[TrialArm], unit: str) -> str:
    """How far the middle person goes from the start, whichever way is farther."""
    middles = [band.levels[1] for band in bands]
    start = float(middles[0][0])
    up = max(float(m.max()) - start for m in middles) >= max(start - float(m.min()) for m in middles)
    ends = [float(m.max() if up else m.min()) for m in middles]
    texts = together(ends, _span(bands), DIGITS)
    way = "highest" if up else "lowest"
    if len(set(texts)) == 1:
        return f"the middle person is {way} at {with_unit(texts[0], unit)} in every arm"
    if len(bands) > NAMED:
        low, high = together([min(ends), max(ends)], _span(bands), DIGITS)
        return f"the middle person is {way} at {low} to {with_unit(high, unit)}, by arm"
    texts[0] = with_unit(texts[0], unit)
    return f"the middle person is {way} at {in_arms(texts, ends, arms)}"


def _sentences(bands: Sequence[Band], arms: Sequence[TrialArm], unit: str) -> list[str]:
    """Half-way and at the end, of at most as many arms as can be read in a row."""
    span = _span(bands)
    sentences = []
    for row in dict.fromkeys((len(bands[0].week) // 2, len(bands[0].week) - 1)):
        parts, label = [], "90 of 100 people: "
        for i, (band, arm) in enumerate(zip(bands[:NAMED], arms, strict=False)):
            low, middle, high = together(band.levels[:, min(row, len(band.week) - 1)].tolist(), span, DIGITS)
            people = f" ({label}{low} to {high})" if low != high else ""
            label = "" if people else label
            parts.append(f"{with_unit(middle, unit) if i == 0 else middle}{arm.said}{people}")
        sentences.append(f"In week {bands[0].week[row]:.0f}, the middle person is at {listed(parts)}.")
    return sentences


def _span(bands: Sequence[Band]) -> float:
    """From the lowest to the highest of a figure: all of its numbers are rounded alike."""
    levels = np.concatenate([band.levels for band in bands], axis=1)
    return float(levels.max() - levels.min())


def _table(bands: Sequence[Band], arms: Sequence[TrialArm], caption: str) -> Table:
    rows = []
    span = _span(bands)
    for week in some_weeks(float(max(band.week[-1] for band in bands))):
        at = [max(0, int(np.searchsorted(band.week, week + 1e-9, side="right")) - 1) for band in bands]
        levels = [band.levels[:, row].tolist() for band, row in zip(bands, at, strict=True)]
        cells = [together([middle, low, high], span, DIGITS) for low, middle, high in levels]
        rows.append([str(week), *(m if low == high else f"{m} ({low} to {high})" for m, low, high in cells)])
    return Table(caption, ["Week", *(arm.head for arm in arms)], rows)
