"""The bibliography: reads `sources.toml` and answers which source a key or a tag names.

Parameters, claims, products and pages cite by key (`farrell-1980`) or by tag (`S1`); no other file keeps
references.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from anagen.errors import InputError, nearest

KINDS = (
    "rct",
    "cohort",
    "cross-sectional",
    "case-control",
    "case-series",
    "review",
    "meta-analysis",
    "label",
    "pharmacokinetic",
    "bioequivalence",
    "in-vitro",
    "survey",
    "web-page",
    "textbook",
    "model",
    "assumption",
)

_FILE = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source. What is not known is `None` or empty; nothing is guessed.

    Attributes:
        title: the title; a short description of ours where `title_known` is false.
        authors: family names as far as known, the first author first.
        n: number of people.
        verified: false for what was recalled, quoted by a weak page, or never read.
        secondary: only a mirror or a work that quotes it was seen.
        doi, pmid, url: identifiers and address; `link` chooses among them.
        no_link: why there is no address.
        tag: the short name other data cite it by (`S1`).
        note: what it gives us.

    >>> source("farrell-1980").year
    1980
    """

    key: str
    title: str
    kind: str
    verified: bool
    note: str
    title_known: bool = True
    authors: tuple[str, ...] = ()
    year: int | None = None
    n: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    no_link: str | None = None
    tag: str | None = None
    secondary: bool = False


@cache
def load_sources() -> Mapping[str, Source]:
    """Every source by its key, in the order of the file. Read once; the mapping cannot be changed.

    >>> load_sources()["lytvyn-2022"].n
    3940
    """
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({key: _source(key, table) for key, table in tables.items()})


def source(key_or_tag: str) -> Source:
    """The source that a key or a tag names.

    Args:
        key_or_tag: a key of `sources.toml` or a tag; large and small letters are told apart.

    Raises:
        InputError: no source has that key or tag; the nearest ones are named.

    >>> source("S10").key
    'geissler-2003'
    """
    sources = load_sources()
    key = _keys_by_tag().get(key_or_tag, key_or_tag)
    if key in sources:
        return sources[key]
    raise InputError(
        f"unknown source: {key_or_tag}",
        expected="a key or a tag of the bibliography, such as farrell-1980 or S1",
        nearest=nearest(key_or_tag, [*sources, *_keys_by_tag()]),
    )


def cite(source: Source) -> str:
    """One line: authors, year, title, identifier, what to beware of. A description of ours is in brackets.

    >>> cite(load_sources()["wasko-2008"])
    'Wasko et al. 2008. Standardizing the 60-second hair count. doi:10.1001/archderm.144.6.759'
    >>> cite(load_sources()["phenytoin-volunteers"])
    '[Isotretinoin and phenytoin in volunteers]. Not verified'
    """
    title = source.title if source.title_known else f"[{source.title}]"
    year = str(source.year or "")
    # A work without a known author is found by its title, so that comes first.
    work = (f"{_names(source.authors)} {year}".rstrip(), title) if source.authors else (title, year)
    identifier = f"doi:{source.doi}" if source.doi else f"PMID {source.pmid}" if source.pmid else ""
    beware = "Not verified" if not source.verified else "Seen in a secondary copy" if source.secondary else ""
    return ". ".join(part.removesuffix(".") for part in (*work, identifier, beware) if part)


def link(source: Source) -> str | None:
    """The address to show: the DOI's, else PubMed's, else the source's own; `None` where there is none
    (`source.no_link` then says why).

    >>> link(load_sources()["king-1982"])
    'https://doi.org/10.1111/j.1365-2133.1982.tb00410.x'
    """
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    return source.url


def _source(key: str, table: dict[str, Any]) -> Source:
    return Source(key=key, **{**table, "authors": tuple(table.get("authors", ()))})


@cache
def _keys_by_tag() -> Mapping[str, str]:
    return MappingProxyType({entry.tag: key for key, entry in load_sources().items() if entry.tag})


def _names(authors: tuple[str, ...]) -> str:
    return f"{authors[0]} et al." if len(authors) > 2 else " and ".join(authors)
