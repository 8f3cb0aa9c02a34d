"""Brand names as data: the 26 of the article resolve, and a wrongly edited file is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import anagen.treatments
from anagen.errors import DataError
from anagen.treatments.look_up import look_up
from anagen.treatments.product import products_of
from anagen.treatments.products import load_products

DRUG = "isotretinoin"
PRODUCTS = load_products(DRUG)
BY_NAME = {product.name: product for product in PRODUCTS}

# As the article lists them; written by hand, two of them twice.
ARTICLE = [
    "Accutane",
    "Amnesteem",
    "Claravis",
    "Myorisan",
    "Zenatane",
    "Roaccutane",
    "Clarus",
    "Epuris",
    "Acutret",
    "Isotroin",
    "Isotroin",
    "Sotret",
    "Tretiva",
    "Isotret-HEXAL",
    "Aknenormin",
    "Isogalen",
    "Roacutan",
    "Isoface",
    "Isoface",
    "Oratane",
    "Accure",
    "Isotrex",
    "Isotane",
    "Curacne",
    "Neotrex",
    "Aknetrend",
]
ALSO_SEEN = [
    "Absorica",
    "Zoretanin",
    "Isotiorga",
    "Contracne",
    "Procuta",
    "Isocural",
    "Rocta",
    "Acnotin",
    "Isotrexin",
    "Aknetrent",
]


def test_the_article_has_26_entries_and_all_are_in_the_data() -> None:
    listed = [name for product in PRODUCTS for name in product.article_names]
    assert len(ARTICLE) == 26
    assert sorted(listed) == sorted(ARTICLE)


@pytest.mark.parametrize("name", ARTICLE)
def test_a_name_of_the_article_resolves(name: str) -> None:
    found = look_up(name, DRUG)
    if name == "Aknetrend":  # found nowhere: the reader is asked
        assert (found.status, found.question) == ("asked", "Did you mean Aknetrent?")
        assert [product.name for product in found.products] == ["Aknetrent"]
    else:
        assert (found.status, found.question) == ("found", "")
        assert [product.name for product in found.products] == [name]


@pytest.mark.parametrize("name", [*ALSO_SEEN, "Absorica LD"])
def test_a_name_seen_besides_resolves(name: str) -> None:
    assert look_up(name, DRUG).products == (BY_NAME[name],)


def test_what_the_evidence_says_of_strengths() -> None:
    assert BY_NAME["Epuris"].strengths_mg == (10, 20, 30, 40)
    assert BY_NAME["Epuris"].formulation == BY_NAME["Absorica"].formulation == "lidose"
    assert BY_NAME["Absorica LD"].strengths_mg == (8, 16, 20, 24, 28, 32)
    assert BY_NAME["Absorica LD"].formulation == "micronised"
    assert BY_NAME["Roaccutane"].strengths_mg == (5, 10, 20)
    assert BY_NAME["Claravis"].strengths_mg == ()
    assert BY_NAME["Claravis"].unverified_strengths_mg == (10, 20, 30, 40)
    assert BY_NAME["Isoface"].route == "oral"  # one web page wrongly calls it a gel


def _change(**values: object) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows[1].update(values)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_change(rout="oral"), r"(?s)product\[2\].rout is not a key that belongs here.*nearest: route"),
        (lambda rows: rows[1].pop("status"), r"product\[2\].status is missing"),
        (_change(route="orall"), r"(?s)product\[2\].route is 'orall'.*expected: oral or topical.*nearest: oral"),
        (_change(route="topical"), r"(?s)product\[2\].form is 'capsule'.*gel for a topical"),
        (_change(formulation="lidos"), "nearest: lidose"),
        (_change(form="gel", route="topical"), "(?s)formulation is 'conventional'.*none for a topical one"),
        (_change(strengths_mg=20), r"(?s)strengths_mg is 20.*expected: a list"),
        (_change(strengths_mg=[10, "20"]), r"(?s)strengths_mg\[2\] is '20'.*a number above 0"),
        (_change(strengths_mg=[0]), r"strengths_mg\[1\] is 0"),
        (_change(strengths_mg=[float("nan")]), r"strengths_mg\[1\] is nan"),
        (_change(strengths_mg=[True]), r"strengths_mg\[1\] is True"),
        (_change(strengths_mg=[5, 5]), "each strength once"),
        (_change(strengths_mg=[10]), "(?s)unverified_strengths_mg is .*not seen"),
        (_change(strength_percent=0.05), "none for a capsule"),
        (_change(country=["usa"]), "codes such as US"),
        (_change(name=" "), r"(?s)product\[2\].name is ' '.*expected: text"),
        (_change(unverified="no"), "true or false"),
        (_change(sources=[]), "a source, or unverified = true"),
        (_change(key="Amnesteem X"), "small letters"),
        (_change(aliases=["accu-tane"]), '"accutane" names both accutane and amnesteem'),
        (_change(article_names=["Accutan"]), "names of this product"),
    ],
)
def test_a_bad_edit_is_refused(edit: Callable[[list[dict[str, Any]]], None], message: str) -> None:
    file = Path(anagen.treatments.__file__).parent / DRUG / "products.toml"
    tables = tomllib.loads(file.read_text("utf-8"))
    assert products_of(tables, "products.toml") == PRODUCTS
    edit(tables["product"])
    with pytest.raises(DataError) as caught:
        products_of(tables, "products.toml")
    assert str(caught.value).startswith("products.toml: ")
    assert re.search(message, str(caught.value))


@pytest.mark.parametrize("tables", [{}, {"product": {}}, {"product": ["x"]}, {"product": [], "products": []}])
def test_a_file_of_another_shape_is_refused(tables: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"expected: only \[\[product\]\]|its tables are"):
        products_of(tables, "products.toml")
