"""Where every number comes from, and how far it can be trusted. Depends on no stage; supplies them all."""

from __future__ import annotations

from anagen.evidence.bibliography import KINDS, Source, cite, link, load_sources, source
from anagen.evidence.order_of_trust import Trust, must_be_said, weakest

__all__ = [
    "KINDS",
    "Source",
    "Trust",
    "cite",
    "link",
    "load_sources",
    "must_be_said",
    "source",
    "weakest",
]
