"""What a file would add to a diary: new, standing there already, said twice, or not to be read. Before it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .entries import Entry
from .history import Kept
from .plain import to_plain

if TYPE_CHECKING:
    from .formats.rows import Given, Row


@dataclass(frozen=True)
class Incoming:
    """The rows of a file beside a diary, each in one of three lists; `fresh` and `there` as they stand in the file."""

    given: Given
    fresh: tuple[Row, ...]
    """Entries that would be added."""
    there: tuple[tuple[Row, int], ...]
    """Entries that stand in the diary already, word for word, and their numbers there; they are left out."""
    again: Mapping[str, str]
    """Of `fresh`, by place: the earlier place that says the same. It is added too, and `check` asks about it."""

    @property
    def faulty(self) -> list[Row]:
        """Rows that cannot be read."""
        return self.given.faulty

    def entries(self, *, skip_faulty: bool = False) -> list[Entry]:
        """What is to be added.

        Raises:
            InputError: as `Given.entries`.
        """
        self.given.entries(skip_faulty=skip_faulty)
        return [row.entry for row in self.fresh if row.entry is not None]


def incoming(given: Given, standing: Iterable[Kept]) -> Incoming:
    """Sort the rows of a file by what stands in a diary.

    >>> from .formats.files import given_text
    >>> found = incoming(given_text("kind,at,kg\\nweight,2026-03-01,70\\nweight,2026-03-01,70\\n", "mine.csv"), [])
    >>> len(found.fresh), found.again
    (2, {'line 3': 'line 2'})
    """
    known: dict[str, int] = {}
    for kept in standing:
        known.setdefault(_said(kept.entry), kept.number)
    fresh: list[Row] = []
    there: list[tuple[Row, int]] = []
    again: dict[str, str] = {}
    first: dict[str, str] = {}
    for row in given.rows:
        if row.entry is None:
            continue
        said = _said(row.entry)
        if said in known:
            there.append((row, known[said]))
            continue
        fresh.append(row)
        if first.setdefault(said, row.place) != row.place:
            again[row.place] = first[said]
    return Incoming(given, tuple(fresh), tuple(there), again)


def _said(entry: Entry) -> str:
    return repr(sorted(to_plain(entry).items()))
