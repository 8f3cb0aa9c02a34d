"""`anagen simulate`: one regimen, one person, people like them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anagen.errors import InputError
from anagen.patient.patient import Patient

from . import event_table
from . import person as options
from .shared import Run, simulates
from .structures import Structures

if TYPE_CHECKING:
    from anagen.regimen.regimen import Regimen
    from anagen.simulation.result import Simulation

    from .output import Outputs


@simulates
def simulate_command(
    regimen: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REGIMEN]", help='In quotes: "20 mg once daily with food for 24 weeks".', show_default=False
        ),
    ] = None,
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    structures: Structures = None,
    data: event_table.Data = None,
    identity: event_table.Identity = None,
    covariates: event_table.Covariates = None,
    interpolation: event_table.Interpolation = None,
    decimal: event_table.Decimal = ".",
    drop: event_table.Drop = None,
    predictions: event_table.Predictions = None,
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
    reading = (data, identity, covariates, interpolation, decimal, drop, predictions)
    text = _one(regimen) if regimen else None
    found = event_table.chosen(text, patient, treatment, *reading)
    taken, patient = (found.doses, found.patient) if found else (text, patient)
    if structures is not None:
        _beside(structures, treatment, taken, patient, run, outputs, as_json, quiet)
        return
    with progress("Simulating", quiet) as report:
        from anagen.simulation.simulate import simulate

        result = simulate(
            treatment,
            taken,
            patient,
            progress=report,
            **run,
        )
        outputs.save(result, [result], lambda: _page(result))
    if as_json:
        print_result(result)
    else:
        from .tables import show_simulation

        show_simulation(result, outputs.paths)
        if found:
            event_table.show_observed(found)


def _one(words: list[str]) -> str:
    """The regimen, whose words come one by one where it was not in quotes.

    Raises:
        InputError: several in quotes.
    """
    if sum(" " in word for word in words) > 1:
        quoted = " ".join(f'"{word}"' for word in words)
        raise InputError(f"{len(words)} regimens", expected="one", nearest=f"anagen compare {quoted}")
    return " ".join(words)


def _beside(
    structures: str,
    treatment: str,
    regimen: str | Regimen | None,
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
        from anagen.simulation.structures import simulate_structures

        result = simulate_structures(treatment, regimen, patient, structures=structures, progress=report, **run)
        outputs.save(result.default, [result.default], lambda: _page(result.default))
    if as_json:
        print_result(result, structures=structures)
    else:
        from .structure_tables import show_structured_simulation

        show_structured_simulation(result, outputs.paths)


def _page(result: Simulation) -> str:
    from anagen.analysis import simulation_page

    return simulation_page(result, result.mode)
