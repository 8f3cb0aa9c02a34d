"""A brand name as a person writes it: found, or asked about, but never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anagen.errors import InputError
from anagen.treatments.product import Product, plain
from anagen.treatments.products import alike, load_products, no_such_product, product_named

Flag = Literal["topical", "unverified", "discontinued"]
FLAGS: dict[Flag, str] = {
    "topical": "It goes on the skin: it is not for the model of capsules.",
    "unverified": "No source was recorded for this entry.",
    "discontinued": "It is probably no longer sold.",
}
"""What each flag says to a reader."""

ASKED_LIKENESS = 0.75
"""How alike a spelling must be to ask about it (0 to 1): one wrong letter in four. Below, the name is unknown."""


@dataclass(frozen=True)
class Found:
    """What a name led to. `found`: exactly one product, no question. `asked`: one to three products that may be meant,
    best first, and the `question`; nothing may be computed with them before it is answered."""

    status: Literal["found", "asked"]
    products: tuple[Product, ...]
    question: str = ""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What must be said of any of the products; `flags_of` tells of which."""
        return tuple(flag for flag in FLAGS if any(flag in flags_of(product) for product in self.products))


def look_up(name: str, treatment: str) -> Found:
    """The product of that name; where the name is only nearly right, a question instead.

    Raises:
        InputError: nothing is called so or nearly so (the nearest names are offered), or it is the drug itself; there
            is no such treatment.

    >>> look_up("isotret hexal", "isotretinoin").products[0].name
    'Isotret-HEXAL'
    >>> look_up("Aknetrend", "isotretinoin").question
    'Did you mean Aknetrent?'
    """
    product = product_named(name, treatment)
    if product is not None:
        return Found("found", (product,))
    if plain(name) == plain(treatment):
        raise InputError(f"{name.strip()} is the drug itself, not a product", expected="the brand name on the pack")
    offers = alike(name, treatment, ASKED_LIKENESS)
    if not offers:
        raise no_such_product(name, treatment)
    return Found("asked", offers, f"Did you mean {_either([offer.name for offer in offers])}?")


def matching(part: str, treatment: str) -> tuple[Product, ...]:
    """Products one of whose names holds `part`, those that begin with it first; all where it is empty.

    >>> [product.name for product in matching("hexal", "isotretinoin")]
    ['Isotret-HEXAL']
    """
    wanted = plain(part)
    found = []
    for place, product in enumerate(load_products(treatment)):
        names = [plain(name) for name in (product.name, *product.aliases)]
        if any(wanted in name for name in names):
            found.append((not any(name.startswith(wanted) for name in names), place, product))
    return tuple(product for *_, product in sorted(found, key=lambda one: one[:2]))


def flags_of(product: Product) -> tuple[Flag, ...]:
    """What must be said of a product: keys of `FLAGS`.

    >>> from anagen.treatments.products import find_product
    >>> flags_of(find_product("Isotrex", "isotretinoin"))
    ('topical',)
    """
    holds: dict[Flag, bool] = {
        "topical": product.route == "topical",
        "unverified": product.unverified,
        "discontinued": product.status == "discontinued",
    }
    return tuple(flag for flag in FLAGS if holds[flag])


def _either(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
