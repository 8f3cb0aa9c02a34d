"""`anagen diary report`: what the diary shows, on the terminal, as JSON, or as two pages for a visit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli import person as options

from .opening import AsJson, Folder, opened

if TYPE_CHECKING:
    from anagen.diary.describe.describe import Description

Out = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the report as a page that prints on two sides.")
]
Words = Annotated[bool, typer.Option("--with-words", help="With your own words; else they are left out.")]
Method = Annotated[
    str | None, typer.Option("--method", help="comb, wash, wash-refined, wash-modified or day; else that counted most.")
]


def report_command(
    output: Out = None,
    method: Method = None,
    with_words: Words = False,
    age: options.Age = 30.0,
    sex: options.SexOption = options.Sex.female,
    weight: Annotated[float, typer.Option(help="Weight in kg where the diary has none, 30 to 250.")] = 70.0,
    people: options.People = 1000,
    mode: options.ModeOption = options.Mode.reader,
    pregnant: options.Pregnant = False,
    as_json: AsJson = False,
    quiet: options.Quiet = False,
    diary: Folder = None,
) -> None:
    from anagen.diary.pregnancy import stop_if_pregnant
    from anagen.files.writing import check_writable, write_text
    from anagen.patient.patient import Patient

    patient = Patient(weight_kg=weight, age_years=age, sex=sex.value, pregnant=pregnant)
    check_writable({"--output": output})
    with opened(diary) as book:
        entries = [kept.entry for kept in book.entries()]
    stop_if_pregnant(entries)
    from anagen.cli.progress import progress

    with progress("Simulating", quiet or as_json):
        from anagen.diary.describe.describe import describe

        found = describe(entries, patient, method=method, mode=mode.value, people=people)
    if output:
        from anagen.analysis.diary_page import diary_page

        write_text(output, diary_page(found, with_words=with_words))
    if as_json:
        from anagen.analysis.diary_sentences import sentences
        from anagen.cli.output import print_json

        print_json({**found.to_json(), "says": sentences(found)})
    else:
        _show(found, output)


def _show(found: Description, output: Path | None) -> None:
    from anagen.analysis.diary_sentences import sentences
    from anagen.cli.notices import show
    from anagen.cli.screen import console

    screen = console()
    show(screen, found.safety, found.mode)
    screen.print()
    for sentence in sentences(found):
        screen.print(sentence, markup=False, highlight=False)
    if found.labs:
        from anagen.analysis.diary_tables import lab_rows

        from .show import table

        rows = lab_rows(found, most=None)
        assert rows is not None
        screen.print()
        table(rows.head, rows.rows)
    if output:
        screen.print(f"\nThe report is in {output}; it prints on two sides.", markup=False, highlight=False)
    else:
        screen.print("\n-o report.html writes it with its figures, for a visit.", style="dim")
