"""`anagen fit`: which effluvium a record shows, for clinicians and research only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import person as options
from .person import Mode

if TYPE_CHECKING:
    from anagen.analysis.figure import Table
    from anagen.inference.result import Fit


def fit_command(
    file: Annotated[Path, typer.Argument(help="A diary as CSV or JSON (`anagen diary export` writes one).")],
    treatment: Annotated[
        str, typer.Option(help="The drug of the doses.", rich_help_panel=options.RUN)
    ] = "isotretinoin",
    weight: Annotated[
        float | None, typer.Option(help="Body weight in kg, where the diary has none.", rich_help_panel=options.PERSON)
    ] = None,
    pregnant: options.Pregnant = False,
    mode: options.ModeOption = Mode.reader,
    forecast: Annotated[
        bool,
        typer.Option(help="Also other courses: without the drug, the same, half, none.", rich_help_panel=options.RUN),
    ] = True,
    chains: Annotated[
        bool,
        typer.Option("--chains", help="Also sample the likeliest class (NUTS); slow.", rich_help_panel=options.RUN),
    ] = False,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    from anagen.errors import PregnancyStop
    from anagen.inference.fit import clinicians_only, fit

    if pregnant:
        raise PregnancyStop("the input says the person is pregnant: nothing is simulated")
    clinicians_only(mode.value)
    from anagen.diary.formats.files import read_file
    from anagen.inference.from_diary import record_of

    from .progress import progress

    record = record_of(read_file(file), weight_kg=weight)
    with progress("Fitting", quiet) as tell:
        result = fit(
            record, treatment=treatment, mode="clinician", forecast=forecast, chains=chains, seed=seed, progress=tell
        )
    if as_json:
        from .output import print_json

        print_json(result.to_json())
    else:
        _show(result)


def _show(result: Fit) -> None:
    from anagen.analysis.fit_tables import WRONG, fit_tables
    from anagen.inference.result import ASSUMED

    from .notices import show
    from .screen import console

    screen = console()
    show(screen, result.safety, "clinician")

    def line(text: str, style: str = "") -> None:
        screen.print(text, markup=False, highlight=False, style=style or None)

    record, verdict, shown = result.record, result.verdict, fit_tables(result)
    line(f"\nRecord: {len(record.counts)} counts in {record.last - record.first} days.")
    for left in record.left_out:
        line(f"left out: {left}", "yellow")
    line(f"\nVerdict: {verdict.in_words}", "bold")
    for reason in verdict.reasons:
        line(f"  because {reason}")
    line(f"  {WRONG}")
    screen.print(_drawn(shown.classes))
    screen.print(_drawn(shown.unknowns))
    if shown.course:
        line(f"\n{shown.course}")
    if shown.courses:
        screen.print(_drawn(shown.courses))
    line("")
    for name, says in shown.causes:
        line(f"{name}: {says}")
    for answer in shown.answers:
        line(f"  {answer}", "dim")
    if result.chains:
        found = result.chains
        worst = max(found.rhat.values())
        line(
            f"\nChains of '{found.name}': {found.z.shape[0]} x {found.z.shape[1]}, largest r-hat {worst:.3f}, "
            f"fewest effective draws {min(found.ess.values()):.0f}, divergences {found.divergences}."
        )
    line("\nAssumed:", "dim")
    for sentence in ASSUMED:
        line(f"  {sentence}", "dim")


def _drawn(table: Table) -> Any:
    """A table for the terminal."""
    from rich.markup import escape
    from rich.table import Table as Drawn

    shown = Drawn(title=escape(table.caption), title_justify="left")
    for column in table.head:
        shown.add_column(column)
    for row in table.rows:
        shown.add_row(*map(escape, row))
    return shown
