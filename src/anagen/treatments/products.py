"""Marketed products of a treatment, by brand name. Drug-agnostic: the names are in `<treatment>/products.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from anagen.errors import InputError, nearest
from anagen.treatments.product import Product, plain, products_of
from anagen.treatments.registry import table

__all__ = ["Product", "alike", "find_product", "load_products", "no_such_product", "product_named"]

FILE = "products.toml"
SHOWN = 3


@cache
def load_products(treatment: str) -> tuple[Product, ...]:
    """All products of a treatment, in the order of its file; none where the treatment has no such file.

    Raises:
        InputError: there is no such treatment.
        DataError: the file was edited wrongly.

    >>> len(load_products("isotretinoin")) > 30
    True
    """
    tables = table(treatment, FILE)
    return products_of(tables, FILE) if tables else ()


def find_product(name: str, treatment: str) -> Product:
    """The product of that name or spelling variant; case, accents, spaces and hyphens do not matter.

    Raises:
        InputError: no product is called so; offers the names spelled most alike. A near miss is never taken
            for the name: `look_up` asks about it.

    >>> find_product("ROACCUTÁNE", "isotretinoin").name
    'Roaccutane'
    """
    product = product_named(name, treatment)
    if product is None:
        raise no_such_product(name, treatment)
    return product


def product_named(name: str, treatment: str) -> Product | None:
    """The product that is called so, in any case, accents, spaces and hyphens; None where none is."""
    return _by_name(treatment).get(plain(name))


def alike(name: str, treatment: str, likeness: float) -> tuple[Product, ...]:
    """Up to three products that may be meant, best first: those of which it is a doubtful name, else those whose name
    begins so, then those spelled alike by at least `likeness` (0 to 1).

    >>> [product.name for product in alike("Zenatan", "isotretinoin", 0.75)]
    ['Zenatane']
    """
    wanted = plain(name)
    products = load_products(treatment)
    doubtful = [product for product in products if wanted in map(plain, product.doubtful_names)]
    known = {plain(n): p for p in products for n in (*p.doubtful_names, *p.aliases, p.name)}
    begin = [product for product in products if len(wanted) >= 3 and plain(product.name).startswith(wanted)]
    near = [known[match] for match in nearest(wanted, list(known), count=SHOWN, cutoff=likeness)]
    return tuple(dict.fromkeys(doubtful or [*begin, *near]))[:SHOWN]


def no_such_product(name: str, treatment: str) -> InputError:
    """The error for a name that no product has; it offers the names spelled most alike."""
    return InputError(
        f"unknown product: '{name}'",
        expected=f"a brand name of {treatment}, such as " + ", ".join(p.name for p in load_products(treatment)[:SHOWN]),
        nearest=[product.name for product in alike(name, treatment, 0.65)],
    )


@cache
def _by_name(treatment: str) -> Mapping[str, Product]:
    return {plain(n): p for p in load_products(treatment) for n in (p.key, *p.aliases, p.name)}
