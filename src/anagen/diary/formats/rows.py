"""A file read row by row: what each row says, or all that is wrong with it. Between the readers and every door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anagen.diary.entries import Entry
from anagen.diary.pregnancy import is_pregnancy
from anagen.errors import InputError, PregnancyStop
from anagen.pregnancy import says_pregnant

MOST_FAULTY = 1000
"""Rows with faults after which the rest of a file is not looked at."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its `place` in the file ("line 3"), the `entry` it says, or what is wrong; `words` is what stands there.

    A fault's message is without file and place.
    """

    place: str
    entry: Entry | None
    faults: tuple[InputError, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Given:
    """What a file called `name` gives, in its order. `broken` is what is wrong with it as a whole: then rows may be
    missing, and none may be kept without the others."""

    name: str
    rows: tuple[Row, ...]
    broken: tuple[InputError, ...] = ()

    @property
    def good(self) -> list[Row]:
        """Rows that say an entry."""
        return [row for row in self.rows if row.entry is not None]

    @property
    def faulty(self) -> list[Row]:
        """Rows that cannot be read."""
        return [row for row in self.rows if row.faults]

    @property
    def can_skip(self) -> bool:
        """Whether the good rows may be kept without the others: where every row was seen, and some are good."""
        return bool(not self.broken and self.faulty and self.good)

    def entries(self, *, skip_faulty: bool = False) -> list[Entry]:
        """The entries: of the whole file, or of its good rows where `skip_faulty`.

        Raises:
            InputError: something is wrong, all of it in one error; with `skip_faulty` only where a part of the file
                could not be seen, or no row is good.
        """
        if self.broken or (self.faulty and not (skip_faulty and self.can_skip)):
            raise self.error()
        return [row.entry for row in self.rows if row.entry is not None]

    def error(self) -> InputError:
        """Everything that is wrong, as one error; one fault alone is shown with the whole line."""
        faults = list(self.broken)
        faults += [_placed(f"{self.name}, {row.place}", fault) for row in self.faulty for fault in row.faults]
        return faults[0] if len(faults) == 1 else ManyFaults(self, faults)


class ManyFaults(InputError):
    """Several things that are wrong in one file; printed one after the other. `where` is the first."""

    def __init__(self, given: Given, faults: Iterable[InputError]) -> None:
        self.faults = tuple(faults)
        rows, every = len(given.faulty), len(given.rows)
        says = " cannot be read as a whole" if given.broken else f": {rows:,} of {every:,} rows cannot be read"
        expected = f"all {len(self.faults):,} faults mended"
        super().__init__(given.name + says, where=self.faults[0].where, expected=expected)

    def __str__(self) -> str:
        return "\n".join([f"{self.message}; {len(self.faults):,} faults", *map(str, self.faults)])

    def __reduce__(self) -> tuple[object, ...]:
        return InputError, (str(self),)


@dataclass
class Reading:
    """Collects rows while a file is read; ends the reading where more than MOST_FAULTY are faulty.

    >>> reading = Reading("mine.csv")
    >>> reading.take("line 2", None, [InputError("kg is 'x'", expected="a number")], {"kg": "x"}, "weight,x")
    >>> str(reading.given().error()).splitlines()
    ["mine.csv, line 2: kg is 'x'", 'expected: a number']
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    broken: list[InputError] = field(default_factory=list)
    _faulty: int = 0

    def take(
        self, place: str, entry: Entry | None, faults: Iterable[InputError], said: object = None, words: str = ""
    ) -> None:
        """One more row. `said` is all that stands in it, whatever is wrong with it.

        Raises:
            PregnancyStop: it says that the person is pregnant, as an entry or in a row that cannot be read.
            TooMany: the row is one too many that is faulty.
        """
        faults = tuple(map(_sayable, faults))
        if (entry is not None and is_pregnancy(entry)) or (faults and any(map(_says_so, _texts(said)))):
            raise PregnancyStop(f"{self.name} says that the person is pregnant: nothing is simulated")
        if faults and self._faulty == MOST_FAULTY:
            expected = "these mended; then the rest is looked at"
            self.broken.append(InputError(f"{self.name}: more than {MOST_FAULTY:,} rows are faulty", expected=expected))
            raise TooMany
        self._faulty += bool(faults)
        self.rows.append(Row(place, entry, faults, words))

    def given(self) -> Given:
        """What was read."""
        return Given(self.name, tuple(self.rows), tuple(map(_sayable, self.broken)))


class TooMany(Exception):
    """Enough faults were found."""


def _sayable(fault: InputError) -> InputError:
    """A fault that repeats half a character, as JSON can hold one, with a question mark in its place."""
    message = fault.message.encode(errors="replace").decode()
    if message == fault.message:
        return fault
    return InputError(message, where=fault.where, expected=fault.expected, nearest=fault.nearest)


def _placed(place: str, fault: InputError) -> InputError:
    return InputError(f"{place}: {fault.message}", where=fault.where, expected=fault.expected, nearest=fault.nearest)


def _says_so(text: str) -> bool:
    return text.strip().casefold() == "pregnancy" or says_pregnant(text)


def _texts(said: object) -> Iterator[str]:
    """Every text in a row, and all of them as one: a test's name and its result stand in two cells."""
    found = list(_leaves(said))
    yield from found
    yield " ".join(found)


def _leaves(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for value in said.values():
            yield from _leaves(value)
    elif isinstance(said, list | tuple):
        for value in said:
            yield from _leaves(value)
