"""`anagen claims`: what people read about a drug, checked; a list, one card, or a search by words. Loads no engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from anagen.analysis.computed.spec import ModelNumber
    from anagen.evidence.claims import Claim


def claims_command(
    claim: Annotated[
        list[str] | None, typer.Argument(help="The id of a claim for its card, or words to search for.")
    ] = None,
    treatment: Annotated[str, typer.Option(help="The drug.")] = "isotretinoin",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    from anagen.analysis.computed.store import shipped
    from anagen.errors import InputError
    from anagen.evidence.claims import chosen as chosen_by
    from anagen.evidence.claims import find_claim, load_claims
    from anagen.safety import pregnancy_notice
    from anagen.treatments.registry import known_treatment

    known = load_claims(known_treatment(treatment))
    if not known:
        raise InputError(f"no claims about {treatment} have been checked", expected="a treatment with a claims.toml")
    chosen = chosen_by(" ".join(claim or []), treatment)
    if claim and not chosen:
        find_claim(" ".join(claim), treatment)  # says what is nearest
    single = bool(claim) and len(chosen) == 1
    found = {identity: known[identity] for identity in chosen or known}
    if as_json:
        from anagen.analysis.claim_cards import claims_json

        from .output import print_json

        print_json(claims_json(treatment, found))
        return
    from .notices import pregnancy_box

    pregnancy_box(dict(pregnancy_notice(treatment)))
    if single:
        for identity, one in found.items():
            _card(treatment, identity, one, shipped(treatment))
    else:
        _list(found, search=" ".join(claim or ()))


def _list(claims: Mapping[str, Claim], search: str) -> None:
    from rich.table import Table

    from .screen import console

    title = f'{len(claims)} claims that hold "{search}"' if search else f"{len(claims)} claims, checked"
    shown = Table(title=title, title_justify="left")
    for column in ("id", "question", "verdict", "certainty"):
        shown.add_column(column)
    for identity, claim in claims.items():
        shown.add_row(identity, claim.title, claim.verdict, f"{claim.certainty.dots} {claim.certainty.name}")
    screen = console()
    screen.print(shown)
    screen.print("One card: anagen claims ID", style="dim")


def _card(treatment: str, identity: str, claim: Claim, numbers: Mapping[str, ModelNumber]) -> None:
    from anagen.analysis.claim_cards import FINDINGS, said_date, who
    from anagen.evidence import cite, source
    from anagen.treatments.registry import table

    from .screen import console

    screen = console()

    def part(head: str, text: str) -> None:
        screen.print(f"[bold]{head}[/bold]  {_plain(text)}", highlight=False)

    screen.print(f"\n[bold]{_plain(claim.title)}[/bold]  [dim]{identity}[/dim]", highlight=False)
    screen.print(f"\n{_plain(claim.fact)}\n", highlight=False)
    part("The claim:", claim.claim)
    dots = f"{claim.certainty.dots} {claim.certainty.name}"
    part("Verdict:", f"{claim.verdict}. {claim.sentence} Certainty: {dots}.")
    for name in claim.numbers:
        if name in numbers:
            number = numbers[name]
            titles = [table(treatment, "hypotheses.toml")[one]["title"] for one in number.assumed]
            assumed = f" Assumed here, not shown: {'; '.join(titles)}." if titles else ""
            part("From the model:", f"{number.says}{assumed} {who(number)}")
    if claim.numbers and not numbers:
        part(
            "From the model:", "the model was changed since its numbers were computed; `anagen analyse` computes them."
        )
    screen.print()
    for one in claim.parts:
        screen.print(f"· {_plain(one.says)} [bold]{FINDINGS[one.finding]}[/bold]", highlight=False)
    screen.print()
    part("Why people believe it:", claim.believed)
    part("Best study:", _study(claim.best))
    part(
        "Strongest study that points the other way:",
        _study(claim.against) if claim.against else "none among our sources",
    )
    part("How sure:", f"{claim.body.why} By the rule: {'; '.join(claim.certainty.steps)}.")
    part("What would change the verdict:", claim.change)
    part("Last checked:", said_date(claim.checked))
    screen.print("\n[bold]Sources[/bold]")
    for key in claim.sources:
        screen.print(f"· {_plain(cite(source(key)))}", style="dim", highlight=False)


def _study(study: Any) -> str:
    from anagen.analysis.claim_cards import people_said

    people = f", {people_said(study.people)}" if study.people else ""
    doubt = " (not verified)" if study.unverified else ""
    return f"{study.result} ({study.design}{people}; dose: {study.dose}){doubt}"


def _plain(text: str) -> str:
    """Text whose brackets are no markup."""
    from rich.markup import escape

    return escape(text)
