"""Marketed products of a treatment, by brand name. Drug-agnostic: the names are in
`<treatment>/products.toml`."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anagen.errors import InputError, nearest


@dataclass(frozen=True)
class Product:
    """One brand. Strengths in mg; `form` is `capsule` or `gel`; `route` is `oral` or `topical`;
    `formulation` is `conventional`, `lidose` or `micronised` (empty for topical). `strengths_mg` were seen
    in a source; `unverified_strengths_mg` were not. `unverified` means the name and everything else were not.
    `doubtful_names` are spellings that are probably this product: the reader is asked, not answered."""

    key: str
    name: str
    aliases: tuple[str, ...]
    doubtful_names: tuple[str, ...]
    form: str
    route: str
    formulation: str
    strengths_mg: tuple[float, ...]
    unverified_strengths_mg: tuple[float, ...]
    strength_percent: float | None
    country: tuple[str, ...]
    holder: str
    status: str
    note: str
    unverified: bool
    unverified_fields: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def all_strengths_mg(self) -> tuple[float, ...]:
        """Seen and unverified strengths together, in order, in mg."""
        return tuple(sorted({*self.strengths_mg, *self.unverified_strengths_mg}))


def check_treatment(treatment: str) -> None:
    """Raise an `InputError` where there is no treatment of that name.

    >>> check_treatment("isotretinoin")
    """
    here = Path(__file__).parent
    known = sorted(path.name for path in here.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))
    if treatment not in known:
        raise InputError(
            f"unknown treatment: {treatment}",
            expected="one of " + ", ".join(known),
            nearest=nearest(str(treatment), known),
        )


@cache
def load_products(treatment: str) -> tuple[Product, ...]:
    """All products of a treatment, in the order of its file; none where the treatment has no such file.

    Raises:
        InputError: there is no such treatment.

    >>> len(load_products("isotretinoin")) > 30
    True
    """
    check_treatment(treatment)
    path = Path(__file__).parent / treatment / "products.toml"
    if not path.exists():
        return ()
    with path.open("rb") as file:
        rows = tomllib.load(file)["product"]
    return tuple(_product(row) for row in rows)


def find_product(name: str, treatment: str) -> Product:
    """The product of that name or spelling variant; case, accents, spaces and hyphens do not matter.

    Raises:
        InputError: no product is called so; offers the names spelled most alike. A near miss is never taken
            for the name.

    >>> find_product("ROACCUTÁNE", "isotretinoin").name
    'Roaccutane'
    """
    products = load_products(treatment)
    wanted = _plain(name)
    for product in products:
        if wanted and wanted in {_plain(known) for known in (product.name, product.key, *product.aliases)}:
            return product
    doubtful = [p.name for p in products if wanted in {_plain(known) for known in p.doubtful_names}]
    spellings = {_plain(known): p.name for p in products for known in (p.name, *p.aliases)}
    alike = [p.name for p in products if len(wanted) > 2 and _plain(p.name).startswith(wanted)]
    alike += [spellings[match] for match in nearest(wanted, list(spellings), count=3, cutoff=0.65)]
    raise InputError(
        f"unknown product: {name}",
        expected=f"a brand name of {treatment}, such as " + ", ".join(p.name for p in products[:3]),
        nearest=doubtful or list(dict.fromkeys(alike))[:3],
    )


def _product(row: dict[str, object]) -> Product:
    def names(field: str) -> tuple[str, ...]:
        value = row.get(field, ())
        assert isinstance(value, list | tuple)
        return tuple(str(item) for item in value)

    def strengths(field: str) -> tuple[float, ...]:
        return tuple(float(item) for item in names(field))

    percent = row.get("strength_percent")
    return Product(
        key=str(row["key"]),
        name=str(row["name"]),
        aliases=names("aliases"),
        doubtful_names=names("doubtful_names"),
        form=str(row["form"]),
        route=str(row["route"]),
        formulation=str(row.get("formulation", "")),
        strengths_mg=strengths("strengths_mg"),
        unverified_strengths_mg=strengths("unverified_strengths_mg"),
        strength_percent=None if percent is None else float(str(percent)),
        country=names("country"),
        holder=str(row.get("holder", "")),
        status=str(row["status"]),
        note=str(row.get("note", "")),
        unverified=bool(row["unverified"]),
        unverified_fields=names("unverified_fields"),
        sources=names("sources"),
    )


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in folded if c.isalnum())
