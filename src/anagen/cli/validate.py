"""`anagen validate`: studies that the model was not fitted to, simulated as they were done; how often it holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSES = 1
"""Exit code where a failure that was known lies inside its range now."""
FEWEST, MOST = 20, 10_000
PAGE = Path("validation.html")


def validate_command(
    studies: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder of study files (TOML); those of the project where left out."),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            help="The page to write; a name that ends in .json gets the numbers. May be repeated. validation.html "
            "where left out, or none with --json.",
        ),
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(metavar="N", help="Copies of each study, 20 to 10,000; 200 where left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Another seed: other simulated people.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    from anagen.files.writing import check_writable

    _check(replicates, seed)
    files = list(output or ()) or ([] if as_json else [PAGE])
    check_writable({f"--output {i}" if len(files) > 1 else "--output": file for i, file in enumerate(files, 1)})
    result = _validated(studies, replicates, seed, quiet or as_json)
    _write(result, files)
    if as_json:
        from .output import print_json

        print_json(result)
    else:
        _show(result, files)
    _leave(result)


def _check(replicates: int | None, seed: int | None) -> None:
    from anagen.errors import InputError

    if replicates is not None and not FEWEST <= replicates <= MOST:
        raise InputError(f"--replicates is {replicates}", expected=f"a whole number from {FEWEST} to {MOST:,}")
    if seed is not None and not 0 <= seed < 2**32:
        raise InputError(f"--seed is {seed}", expected=f"a whole number from 0 to {2**32 - 1:,}")


def _validated(studies: Path | None, replicates: int | None, seed: int | None, quiet: bool) -> dict[str, Any]:
    """The result as JSON, the pregnancy box first."""
    from anagen.analysis.model_card.shell import pregnancy_boxes
    from anagen.validation import read_studies, validate

    from .progress import progress

    read = read_studies(studies)  # what is wrong with a file is said before anything takes time
    given = {name: value for name, value in (("replicates", replicates), ("seed", seed)) if value is not None}
    with progress("Simulating studies", quiet) as report:
        found = validate(read, progress=(lambda share, _: report(share)) if report else None, **given).to_json()
    return {"safety": pregnancy_boxes(found["treatment"]), **found}


def _write(result: dict[str, Any], files: Sequence[Path]) -> None:
    import json

    from anagen.files.writing import write_text

    for file in files:
        if file.suffix == ".json":
            write_text(file, json.dumps(result, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
        else:
            from anagen.analysis.validation_page import validation_page

            write_text(file, validation_page(result))


def _show(result: dict[str, Any], files: Sequence[Path]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from anagen.analysis.model_card.coverage import coverage_sentences
    from anagen.analysis.model_card.validation_rows import validation_rows

    from .notices import pregnancy_box
    from .screen import console

    for notice in result["safety"]:
        pregnancy_box(notice)
    shown = Table(title="Studies that the model was not fitted to", title_justify="left")
    for column in ("", "study", "result", "arm", "seen", "predicted, 90 of 100", "where it lies", "z"):
        shown.add_column(column)
    for row in validation_rows(result):
        style = "yellow" if row.known else "" if row.inside else "bold"
        said = (str(row.number), row.study, row.title, row.who, row.said[0], row.said[2], row.standing, row.distance)
        shown.add_row(*map(escape, said), style=style)
    screen = console()
    screen.print(shown)
    for sentence in coverage_sentences(result):
        screen.print(sentence, highlight=False, markup=False)
    for file in files:
        screen.print(f"wrote {file}", style="dim", highlight=False, markup=False)


def _leave(result: dict[str, Any]) -> None:
    """Exit code 1, and which they are, where known failures pass now."""
    from anagen.analysis.model_card.coverage import now_inside

    passing = now_inside(result)
    if passing:
        print(
            f"anagen: known to fail, but inside now: {', '.join(passing)}. Find out what changed, then take the mark "
            "known_failure from the study file.",
            file=sys.stderr,
        )
        raise typer.Exit(PASSES)
