"""What the three pages about a model share: boxes first, purpose, date, version, and the sources under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date as Date
from importlib.metadata import version
from typing import Any

from anagen.analysis.claim_cards import said_date
from anagen.analysis.content import content
from anagen.analysis.page import template
from anagen.analysis.trial.people import ASSUMED, trial_references
from anagen.safety import pregnancy_notice
from anagen.treatments.registry import table


def rendered(page: str, parts: Mapping[str, Any]) -> str:
    """One HTML file of the template `page`, filled with what `shell` gave."""
    return template().environment.get_template(page).render(**parts)


def shell(treatment: str, keys: Iterable[str], date: Date | None, **parts: Any) -> dict[str, Any]:
    """What such a page is filled with, by name: `parts`, and what stands around them; `keys` are of sources."""
    names = treatment.split(", ")
    boxes = [*pregnancy_boxes(treatment), *(notice for notice in notices(names[0]) if notice["id"] != "pregnancy")]
    treatment = names[0]
    data = content(treatment)
    references = trial_references(key for key in keys if key != ASSUMED)
    return {
        "drug": data.get("title", treatment),
        "stop": [notice for notice in boxes if notice["level"] == "stop"],
        "warn": [notice for notice in boxes if notice["level"] == "warn"],
        "purpose": [notice for notice in boxes if notice["id"] == "purpose"],
        "notes": [notice for notice in boxes if notice["level"] == "note" and notice["id"] != "purpose"],
        "date": said_date(date or Date.today()),
        "version": version("anagen"),
        "references": references,
        "numbered": {reference.key: place for place, reference in enumerate(references, 1)},
        **parts,
    }


def notices(treatment: str) -> list[dict[str, str]]:
    """The fixed notices of a treatment, pregnancy first whatever its folder says.

    >>> [notice["level"] for notice in notices("isotretinoin")][:2]
    ['stop', 'warn']
    """
    fixed: Mapping[str, Mapping[str, Any]] = table(treatment, "safety.toml")
    more = [
        {"id": name, "level": entry["level"], "title": entry.get("title", ""), "text": entry["text"]}
        for name, entry in fixed.items()
        if name != "pregnancy" and "when" not in entry
    ]
    return [dict(pregnancy_notice(treatment)), *sorted(more, key=lambda n: ("stop", "warn", "note").index(n["level"]))]


def pregnancy_boxes(treatments: str) -> list[dict[str, str]]:
    """The box of each treatment that a result names, apart by commas; a text that two share once.

    >>> len(pregnancy_boxes("isotretinoin, isotretinoin"))
    1
    """
    boxes = [dict(pregnancy_notice(name)) for name in dict.fromkeys(treatments.split(", "))]
    return list({box["text"]: box for box in boxes}.values())
