"""`anagen diary list, history`: what stands, and what was ever written. The pregnancy box first: doses are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from anagen.errors import InputError

from .opening import AsJson, Folder, opened


def list_command(
    kinds: Annotated[list[str] | None, typer.Argument(help="Only these kinds: count, dose, ...")] = None,
    as_json: AsJson = False,
    diary: Folder = None,
) -> None:
    from anagen.diary.plain import kind_of, to_plain
    from anagen.diary.pregnancy import stop_if_pregnant
    from anagen.diary.said import said
    from anagen.safety import pregnancy_notice

    chosen = {kind_of(kind).kind for kind in kinds or ()}
    with opened(diary) as book:
        standing = book.entries()
    stop_if_pregnant(kept.entry for kept in standing)
    shown = [kept for kept in standing if not chosen or kept.entry.kind in chosen]
    notice = pregnancy_notice()
    if as_json:
        from anagen.cli.output import print_json

        print_json(
            {
                "safety": [dict(notice)],
                "entries": [
                    {"number": kept.number, "versions": kept.versions, **to_plain(kept.entry)} for kept in shown
                ],
            }
        )
        return
    from anagen.cli.notices import pregnancy_box

    pregnancy_box(notice)
    if not shown:
        print(
            "There is no such entry." if chosen else "The diary is empty. `anagen diary add kinds` shows what it takes."
        )
        return
    table(
        ["no.", "day", "time", "kind", "what"],
        [
            [
                str(kept.number) + "*" * (kept.versions > 1),
                f"{kept.entry.day}",
                f"{kept.entry.at:%H:%M}" if kept.entry.time_known else "",
                kept.entry.kind,
                said(kept.entry),
            ]
            for kept in shown
        ],
    )
    if any(kept.versions > 1 for kept in shown):
        print("* was changed; `anagen diary history NUMBER` shows how.")


def history_command(
    number: Annotated[int, typer.Argument(help="The number that `list` shows.")], diary: Folder = None
) -> None:
    from anagen.cli.notices import pregnancy_box
    from anagen.diary.pregnancy import stop_if_pregnant
    from anagen.diary.said import said
    from anagen.safety import pregnancy_notice

    with opened(diary) as book:
        stop_if_pregnant(kept.entry for kept in book.entries())
        versions = book.history(number)
    if not versions:
        raise InputError(f"there is no entry {number}", expected="a number that `anagen diary list` shows")
    pregnancy_box(pregnancy_notice())
    table(
        ["recorded", "done", "day", "what", "why"],
        [
            [
                f"{one.recorded:%Y-%m-%d %H:%M}",
                one.act,
                f"{one.entry.day}" if one.entry else "",
                said(one.entry) if one.entry else "",
                one.why,
            ]
            for one in versions
        ],
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on the terminal; texts as they are, without markup."""
    from rich.markup import escape
    from rich.table import Table

    from anagen.cli.screen import console

    shown = Table()
    for column in head:
        shown.add_column(column)
    for row in rows:
        shown.add_row(*map(escape, row))
    console().print(shown)
