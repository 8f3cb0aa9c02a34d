"""JSON text -> objects, strictly: limited in size and depth, no name twice, no NaN; and where everything stands.

The first stage of the FHIR room; the next looks which release it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from anagen.errors import InputError, Where
from anagen.files.place import Path, Places, Span
from anagen.interchange.json_names import each_name_once

MOST_BYTES = 20_000_000
DEEPEST = 40
"""Objects and arrays inside one another; the deepest R4 resource that is read here needs about ten."""

EXPECTED = "a FHIR R4 resource or Bundle as JSON in UTF-8"
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN = re.compile(r"[^\s,\]}]+")


@dataclass(frozen=True)
class JsonText:
    """A text and the object in it; `name` is how errors call it."""

    text: str
    name: str
    root: dict[str, Any]

    @cached_property
    def places(self) -> Places:
        """Where every value stands; only an error asks."""
        found = Places(self.text)
        _Scanner(self.text, found).value((), 0)
        return found

    def error(
        self, path: Path, message: str, expected: str | None = None, near: str | tuple[str, ...] = ()
    ) -> InputError:
        """An error at a value: the line, the path as FHIR writes it, and the place under a caret."""
        span = self.places.of(path)
        at = f"{self.name}, line {self.places.line(span)}" if span else self.name
        said = fhir_path(path, str(self.root.get("resourceType", "")))
        shown = "".join(letter if letter.isprintable() else "?" for letter in said)
        return InputError(
            f"{at}: {shown}: {message}" if shown else f"{at}: {message}",
            where=self.places.where(span) if span else None,
            expected=expected,
            nearest=near,
        )


def fhir_path(path: Path, root: str = "") -> str:
    """A path as FHIR writes it, entries counted from 0.

    >>> fhir_path(("entry", 2, "resource", "status"), "Bundle")
    'Bundle.entry[2].resource.status'
    """
    text = root
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_json(data: str | bytes, name: str) -> JsonText:
    """The object in a JSON text.

    Raises:
        InputError: too large or too deep, not UTF-8, no JSON, a name twice in one object, or no object.

    >>> read_json('{"resourceType": "Patient"}', "a.json").root
    {'resourceType': 'Patient'}
    """
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is too large: {len(data):,} bytes", expected=f"at most {MOST_BYTES:,} bytes")
    text = _decoded(data, name) if isinstance(data, bytes) else _whole(data, name)
    text = text.removeprefix("\ufeff")
    start = text.lstrip()[:1]
    if start == "<":
        raise InputError(f"{name} is XML", where=_first_line(text), expected=EXPECTED)
    if not start:
        raise InputError(f"{name} is empty", expected=EXPECTED)
    if _depth(text) > DEEPEST:
        raise InputError(f"{name} is nested too deep", expected=f"at most {DEEPEST} objects and arrays in one another")
    try:
        root = json.loads(text, object_pairs_hook=each_name_once, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        line = text.split("\n")[error.lineno - 1] if text else ""
        raise InputError(
            f"{name}, line {error.lineno}: not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            where=Where(line, error.colno - 1),
            expected=EXPECTED,
        ) from None
    except (ValueError, RecursionError) as error:  # a name twice, NaN, an integer of thousands of digits
        what = "it is nested too deep" if isinstance(error, RecursionError) else str(error).split(";")[0]
        raise InputError(f"{name}: not valid JSON: {what}", expected=EXPECTED) from None
    if _HALVES.search(text):
        _whole(json.dumps(root, ensure_ascii=False), name)
    if not isinstance(root, dict):
        raise InputError(f"{name} holds {_kind(root)}", where=_first_line(text), expected=EXPECTED)
    return JsonText(text, name, root)


def walk(root: Any) -> Iterator[tuple[Path, Any]]:
    """Every value with its path, the outer first, in the order of the text; without recursion.

    >>> [path for path, _ in walk({"a": [1, {"b": 2}]})]
    [(), ('a',), ('a', 0), ('a', 1), ('a', 1, 'b')]
    """
    left: list[tuple[Path, Any]] = [((), root)]
    while left:
        path, value = left.pop()
        yield path, value
        if isinstance(value, dict):
            left += [((*path, name), value[name]) for name in reversed(list(value))]
        elif isinstance(value, list):
            left += [((*path, k), value[k]) for k in range(len(value) - 1, -1, -1)]


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8", expected=EXPECTED) from None


def _whole(text: str, name: str) -> str:
    """The text, of whole characters: half of a pair of surrogates cannot be written anywhere, and no error could show
    it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        half = f"\\u{ord(text[error.start]):04x}"
        raise InputError(f"{name} holds half of a character: {half} alone", expected=EXPECTED) from None
    return text


def _depth(text: str) -> int:
    """The deepest nesting, found without recursion."""
    deep = deepest = 0
    # A string that is not closed runs to the end: looked for again from each quote in it, it would take for ever.
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', text, re.DOTALL):
        mark = found.group()
        if mark in "[{":
            deep += 1
            deepest = max(deepest, deep)
        elif mark in "]}":
            deep -= 1
    return deepest


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:40]} is too large a number")
    return value


def _kind(value: object) -> str:
    return {list: "an array", str: "a text", type(None): "null", bool: "true or false"}.get(type(value), "a number")


def _first_line(text: str) -> Where:
    return Where(text.lstrip().split("\n", 1)[0][:200], 0)


@dataclass
class _Scanner:
    """Notes where values stand in a valid JSON text."""

    text: str
    found: Places

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, path: Path, at: int) -> int:
        at = start = self.skip(at)
        opening = self.text[at]
        if opening in "{[":
            at = self.skip(at + 1)
            count = 0
            while self.text[at] not in "}]":
                if self.text[at] == ",":
                    at = self.skip(at + 1)
                if opening == "{":
                    match = _STRING.match(self.text, at)
                    assert match is not None
                    inner: Path = (*path, json.loads(match.group()))
                    self.found.keys[inner] = Span(match.start(), match.end())
                    at = self.skip(match.end()) + 1  # the colon
                else:
                    inner = (*path, count)
                    count += 1
                at = self.skip(self.value(inner, at))
            at += 1
        else:
            match = (_STRING if opening == '"' else _PLAIN).match(self.text, at)
            assert match is not None
            at = match.end()
        self.found.values[path] = Span(start, at)
        return at
