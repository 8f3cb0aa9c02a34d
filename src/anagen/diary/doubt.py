"""A question that the checks put about entries. The person answers; nothing is changed by asking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    """`name` of the question, the `numbers` of the entries it is about (the last is the one to look at), its text."""

    name: str
    numbers: tuple[int, ...]
    asks: str
