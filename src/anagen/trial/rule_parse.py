"""Text -> rule, by the grammar in `rules.lark` and the words of the treatment. The parser loads at the first use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.errors import InputError, Where, nearest
from anagen.regimen import Until
from anagen.regimen.normalise import number
from anagen.regimen.syntax import Node, node_of
from anagen.trial import rules
from anagen.trial.rules import Action, Compare, Condition, Level, Rule
from anagen.trial.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from lark import Lark

LONGEST = 500  # characters
EXAMPLE = "when ALT > 3 x ULN then stop"
_COMPARE: dict[str, Compare] = {"ABOVE": ">", "AT_LEAST": ">=", "BELOW": "<", "AT_MOST": "<="}
_SAID = {
    "WHEN": "when",
    "UNTIL": "until",
    "THEN": "then",
    "AND": "and",
    "OR": "or",
    "ABOVE": ">",
    "AT_LEAST": ">=",
    "BELOW": "<",
    "AT_MOST": "<=",
    "TIMES": "x",
    "ULN": "ULN",
    "RISES": "rises by",
    "FALLS": "falls by",
    "PERCENT": "%",
    "WEEK": "weeks",
    "AT": "at",
    "A": "a",
    "VISIT": "visits",
    "IN_A_ROW": "in a row",
    "HOLD": "hold",
    "REDUCE": "reduce",
    "TO": "to",
    "BY": "by",
    "HALF": "half",
    "STOP": "stop",
    "RESUME": "resume",
    "MG": "mg",
    "MG_PER_KG": "mg/kg",
}
_WORD_ENDS = re.compile(
    r"\s*(?:[<>=≤≥,]|\b(?:is|above|over|below|under|at|rises|falls|then|and|or|hold|reduce|stop|resume)\b)",
    re.IGNORECASE,
)


def read_rule(text: str, treatment: str) -> Rule:
    """See `rules.parse_rule`."""

    def readable(candidate: str) -> bool:
        try:
            _read(candidate, treatment, lambda _: False)
        except InputError:
            return False
        return True

    return _read(text, treatment, readable)


def _read(text: str, treatment: str, readable: Callable[[str], bool]) -> Rule:
    if not text.strip():
        raise InputError("the rule is empty", expected="a rule", nearest=EXAMPLE)
    if len(text) > LONGEST:
        raise InputError(
            f"the rule is {len(text):,} characters long", expected=f"at most {LONGEST} characters", nearest=EXAMPLE
        )
    words = vocabulary(treatment)
    return _Reading(text, words, readable).rule(_syntax_tree(text, treatment, words, readable))


def _syntax_tree(text: str, treatment: str, words: Vocabulary, readable: Callable[[str], bool]) -> Node:
    from lark import UnexpectedCharacters, UnexpectedToken

    body = text.rstrip().removesuffix(".").rstrip()
    try:
        return node_of(_parser(treatment).parse(body), text).parts[0]
    except UnexpectedCharacters as stop:
        column: int = stop.pos_in_stream or 0  # type: ignore[redundant-expr, assignment, unused-ignore]
        raise _refused(text, column, frozenset(stop.allowed or ()), words, readable) from None
    except UnexpectedToken as stop:
        column = len(body) if stop.token.type == "$END" else (stop.token.start_pos or 0)
        raise _refused(text, column, frozenset(stop.expected), words, readable) from None


@cache
def _parser(treatment: str) -> Lark:
    from lark import Lark

    words = vocabulary(treatment)
    grammar = Path(__file__).with_name("rules.lark").read_text(encoding="utf-8")
    for terminal, known in (("SIGNAL", words.signals), ("SYMPTOM", words.symptoms), ("UNIT", words.units)):
        grammar += f"\n{terminal}: /{_either(known)}/i"
    return Lark(grammar, start="rule", parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a slash would end the pattern, so it is escaped."""
    patterns = [r"\s+".join(re.escape(part) for part in word.split()) for word in sorted(words, key=len, reverse=True)]
    return f"({'|'.join(patterns)})(?!\\w)".replace("/", "\\/") if patterns else "(?!)x"


def _refused(
    text: str, column: int, allowed: frozenset[str], words: Vocabulary, readable: Callable[[str], bool]
) -> InputError:
    """The error for a text that is not a rule; reading stopped at `column`, where `allowed` terminals may stand."""
    expected = [said for terminal, said in _SAID.items() if terminal in allowed]
    choices = list(expected)
    if "SIGNAL" in allowed:
        choices = [*words.words(), *words.signals, *words.symptoms, "week"]
        expected = ["a signal or symptom: " + ", ".join(words.words())]
    elif "UNIT" in allowed:
        unit = _unit_before(text[:column], words)
        choices = [*unit, "x ULN", *choices]
        expected = [*unit, "x ULN", *(w for w in expected if w != "x")]
    if "NUMBER" in allowed:
        expected = ["a number, with a decimal point where one is needed", *expected]
    ends = "$END" in allowed or not expected  # the parser does not name the end where the lexer stops
    if ends:
        expected = ["nothing more", *expected]
    before, rest = text[:column], text[column:]
    if not rest.strip(" .\n"):
        offered = [f"{before.rstrip(' .')} {choice}" for choice in choices]
        offered = [candidate for candidate in offered if readable(candidate)][:3]
        where = Where(text, len(text.rstrip()))
        return InputError(
            "the rule ends too early", where=where, expected=", ".join(expected), nearest=offered or [EXAMPLE]
        )
    column += len(rest) - len(rest.lstrip())
    word = _unknown(text[column:], "SIGNAL" in allowed)
    what = "unknown signal or symptom" if "SIGNAL" in allowed else "not understood"
    alike = nearest(word, choices) or (tuple(choices) if len(choices) < 6 else ())
    fixed = [text[:column] + choice + text[column + len(word) :] for choice in alike]
    fixed += [f"{text[:column]}{choice} {text[column:]}" for choice in choices[:6]]  # a word left out
    offered = [candidate for candidate in fixed if readable(candidate)][:3]
    if ends and not offered and readable(before):
        offered = [before.strip()]
    return InputError(
        f"{what}: {word}",
        where=Where(text, column, len(word)),
        expected=", ".join(expected) or "a rule",
        nearest=offered or list(alike[:3]) or [EXAMPLE],
    )


