"""What stands in every file that we write: the command, its inputs, and what computed it: enough to repeat the run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.fingerprint import folder_digest

from .doses import doses_of

if TYPE_CHECKING:
    from anagen.simulation.result import Simulation

MADE_BY = "anagen"
FORMAT = 1
"""Raised where the meaning of a record changes."""
ROOMS = ("mechanisms", "patient", "regimen", "compiled", "simulation", "treatments/contract.py")
"""The source that makes the numbers, besides the treatment's own folder."""

Record = Mapping[str, Any]


def record_of(result: Any, **more: Any) -> dict[str, Any]:
    """The record of a result, without its seal; `more` says how it was written (layout, date, structures).

    >>> from anagen import simulate
    >>> record = record_of(simulate("isotretinoin", "20 mg once daily for 4 weeks", people=1, weeks=4))
    >>> record["command"], record["regimens"], record["patient"]["weight_kg"]
    ('simulate', ['20 mg once daily for 4 weeks'], 70.0)
    """
    from anagen.trial.result import TrialResult

    if isinstance(result, TrialResult):
        return trial_record(result.table, **more)
    command, arms = _arms(result)
    first = arms[0]
    doses = [doses_of(arm.regimen) for arm in arms]
    return {
        **_mark(command),
        **first.provenance,
        "regimens": [arm.regimen.text if arm.regimen else "" for arm in arms],
        "patient": _plain(asdict(first.patient)),
        "mode": first.mode,
        **({"doses": doses} if any(doses) else {}),
        **_surroundings(first.treatment.name),
        **_said(more),
    }


def trial_record(table: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The record of a trial from its JSON; `more` holds `trial`, the text of its file, and what else is not in it."""
    power = [row["n_per_arm"] for row in table.get("power") or ()]
    return {
        **_mark("trial"),
        **table.get("provenance", {}),
        "mode": table.get("mode", "reader"),
        "power": list(dict.fromkeys(power)),
        **_surroundings(table["treatment"]),
        **_said(more),
    }


def _mark(command: str) -> dict[str, Any]:
    return {"made_by": MADE_BY, "format": FORMAT, "command": command}


def _said(more: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in more.items() if value is not None}


def _arms(result: Any) -> tuple[str, tuple[Simulation, ...]]:
    """The command that gives such a result, and the simulations whose regimens it names."""
    from anagen.analysis.analyse import Analysis
    from anagen.simulation.compare import Comparison
    from anagen.simulation.result import Simulation

    inner = result if isinstance(result, Simulation | Comparison | Analysis) else result.default
    if isinstance(inner, Simulation):
        return "simulate", (inner,)
    return ("analyse" if isinstance(inner, Analysis) else "compare"), inner.arms


def _surroundings(treatment: str) -> dict[str, Any]:
    """What moves last digits besides the versions: our own source, and in how many threads loops are cut."""
    return {"source": source(treatment), "threads": int(os.environ.get("PJRT_NPROC") or os.cpu_count() or 1)}


@lru_cache(maxsize=8)
def source(treatment: str) -> str:
    """A hash of the code that makes the numbers of a treatment."""
    package = Path(__file__).parents[2]
    places = (*ROOMS, f"treatments/{treatment}")
    return hashlib.sha256("".join(folder_digest(package / place) for place in places).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
