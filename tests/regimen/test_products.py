"""Brand names: every one of the evidence table is there, found in any spelling, and can be named in a
regimen."""

import pytest

from anagen.errors import InputError
from anagen.regimen import FORMULATIONS, Regimen
from anagen.treatments.products import Product, find_product, load_products

PRODUCTS = load_products("isotretinoin")
NAMES = [
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
    "Sotret",
    "Tretiva",
    "Isotret-HEXAL",
    "Aknenormin",
    "Isogalen",
    "Roacutan",
    "Isoface",
    "Oratane",
    "Accure",
    "Isotrex",
    "Isotane",
    "Curacne",
    "Neotrex",
    "Aknetrent",
    "Absorica",
    "Zoretanin",
    "Isotiorga",
    "Contracne",
    "Procuta",
    "Isocural",
    "Rocta",
    "Acnotin",
    "Isotrexin",
]


def test_all_names() -> None:
    assert {product.name for product in PRODUCTS} == {*NAMES, "Absorica LD"}
    assert len({product.key for product in PRODUCTS}) == len(PRODUCTS) == 34


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.key)
def test_product(product: Product) -> None:
    assert find_product(product.name.upper(), "isotretinoin") is product
    assert find_product(product.key, "isotretinoin") is product
    assert (product.route, product.form) in {("oral", "capsule"), ("topical", "gel")}
    assert not set(product.strengths_mg) & set(product.unverified_strengths_mg)
    if product.route == "oral":
        assert product.formulation in FORMULATIONS
        regimen = Regimen.from_text(f"20 mg of {product.name} once daily")
        assert regimen.courses[0].product == product.name
        assert Regimen.from_text(regimen.text) == regimen


@pytest.mark.parametrize(
    ("written", "name"),
    [("roaccután", "Roacutan"), ("ROACCUTÁNE", "Roaccutane"), ("absoricaLD", "Absorica LD")],
)
def test_spelling(written: str, name: str) -> None:
    assert find_product(written, "isotretinoin").name == name


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("Absorika", "Absorica"),
        ("Roacutane", "Roaccutane"),
        ("Aknetrend", "Aknetrent"),
        ("isotret", "Isotret-HEXAL"),
    ],
)
def test_near_miss_is_asked_not_taken(written: str, offered: str) -> None:
    with pytest.raises(InputError) as caught:
        find_product(written, "isotretinoin")
    assert offered in caught.value.nearest


@pytest.mark.parametrize("treatment", ["nothing", "../isotretinoin", ""])
def test_unknown_treatment(treatment: str) -> None:
    with pytest.raises(InputError, match="unknown treatment"):
        load_products(treatment)
