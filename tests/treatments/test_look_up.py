"""A brand name as a person writes it: any spelling finds it, a near miss is asked about and never taken."""

from __future__ import annotations

import string
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anagen.treatments
from anagen.errors import InputError
from anagen.treatments.look_up import FLAGS, flags_of, look_up
from anagen.treatments.product import Product, plain
from anagen.treatments.products import find_product, load_products

DRUG = "isotretinoin"
PRODUCTS = load_products(DRUG)
BY_NAME = {product.name: product for product in PRODUCTS}
NAMES = [(name, product) for product in PRODUCTS for name in (product.name, *product.aliases)]
LONG = [(name, product) for name, product in NAMES if len(name) >= 6]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("claravis ", "Claravis"),
        ("ROACCUTÁNE", "Roaccutane"),
        ("roaccután", "Roacutan"),
        ("isotret hexal", "Isotret-HEXAL"),
        ("IsotretHexal", "Isotret-HEXAL"),
        ("absorica-ld", "Absorica LD"),
        ("AbsoricaLD", "Absorica LD"),
        ("isotrex gel", "Isotrex"),
        ("Cùracné", "Curacne"),
    ],
)
def test_spellings_that_are_the_name(written: str, name: str) -> None:
    assert look_up(written, DRUG).status == "found"
    assert look_up(written, DRUG).products == (BY_NAME[name],) == (find_product(written, DRUG),)


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("roacutane", "Roaccutane"),
        ("acutane", "Accutane"),
        ("accutan", "Accutane"),
        ("zenatan", "Zenatane"),
        ("Zoretanın", "Zoretanin"),
        ("absorika", "Absorica"),
        ("isotreks", "Isotrex"),
        ("izotroin", "Isotroin"),
        ("Aknetrand", "Aknetrent"),
        ("isotret", "Isotret-HEXAL"),
        ("clar", "Clarus"),
    ],
)
def test_a_near_miss_is_a_question(written: str, offered: str) -> None:
    found = look_up(written, DRUG)
    assert found.status == "asked"
    assert offered in [product.name for product in found.products]
    assert found.question.startswith("Did you mean ")
    assert found.question.endswith("?")
    assert all(product.name in found.question for product in found.products)
    with pytest.raises(InputError):
        find_product(written, DRUG)


@pytest.mark.parametrize("name", ["", " - ", "ibuprofen", "x", "\0", "Roaccutane" * 50, "维甲酸"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="unknown product") as caught:
        look_up(name, DRUG)
    assert caught.value.expected == "a brand name of isotretinoin, such as Accutane, Amnesteem, Claravis"


def test_an_unknown_name_has_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        look_up("Rokata", DRUG)
    assert "Rocta" in caught.value.nearest


@pytest.mark.parametrize("name", ["isotretinoin", " Isotretinoin", "ISOTRÉTINOIN"])
def test_the_drug_itself_is_no_product(name: str) -> None:
    with pytest.raises(InputError, match="the drug itself"):
        look_up(name, DRUG)


def test_an_unknown_treatment_is_refused() -> None:
    with pytest.raises(InputError, match="unknown treatment"):
        look_up("Roaccutane", "../isotretinoin")


MARKS = "".join(c for c in map(chr, range(0x300, 0x370)) if unicodedata.combining(c))


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_case_accents_spaces_and_hyphens_do_not_matter(entry: tuple[str, Product], data: st.DataObject) -> None:
    name, product = entry
    between = st.text(" -\u00a0\u2010\u2011" + MARKS, max_size=3)
    written = data.draw(between)
    for character in name:
        written += data.draw(st.sampled_from([character, character.lower(), character.upper()])) + data.draw(between)
    found = look_up(written, DRUG)
    assert (found.status, found.products) == ("found", (product,))


def typos(name: str, letters: str = string.ascii_lowercase) -> Iterator[str]:
    """`name` with one letter left out, changed, put in, or swapped with the next."""
    for place in range(len(name) + 1):
        before, after = name[:place], name[place:]
        yield from (before + letter + after for letter in letters)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


@settings(deadline=None)
@given(st.sampled_from(LONG), st.data())
def test_a_typo_never_becomes_another_product_in_silence(entry: tuple[str, Product], data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(list(typos(entry[0]))))
    try:
        found = look_up(written, DRUG)
    except InputError:
        return
    if found.status == "found":
        (product,) = found.products
        assert plain(written) in {plain(name) for name in (product.name, *product.aliases)}
    else:
        assert found.question


def test_of_all_typos_nearly_all_are_asked_about_with_the_right_name() -> None:
    right = total = 0
    for name, product in LONG:
        for written in typos(name, letters="aex"):
            if plain(written) not in {plain(known) for known, _ in NAMES}:
                total += 1
                try:
                    right += product in look_up(written, DRUG).products
                except InputError:
                    continue
    assert total > 1000
    assert right / total > 0.97


def test_topical_products_are_flagged() -> None:
    assert {product.name for product in PRODUCTS if "topical" in flags_of(product)} == {"Isotrex", "Isotrexin"}
    assert look_up("Isotrex", DRUG).flags == ("topical",)
    assert "topical" in look_up("isotreks", DRUG).flags
    assert all(product.form == "gel" for product in PRODUCTS if "topical" in flags_of(product))


def test_other_flags() -> None:
    assert "discontinued" in look_up("Isotret-HEXAL", DRUG).flags
    assert {"Acutret", "Accure"} <= {product.name for product in PRODUCTS if "unverified" in flags_of(product)}
    assert look_up("Roaccutane", DRUG).flags == ()
    assert all(FLAGS[flag] for product in PRODUCTS for flag in flags_of(product))


def test_looking_up_is_light() -> None:
    # A fresh interpreter, because this one has long imported everything.
    code = """
import sys, anagen.regimen
from anagen.treatments.look_up import look_up
look_up("acutane", "isotretinoin")
print(*{"pydantic", "jax", "polars"} & set(sys.modules))
"""
    root = str(Path(anagen.treatments.__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": root}
    )
    assert run.stdout.strip() == ""
