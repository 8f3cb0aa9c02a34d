"""The model card as a page: what the model is, for whom, on what it rests, where it fails, and who checked it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date
from typing import Any

from .model_card.parameters import cells, groups
from .model_card.results import all_sources
from .model_card.shell import rendered, shell

GROUPS = {
    "exposure": "Levels in the blood",
    "sebum": "Skin oil",
    "dermatitis": "Seborrheic dermatitis",
    "laboratory": "Blood values",
    "nutrients": "Nutrients",
    "side_effects": "Side effects",
    "anagen_exit": "What drives hairs out of growth",
    "follicles": "The hair cycle",
    "observation": "Counting hairs",
    "events": "Fever, surgery, diet",
    "hypotheses": "Hypotheses, off unless asked for",
}
"""How groups of parameters are called; others by their own name."""
PASSED = {True: "yes", False: "NO", None: "not yet known"}


def card_page(card: Mapping[str, Any], *, date: Date | None = None) -> str:
    """The page as one HTML file.

    Args:
        card: what `model_card` gave.
        date: the date on the page; today where left out.

    >>> from anagen.analysis.model_card.card import model_card
    >>> card_page(model_card())[:15]
    '<!doctype html>'
    """
    return rendered("card.html.j2", card_parts(card, date=date))


def card_parts(card: Mapping[str, Any], *, date: Date | None = None) -> dict[str, Any]:
    """What the page is filled with, by name."""
    structure = card["structure"]
    keys = all_sources(
        [
            card["parameters"],
            card["data_and_fit"]["blocks"],
            card["validation"]["outside"],
            card["validation"]["known_failures"],
            structure["links"],
            structure["hypotheses"],
            structure["side_by_side"],
            [one for question in structure["side_by_side"] for one in question["alternatives"]],
            card["limits"],
        ]
    )
    return shell(
        card["treatment"],
        keys,
        date,
        title=f"Model card: {card['title'][:1].lower()}{card['title'][1:]}",
        card=card,
        groups={
            group_title(name): [(row, cells(row)) for row in rows] for name, rows in groups(card["parameters"]).items()
        },
        unmeasured=[(row, cells(row | {"between": None, "scale": "fixed"})) for row in card["never_measured"]],
        passed=PASSED,
        provenance={
            "anagen": card["version"],
            "parameters": card["parameter_hash"],
            "fingerprint": card["fingerprint"],
            **{f"calibration.{key}": str(value) for key, value in (card["data_and_fit"].get("made") or {}).items()},
        },
        file="",
    )


def group_title(name: str) -> str:
    """How a group of parameters is called.

    >>> group_title("sebum"), group_title("new_part")
    ('Skin oil', 'New part')
    """
    return GROUPS.get(name, name.replace("_", " ").capitalize())
