"""`anagen compare`: regimens side by side in the same simulated people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anagen.patient.patient import Patient

from . import person as options
from .shared import Run, simulates

if TYPE_CHECKING:
    from anagen.simulation.compare import Comparison


@simulates
def compare_command(
    regimens: Annotated[list[str], typer.Argument(help="Two to eight regimens, each in quotes.")],
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    as_json: options.AsJson = False,
    csv: options.Csv = None,
    parquet: options.Parquet = None,
    svg: options.Svg = None,
    html: options.Html = None,
    quiet: options.Quiet = False,
    *,
    patient: Patient,
    run: Run,
) -> None:
    from .output import Outputs, print_json
    from .progress import progress

    outputs = Outputs(csv, parquet, svg, html)
    with progress("Simulating", quiet) as report:
        from anagen.simulation.compare import compare

        result = compare(
            treatment,
            regimens,
            patient,
            progress=report,
            **run,
        )
        outputs.save(result, result.arms, lambda: _page(result, run["mode"]))
    if as_json:
        print_json(result.to_json())
    else:
        from .tables import show_comparison

        show_comparison(result, outputs.paths)


def _page(result: Comparison, mode: str) -> str:
    from anagen.analysis import comparison_page

    return comparison_page(result, mode)
