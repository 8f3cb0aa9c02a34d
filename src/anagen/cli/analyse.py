"""`anagen analyse`: the treatment analysis, as one page."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from anagen.patient.patient import Patient

from . import person as options
from .shared import Run, simulates


@simulates
def analyse_command(
    treatment: Annotated[str, typer.Argument(help="The drug.")] = "isotretinoin",
    regimen: Annotated[
        list[str] | None,
        typer.Option("--regimen", help="A regimen in quotes; up to eight. Some usual ones where left out."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The page to write; analysis.html where left out and no --json."),
    ] = None,
    as_json: options.AsJson = False,
    csv: options.Csv = None,
    parquet: options.Parquet = None,
    arrow: options.Arrow = None,
    layout: options.LayoutOption = options.LayoutChoice.long,
    quiet: options.Quiet = False,
    *,
    patient: Patient,
    run: Run,
) -> None:
    from .output import Outputs, print_result
    from .progress import progress

    page = output or (None if as_json else Path("analysis.html"))
    outputs = Outputs(csv, parquet, None, page, arrow, layout.value, html_option="--output")
    with progress("Analysing", quiet) as report:
        if page:
            _make_ready(treatment)
        from anagen.analysis.analyse import analyse

        result = analyse(
            treatment,
            regimen or None,
            patient,
            progress=report,
            **run,
        )
        outputs.save(result, result.arms, lambda: result.page())
    if as_json:
        print_result(result)
        return
    from .tables import show_analysis

    show_analysis(result, outputs.paths)


def _make_ready(treatment: str) -> None:
    """Have what the page needs besides made ready in the background; a fault in the data is met again at its turn."""
    from threading import Thread

    from anagen.analysis.charts.svg import warm_up

    def ready() -> None:
        from anagen.analysis.analysis_page import make_ready
        from anagen.treatments.registry import treatment as find_treatment

        with suppress(Exception):  # whatever it is, the page meets it again, and tells it once
            make_ready(find_treatment(treatment))

    warm_up()
    Thread(target=ready, name="anagen-page", daemon=True).start()
