"""What the model is for and not for, about whom it speaks, and how it is kept up to date: fixed texts and limits."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from anagen.evidence.toml_file import read_toml
from anagen.treatments.registry import table

from .shell import notices

FOR = (
    "Education and research about groups of simulated adults: what a model built on published data says about "
    "regimens, and how sure anyone can be."
)
USERS = ("informed readers and patients", "clinicians", "researchers")
PLACE = "One's own machine: no account, no data sent anywhere."
NOT_FOR = (
    "diagnosis, or finding the cause of a person's hair loss",
    "choosing, starting, changing or stopping a dose",
    "watching over a patient",
    "emergencies",
    "people under 18",
    "pregnancy: nothing is simulated for a pregnant person, and harm to an unborn child is never modelled",
    "use as a medical device, which it is not",
)
UPDATES = (
    "The card does not change by itself: it is made from the files of the version that it names.",
    "Each version lists which results changed. A card made with an older version can be made again with that version.",
    "When new studies come, they are first set aside to test the model, and only then used to fit it.",
)


def purpose(treatment: str) -> dict[str, Any]:
    """Purpose, users, place, what it is not for, and what the drug is licensed for.

    >>> sorted(purpose("isotretinoin"))
    ['for', 'not_for', 'notes', 'place', 'statement', 'users']
    """
    found = {notice["id"]: notice["text"] for notice in notices(treatment)}
    notes = [n["text"] for n in notices(treatment) if n["level"] == "note" and n["id"] != "purpose"]
    return {
        "statement": found.get("purpose", ""),
        "for": FOR,
        "users": list(USERS),
        "place": PLACE,
        "not_for": list(NOT_FOR),
        "notes": notes,
    }


def population(treatment: str) -> dict[str, Any]:
    """Who can be simulated: what may be said of a person, within which bounds; and the populations that are shipped."""
    files = resources.files("anagen.patient")
    covariates = {**read_toml(files.joinpath("covariates.toml")), **table(treatment, "covariates.toml")}
    shipped = [
        {"name": file.name.removesuffix(".toml"), "title": str(read_toml(file).get("title", file.name))}
        for file in sorted(files.joinpath("populations").iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]
    return {
        "who": "Simulated adults of 18 to 100 years. Nobody among them is real.",
        "covariates": [_covariate(name, entry) for name, entry in covariates.items() if "kind" in entry],
        "populations": shipped,
    }


def _covariate(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    bounds = entry.get("bounds")
    within = f"{bounds[0]:g} to {bounds[1]:g}" if bounds else ", ".join(map(str, entry.get("levels") or ()))
    unit = str(entry.get("unit") or "")
    return {
        "name": name,
        "meaning": str(entry.get("meaning") or name),
        "unit": "" if unit in ("1", "category") else unit,
        "within": within,
    }
