"""The bibliography: every source is complete, findable and honest about what was not verified."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from anagen.errors import InputError
from anagen.evidence import KINDS, Source, bibliography, cite, link, load_sources, source

SOURCES = list(load_sources().values())

# Tags S1 to S148 of the evidence on responses and safety; these numbers were never given out.
TAGS_NOT_GIVEN_OUT = {8, 23, 33, 44, 48, 85}

# A DOI or PubMed number is known, but the year was not seen. This list may only shrink.
YEAR_NOT_SEEN = {
    "acitretin-phase3",
    "antioxidant-rct",
    "bioequivalence-26308169",
    "oxidant-status-35",
    "postpartum-trichoscan",
    "prp-32250713",
    "zinc-33675022",
}

# What the evidence marks [unverified], weak, suspect or not found. None of it may pass for verified.
NOT_VERIFIED = [
    ("us-label-metabolism", "4-oxo exposure 3.4 times parent"),
    ("us-label-adolescent", "pharmacokinetics at 12-15 years"),
    ("us-label-older", "blood levels in the older label"),
    ("eu-smpc-half-lives", "half-lives of 19 and 29 h"),
    ("drug-guides-bioavailability", "F of 21 or 23-25 %, no primary source"),
    ("phenytoin-volunteers", "phenytoin unchanged in 7 volunteers"),
    ("endogenous-baseline", "1 ng/mL parent and 3 ng/mL 4-oxo"),
    ("eu-strengths-memory", "5 and 30 mg capsules in some EU countries"),
    ("droracle-sebum", "-75 % at 0.1 mg/kg/d, AI page"),
    ("wisderm", "-90 % at 6 weeks, compendium"),
    ("geneva-dermatology", "oily skin back in 4-8 weeks, clinic blog"),
    ("amichai-2006", "n = 638"),
    ("amichai-copy", "percentages in a suspect copy"),
    ("lee-2016", "group means of the meta-analysis"),
    ("biotin-immunoassay", "biotin falsifies hCG, TSH, troponin"),
    ("label-back-pain-paediatric", "back pain 29 %, arthralgia 22 %"),
    ("fetal-ultrasound-page", "about 35 % malformed past day 15, weak"),
    ("ipledge-core", "two methods, monthly test, 30-day supply"),
    ("ipledge-2026-headline", "new date after August 2026 not found"),
    ("interactions-recalled", "progestogen, phenytoin, methotrexate, St John's wort"),
    ("aad-2024-monitoring", "only liver tests and lipids"),
    ("rxnorm-ingredient", "RxNorm 6064"),
    ("unverified-brand-entries", "Acutret, Accure, several strengths"),
    ("aknetrent-page", "Aknetrend was not found"),
    ("ck-baseline-medians", "median CK 130 and 85 U/L"),
    ("scalp-area", "500-600 cm2"),
    ("whiting-punch", "35-40 follicles in a 4-mm punch"),
    ("kobayashi-model", "model not found"),
    ("te-threshold", "telogen above 20-25 %"),
    ("te-quoted-loss", "300 hairs a day, weak"),
    ("postpartum-quoted", "400 a day postpartum, weak"),
    ("guo-2017", "review recalled"),
    ("rushton-ferritin", "telogen 19.5 to 11.3 %"),
    ("trueb-2016", "38 % with low biotin"),
    ("selenium-parenteral", "selenium deficiency under parenteral nutrition"),
    ("ae-quoted-size", "90 % of hairs, weak"),
    ("radiation-hair", "3-6 and 7 Gy, weak"),
    ("pohl-pinkus", "Pohl-Pinkus constriction"),
    ("acitretin-overall", "alopecia up to 75 %, weak"),
    ("acitretin-label", "alopecia 50-75 %"),
    ("droracle-hair-onset", "onset 1-3 months, weak"),
    ("dandruff-survey", "100-300 against 50-100, weak"),
    ("sd-prevalence", "3-5 %, weak"),
    ("prp-page", "+18.7 per cm2, weak"),
    ("isomerisation-page", "20-30 % isomerises to tretinoin, weak"),
    ("almond-roesler", "spread of plasma levels, figures not seen"),
    ("droracle-lipids", "label figures on lipids as an AI page quotes them"),
    ("mussenhealth-lipids", "25 % above 800 mg/dL, a misreading"),
    ("biotin-trial-2024", "result cut off"),
    ("dermapproved", "avoid vitamin A supplements, partly from memory"),
    ("isotane-blog", "Isotane 10 and 20 mg"),
    ("eu-ppp-second", "cited without an address"),
    ("article", "what the article claims"),
    ("assumed", "what nobody measured"),
    ("allometry-theory", "exponents 0.75 and 1"),
]

# Numbers that parameters rest on; each was seen at a source.
VERIFIED = [
    "us-label-2024",
    "farrell-1980",
    "hughes-1994",
    "lytvyn-2022",
    "king-1982",
    "schulpis-1999",
    "pull-test-2017",
]


def keys(entries: Iterable[Source]) -> list[str]:
    return [entry.key for entry in entries]


def test_every_source_is_complete() -> None:
    def complete(entry: Source) -> bool:
        return bool(
            re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.key)
            and entry.kind in KINDS
            and entry.title.strip()
            and entry.note.strip()
            and entry.verified in (True, False)
            and all(name.strip() for name in entry.authors)
            and (entry.year is None or 1900 < entry.year <= 2026)
            and (entry.n is None or entry.n > 0)
        )

    assert keys(entry for entry in SOURCES if not complete(entry)) == []


def test_every_source_has_an_address_or_the_reason_why_not() -> None:
    assert keys(entry for entry in SOURCES if (link(entry) is None) == (entry.no_link is None)) == []


def test_identifiers_have_their_form() -> None:
    def well_formed(entry: Source) -> bool:
        address = urlsplit(entry.url or "https://example.org/")
        return bool(
            re.fullmatch(r"10\.\d{4,9}/[^\s?#]+", entry.doi or "10.1000/x")
            and re.fullmatch(r"[1-9]\d{4,7}", entry.pmid or "10000")
            and address.scheme in {"http", "https"}
            and "." in address.netloc
            and "doi.org" not in address.netloc  # a DOI belongs into the field doi
        )

    assert keys(entry for entry in SOURCES if not well_formed(entry)) == []


def test_a_published_source_has_its_year() -> None:
    without = {entry.key for entry in SOURCES if (entry.doi or entry.pmid) and entry.year is None}
    assert without == YEAR_NOT_SEEN


def test_a_year_in_a_key_is_the_year() -> None:
    dated = [entry for entry in SOURCES if re.search(r"-(19|20)\d\d$", entry.key)]
    other = keys(entry for entry in dated if not entry.key.endswith(str(entry.year)))
    # A year that is itself unverified, and a range of years.
    assert set(other) == {"boudou-1994", "faers-2004-2024"}


def test_no_address_of_a_seller_a_file_sharer_or_a_registry() -> None:
    sellers = "1mg|practo|medsshop|rxheads|pocketpills|smayan|koenji|hidakahifuka|skincare-online|oladoctor"
    sharers = "scribd|docslib|vdocuments|studyres|coek|docksci|suzhouinfo|forum"
    registries = "|".join(("py" + "pi", "npm" + "js", "ana" + "conda", "cra" + "tes"))
    unwanted = re.compile(rf"(^|\.)({sellers}|{sharers}|{registries})\.")
    assert keys(e for e in SOURCES if e.url and unwanted.search(urlsplit(e.url).netloc)) == []


def test_keys_are_unique_in_any_spelling() -> None:
    folded = [entry.key.replace("-", "") for entry in SOURCES]
    assert len(set(folded)) == len(folded)


def test_every_tag_names_one_source() -> None:
    tags = [entry.tag for entry in SOURCES if entry.tag]
    expected = [f"S{number}" for number in range(1, 149) if number not in TAGS_NOT_GIVEN_OUT]
    assert sorted(tags) == sorted(expected)
    assert all(source(tag).tag == tag for tag in tags)


def test_one_work_has_one_entry_unless_it_says_which_part() -> None:
    works: dict[str, list[str]] = {}
    for entry in SOURCES:
        if entry.doi:
            works.setdefault(entry.doi.lower(), []).append(entry.key)
    assert {tuple(same) for same in works.values() if len(same) > 1} == {
        ("cochrane-table-17", "cochrane-table-4"),
        ("aad-2024", "aad-2024-monitoring"),
    }


@pytest.mark.parametrize(("key", "fact"), NOT_VERIFIED)
def test_what_was_not_verified_stays_marked(key: str, fact: str) -> None:
    assert not source(key).verified, fact
    assert cite(source(key)).endswith("Not verified")


@pytest.mark.parametrize("key", VERIFIED)
def test_what_was_seen_is_verified(key: str) -> None:
    assert source(key).verified


def test_a_reason_of_memory_or_weakness_is_never_verified() -> None:
    doubtful = [entry for entry in SOURCES if re.search("recalled|[Ww]eak|[Ss]uspect", entry.no_link or "")]
    assert len(doubtful) > 25
    assert keys(entry for entry in doubtful if entry.verified) == []


def test_pseudo_sources() -> None:
    assert source("design-model").kind == "model"
    assert source("assumed").kind == "assumption"
    assert source("article").kind == "web-page"
    assert all(link(source(key)) is None for key in ("design-model", "assumed", "article"))


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("farrel-1980", "farrell-1980"),
        ("Lytvyn-2022", "lytvyn-2022"),
        ("hughes-1995", "hughes-1994"),
        ("s129", "S129"),
    ],
)
def test_an_unknown_source_names_the_nearest(asked: str, named: str) -> None:
    with pytest.raises(InputError, match=f"unknown source: {asked}") as caught:
        source(asked)
    assert named in caught.value.nearest
    assert caught.value.expected is not None


@pytest.mark.parametrize("asked", ["", "S8", "S149", "qqqqqqqq", "10.1001/archderm.144.6.759"])
def test_what_is_no_key_is_refused(asked: str) -> None:
    with pytest.raises(InputError, match="unknown source"):
        source(asked)


def test_a_citation_is_one_line_without_gaps() -> None:
    def good(entry: Source) -> bool:
        line = cite(entry)
        no_gaps = line == " ".join(line.split()) and ".." not in line and "None" not in line
        return no_gaps and entry.title in line

    assert keys(entry for entry in SOURCES if not good(entry)) == []


def test_citation_of_one_two_and_more_authors() -> None:
    two = source("leyden-1982")
    assert cite(two).startswith("Leyden and McGinley 1982. ")
    assert cite(replace(two, authors=("Leyden",))).startswith("Leyden 1982. ")
    assert cite(replace(two, authors=("A", "B", "C"))).startswith("A et al. 1982. ")
    assert cite(replace(two, authors=(), title="A label")).startswith("A label. 1982. ")
    assert cite(replace(two, authors=(), title="A label", year=None)).startswith("A label. Seen")


def test_link_prefers_doi_then_pubmed_then_address() -> None:
    entry = replace(source("king-1982"), url="https://example.org/")
    assert link(entry) == "https://doi.org/10.1111/j.1365-2133.1982.tb00410.x"
    assert link(replace(entry, doi=None)) == "https://pubmed.ncbi.nlm.nih.gov/6215056/"
    assert link(replace(entry, doi=None, pmid=None)) == "https://example.org/"
    assert link(replace(entry, doi=None, pmid=None, url=None)) is None


def test_sources_are_read_once_and_cannot_be_changed() -> None:
    sources = load_sources()
    assert load_sources() is sources
    with pytest.raises(TypeError):
        sources["new-2026"] = source("S1")  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        source("S1").year = 1900  # type: ignore[misc]


def test_nothing_in_the_file_is_dropped() -> None:
    tables = tomllib.loads(Path(bibliography.__file__).with_name("sources.toml").read_text(encoding="utf-8"))
    for key, table in tables.items():
        kept = source(key)
        for field, value in table.items():
            assert getattr(kept, field) == (tuple(value) if isinstance(value, list) else value)


def test_import_is_light() -> None:
    # A fresh interpreter, because this one has long imported everything.
    code = "import sys, anagen.evidence; print(*{'pydantic', 'jax', 'numpy', 'polars'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(bibliography.__file__).parents[2])}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == ""