def _unit_before(before: str, words: Vocabulary) -> tuple[str, ...]:
    """The unit of the last signal named in `before`, if it has one."""
    found = [*re.finditer(rf"(?<!\w){_either(words.signals)}", before, re.IGNORECASE)]
    signal = words.signals[" ".join(found[-1].group().casefold().split())] if found else None
    return (signal.unit,) if signal and signal.unit else ()


def _unknown(rest: str, signal: bool) -> str:
    """The words at the start of `rest` that were not understood; a signal may have several."""
    if signal and (end := _WORD_ENDS.search(rest, 1)):
        return rest[: end.start()].strip() or rest[0]
    return rest.split()[0]


class _Reading:
    """The syntax tree as a rule; refuses numbers and units that cannot be meant."""

    def __init__(self, text: str, words: Vocabulary, readable: Callable[[str], bool]) -> None:
        self.text, self.words, self.readable = text, words, readable

    def error(self, message: str, node: Node, expected: str, *instead: str) -> InputError:
        """An error at `node`, that offers the rules with `instead` in its place."""
        start, end = node.span
        candidates = [self.text[:start] + words + self.text[end:] for words in instead]
        offered = [candidate for candidate in candidates if self.readable(candidate)]
        where = Where(self.text, start, max(1, end - start))
        return InputError(message, where=where, expected=expected, nearest=offered or [EXAMPLE])

    def rule(self, tree: Node) -> Rule:
        if tree.kind == "until":
            _, total, unit = tree.parts
            self.positive(total, "the total", "120")
            return Rule((), 1, Until(total.value, unit.kind == "MG_PER_KG"))
        _, conditions, *rest = tree.parts
        groups = [node for node in conditions.parts if node.kind == "group"]
        found = tuple(tuple(self.condition(c) for c in g.parts if c.kind != "AND") for g in groups)
        visits = next((node for node in rest if node.kind == "visits"), None)
        return Rule(found, self.in_a_row(visits), self.action(rest[-1].parts[0]))

    def in_a_row(self, visits: Node | None) -> int:
        count = visits.first("NUMBER") if visits else None
        return 1 if count is None else self.whole(count, "visits in a row")

    def condition(self, node: Node) -> Condition:
        if node.kind == "symptom":
            name = self.words.symptoms[" ".join(node.text.casefold().split())]
            return rules.Symptom(name, self.words.symptom_words[name])
        if node.kind == "week":
            return rules.Week(_COMPARE[node.parts[1].kind], node.parts[2].value)
        return self.level(node)

    def level(self, node: Node) -> Level:
        word, compare, value, *unit = node.parts
        signal = self.words.signals[" ".join(word.text.casefold().split())]
        if node.kind == "change":
            self.positive(value, "the change", "50")
            falls = compare.kind == "FALLS"
            if falls and value.value > 100:
                raise self.error("a fall of more than 100 %", value, "at most 100 %", "50")
            return Level(signal, "<=" if falls else ">=", -value.value if falls else value.value, "start")
        if any(part.kind == "ULN" for part in unit):
            if signal.upper_limit is None:
                raise self.error(
                    f"no upper limit of normal is known for {signal.word}",
                    unit[-1],
                    f"a value in {signal.unit}" if signal.unit else "a value",
                )
            return Level(signal, _COMPARE[compare.kind], value.value, "ULN")
        if unit and " ".join(unit[0].text.casefold().split()) != signal.unit.casefold():
            raise InputError(  # no rule is offered: the number would have to be another one
                f"{signal.word} is not in {unit[0].text}",
                where=Where(self.text, unit[0].span.start, unit[0].span.end - unit[0].span.start),
                expected=f"a value in {signal.unit}" if signal.unit else "a value without a unit",
                nearest=signal.unit or (),
            )
        return Level(signal, _COMPARE[compare.kind], value.value)

    def action(self, node: Node) -> Action:
        amount = node.first("NUMBER")
        match node.kind:
            case "hold":
                assert amount is not None
                return rules.Hold(self.whole(amount, "weeks"))
            case "hold_until":
                return rules.HoldUntil(self.level(node.parts[-1]))
            case "reduce_to":
                assert amount is not None
                return rules.ReduceTo(self.positive(amount, "the dose", "10"))
            case "reduce_by":
                percent = 50.0 if amount is None else self.positive(amount, "the reduction", "25")
                if percent >= 100:
                    raise self.error(
                        f"a reduction by {number(percent)} % leaves no dose", node, "less than 100 %, or stop", "stop"
                    )
                return rules.ReduceBy(percent)
            case "resume":
                if amount is not None:
                    return rules.Resume(mg=self.positive(amount, "the dose", "10"))
                return rules.Resume(50.0 if node.first("HALF") else 100.0)
            case _:
                return rules.Stop()

    def positive(self, node: Node, what: str, instead: str) -> float:
        if node.value <= 0:
            raise self.error(f"{what} is zero", node, "a number above zero", instead)
        return node.value

    def whole(self, node: Node, what: str) -> int:
        if node.value < 1 or node.value != int(node.value):
            near = max(1, round(node.value))
            raise self.error(f"not a number of {what}: {node.text}", node, f"a whole number of {what}", str(near))
        return int(node.value)
