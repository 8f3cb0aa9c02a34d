"""`anagen diary import, export`: files in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from anagen.errors import PregnancyStop

from .opening import Folder, opened


def import_command(
    file: Annotated[Path, typer.Argument(help="A .csv or .json file.")],
    diary: Folder = None,
) -> None:
    from anagen.diary.formats.files import read_file
    from anagen.diary.plain import not_among

    try:
        entries = read_file(file)
    except PregnancyStop:
        print("Nothing was imported: Anagen keeps no record of a pregnancy.", file=sys.stderr)
        raise
    with opened(diary) as book:
        fresh = not_among(entries, (kept.entry for kept in book.entries()))
        numbers = book.add_all(fresh, source=file.name)
    told = f" (entries {numbers[0]} to {numbers[-1]})" if numbers else ""
    print(f"Imported {len(numbers)} of {len(entries)} entries{told}.")
    if len(fresh) < len(entries):
        print(f"{len(entries) - len(fresh)} stood in the diary already, word for word, and were left out.")
    print("`anagen diary check` asks about what looks doubtful.")


def export_command(
    file: Annotated[Path, typer.Argument(help="Where to: .csv or .json.")],
    form: Annotated[str | None, typer.Option("--format", help="csv, json or fhir; else by the ending.")] = None,
    with_words: Annotated[
        bool, typer.Option("--with-words", help="With notes and names in your own words; else they are left out.")
    ] = False,
    diary: Folder = None,
) -> None:
    from anagen.cli.writing import check_writable, write_text
    from anagen.diary.entries import free_text_of
    from anagen.diary.formats.files import WRITERS, format_of, without_words
    from anagen.diary.pregnancy import stop_if_pregnant

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
