"""`anagen card`: the model card of a treatment; what it is for, on what it rests, where it fails. Simulates nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

MARKS = {True: ("yes", "green"), False: ("NO", "bold red"), None: ("not yet known", "yellow")}


def card_command(
    treatment: Annotated[str, typer.Argument(help="The drug.")] = "isotretinoin",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The page to write; card.html where left out and no --json."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    from anagen.files.writing import check_writable, write_text

    page = output or (None if as_json else Path("card.html"))
    check_writable({"--output": page})
    from anagen.analysis.model_card.card import model_card

    card = model_card(treatment)
    if page:
        from anagen.analysis.card_page import card_page

        write_text(page, card_page(card))
    if as_json:
        from .output import print_json

        print_json(card)
        return
    _show(card)
    print(f"wrote {page}")


def _show(card: Mapping[str, Any]) -> None:
    """The card in short: what is missing, what was checked, where it fails."""
    from rich.table import Table

    from .notices import pregnancy_box
    from .screen import console

    pregnancy_box(card["safety"][0])
    screen = console()

    def say(head: str, text: str) -> None:
        from rich.markup import escape

        screen.print(f"[bold]{escape(head)}[/bold]  {escape(text)}", highlight=False)

    say("Model card:", f"{card['title']}, Anagen {card['version']}, numbers {card['parameter_hash']}")
    say("For:", card["purpose"]["for"])
    say("Not for:", "; ".join(card["purpose"]["not_for"]) + ".")
    fit = card["data_and_fit"]
    say("Fit:", fit["problem"] or f"{fit['within_2_sd']} of {fit['rows']} results within 2 SDs of the fit.")
    test = card["validation"]
    say("Other studies:", test["problem"] or " ".join(test["says"]))
    unknown = card["sensitivity"]
    say("Unknowns that decide:", unknown["problem"] or " ".join(unknown["says"]))
    counts = ", ".join(f"{entry['count']} {entry['status']}" for entry in card["by_status"])
    say("Numbers:", f"{len(card['parameters'])} ({counts})")
    people = card["checked"]["people"]
    say("Checked by people:", "; ".join(f"{p['who']}: {p['what']} ({p['when']})" for p in people) or "none")
    shown = Table(title="Checked by the program now", title_justify="left")
    for column in ("check", "passed", "detail"):
        shown.add_column(column)
    for check in card["checked"]["now"]:
        word, style = MARKS[check["passed"]]
        shown.add_row(check["says"], word, check["detail"], style=style if check["passed"] is False else "")
    screen.print(shown)
