"""The unknowns that decide an answer, as a stored sensitivity analysis ranks them (form: docs/sensitivity.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anagen.analysis.numbers import listed, percent

from .results import NOT_WHOLE
from .stored import Stored

MOST = 3
KIND = "unknown"
"""What nobody knows better; how people differ is another question."""


def sensitivity(found: Stored) -> dict[str, Any]:
    """For each case and outcome, the three unknowns with the largest total share; or why there is nothing."""
    if found.table is None:
        return {"problem": found.problem, "says": [], "outcomes": []}
    try:
        outcomes = _outcomes(found.table)
        says = _sentences(found.table)
    except (KeyError, TypeError, ValueError, AttributeError):
        return {"problem": NOT_WHOLE, "says": [], "outcomes": []}
    return {"problem": "", "says": says, "outcomes": outcomes}


def _outcomes(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    cases = {entry["name"]: entry for entry in table["cases"]}
    outcomes = {entry["name"]: entry for entry in table["outcomes"]}
    meanings = _meanings(table)
    return [
        {
            "outcome": result["outcome"],
            "title": outcomes[result["outcome"]]["title"],
            "group": outcomes[result["outcome"]]["group"],
            "case": cases[result["case"]]["title"],
            "regimen": cases[result["case"]]["regimen"],
            "unknowns": [
                {"name": index["input"], "meaning": meanings[index["input"]], **_share(index["total"])}
                for index in result["indices"][:MOST]
            ],
        }
        for result in table["results"]
        if result["kind"] == KIND and result["indices"]
    ]


def _share(total: Mapping[str, float]) -> dict[str, Any]:
    """A share with its interval, and as it is said.

    >>> _share({"value": 0.42, "low": 0.3, "high": 0.5})["said"]
    '42\u202f%'
    """
    value = min(1.0, max(0.0, float(total["value"])))
    return {"share": value, "low": float(total["low"]), "high": float(total["high"]), "said": percent(value)}


def _meanings(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(entry["name"]): str(entry["meaning"]) for entry in table["inputs"][KIND]}


def _sentences(table: Mapping[str, Any]) -> list[str]:
    """The three unknowns that decide the answer for hair: by their mean total share over its outcomes and the doses."""
    hair = {entry["name"] for entry in table["outcomes"] if entry["group"] == "hair"}
    results = [r for r in table["results"] if r["kind"] == KIND and r["outcome"] in hair and r["indices"]]
    deciding = ranked(results)[:MOST]
    if not deciding:
        return []
    meanings = _meanings(table)
    named = [f"“{meanings[name]}” ({percent(min(1.0, share))})" for name, share in deciding]
    count = ("One unknown decides", "Two unknowns decide", "Three unknowns decide")[len(named) - 1]
    return [
        f"{count} most of the answer for hair: {listed(named)}.",
        "The shares are means over the outcomes of hair. They can add up to more than all, as unknowns act together.",
    ]


def ranked(results: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """Inputs by their mean total share over results, the largest first; none where it does not act.

    >>> one = {"indices": [{"input": "a", "total": {"value": 0.2}}, {"input": "b", "total": {"value": 0.6}}]}
    >>> ranked([one, {"indices": [{"input": "a", "total": {"value": 0.8}}]}])
    [('a', 0.5), ('b', 0.3)]
    """
    sums: dict[str, float] = {}
    for result in results:
        for index in result["indices"]:
            share = max(0.0, float(index["total"]["value"]))
            sums[index["input"]] = sums.get(index["input"], 0.0) + share
    means = {name: total / len(results) for name, total in sums.items()}
    return sorted(means.items(), key=lambda pair: (-pair[1], pair[0]))
