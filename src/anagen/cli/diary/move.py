"""`anagen diary import, export`: files in and out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.errors import PregnancyStop

from .opening import Folder, opened

if TYPE_CHECKING:
    from anagen.diary.formats.rows import Row


def import_command(
    file: Annotated[Path, typer.Argument(help="A .csv or .json file.")],
    skip_faulty: Annotated[
        bool, typer.Option("--skip-faulty", help="Import the rows that can be read, and list those that are left out.")
    ] = False,
    diary: Folder = None,
) -> None:
    from anagen.diary.formats.files import given_file
    from anagen.diary.incoming import incoming

    try:
        given = given_file(file)
    except PregnancyStop:
        print("Nothing was imported: Anagen keeps no record of a pregnancy.", file=sys.stderr)
        raise
    if given.can_skip and not skip_faulty:
        good = f"{len(given.good):,} of {len(given.rows):,} rows can be read"
        print(f"Nothing was imported. {good}; --skip-faulty imports those alone.", file=sys.stderr)
    given.entries(skip_faulty=skip_faulty)  # what is wrong is told before a passphrase is asked for
    with opened(diary) as book:
        found = incoming(given, book.entries())
        numbers = book.add_all(found.entries(skip_faulty=skip_faulty), source=file.name)
    told = f" (entries {numbers[0]} to {numbers[-1]})" if numbers else ""
    print(f"Imported {len(numbers)} of {len(given.rows)} entries{told}.")
    if found.there:
        print(f"{len(found.there)} stood in the diary already, word for word, and were left out.")
    if found.faulty:
        _left_out(found.faulty)
    print("`anagen diary check` asks about what looks doubtful.")


def _left_out(rows: Sequence[Row]) -> None:
    """The rows that were not imported; the pregnancy box first, as they may name a dose."""
    from anagen.cli.notices import pregnancy_box
    from anagen.safety import pregnancy_notice

    pregnancy_box(pregnancy_notice())
    print(f"Left out, as {'it' if len(rows) == 1 else 'they'} cannot be read: {len(rows)} row{'s' * (len(rows) > 1)}.")
    for row in rows:
        for fault in row.faults:
            print(f"{row.place}: {fault}")


def export_command(
    file: Annotated[Path, typer.Argument(help="Where to: .csv or .json.")],
    form: Annotated[str | None, typer.Option("--format", help="csv, json or fhir; else by the ending.")] = None,
    with_words: Annotated[
        bool, typer.Option("--with-words", help="With notes and names in your own words; else they are left out.")
    ] = False,
    diary: Folder = None,
) -> None:
    from anagen.diary.entries import free_text_of
    from anagen.diary.formats.files import WRITERS, format_of, without_words
    from anagen.diary.pregnancy import stop_if_pregnant
    from anagen.files.writing import check_writable, write_text

    chosen = format_of(file, form)
    check_writable({"FILE": file})
    with opened(diary) as book:
        entries = [kept.entry for kept in book.entries()]
    stop_if_pregnant(entries)
    shown = entries if with_words else without_words(entries)
    write_text(file, WRITERS[chosen](shown))
    print(f"Wrote {len(shown)} entries to {file}.")
    left = sum(len(free_text_of(entry)) for entry in entries)
    if left and not with_words:
        print(f"Left out: {left} text{'s' * (left > 1)} in your own words; --with-words keeps them.")
