"""Which unknowns decide the answer, from a treatment's `sensitivity.json`: sentences, pictures and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .charts.shares import Bar, shares_chart
from .charts.svg import draw
from .charts.theme import MARKS
from .figure import Figure, Table
from .model_card.rounded import unit_of, value_and_range
from .model_card.sensitivity import ranked
from .numbers import listed, percent

DECIDE = 3
SHOWN = 5
"""Unknowns in a picture."""
LEAST = 0.05
"""An unknown with a smaller total share is not shown."""
GROUPS = ("hair", "skin", "side effects", "blood", "levels")
ANSWERS = {
    "hair": "the answer for hair",
    "skin": "the answer for the skin",
    "side effects": "the answer for side effects",
    "blood": "the answer for blood values",
    "levels": "the level in the blood",
}
COUNT = {1: "One unknown decides", 2: "Two unknowns decide", 3: "Three unknowns decide"}


@dataclass(frozen=True)
class Deciding:
    """One unknown of the three that decide a group of outcomes: `share` is its mean total; `learnt`, what a calibration
    made of its range, where one is stored."""

    name: str
    words: str
    share: float
    learnt: str


@dataclass(frozen=True)
class GroupPart:
    """One group of outcomes: what decides it in words, a picture for each outcome."""

    name: str
    answer: str
    sentences: Sequence[str]
    deciding: Sequence[Deciding]
    figures: Sequence[Figure]


@dataclass(frozen=True)
class SensitivitySection:
    """All of it; `answer` is the sentence on hair, or on the first group there is; `people` says how people differ."""

    answer: str
    groups: Sequence[GroupPart]
    learnt: Table
    people: Table
    still: int
    """How many unknowns move nothing."""


def sensitivity_section(result: Mapping[str, Any], calibration: Mapping[str, Any] | None = None) -> SensitivitySection:
    """What `sensitivity.json` says, in plain words; with `calibration.json`, also what the data told."""
    words = _words(result, "unknown")
    learnt = _learnt(calibration)
    groups = [part for name in GROUPS if (part := _group(result, name, words, learnt))]
    return SensitivitySection(
        answer=groups[0].answer if groups else "Nothing that is unknown moves any outcome.",
        groups=groups,
        learnt=_learnt_table(groups),
        people=_people_table(result),
        still=len(result["screened_out"]["unknown"]),
    )


def _words(result: Mapping[str, Any], kind: str) -> dict[str, str]:
    """How each input is called."""
    return {entry["name"]: listed(str(entry["meaning"]).split("; ")) for entry in result["inputs"][kind]}


def _group(
    result: Mapping[str, Any], name: str, words: Mapping[str, str], learnt: Mapping[str, str]
) -> GroupPart | None:
    outcomes = [outcome for outcome in result["outcomes"] if outcome["group"] == name]
    names = {outcome["name"] for outcome in outcomes}
    found = [r for r in result["results"] if r["kind"] == "unknown" and r["outcome"] in names and r["indices"]]
    order = [(key, share) for key, share in ranked(found) if share >= LEAST][:DECIDE]
    if not order:
        return None
    deciding = [Deciding(key, words[key], min(1.0, share), _told(key, learnt)) for key, share in order]
    named = listed([f"“{one.words}” ({percent(one.share)})" for one in deciding])
    return GroupPart(
        name=name,
        answer=f"{COUNT[len(deciding)]} {ANSWERS[name]}: {named}.",
        sentences=[_alone(found, [one.name for one in deciding])],
        deciding=deciding,
        figures=[f for outcome in outcomes if (f := _figure(result, outcome, words))],
    )


def _alone(found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """At least how much narrower the answer would be: the mean sum of the shares alone."""
    sums = [sum(i["first"]["value"] for i in r["indices"] if i["input"] in names) for r in found]
    share = min(1.0, max(0.0, sum(sums) / len(sums)))
    who = "it were" if len(names) == 1 else f"these {'two' if len(names) == 2 else 'three'} were"
    return f"If {who} known exactly, at least {percent(share)} of the variance of the answer would be gone, on average."


def _figure(result: Mapping[str, Any], outcome: Mapping[str, Any], words: Mapping[str, str]) -> Figure | None:
    cases = [case["name"] for case in result["cases"]]
    of = {r["case"]: r for r in result["results"] if r["kind"] == "unknown" and r["outcome"] == outcome["name"]}
    moved = [of[case] for case in cases if of[case]["indices"]]
    if not moved:
        return None
    names = [key for key, share in ranked(moved) if share >= LEAST][:SHOWN]
    rows, table = [], []
    for key in names:
        bars = []
        for place, case in enumerate(cases):
            index = next((i for i in of[case]["indices"] if i["input"] == key), None)
            if index is None:
                continue
            total = index["total"]
            numbers = (100 * v for v in (index["first"]["value"], total["value"], total["low"], total["high"]))
            bars.append(Bar(place, *numbers))
            cells = [percent(_share(index["first"]["value"])), percent(_share(total["value"]))]
            table.append([words[key], _title(result, place), *cells, f"{_ends(total)}"])
        rows.append((words[key], bars))
    largest, share = ranked(moved)[0]
    return Figure(
        key=f"shares-{outcome['name'].replace('_', '-')}",
        title=f"{outcome['title']}: “{words[largest]}” has {percent(_share(share))}",
        sentences=[_comes_to(outcome, result, of), _interplay(moved)],
        svg=draw(shares_chart(rows, _key(result))),
        table=Table(
            "share of the variance, and its 95\u202f% interval",
            ["Unknown", "Dose", "Alone", "With all it acts with", "Interval of the latter"],
            table,
        ),
    )


def _title(result: Mapping[str, Any], place: int) -> str:
    return str(result["cases"][place]["title"])


def _key(result: Mapping[str, Any]) -> str:
    cases = "; ".join(f"{MARKS[i].letter}: {case['title']}" for i, case in enumerate(result["cases"]))
    return f"Share in %: bar, with all it acts with; tick, alone; line, 95 % interval. {cases}"


def _share(value: float) -> float:
    return min(1.0, max(0.0, float(value)))


def _ends(total: Mapping[str, float]) -> str:
    return f"{percent(_share(total['low']))} to {percent(_share(total['high']))}"


def _comes_to(outcome: Mapping[str, Any], result: Mapping[str, Any], of: Mapping[str, Mapping[str, Any]]) -> str:
    """How wide the answer is, by dose."""
    unit = unit_of("share" if outcome["unit"] == "1" else outcome["unit"])
    said = []
    for case in result["cases"]:
        low, middle, high = (unit.factor * of[case["name"]][key] for key in ("p05", "p50", "p95"))
        _, _, ends = value_and_range(None, low, middle, high, unit.words)
        said.append(f"{ends} with {case['title']}")
    return f"What nobody knows leaves this open, in 90 of 100 tries: {listed(said)}."


def _interplay(found: Sequence[Mapping[str, Any]]) -> str:
    rest = max(0.0, max(1 - r["sum_of_first"] for r in found))
    if rest < LEAST:
        return "Each unknown acts almost alone."
    return f"Up to {percent(min(1.0, rest))} comes from unknowns that act together."


def _learnt(calibration: Mapping[str, Any] | None) -> dict[str, str]:
    """What a calibration told of each parameter."""
    if calibration is None:
        return {}
    said = {str(name): "assumed: no result speaks of it" for name in calibration.get("uninformed") or ()}
    for block in calibration.get("blocks") or ():
        for entry in block.get("parameters") or ():
            narrower = float(entry["contraction"])
            some = bool(entry.get("informed", narrower >= 0.1)) and narrower > 0
            said[str(entry["name"])] = f"{percent(min(1.0, narrower))} narrower" if some else "no narrower"
    return said


def _told(name: str, learnt: Mapping[str, str]) -> str:
    """For a group of parameters, of each."""
    return "; ".join(learnt.get(part, "not fitted") for part in name.split(" + ")) if learnt else "–"


def _learnt_table(groups: Sequence[GroupPart]) -> Table:
    rows = [[one.words, group.name, percent(one.share), one.learnt] for group in groups for one in group.deciding]
    head = ["Unknown", "Decides", "Share", "After the data, its range is"]
    return Table("the unknowns that decide, and what the data told of them", head, rows)


def _people_table(result: Mapping[str, Any]) -> Table:
    """The same question of how people differ: the two largest of each outcome."""
    words, rows = _words(result, "between"), []
    titles = {outcome["name"]: outcome["title"] for outcome in result["outcomes"]}
    cases = {case["name"]: case["title"] for case in result["cases"]}
    for r in result["results"]:
        if r["kind"] != "between":
            continue
        largest = [i for i in r["indices"] if i["total"]["value"] >= LEAST][:2]
        said = [f"{words[i['input']]} ({percent(_share(i['total']['value']))})" for i in largest]
        rows.append([titles[r["outcome"]], cases[r["case"]], *[*said, "–", "–"][:2]])
    return Table("how people differ: what decides each outcome", ["Outcome", "Dose", "First", "Second"], rows)
