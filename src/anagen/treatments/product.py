"""One marketed product, and the check of its row in `products.toml`.

The check is by hand, not by pydantic as for the other data files: every simulation reads the products, for its note on
capsules that do not exist, and loading pydantic would add a fifth of a second to each start.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from anagen.errors import DataError, nearest


@dataclass(frozen=True, kw_only=True)
class Product:
    """One brand. Strengths in mg. `formulation` is empty for what is put on the skin. `strengths_mg` were seen in a
    source; `unverified_strengths_mg` were not. `unverified` means that no source of the row is recorded; otherwise
    `unverified_fields` names the doubtful parts. `doubtful_names` are spellings that are probably this product: the
    reader is asked, not answered. `article_names` is how the article lists it, once for each time it does.
    """

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    doubtful_names: tuple[str, ...] = ()
    article_names: tuple[str, ...] = ()
    form: Literal["capsule", "gel"]
    route: Literal["oral", "topical"]
    formulation: Literal["", "conventional", "lidose", "micronised"] = ""
    strengths_mg: tuple[float, ...] = ()
    unverified_strengths_mg: tuple[float, ...] = ()
    strength_percent: float | None = None
    country: tuple[str, ...] = ()
    holder: str = ""
    status: Literal["listed", "discontinued", "unknown"]
    note: str = ""
    unverified: bool
    unverified_fields: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def all_strengths_mg(self) -> tuple[float, ...]:
        """Seen and unverified strengths together, in order, in mg."""
        return tuple(sorted({*self.strengths_mg, *self.unverified_strengths_mg}))


def plain(name: str) -> str:
    """A name without case, accents, spaces and hyphens.

    >>> plain("Isotret-HEXÁL")
    'isotrethexal'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", name) if c.isalnum()).casefold()


def products_of(tables: Mapping[str, Any], file: str) -> tuple[Product, ...]:
    """The products of a file as read; `file` is the name that errors point to.

    Raises:
        DataError: the file, the row (counted from 1) and the key, what stands there and what was expected.

    >>> products_of({"product": [{"key": "a", "nam": "A"}]}, "products.toml")
    Traceback (most recent call last):
    ...
    anagen.errors.DataError: products.toml: product[1].nam is not a key that belongs here
    expected: only the keys of the schema (the entries beside this one show them)
    nearest: name
    """
    rows = tables.get("product")
    if list(tables) != ["product"] or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{file}: its tables are {', '.join(tables) or 'none'}", expected="only [[product]], repeated")
    products = tuple(_product(row, f"{file}: product[{number}]") for number, row in enumerate(rows, 1))
    owner: dict[str, str] = {}
    for product in products:
        for name in {plain(n) for n in (product.key, product.name, *product.aliases, *product.doubtful_names)}:
            if owner.setdefault(name, product.key) != product.key:
                raise DataError(
                    f'{file}: "{name}" names both {owner[name]} and {product.key}', expected="names of one product only"
                )
    return products


def _product(row: Mapping[str, Any], place: str) -> Product:
    known = {field.name: field for field in fields(Product)}
    for key in row:
        if key not in known:
            raise DataError(
                f"{place}.{key} is not a key that belongs here",
                expected="only the keys of the schema (the entries beside this one show them)",
                nearest=nearest(key, list(known), count=1),
            )
    for key, field in known.items():
        if key not in row and field.default is MISSING:
            raise DataError(f"{place}.{key} is missing", expected="field required")
    product = Product(**{key: _value(value, _types()[key], f"{place}.{key}") for key, value in row.items()})
    for key, right, expected in _rules(product):
        if not right:
            raise DataError(f"{place}.{key} is {getattr(product, key)!r}", expected=expected)
    return product


@cache
def _types() -> Mapping[str, Any]:
    return get_type_hints(Product)


def _value(value: Any, kind: Any, place: str) -> Any:
    """`value` as `kind`, or an error: a list becomes a tuple, a whole number where a number belongs a float."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            choices = [choice for choice in get_args(kind) if choice]
            raise DataError(
                f"{place} is {value!r}", expected=" or ".join(choices), nearest=nearest(str(value), choices)
            )
    elif get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise DataError(f"{place} is {value!r}", expected="a list")
        return tuple(_value(item, get_args(kind)[0], f"{place}[{number}]") for number, item in enumerate(value, 1))
    elif kind is bool:
        if not isinstance(value, bool):
            raise DataError(f"{place} is {value!r}", expected="true or false")
    elif kind is str:
        if not isinstance(value, str) or not value.strip():
            raise DataError(f"{place} is {value!r}", expected="text")
    else:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise DataError(f"{place} is {value!r}", expected="a number above 0")
        return float(value)
    return value


def _rules(product: Product) -> Iterator[tuple[str, bool, str]]:
    """What the types cannot say: the field, whether it is right, and what was expected."""
    topical = product.route == "topical"
    yield "key", re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", product.key) is not None, "small letters, digits and hyphens"
    yield "form", (product.form == "gel") == topical, "gel for a topical product, capsule for an oral one"
    yield "formulation", bool(product.formulation) != topical, "one for an oral product, none for a topical one"
    yield "strengths_mg", _once(product.strengths_mg), "each strength once"
    seen = set(product.strengths_mg) & set(product.unverified_strengths_mg)
    yield "unverified_strengths_mg", not seen and _once(product.unverified_strengths_mg), "strengths that were not seen"
    yield "strength_percent", topical or product.strength_percent is None, "none for a capsule"
    yield "country", all(re.fullmatch("[A-Z]{2}", code) for code in product.country), "codes such as US, UK or EU"
    yield "article_names", {plain(n) for n in product.article_names} <= _written(product), "names of this product"
    yield "sources", bool(product.sources) or product.unverified, "a source, or unverified = true"


def _written(product: Product) -> set[str]:
    return {plain(name) for name in (product.name, *product.aliases, *product.doubtful_names)}


def _once(values: Sequence[float]) -> bool:
    return len(set(values)) == len(values)
