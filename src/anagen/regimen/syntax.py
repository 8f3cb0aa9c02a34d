"""A node of the syntax tree: the grammar's name for it, the words it was written with, and where they
stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anagen.regimen.course import Span

if TYPE_CHECKING:
    from lark import Token, Tree

_NUMBER_WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


@dataclass(frozen=True)
class Node:
    """A rule (with `parts`) or a word (without). `kind` is the name of the rule or terminal in
    `grammar.lark`."""

    kind: str
    text: str
    span: Span
    parts: tuple[Node, ...] = ()

    def first(self, *kinds: str) -> Node | None:
        """The first part of one of these kinds, or None."""
        return next((part for part in self.parts if part.kind in kinds), None)

    @property
    def value(self) -> float:
        """The value of a number in digits or words, with its sign; a minus sign may be any of the usual
        ones."""
        if self.parts:
            return self.parts[0].value
        if self.kind == "NUMBER_WORD":
            word = self.text.lower()
            return 1.0 if word in ("a", "an") else float(_NUMBER_WORDS.index(word))
        return float(self.text.replace("−", "-"))


def node_of(tree: Tree[Token] | Token, text: str) -> Node:
    """The parser's tree as nodes; nothing beyond this file knows the parser."""
    place: Any = getattr(tree, "meta", tree)
    span = Span(place.start_pos, place.end_pos)
    kind: Any = getattr(tree, "data", None) or getattr(tree, "type", "")
    parts = tuple(node_of(child, text) for child in getattr(tree, "children", ()))
    return Node(str(kind), text[span.start : span.end], span, parts)
