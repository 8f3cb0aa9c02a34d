"""Text -> courses, by the grammar in `grammar.lark`. The parser is loaded at the first use, not before."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.errors import RegimenError
from anagen.regimen.build import phases_of
from anagen.regimen.course import Phase
from anagen.regimen.misread import refuse_misreadable
from anagen.regimen.refuse import refuse_at
from anagen.regimen.syntax import Node, node_of

if TYPE_CHECKING:
    from lark import Lark


def parse(text: str, treatment: str) -> tuple[Phase, ...]:
    """The courses and pauses `text` means.

    Raises:
        RegimenError: the text is not a regimen, or must not be one; says where and offers the nearest valid
        form.
    """

    def readable(candidate: str) -> bool:
        try:
            _read(candidate, treatment, lambda _: False)
        except RegimenError:
            return False
        return True

    return _read(text, treatment, readable)


def _read(text: str, treatment: str, readable: Callable[[str], bool]) -> tuple[Phase, ...]:
    refuse_misreadable(text, readable)
    return phases_of(_syntax_tree(text, readable), text, treatment, readable)


def _syntax_tree(text: str, readable: Callable[[str], bool]) -> Node:
    from lark import UnexpectedCharacters, UnexpectedToken

    body = text.rstrip()
    if body.endswith(".") and not body.lower().endswith((".d.", ".n.", ".m.")):  # b.i.d., p.r.n., p.m.
        body = body[:-1].rstrip()
    try:
        return node_of(_parser().parse(body), body)
    except UnexpectedCharacters as stop:
        column: int = stop.pos_in_stream or 0  # type: ignore[redundant-expr, assignment, unused-ignore]
        raise refuse_at(body, column, frozenset(stop.allowed or ()), readable) from None
    except UnexpectedToken as stop:
        ended = stop.token.type == "$END"
        column = len(body) if ended else (stop.token.start_pos or 0)
        raise refuse_at(body, column, frozenset(stop.expected), readable) from None


@cache
def _parser() -> Lark:
    from lark import Lark

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, start="regimen", parser="lalr", propagate_positions=True, maybe_placeholders=False)
