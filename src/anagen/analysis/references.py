"""The sources under a page: those of the numbers used, of the fixed texts, and of what the page cites by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from anagen.evidence import cite, link, load_sources
from anagen.simulation.result import Simulation


@dataclass(frozen=True)
class Reference:
    """A line of the list: what is cited, where it is, or why there is no address."""

    key: str
    text: str
    address: str | None
    no_address: str | None


def references(arm: Simulation, content: Mapping[str, Any], more: Iterable[str] = ()) -> list[Reference]:
    """Every source used, once, by its citation; `more` are keys that other parts of the page cite."""
    keys = dict.fromkeys(
        [
            *(key for parameter in arm.treatment.parameters.values() for key in parameter.source),
            *(key for table in arm.treatment.safety.values() for key in table.get("source", ())),
            *cited(content),
            *more,
        ]
    )
    return listed(keys)


def listed(keys: Iterable[str]) -> list[Reference]:
    """The sources of these keys, each once, by its citation.

    >>> [reference.key for reference in listed(["king-1982", "farrell-1980", "king-1982"])]
    ['farrell-1980', 'king-1982']
    """
    known = load_sources()
    found = [
        Reference(k, cite(known[k]), link(known[k]), known[k].no_link)
        if k in known
        else Reference(k, k, None, "not in the bibliography")  # a fault in the data: shown, and no reason for no page
        for k in dict.fromkeys(keys)
    ]
    return sorted(found, key=lambda reference: reference.text.lstrip("[").casefold())


def cited(table: Any) -> Iterable[str]:
    """The source keys anywhere in page data.

    >>> list(cited({"a": [{"source": ["king-1982"]}], "source": ["farrell-1980"]}))
    ['king-1982', 'farrell-1980']
    """
    if isinstance(table, Mapping):
        for key, item in table.items():
            yield from item if key == "source" else cited(item)
    elif isinstance(table, (list, tuple)):
        for item in table:
            yield from cited(item)
