"""The model card of a treatment as one table: everything that its page says, and `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from anagen.analysis.content import content
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .checks import BY_TESTS, automated, people_who_checked
from .parameters import never_measured, parameter_rows, status_counts
from .purpose import UPDATES, population, purpose
from .results import data_and_fit, validation
from .sensitivity import sensitivity
from .shell import notices
from .stored import CALIBRATION, SENSITIVITY, VALIDATION, stored
from .structure import structure


def model_card(treatment: str | Treatment = "isotretinoin") -> dict[str, Any]:
    """The card of a treatment, from its folder alone; what has not been made yet is said in it.

    >>> card = model_card()
    >>> card["treatment"], card["safety"][0]["level"], card["checked"]["people"]
    ('isotretinoin', 'stop', [])

    Raises:
        InputError: no such treatment; the nearest names are offered.
    """
    drug = find_treatment(treatment) if isinstance(treatment, str) else treatment
    found = {file: stored(drug.name, file) for file in (CALIBRATION, VALIDATION, SENSITIVITY)}
    calibration = found[CALIBRATION].table
    rows = parameter_rows(drug.parameters, calibration)
    return {
        "treatment": drug.name,
        "title": content(drug.name).get("title", drug.name),
        "safety": notices(drug.name),
        "version": version("anagen"),
        "fingerprint": drug.fingerprint(),
        "parameter_hash": drug.parameter_hash(),
        "purpose": purpose(drug.name),
        "population": population(drug.name),
        "data_and_fit": data_and_fit(found[CALIBRATION]),
        "structure": structure(drug.name),
        "parameters": rows,
        "by_status": status_counts(rows),
        "validation": validation(found[VALIDATION]),
        "limits": [_limit(limit) for limit in content(drug.name).get("limits", ())],
        "sensitivity": sensitivity(found[SENSITIVITY]),
        "never_measured": never_measured(rows, calibration),
        "checked": {
            "people": people_who_checked(drug.name),
            "now": automated(
                drug.parameters, calibration, found[VALIDATION].table, found[SENSITIVITY].table, drug.parameter_hash()
            ),
            "by_tests": list(BY_TESTS),
        },
        "updates": list(UPDATES),
    }


def _limit(limit: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": limit["text"], "source": list(limit.get("source") or ())}
