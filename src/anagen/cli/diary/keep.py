"""`anagen diary new, add, change, withdraw, wipe`: what writes. Says a number, never a dose."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from anagen.errors import InputError, PregnancyStop

from .opening import Folder, confirmed, new_passphrase, opened

At = Annotated[str, typer.Option("--at", metavar="WHEN", help="2026-03-01, 2026-03-01 20:00, 20:00, yesterday, now.")]
Number = Annotated[int, typer.Argument(help="The number that `list` shows.")]
Why = Annotated[str, typer.Option("--why", help="Why, for the history.")]


def new_command(
    folder: Annotated[Path | None, typer.Argument(help="Where; else ANAGEN_DIARY, else anagen-diary at home.")] = None,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Ask for a passphrase that locks it.")] = False,
) -> None:
    from anagen.diary.store import Diary, default_folder

    place = folder or default_folder()
    with Diary.new(place, new_passphrase() if passphrase else None) as diary:
        print(f"Made {diary.file}. Nothing leaves this machine.")
    if passphrase:
        print("Without its passphrase nobody can open it, and nobody can give the passphrase back.")


def add_command(
    kind: Annotated[str, typer.Argument(help="dose, count, lab, event, ...; `add kinds` lists all.")],
    words: Annotated[
        list[str] | None, typer.Argument(help="What it says, in order: 14 comb; more as name=value.")
    ] = None,
    at: At = "now",
    diary: Folder = None,
) -> None:
    from anagen.diary.words import read_words

    if kind == "kinds" and not words:
        _kinds()
        return
    entry = read_words(kind, [word.strip() for word in words or ()], at)
    with opened(diary) as book:
        try:
            number = book.add(entry)
        except PregnancyStop:
            print("The entry was not written: Anagen keeps no record of a pregnancy.", file=sys.stderr)
            raise
        print(f"Kept as entry {number}.")
        history = book.history()
    from anagen.diary.checks import doubts
    from anagen.diary.store import standing

    found = doubts(standing(history), now=datetime.now().astimezone(), history=history)
    mine = [doubt for doubt in found if number in doubt.numbers]
    if any(doubt.name.startswith("dose") for doubt in mine):
        from anagen.cli.notices import pregnancy_box
        from anagen.safety import pregnancy_notice

        pregnancy_box(pregnancy_notice())
    for doubt in mine:
        print(f"A question: {doubt.asks} If not: anagen diary change {number} ..., or withdraw {number}")


def _kinds() -> None:
    from anagen.diary.entries import KINDS, fields_of, required_of
    from anagen.diary.words import EXAMPLES

    for name, kind in KINDS.items():
        needed = required_of(kind)
        print(f"{name}: anagen diary add {EXAMPLES[name]}")
        for field, spec in fields_of(kind).items():
            print(f"    {field}{'' if field in needed else ' (if known)'}: {spec.says}; {spec.expected}")


def change_command(
    number: Number,
    words: Annotated[list[str] | None, typer.Argument(help="hairs=15 note=...")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="WHEN", help="Another time.")] = None,
    why: Why = "",
    diary: Folder = None,
) -> None:
    from anagen.diary.words import read_changes

    if not words and at is None:
        raise InputError("nothing to change was said", expected="name=value, or --at")
    with opened(diary) as book:
        before = next((kept.entry for kept in book.entries() if kept.number == number), None)
        if before is None:
            raise InputError(f"there is no entry {number}", expected="a number that `anagen diary list` shows")
        book.change(number, read_changes(before, words or [], at), why)
    print(f"Entry {number} is changed; what it was before stays in the history.")


def withdraw_command(number: Number, why: Why = "", diary: Folder = None) -> None:
    with opened(diary) as book:
        book.withdraw(number, why)
    print(f"Entry {number} no longer counts; it stays in the history.")


def wipe_command(
    diary: Folder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    from anagen.diary.store import default_folder
    from anagen.diary.wipe import files_of, wipe

    folder = diary or default_folder()
    files = files_of(folder)
    print("\n".join(f"  {file}" for file in files))
    if not yes and not confirmed("Remove these files for good? There is no way back."):
        raise InputError("nothing was removed", expected="yes on a terminal, or --yes")
    wipe(folder)
    print("Removed. Copies elsewhere (backups of the disk, files you exported) are not reached by this.")
