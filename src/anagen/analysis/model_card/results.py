"""What the stored results say, in short: the data and the fit, the validation, the unknowns that decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .coverage import coverage_sentences
from .fitted import FAR
from .learnt import learnt
from .stored import Stored
from .validation_rows import validation_rows

NOT_WHOLE = "The stored result is not whole, so nothing is said of it."


def data_and_fit(found: Stored) -> dict[str, Any]:
    """What was fitted to: rows, studies and sources by block; how well it fits; what was learnt."""
    if found.table is None:
        return {"problem": found.problem, "blocks": []}
    try:
        blocks = [_block(block) for block in found.table["blocks"]]
    except (KeyError, TypeError, ValueError):
        return {"problem": NOT_WHOLE, "blocks": []}
    sources = list(dict.fromkeys(key for block in blocks for key in block["source"]))
    return {
        "problem": "",
        "made": dict(found.table.get("made") or {}),
        "rows": sum(block["rows"] for block in blocks),
        "within_2_sd": sum(block["within_2_sd"] for block in blocks),
        "parameters": sum(block["parameters"] for block in blocks),
        "informed": sum(block["informed"] for block in blocks),
        "uninformed": _never_fitted(found.table),
        "source": sources,
        "blocks": blocks,
    }


def _never_fitted(table: Mapping[str, Any]) -> int:
    """How many numbers no result speaks of; spreads between people (`name:between`) go with their number."""
    fitted = {p["name"] for block in table["blocks"] for p in block["parameters"]}
    return sum(":" not in name and name not in fitted for name in table.get("uninformed") or ())


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    rows = block["rows"]
    parameters = [p for p in learnt(block) if not p.nuisance]
    rhats = [p.rhat for p in parameters if p.rhat is not None]
    sources = dict.fromkeys(key for row in rows for key in row.get("source") or (row["study"],))
    return {
        "name": block["name"],
        "title": block.get("title") or block["name"],
        "rows": len(rows),
        "studies": len({row["study"] for row in rows}),
        "source": list(sources),
        "within_2_sd": sum(row.get("z") is None or abs(row["z"]) <= FAR for row in rows),
        "parameters": len(parameters),
        "informed": sum(p.informed for p in parameters),
        "divergences": int(block.get("divergences") or 0),
        "rhat": max(rhats, default=None),
    }


def validation(found: Stored) -> dict[str, Any]:
    """Coverage in words and numbers; rows outside; known failures."""
    if found.table is None:
        return {"problem": found.problem, "says": [], "outside": [], "known_failures": []}
    try:
        rows = validation_rows(found.table)
        says = coverage_sentences(found.table)
    except (KeyError, TypeError, ValueError):
        return {"problem": NOT_WHOLE, "says": [], "outside": [], "known_failures": []}
    said = [
        {
            "title": row.title,
            "who": row.who,
            "seen": row.said[0],
            "predicted": row.said[2],
            "distance": row.distance,
            "inside": row.inside,
            "why": row.known,
            "source": list(row.source),
        }
        for row in rows
    ]
    return {
        "problem": "",
        "coverage": dict(found.table["coverage"]),
        "says": says,
        "outside": [entry for entry in said if not entry["inside"] and not entry["why"]],
        "known_failures": [entry for entry in said if entry["why"]],
    }


def all_sources(parts: Sequence[Sequence[Mapping[str, Any]]]) -> list[str]:
    """Source keys of entries that have some, each once."""
    return list(dict.fromkeys(key for part in parts for entry in part for key in entry.get("source") or ()))
