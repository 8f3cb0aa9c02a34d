"""`anagen simulate`: one regimen, one person, people like them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from . import person as options
from .person import Mode, Severity, Sex, SpreadChoice

if TYPE_CHECKING:
    from anagen.simulation.result import Simulation


def simulate_command(
    regimen: Annotated[str, typer.Argument(help='In quotes: "20 mg once daily with food for 24 weeks".')],
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    weight: options.Weight = 70.0,
    height: options.Height = None,
    age: options.Age = 30.0,
    sex: options.SexOption = Sex.female,
    dermatitis: options.Dermatitis = Severity.none,
    pattern_loss: options.PatternLoss = False,
    ferritin: options.Ferritin = None,
    supplement: options.Supplements = None,
    event: options.Events = None,
    pregnant: options.Pregnant = False,
    assume: options.Assume = None,
    weeks: options.Weeks = None,
    people: options.People = 1000,
    seed: options.Seed = 1,
    spread: options.SpreadOption = SpreadChoice.both,
    mode: options.ModeOption = Mode.reader,
    as_json: options.AsJson = False,
    csv: options.Csv = None,
    parquet: options.Parquet = None,
    svg: options.Svg = None,
    html: options.Html = None,
    quiet: options.Quiet = False,
) -> None:
    from .output import Outputs, print_json
    from .progress import progress

    patient = options.person(weight, height, age, sex, dermatitis, pattern_loss, ferritin, supplement, event, pregnant)
    outputs = Outputs(csv, parquet, svg, html)
    with progress("Simulating", quiet) as report:
        from anagen.simulation.simulate import simulate

        result = simulate(
            treatment,
            regimen,
            patient,
            weeks=weeks,
            people=people,
            seed=seed,
            assume=assume or (),
            spread=spread.value,
            mode=mode.value,
            progress=report,
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
