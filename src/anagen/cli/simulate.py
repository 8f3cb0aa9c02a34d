"""`anagen simulate`: one regimen, one person, people like them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anagen.patient.patient import Patient

from . import person as options
from .shared import Run, simulates

if TYPE_CHECKING:
    from anagen.simulation.result import Simulation


@simulates
def simulate_command(
    regimen: Annotated[str, typer.Argument(help='In quotes: "20 mg once daily with food for 24 weeks".')],
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
        from anagen.simulation.simulate import simulate

        result = simulate(
            treatment,
            regimen,
            patient,
            progress=report,
            **run,
        )
        outputs.save(result, [result], lambda: _page(result))
    if as_json:
        print_json(result.to_json())
    else:
        from .tables import show_simulation

        show_simulation(result, outputs.paths)


def _page(result: Simulation) -> str:
    from anagen.analysis import simulation_page

    return simulation_page(result, result.mode)
