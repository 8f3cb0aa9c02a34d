"""`anagen analyse`: the treatment analysis, as one page."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from . import person as options
from .person import Mode, Severity, Sex, SpreadChoice


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
    quiet: options.Quiet = False,
) -> None:
    from .output import print_json
    from .progress import progress
    from .writing import check_writable, write_text

    patient = options.person(weight, height, age, sex, dermatitis, pattern_loss, ferritin, supplement, event, pregnant)
    page = output or (None if as_json else Path("analysis.html"))
    check_writable({"--output": page})
    with progress("Analysing", quiet) as report:
        if page:
            _make_ready(treatment)
        from anagen.analysis.analyse import analyse

        result = analyse(
            treatment,
            regimen or None,
            patient,
            weeks=weeks,
            people=people,
            seed=seed,
            assume=assume or (),
            spread=spread.value,
            mode=mode.value,
            progress=report,
        )
        if page:
            write_text(page, result.page())
    if as_json:
        print_json(result.to_json())
        return
    from .tables import show_analysis

    show_analysis(result, [page] if page else [])


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
