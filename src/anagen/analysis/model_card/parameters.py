"""All numbers of the model: value, unit, interval, spread between people, status, certainty, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from anagen.analysis.rests import HYPOTHESES, SAID
from anagen.evidence import Trust
from anagen.patient.parameters import Parameter

from .rounded import plain_value

BETWEEN = {"log": "on the log scale", "logit": "on the logit scale", "linear": "", "fixed": ""}


def parameter_rows(parameters: Mapping[str, Parameter], calibration: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each parameter as the card holds it; `block` names the calibration block it was fitted in, where one did."""
    block = {
        str(entry["name"]): str(part["name"])
        for part in (calibration or {}).get("blocks") or ()
        for entry in part.get("parameters") or ()
    }
    return [
        {
            "name": name,
            "meaning": p.meaning,
            "value": p.value,
            "unit": p.unit,
            "unknown": list(p.unknown) if p.unknown else None,
            "between": p.between or None,
            "scale": p.scale,
            "status": p.status,
            "certainty": p.certainty,
            "source": list(p.source),
            "block": block.get(name),
        }
        for name, p in parameters.items()
    ]


def status_counts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many numbers were come by in which way, the most trusted first.

    >>> status_counts([{"status": "assumed"}, {"status": "fitted"}])[1]
    {'status': 'assumed', 'count': 1, 'says': 'assumed: nobody measured it'}
    """
    counts = Counter(Trust(row["status"]) for row in rows)
    return [{"status": t.value, "count": counts[t], "says": SAID[t]} for t in Trust if counts[t]]


def never_measured(rows: Sequence[Mapping[str, Any]], calibration: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Numbers that nobody measured and no result informs; those of hypotheses that are off are left out."""
    uninformed = {str(name) for name in (calibration or {}).get("uninformed") or ()}
    told = _told_nothing(calibration)
    found = []
    for row in rows:
        if row["name"].startswith(HYPOTHESES):
            continue
        if row["name"] in told:
            why = "fitted, but the data told nothing of it"
        elif Trust(row["status"]).must_be_said or row["name"] in uninformed:
            why = "assumed" if row["status"] != "claimed" else "claimed"
        else:
            continue
        found.append(
            {key: row[key] for key in ("name", "meaning", "value", "unit", "unknown", "certainty")} | {"why": why}
        )
    return found


def _told_nothing(calibration: Mapping[str, Any] | None) -> set[str]:
    blocks = (calibration or {}).get("blocks") or ()
    found = [p for block in blocks for p in block.get("parameters") or () if not p.get("nuisance")]
    return {str(p["name"]) for p in found if p.get("informed") is False}


def holding(
    rows: Sequence[Mapping[str, Any]], words: str = "", group: str = "", status: str = ""
) -> list[Mapping[str, Any]]:
    """Rows that hold every word, in name, meaning, status or sources; of a group of names, and of a status, where said.

    >>> row = {"name": "exposure.clearance", "meaning": "oral clearance", "status": "fitted", "source": ["king-1982"]}
    >>> len(holding([row], "Clearance king", "exposure")), len(holding([row], status="assumed"))
    (1, 0)
    """
    wanted = words.casefold().split()

    def text(row: Mapping[str, Any]) -> str:
        return " ".join([row["name"].replace("_", " "), row["name"], row["meaning"], row["status"], *row["source"]])

    return [
        row
        for row in rows
        if all(word in text(row).casefold() for word in wanted)
        and group in ("", row["name"].split(".")[0])
        and status in ("", row["status"])
    ]


def cells(row: Mapping[str, Any]) -> dict[str, str]:
    """A parameter as the cells of a table.

    >>> row = {"value": 8.0, "unit": "L/h", "unknown": [7.0, 9.2], "between": 0.35, "scale": "log"}
    >>> cells(row)
    {'value': '8', 'unit': 'L/h', 'interval': '7 to 9.2', 'between': '0.35 on the log scale'}
    """
    unknown, between = row.get("unknown"), row.get("between")
    return {
        "value": plain_value(row["value"]),
        "unit": "" if row["unit"] == "1" else row["unit"],
        "interval": f"{plain_value(unknown[0])} to {plain_value(unknown[1])}" if unknown else "–",
        "between": f"{between:g} {BETWEEN[row['scale']]}".rstrip() if between else "–",
    }


def groups(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the first part of their names, in order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["name"].split(".")[0], []).append(row)
    return found
