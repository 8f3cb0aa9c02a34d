"""Results that stand in a treatment's folder as JSON; where one is missing or damaged, a sentence says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

CALIBRATION, VALIDATION, SENSITIVITY = "calibration.json", "validation.json", "sensitivity.json"
MADE_BY = {
    CALIBRATION: ("The calibration", "make calibrate"),
    VALIDATION: ("The validation", "make validate"),
    SENSITIVITY: ("The sensitivity analysis", "make sensitivity"),
}
"""By file: what it holds, and the command that makes it."""


@dataclass(frozen=True)
class Stored:
    """A result, or why there is none; one of the two is there."""

    table: Mapping[str, Any] | None
    problem: str = ""


def stored(treatment: str, file: str) -> Stored:
    """A result in the folder of a treatment.

    >>> stored("isotretinoin", "no-such.json").problem
    'This has not been made yet.'
    """
    place = resources.files(f"anagen.treatments.{treatment}").joinpath(file)
    what, command = MADE_BY.get(file, ("This", ""))
    by = f" The command “{command}” makes it." if command else ""
    if not place.is_file():
        return Stored(None, f"{what} has not been made yet.{by}")
    return from_text(place.read_text("utf-8"), f"The file of {what[0].lower()}{what[1:]} is damaged.{by}")


def from_text(text: str, damaged: str) -> Stored:
    """A result from JSON; `damaged` is said where it is none.

    >>> from_text('{"rows": []}', "It is damaged."), from_text("[1", "It is damaged.").problem
    (Stored(table={'rows': []}, problem=''), 'It is damaged.')
    """
    try:
        table = json.loads(text)
    except ValueError:
        return Stored(None, damaged)
    return Stored(table) if isinstance(table, Mapping) else Stored(None, damaged)
