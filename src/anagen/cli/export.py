"""`anagen export`: what Anagen computes, for other programs. `export sbml` writes the model of one person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from . import person as options
from .export_fhir import export_fhir_command
from .export_nonmem import export_nonmem_command

if TYPE_CHECKING:
    from anagen.interchange.sbml import SbmlFile

export_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
)


@export_app.callback()
def _formats() -> None:
    """Write the model of one person for other programs: `anagen export sbml "REGIMEN" -o model.xml`."""


export_app.command("nonmem", help="The doses of a regimen as a NONMEM-style event table, CSV or Parquet.")(
    export_nonmem_command
)
export_app.command("fhir", help="A regimen as a FHIR R4 Bundle: a draft plan for a simulated person.")(
    export_fhir_command
)


@export_app.command(
    "sbml", help="The model of one person under one regimen as SBML (Level 3), for COPASI, libRoadRunner and others."
)
def export_sbml_command(
    regimen: Annotated[str, typer.Argument(help='In quotes: "20 mg once daily with food for 24 weeks".')],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file, such as model.xml.")],
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    person: Annotated[
        str,
        typer.Option(
            metavar="N",
            help="The number of a simulated person, who is the same as in simulate with this seed; or typical.",
            rich_help_panel=options.RUN,
        ),
    ] = "typical",
    weeks: options.Weeks = None,
    seed: options.Seed = 1,
    spread: options.SpreadOption = options.SpreadChoice.both,
    assume: options.Assume = None,
    weight: options.Weight = 70.0,
    height: options.Height = None,
    age: options.Age = 30.0,
    sex: options.SexOption = options.Sex.female,
    dermatitis: options.Dermatitis = options.Severity.none,
    pattern_loss: options.PatternLoss = False,
    ferritin: options.Ferritin = None,
    supplements: options.Supplements = None,
    events: options.Events = None,
    pregnant: options.Pregnant = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say what was written as one JSON object.", rich_help_panel=options.OUT)
    ] = False,
) -> None:
    from anagen.files.writing import check_writable, write_text

    patient = options.person(
        weight, height, age, sex, dermatitis, pattern_loss, ferritin, supplements, events, pregnant
    )
    number = _person(person)
    check_writable({"--output": output})
    from anagen.interchange.sbml import export_sbml

    file = export_sbml(
        treatment,
        regimen,
        patient,
        person=number,
        weeks=weeks,
        seed=seed,
        assume=tuple(assume or ()),
        spread=spread.value,
    )
    write_text(output, file.text)
    if as_json:
        from .output import print_json

        print_json(_described(file, output))
    else:
        _show(file, output)


def _person(text: str) -> int | Literal["typical"]:
    """A number, or typical; anything else is refused with what was expected."""
    if text == "typical":
        return "typical"
    from anagen.errors import InputError, nearest

    try:
        return int(text)
    except ValueError:
        raise InputError(
            f"--person: there is no person '{text}'",
            expected="typical, or the number of a simulated person, from 0",
            nearest=nearest(text, ("typical",)) or "typical",
        ) from None


def _described(file: SbmlFile, path: Path) -> dict[str, Any]:
    """The object that --json prints."""
    return {
        "file": str(path),
        "format": "SBML Level 3 Version 2",
        "regimen": file.regimen,
        "person": file.person,
        "weeks": file.weeks,
        "doses": file.doses,
        "series": list(file.names),
        "left_out": list(file.left_out),
        "findings": [{"severity": severity, "text": text} for severity, text in file.findings],
        "safety": [dict(notice) for notice in file.safety],
        "provenance": dict(file.provenance),
    }


def _show(file: SbmlFile, path: Path) -> None:
    """The notices, then what was written and what was left out."""
    from .notices import show
    from .screen import console

    screen = console()
    show(screen, file.safety, "reader")
    who = "typical person" if file.person == "typical" else f"person {file.person}"
    facts = f"{who}, {file.doses} doses, {file.weeks} weeks, {len(file.names)} series"
    screen.print(f"Wrote {path}: SBML Level 3 Version 2, {facts}.", highlight=False, markup=False)
    if file.findings:
        for severity, text in file.findings:
            screen.print(f"libSBML {severity.lower()}: {text}", highlight=False, markup=False)
    else:
        screen.print("libSBML's consistency check, with units: nothing found.", highlight=False, markup=False)
    for text in file.left_out:
        screen.print(f"Left out: {text}.", highlight=False, markup=False)
