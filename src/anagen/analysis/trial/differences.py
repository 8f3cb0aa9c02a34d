"""The arms of a trial against one of them, person by person: a figure for each endpoint, and one table; no ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anagen.analysis.charts.forest import Row, forest_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.charts.units import said
from anagen.analysis.figure import Figure, Table
from anagen.analysis.numbers import listed, with_unit

from .arms import NAMED, TrialArm, by_name
from .cells import NONE, range_text, with_interval

Contrast = Mapping[str, Any]
SHARE = "share of people"
IN_100 = "of 100 people"
SIDES = ("lower_in", "same_in", "higher_in")


def difference_figures(result: Mapping[str, Any], arms: Sequence[TrialArm]) -> list[Figure]:
    """One for each endpoint that has a difference."""
    known = by_name(arms)
    found: dict[str, list[Contrast]] = {}
    for contrast in result.get("contrasts") or ():
        if contrast.get("difference") is not None:
            found.setdefault(contrast["endpoint"], []).append(contrast)
    return [_figure(name, rows, known) for name, rows in found.items()]


def difference_table(result: Mapping[str, Any], arms: Sequence[TrialArm]) -> Table:
    """All contrasts, with the range of people and how many are lower, the same and higher."""
    known = by_name(arms)
    rows = []
    for contrast in result.get("contrasts") or ():
        unit = unit_of(contrast)[1]
        mean, ends = _mean(contrast)
        rows.append(
            [
                f"{contrast['title']}{f', {unit}' if unit else ''}",
                _letters(contrast, known),
                mean,
                ends,
                _people(contrast),
                *(in_100(contrast.get(key)) for key in SIDES),
            ]
        )
    head = ["Endpoint", "Arms", "Mean difference", "95\u202f% interval", "90 of 100 people", "Lower in, of 100"]
    return Table("All differences in the same people", [*head, "Same in", "Higher in"], rows)


def in_100(share: float | None) -> str:
    """A number of 100, never a false none or all.

    >>> in_100(0.712), in_100(0.0001), in_100(0.9999), in_100(0.0), in_100(None)
    ('71', 'fewer than 1', 'more than 99', '0', '–')
    """
    if share is None:
        return NONE
    if 0 < share < 0.005:
        return "fewer than 1"
    return "more than 99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _figure(name: str, rows: Sequence[Contrast], known: Mapping[str, TrialArm]) -> Figure:
    against = known[rows[0]["against"]].letter
    unit = unit_of(rows[0])[1]
    in_unit = f", {unit}" if unit else ""
    title = str(rows[0]["title"])
    drawn = []
    for contrast in rows:
        arm = known[contrast["arm"]]
        low, high = _ends(contrast) or (None, None)
        word, share = _direction(contrast)
        words = f"{arm.letter} against {against}: {word} in {in_100(share)} {IN_100}"
        drawn.append(Row(arm.place, words, low, unit_of(contrast)[0] * contrast["difference"], high))
    table = [[_letters(c, known), *_mean(c), _people(c), in_100(c.get("lower_in"))] for c in rows]
    return Figure(
        key=f"difference-{name}",
        title=f"{title}: against {against}, {_result(rows, known)}",
        sentences=_sentences(rows, known, unit, against),
        svg=draw(forest_chart(drawn, f"Mean difference from {against}{in_unit}; bar: 95 % interval")),
        table=Table(
            f"{title}: difference{in_unit}",
            ["Arms", "Mean difference", "95\u202f% interval", "90 of 100 people", "Lower in, of 100"],
            table,
        ),
    )


def _result(rows: Sequence[Contrast], known: Mapping[str, TrialArm]) -> str:
    """ "lower in 71 of 100 people with B", for each arm, or the range over many."""
    sides = [_direction(contrast) for contrast in rows]
    if len(rows) > NAMED:
        word = max(("lower", "higher"), key=[side for side, _ in sides].count)
        shares = sorted(contrast.get(f"{word}_in") or 0.0 for contrast in rows)
        return f"{word} in {in_100(shares[0])} to {in_100(shares[-1])} {IN_100} with the other arms"
    parts = []
    for i, (contrast, (word, share)) in enumerate(zip(rows, sides, strict=True)):
        of = f" {IN_100}" if i == 0 else ""
        again = i > 0 and word == sides[i - 1][0]
        parts.append(f"{'' if again else f'{word} '}in {in_100(share)}{of}{known[contrast['arm']].said}")
    return listed(parts)


def _sentences(rows: Sequence[Contrast], known: Mapping[str, TrialArm], unit: str, against: str) -> list[str]:
    """The means with their intervals; then the people: ranges of a number, or in how many it is less or more often."""
    often = unit == IN_100
    first = f"{{}} have it less often than with {against}, {{}} as often and {{}} more often"
    means, people = [], []
    for i, contrast in enumerate(rows[:NAMED]):
        mean, ends = _mean(contrast)
        arm = known[contrast["arm"]]
        label = "95\u202f% interval: " if i == 0 else ""
        interval = f" ({label}{ends})" if ends != NONE else ""
        means.append(f"{with_unit(mean, unit) if i == 0 else mean}{arm.said}{interval}")
        counts = [in_100(contrast.get(key)) for key in SIDES]
        said_people = (first if i == 0 else "{}, {} and {}").format(*counts) if often else _people(contrast)
        people.append(said_people + arm.said)
    more = f" The table has all {len(rows)} arms." if len(rows) > NAMED else ""
    mean_said = f"The mean difference from {against} is {listed(means)}."
    if often:
        return [mean_said, f"Of 100 people, {'; '.join(people)}.{more}"]
    return [
        mean_said,
        f"In 90 of 100 people it lies from {listed(people)}. Below zero means lower than with {against}.{more}",
    ]


def _direction(contrast: Contrast) -> tuple[str, float]:
    lower, higher = contrast.get("lower_in") or 0.0, contrast.get("higher_in") or 0.0
    if not lower and not higher:
        return "the same", contrast.get("same_in") or 0.0
    return ("lower", lower) if lower >= higher else ("higher", higher)


def unit_of(contrast: Contrast) -> tuple[float, str]:
    """The factor from the unit of a difference to the one it is said in, and its words."""
    unit = contrast.get("unit") or ""
    if unit in (SHARE, "share"):
        return 100.0, IN_100
    return (1.0, "percentage points") if unit == "%" else (said(unit).factor, said(unit).words)


def _ends(contrast: Contrast) -> tuple[float, float] | None:
    if not contrast.get("ci"):
        return None
    factor = unit_of(contrast)[0]
    low, high = contrast["ci"]
    return factor * low, factor * high


def _mean(contrast: Contrast) -> tuple[str, str]:
    difference = contrast.get("difference")
    return with_interval(None if difference is None else unit_of(contrast)[0] * difference, _ends(contrast))


def _people(contrast: Contrast) -> str:
    factor = unit_of(contrast)[0]
    low, high = (None if contrast.get(key) is None else factor * contrast[key] for key in ("p05", "p95"))
    return range_text(low, high)


def _letters(contrast: Contrast, known: Mapping[str, TrialArm]) -> str:
    return f"{known[contrast['arm']].letter} against {known[contrast['against']].letter}"
