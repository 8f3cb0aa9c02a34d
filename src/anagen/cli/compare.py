"""`anagen compare`: regimens side by side in the same simulated people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anagen.patient.patient import Patient

from . import person as options
from .shared import Run, simulates
from .structures import Structures

if TYPE_CHECKING:
    from anagen.simulation.compare import Comparison

    from .output import Outputs


@simulates
def compare_command(
    regimens: Annotated[list[str], typer.Argument(help="Two to eight regimens, each in quotes.")],
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    structures: Structures = None,
    as_json: options.AsJson = False,
    csv: options.Csv = None,
    parquet: options.Parquet = None,
    arrow: options.Arrow = None,
    layout: options.LayoutOption = options.LayoutChoice.long,
    svg: options.Svg = None,
    html: options.Html = None,
    quiet: options.Quiet = False,
    *,
    patient: Patient,
    run: Run,
) -> None:
    from .output import Outputs, print_result
    from .progress import progress

    outputs = Outputs(csv, parquet, svg, html, arrow, layout.value)
    if structures is not None:
        _beside(structures, treatment, regimens, patient, run, outputs, as_json, quiet)
        return
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
        print_result(result)
    else:
        from .tables import show_comparison

        show_comparison(result, outputs.paths)


def _beside(
    structures: str,
    treatment: str,
    regimens: list[str],
    patient: Patient,
    run: Run,
    outputs: Outputs,
    as_json: bool,
    quiet: bool,
) -> None:
    """The same with other structures that fit the same data; files hold the one in use."""
    from .output import print_result
    from .progress import progress

    with progress("Simulating", quiet) as report:
        from anagen.simulation.structures import compare_structures

        result = compare_structures(treatment, regimens, patient, structures=structures, progress=report, **run)
        outputs.save(result.default, result.default.arms, lambda: _page(result.default, run["mode"]))
    if as_json:
        print_result(result, structures=structures)
    else:
        from .structure_tables import show_structured_comparison

        show_structured_comparison(result, outputs.paths)


def _page(result: Comparison, mode: str) -> str:
    from anagen.analysis import comparison_page

    return comparison_page(result, mode)
