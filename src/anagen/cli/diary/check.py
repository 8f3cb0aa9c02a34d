"""`anagen diary check`: questions about what looks wrong. On a terminal they can be answered at once."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.errors import InputError

from .opening import AsJson, Folder, opened

if TYPE_CHECKING:
    from anagen.diary.doubt import Doubt
    from anagen.diary.store import Diary


def check_command(
    right: Annotated[
        list[int] | None, typer.Option("--right", metavar="NUMBER", help="This entry is right; may be repeated.")
    ] = None,
    as_json: AsJson = False,
    diary: Folder = None,
) -> None:
    from anagen.cli.notices import pregnancy_box
    from anagen.diary.answers import confirm_right
    from anagen.diary.checks import doubts
    from anagen.diary.pregnancy import stop_if_pregnant
    from anagen.safety import pregnancy_notice

    with opened(diary) as book:
        standing = book.entries()
        stop_if_pregnant(kept.entry for kept in standing)
        found = doubts(standing, now=datetime.now().astimezone(), history=book.history())
        if right:
            confirm_right(book, found, right)
            for number in dict.fromkeys(right):
                print(f"Entry {number} is right as it stands; it will not be asked about again unless it is changed.")
            return
        if as_json:
            from anagen.cli.output import print_json

            questions = [{"name": one.name, "numbers": list(one.numbers), "asks": one.asks} for one in found]
            print_json({"safety": [dict(pregnancy_notice())], "questions": questions})
            return
        pregnancy_box(pregnancy_notice())
        if not found:
            print(f"No questions about the {len(standing)} entries.")
            return
        print(f"{len(found)} question{'s' * (len(found) > 1)}. Nothing is changed unless you say so.")
        settled: set[int] = set()
        for doubt in found:
            if settled.intersection(doubt.numbers):
                continue  # it was about an entry that has just been changed or withdrawn
            print(f"\nEntry {', '.join(map(str, doubt.numbers))}: {doubt.asks}")
            if sys.stdin.isatty() and _ask(book, doubt):
                settled.add(doubt.numbers[-1])
        if not sys.stdin.isatty():
            print("\nTo answer: anagen diary check --right NUMBER, change NUMBER name=value, or withdraw NUMBER.")


def _ask(book: Diary, doubt: Doubt) -> bool:
    """Ask; whether the entry was changed or withdrawn."""
    from anagen.diary.words import read_changes

    number = doubt.numbers[-1]
    answer = input("  right, change, withdraw, or later? [r/c/w/l] ").strip().casefold()[:1]
    if answer == "r":
        book.confirm(number, doubt.name)
    elif answer == "w":
        book.withdraw(number, why=doubt.name)
        return True
    elif answer == "c":
        entry = next(kept.entry for kept in book.entries() if kept.number == number)
        try:
            book.change(number, read_changes(entry, input("  name=value: ").split()), why=doubt.name)
            return True
        except InputError as error:
            print(f"  {error}\n  Left as it was.")
    else:
        print("  Left as it was.")
    return False
