"""Whether a resource is about the treatment, and of which product: by code, by name, by brand. Nothing is guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from anagen.treatments.products import Product, load_products

from .datatypes import CodeableConcept, Reference
from .opening import Opened, Resource
from .resources import Medication
from .spot import Spot, shown


@dataclass(frozen=True)
class Drug:
    """The treatment, as `product` where a brand is named."""

    product: str | None = None
    formulation: str = "conventional"


@cache
def facts() -> Mapping[str, Any]:
    """The tables of `drugs.toml`."""
    return tomllib.loads(resources.files(__package__).joinpath("drugs.toml").read_text("utf-8"))


def drug_of(
    opened: Opened, resource: Resource, concept: CodeableConcept | None, reference: Reference | None, treatment: str
) -> Drug | None:
    """The treatment, or None where the resource is about another drug.

    Raises:
        InputError: no drug is named, it cannot be found, or it is a form for the skin.
    """
    if concept is not None and reference is not None:
        raise resource.spot.at("medicationReference").error(
            "stands beside medicationCodeableConcept", expected="one of them"
        )
    spot = resource.spot.at("medicationCodeableConcept")
    if reference is not None:
        spot = resource.spot.at("medicationReference")
        found = opened.follow(reference, resource, spot)
        if found is None and not reference.display:
            raise spot.error("refers to a Medication that is not here", expected="it in the Bundle, or contained")
        concept = CodeableConcept(text=reference.display) if found is None else _medication(found)
    if concept is None or not (concept.words or concept.coding):
        raise spot.error("which drug is not said", expected=f"a code or a name, such as {treatment}")
    return _drug(concept, spot, treatment)


def _medication(found: Resource) -> CodeableConcept:
    """All that names it: its code, else its only ingredient."""
    if found.kind != "Medication":
        raise found.spot.error(f"is a {shown(found.kind)}", expected="a Medication")
    medication = found.read(Medication)
    if medication.status == "entered-in-error":
        raise found.spot.at("status").error("was entered in error: which drug is meant is not known", expected="active")
    if medication.code is not None:
        return medication.code
    if len(medication.ingredient) == 1 and medication.ingredient[0].itemCodeableConcept is not None:
        return medication.ingredient[0].itemCodeableConcept
    raise found.spot.error("does not say which drug it is", expected="a code")


def _drug(concept: CodeableConcept, spot: Spot, treatment: str) -> Drug | None:
    told = facts().get(treatment, {})
    coded = any(entry["code"] in concept.codes(entry["system"]) for entry in told.get("write", ()))
    words = [_plain(word) for word in concept.words]
    named = any(re.search(rf"\b{re.escape(treatment)}\b", word) for word in words)
    products = {product.name: product for word in words if (product := _product(word, treatment)) is not None}
    if not (coded or named or products):
        return None
    other = next((w for word in words for w in told.get("not_this", ()) if re.search(rf"\b{w}\b", word)), None)
    if other or any(product.route != "oral" for product in products.values()):
        raise spot.error(f"{shown(concept.words[0])} is for the skin, not a capsule", expected=f"oral {treatment}")
    if len({product.formulation for product in products.values()}) > 1:
        raise spot.error("names products of different kinds: " + ", ".join(products), expected="one product")
    if not products:
        return Drug()
    product = next(iter(products.values()))
    return Drug(product.name, product.formulation)


def _product(word: str, treatment: str) -> Product | None:
    """The product with the longest name that stands in the text as whole words."""
    found = [product for name, product in _brands(treatment) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", word)]
    return found[0] if found else None


@cache
def _brands(treatment: str) -> tuple[tuple[str, Product], ...]:
    named = [
        (_plain(name), product)
        for product in load_products(treatment)
        for name in (product.name, *product.aliases)
        if _plain(name) != treatment
    ]
    return tuple(sorted(named, key=lambda pair: -len(pair[0])))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[®™]", " ", text.casefold()).split())
