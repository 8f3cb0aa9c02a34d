"""Products as they are shown: rows for people, objects for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen.safety import pregnancy_notice

from .claim_cards import source_json

if TYPE_CHECKING:
    from anagen.treatments.product import Product


def product_json(product: Product) -> dict[str, Any]:
    """A product for programs: its fields, its flags, and its sources spelled out."""
    from anagen.treatments.look_up import flags_of

    sources = [source_json(key) for key in product.sources]
    return asdict(product) | {"sources": sources, "flags": list(flags_of(product))}


def products_json(treatment: str, products: Iterable[Product]) -> dict[str, Any]:
    """A list of products, with the pregnancy box."""
    shown = [product_json(product) for product in products]
    return {"treatment": treatment, "safety": [dict(pregnancy_notice(treatment))], "products": shown}


def look_up_json(name: str, treatment: str) -> dict[str, Any]:
    """The object that `anagen product --json` prints.

    Raises:
        InputError: nothing is called so or nearly so.

    >>> look_up_json("Aknetrend", "isotretinoin")["question"]
    'Did you mean Aknetrent?'
    """
    from anagen.treatments.look_up import look_up

    found = look_up(name, treatment)
    shown = products_json(treatment, found.products)
    products = shown.pop("products")
    return {**shown, "asked_for": name, "status": found.status, "question": found.question, "products": products}


def strengths_said(product: Product) -> str:
    """Strengths as people write them; those not seen in a source are said to be not verified.

    >>> from anagen.treatments.products import find_product
    >>> strengths_said(find_product("Isotrex", "isotretinoin"))
    '0.05\u202f%'
    """
    seen = ", ".join(f"{mg:g}" for mg in product.strengths_mg)
    recalled = ", ".join(f"{mg:g}" for mg in product.unverified_strengths_mg)
    parts = [f"{seen}\u202fmg" if seen else "", f"not verified: {recalled}\u202fmg" if recalled else ""]
    gel = f"{product.strength_percent:g}\u202f%" if product.strength_percent else ""
    return "; ".join(part for part in parts if part) or gel
