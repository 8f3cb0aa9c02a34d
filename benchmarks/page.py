"""The page of the documentation that holds the benchmarks' tables, each between two lines of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def markers(name: str) -> tuple[str, str]:
    """The lines between which the table of a name stands."""
    return f"<!-- {name}: written by the benchmark -->", f"<!-- /{name} -->"


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its first column on the left and the others on the right.

    >>> print(markdown(["people", "s"], [["10,000", "5.9"]]))
    | people | s |
    | --- | ---: |
    | 10,000 | 5.9 |
    """
    rule = ["---:" if i else "---" for i in range(len(columns))]
    return "\n".join("| " + " | ".join(line) + " |" for line in [columns, rule, *rows])


def write(page: Path, name: str, text: str) -> None:
    """Put `text` between the page's markers; `ValueError`, where they are missing."""
    first, last = markers(name)
    before, begin, rest = page.read_text("utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise ValueError(f"{page.name}: expected the lines {first} and {last}")
    beside = page.with_suffix(".part")
    beside.write_text(f"{before}{first}\n\n{text}\n{last}{after}", "utf-8")
    beside.replace(page)
