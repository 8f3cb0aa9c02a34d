"""Which release of FHIR a text is of: R4 passes; R5, R4B, R3 and others are refused, with what gave them away.

R4 and R4B are the same for the resources read here: only a version that is said (`fhirVersion`, a profile) tells R4B.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from anagen.errors import InputError, nearest

from .json_text import walk
from .spot import Spot, shown

EXPECTED = "FHIR R4 (4.0.1)"
_PROFILE = re.compile(r"^http://hl7\.org/fhir/(?:(\d+\.\d+)(?:\.\d+)?/|StructureDefinition/\w+\|(\d+\.\d+))")


@cache
def _facts() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("release.toml").read_text("utf-8"))


@cache
def only_in(kind: str) -> Mapping[str, str]:
    """Elements that such an object has in another release and not in R4, with that release.

    >>> only_in("Bundle")
    {'issues': 'R5'}
    """
    return {name: release for release, names in _facts()["elements"].get(kind, {}).items() for name in names}


def check_release(spot: Spot) -> None:
    """Refuse what is of another release than R4, or no FHIR at all; `spot` is the whole text.

    Raises:
        InputError: naming the release and the element that tells it.
    """
    root = spot.text.root
    if "resourceType" not in root:
        raise spot.error("has no resourceType", expected=EXPECTED + ": an object with resourceType, such as Bundle")
    for path, table in walk(root):
        if not isinstance(table, dict):
            continue
        here = spot.at(*path)
        version = table.get("fhirVersion")
        if version is not None and not str(version).startswith("4.0"):
            raise _refused(here.at("fhirVersion"), _name(str(version)), f"fhirVersion is {shown(version)}")
        meta = table.get("meta")
        profiles = meta.get("profile") if isinstance(meta, dict) else None
        for k, profile in enumerate(profiles if isinstance(profiles, list) else []):
            found = _PROFILE.match(str(profile))
            version = (found[1] or found[2]) if found else "4.0"
            if version != "4.0":
                raise _refused(here.at("meta", "profile", k), _name(version), f"the profile is {shown(profile)}")
        kind = table.get("resourceType")
        if isinstance(kind, str):
            _check_type(here, kind, table)
        for place in ("dosageInstruction", "repeat"):
            if place in path[-2:]:
                _check_elements(here, place, table)


def _check_type(here: Spot, kind: str, table: dict[str, Any]) -> None:
    for release, kinds in _facts()["resources"].items():
        if kind in kinds:
            raise _refused(here.at("resourceType"), release, f"{kind} is a resource of {release}")
    if kind not in _facts()["r4"]:
        raise here.at("resourceType").error(
            f"{shown(kind)} is no resource of FHIR R4", expected=EXPECTED, near=nearest(kind, _facts()["r4"])
        )
    _check_elements(here, kind, table)


def _check_elements(here: Spot, kind: str, table: Mapping[str, Any]) -> None:
    for name, release in only_in(kind).items():
        if name in table:
            raise _refused(here.at(name), release, f"{name} stands here only in {release}")


def _refused(here: Spot, release: str, why: str) -> InputError:
    return here.error(f"this is FHIR {release}, not R4: {why}", expected=EXPECTED)


def _name(version: str) -> str:
    known: Mapping[str, str] = _facts()["versions"]
    return known.get(".".join(version.split(".")[:2]), shown(version))
