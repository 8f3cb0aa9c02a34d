"""Which diary, and its passphrase: options that all commands of the diary share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.errors import InputError

if TYPE_CHECKING:
    from anagen.diary.store import Diary

PASSPHRASE = "ANAGEN_DIARY_PASSPHRASE"
Folder = Annotated[
    Path | None,
    typer.Option("--diary", metavar="FOLDER", help="The diary's folder; else ANAGEN_DIARY, else anagen-diary at home."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def opened(folder: Path | None) -> Diary:
    """The diary, open; a passphrase comes from the environment, or is asked for on a terminal."""
    from anagen.diary.store import Diary, default_folder, has_passphrase

    place = folder or default_folder()
    passphrase = os.environ.get(PASSPHRASE) or None
    if not has_passphrase(place):
        passphrase = None
    elif passphrase is None and sys.stdin.isatty():
        from getpass import getpass

        passphrase = getpass("Passphrase of the diary: ")
    diary = Diary.open(place, passphrase)
    if diary.migrated:
        print(f"The diary was brought to the present form; the old one is kept as {diary.migrated}", file=sys.stderr)
    return diary


def new_passphrase() -> str:
    """A passphrase for a new diary: from the environment, else asked for twice."""
    if given := os.environ.get(PASSPHRASE):
        return given
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask for a passphrase on", expected=f"{PASSPHRASE} in the environment")
    from getpass import getpass

    first, second = getpass("New passphrase: "), getpass("The same again: ")
    if first != second:
        raise InputError("the two passphrases differ", expected="the same twice; nothing was made")
    return first


def confirmed(question: str) -> bool:
    """A yes on the terminal; without a terminal, no."""
    return sys.stdin.isatty() and input(f"{question} [yes/no] ").strip().casefold() == "yes"
