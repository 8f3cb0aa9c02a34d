"""Where each key and value stands in a TOML text, so that an error can point at it. The text is valid TOML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from anagen.errors import Where

Path = tuple[str | int, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^\s,\]}#]+")  # a number, a word, a date
_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:\s|#[^\n]*)*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"""(?:""?(?!"))?', re.DOTALL),
    re.compile(r"'''.*?'''(?:''?(?!'))?", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


class Span(NamedTuple):
    """Characters `start` to `end` (not included) of the whole text."""

    start: int
    end: int


@dataclass
class Places:
    """Spans of keys and of values by their path, `("arms", 1, "name")`; a table's key is its header."""

    text: str
    keys: dict[Path, Span] = field(default_factory=dict)
    values: dict[Path, Span] = field(default_factory=dict)

    def line(self, span: Span) -> int:
        """The number of the line, from 1."""
        return self.text.count("\n", 0, span.start) + 1

    def where(self, span: Span) -> Where:
        """The line, with the span under the caret as far as it stands on that line."""
        first = self.text.rfind("\n", 0, span.start) + 1
        last = self.text.find("\n", first)
        line = self.text[first : last if last >= 0 else None].rstrip("\r")
        return Where(line, span.start - first, max(1, min(span.end, first + len(line)) - span.start))

    def of(self, path: Path, *, key: bool = False) -> Span | None:
        """The span of a value (or of its key), else of the nearest thing around it; None for the whole file."""
        while path:
            for known in (self.keys, self.values) if key else (self.values, self.keys):
                if path in known:
                    return known[path]
            path = path[:-1]
        return None

    def inside(self, path: Path, column: int, length: int) -> Span | None:
        """The span of some characters inside the string at `path`; of the whole string where it holds escapes."""
        span = self.values.get(path)
        if span is None:
            return None
        written = self.text[span.start : span.end]
        quote = next((q for q in ('"""', "'''", '"', "'") if written.startswith(q)), "")
        if not quote or ("\\" in written and quote[0] == '"'):
            return span
        start = span.start + len(quote) + column
        if len(quote) == 3 and written[3:4] in ("\n", "\r"):  # a line break right after the quotes does not count
            start += 2 if written[3] == "\r" else 1
        return Span(start, start + length)


def places(text: str) -> Places:
    """Where everything stands in a valid TOML text.

    >>> found = places('[[arms]]\\nname = "a"  # first\\n[[arms]]\\nname = "b"')
    >>> found.line(found.values["arms", 1, "name"]), found.where(found.values["arms", 0, "name"]).column
    (4, 7)
    """
    reader = _Reader(text)
    reader.document()
    return reader.found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found = Places(text)
        self.counts: dict[Path, int] = {}

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def document(self) -> None:
        table: Path = ()
        self.skip(_SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_SPACE)

    def header(self) -> Path:
        start = self.at
        double = self.text.startswith("[[", start)
        self.at += 2 if double else 1
        names = self.key()
        self.skip(_BLANK)
        self.at += 2 if double else 1
        path: Path = ()
        whole = Span(start, self.at)
        for name in names[:-1]:
            path = self.entered((*path, name))
            self.found.keys.setdefault(path, whole)
        path = (*path, names[-1])
        if double:
            self.counts[path] = self.counts.get(path, -1) + 1
            self.found.keys.setdefault(path, whole)
            path = (*path, self.counts[path])
        self.found.keys.setdefault(path, whole)
        return path

    def entered(self, path: Path) -> Path:
        """The path into the newest table of an array of tables."""
        return (*path, self.counts[path]) if path in self.counts else path

    def key(self) -> list[str]:
        names = []
        while True:
            self.skip(_BLANK)
            if self.text[self.at] in "\"'":
                start = self.at
                self.string()
                names.append(self.text[start + 1 : self.at - 1])
            else:
                match = _BARE.match(self.text, self.at)
                assert match is not None
                names.append(match.group())
                self.at = match.end()
            self.skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def pair(self, table: Path) -> None:
        start = self.at
        names = self.key()
        end = start + len(self.text[start : self.at].rstrip())
        path = (*table, *names)
        for i in range(1, len(names) + 1):
            self.found.keys.setdefault((*table, *names[:i]), Span(start, end))
        self.at += 1  # the equals sign
        self.skip(_BLANK)
        self.value(path)

    def string(self) -> None:
        for pattern in _STRINGS:
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                return
        raise AssertionError("not valid TOML")

    def value(self, path: Path) -> None:
        start = self.at
        opening = self.text[start]
        if opening in "\"'":
            self.string()
        elif opening in "[{":
            self.many(path, "]" if opening == "[" else "}")
        else:
            self.skip(_PLAIN)
        self.found.values[path] = Span(start, self.at)

    def many(self, path: Path, closing: str) -> None:
        """The items of an array, or the pairs of an inline table."""
        self.at += 1
        count = 0
        while True:
            self.skip(_SPACE)
            if self.text.startswith(closing, self.at):
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "]":
                self.value((*path, count))
                count += 1
            else:
                self.pair(path)


def path_text(path: Path) -> str:
    """`arms[2].name`, entries counted from 1 as a person does.

    >>> path_text(("arms", 1, "name"))
    'arms[2].name'
    """
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
