"""One door for all formats: the entries of a file by its ending, and the text of a file that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from anagen.diary.entries import Entry, Note, fields_of
from anagen.errors import InputError, nearest
from anagen.files.text import text_of

from .bundle import is_ours, write_bundle
from .bundle_reading import read_bundle
from .document import parsed, read_document, write_document
from .rows import Given, Reading, TooMany
from .table import read_table, write_table

LARGEST_MB = 20
WRITERS: Mapping[str, Callable[[Iterable[Entry]], str]] = {
    "csv": write_table,
    "json": write_document,
    "fhir": write_bundle,
}
"""By the name of the format."""


def read_file(file: Path, zone: tzinfo | None = None) -> list[Entry]:
    """The entries of a CSV or JSON file, all of them or none.

    Raises:
        InputError: it cannot be read, or all that is wrong in it.
        PregnancyStop: it says that the person is pregnant.
    """
    return given_file(file, zone).entries()


def read_text(text: str, name: str, zone: tzinfo | None = None) -> list[Entry]:
    """The entries of a text that came from a file called `name`. Raises as `read_file` does."""
    return given_text(text, name, zone).entries()


def given_file(file: Path, zone: tzinfo | None = None) -> Given:
    """What a CSV or JSON file gives, row by row; what is wrong is told there and raises nothing.

    Raises:
        InputError: there is no such file, or no text in it.
        PregnancyStop: it says that the person is pregnant.
    """
    return given_text(text_of(file, "a file .csv or .json", (".csv", ".json"), LARGEST_MB), file.name, zone)


def given_text(text: str, name: str, zone: tzinfo | None = None) -> Given:
    """What a text that came from a file called `name` gives, row by row.

    Raises:
        PregnancyStop: it says that the person is pregnant.

    >>> given = given_text("kind,at,kg\\nweight,2026-03-01,70\\nweight,2026-03-02,x\\n", "mine.csv")
    >>> len(given.good), [row.place for row in given.faulty], given.can_skip
    (1, ['line 3'], True)
    """
    reading = Reading(name)
    with suppress(TooMany):
        try:
            _read(text, reading, zone)
        except InputError as error:
            reading.broken.append(error)
    return reading.given()


def _read(text: str, reading: Reading, zone: tzinfo | None) -> None:
    name = reading.name
    ending = name.rpartition(".")[2].casefold()
    if ending == "csv":
        return read_table(text, reading, zone)
    if ending != "json":
        raise InputError(f"{name}: not a format that a diary is read from", expected="a file .csv or .json")
    table = parsed(text, name)
    if "resourceType" not in table:
        return read_document(table, reading, zone)
    if is_ours(table):
        return read_bundle(table, reading, zone)
    from .foreign import read_foreign

    for number, entry in enumerate(read_foreign(table, name, zone), 1):
        reading.take(f"entry {number}", entry, ())


def format_of(file: Path, named: str | None = None) -> str:
    """The format to write: the one named, else by the ending.

    Raises:
        InputError: there is no such format.

    >>> format_of(Path("mine.csv")), format_of(Path("mine.json"), "fhir")
    ('csv', 'fhir')
    """
    known = tuple(WRITERS)
    if named is not None and named not in known:
        raise InputError(f"unknown format: '{named}'", expected=", ".join(known), nearest=nearest(named, known))
    ending = file.suffix.removeprefix(".").casefold()
    if named is None and ending not in known:
        raise InputError(
            f"{file.name}: not a format that a diary is written to", expected="a file .csv or .json, or --format"
        )
    return named or ending


def without_words(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without what was written in the person's own words; entries that were only words are left out."""
    kept = []
    for entry in entries:
        if not isinstance(entry, Note):
            free: dict[str, Any] = {name: "" for name, spec in fields_of(type(entry)).items() if spec.free}
            kept.append(replace(entry, **free))
    return kept
