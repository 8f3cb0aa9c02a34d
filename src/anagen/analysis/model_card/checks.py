"""Who checked what: people, of whom the treatment's folder must name each; and checks that run when a card is made."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Any

from anagen.evidence import load_sources
from anagen.patient.parameters import Parameter
from anagen.treatments.registry import table

from .coverage import now_inside

REVIEWS = "reviews.toml"
"""People who checked something: a table each, with `who`, `what`, `when`. Where there is no such file, nobody has."""
RHAT = 1.05
BY_TESTS = (
    "Blood levels against a second way of solving the same equations, and against published figures.",
    "The hair cycle, day by day, against a slow copy written apart, and follicle by follicle.",
    "The same results for any number of processes, and after a restart.",
    "Published figures that the model must meet, and known failures that it must not pass unseen.",
    "Every sentence of the pages against the words it may not say; every page for access by everyone.",
)
"""What the project's tests check at each change of the code; they do not run when a card is made."""


def people_who_checked(treatment: str) -> list[dict[str, str]]:
    """Named people, what they checked and when.

    >>> people_who_checked("isotretinoin")
    []
    """
    found = table(treatment, REVIEWS)
    return [
        {key: str(entry.get(key, "not said")) for key in ("who", "what", "when")}
        for entry in found.values()
        if isinstance(entry, Mapping)
    ]


def automated(
    parameters: Mapping[str, Parameter],
    calibration: Mapping[str, Any] | None,
    validation: Mapping[str, Any] | None,
    sensitivity: Mapping[str, Any] | None,
    parameter_hash: str,
) -> list[dict[str, Any]]:
    """Checks made now, each with `passed`: true, false, or null where there is nothing to check yet."""
    return [
        _sources_known(parameters),
        _units(parameters),
        _converged(calibration),
        _values_in_use(parameters, calibration),
        _coverage(validation),
        _known_failures(validation),
        _current("The validation was made with the numbers in use", validation, parameter_hash),
        _current("The sensitivity analysis was made with the numbers in use", sensitivity, parameter_hash),
    ]


def _check(says: str, passed: bool | None, detail: str) -> dict[str, Any]:
    return {"says": says, "passed": passed, "detail": detail}


def _sources_known(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    known = load_sources()
    without = [p.name for p in parameters.values() if not p.source or any(key not in known for key in p.source)]
    cited = {key for p in parameters.values() for key in p.source if key in known}
    unread = sum(not known[key].verified for key in cited)
    detail = f"{len(parameters)} numbers, {len(cited)} sources; {unread} of the sources are not verified"
    return _check("Every number has a source in the bibliography", not without, ", ".join(without) or detail)


def _units(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    without = [p.name for p in parameters.values() if not p.unit]
    return _check("Every number has a unit", not without, ", ".join(without) or f"{len(parameters)} numbers")


def _converged(calibration: Mapping[str, Any] | None) -> dict[str, Any]:
    says = f"The search of the calibration went well (r-hat below {RHAT:g}, nowhere astray)"
    blocks = (calibration or {}).get("blocks") or ()
    if not blocks:
        return _check(says, None, "no calibration is stored")
    rhats = [float(p["rhat"]) for b in blocks for p in b.get("parameters") or () if p.get("rhat") is not None]
    astray = sum(int(b.get("divergences") or 0) for b in blocks)
    worst = max(rhats, default=1.0)
    return _check(says, worst < RHAT and not astray, f"largest r-hat {worst:.3f}; astray {astray} times")


def _values_in_use(parameters: Mapping[str, Parameter], calibration: Mapping[str, Any] | None) -> dict[str, Any]:
    says = "The numbers in use are those that the calibration wrote"
    blocks = (calibration or {}).get("blocks") or ()
    fitted = [p for block in blocks for p in block.get("parameters") or () if not p.get("nuisance")]
    if not fitted:
        return _check(says, None, "no calibration is stored")
    off = [str(p["name"]) for p in fitted if not _in_use(p, parameters)]
    return _check(says, not off, f"others in use: {', '.join(off)}" if off else f"{len(fitted)} numbers")


def _in_use(fitted: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> bool:
    """Whether a fitted number is the one in use: a value, or a spread between people (`name:between`)."""
    name, _, between = str(fitted["name"]).partition(":")
    if name not in parameters:
        return False
    used = parameters[name].between if between else parameters[name].value
    written = fitted.get("written")
    if written is not None:
        return isclose(used, float(written), rel_tol=1e-3, abs_tol=1e-12)
    low, high = float(fitted["posterior"]["lower"]), float(fitted["posterior"]["upper"])
    room = 0.005 * max(abs(low), abs(high))  # they are written with three digits
    return not fitted.get("informed", True) or low - room <= used <= high + room


def _coverage(validation: Mapping[str, Any] | None) -> dict[str, Any]:
    says = "As many results of other studies lie inside their ranges as should"
    found = (validation or {}).get("coverage")
    if not found or not found.get("rows"):
        return _check(says, None, "no validation is stored")
    share = found["inside"] / found["rows"]
    low = found.get("p05")
    passed = None if low is None else bool((found["inside"] if low > 1 else share) >= low)
    return _check(says, passed, f"{found['inside']} of {found['rows']}")


def _known_failures(validation: Mapping[str, Any] | None) -> dict[str, Any]:
    says = "No failure that was known passes unseen"
    if validation is None:
        return _check(says, None, "no validation is stored")
    passing = now_inside(validation)
    count = int((validation.get("known_failures") or {}).get("rows", 0))
    return _check(
        says, not passing, ", ".join(passing) or f"{count} known failure{'s' if count != 1 else ''}, still outside"
    )


def _current(says: str, result: Mapping[str, Any] | None, parameter_hash: str) -> dict[str, Any]:
    if result is None:
        return _check(says, None, "not made yet")
    made = result.get("parameters") or (result.get("provenance") or {}).get("parameters")
    if not isinstance(made, str):
        return _check(says, None, "the file does not say with which")
    return _check(says, made == parameter_hash, f"made with {made}, in use {parameter_hash}")
