"""`anagen export fhir`: a regimen as a FHIR R4 Bundle, a draft plan for a simulated person, which `from_fhir` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import person as options


def export_fhir_command(
    regimen: Annotated[str, typer.Argument(help='In quotes: "20 mg once daily with food for 24 weeks".')],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file, such as bundle.json.")],
    start: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The day of the first dose, such as 2026-03-02; needed where there is a pause or a second product.",
            rich_help_panel=options.RUN,
        ),
    ] = None,
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    weight: options.Weight = 70.0,
    pregnant: options.Pregnant = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say what was written as one JSON object.", rich_help_panel=options.OUT)
    ] = False,
) -> None:
    from anagen.errors import InputError
    from anagen.files.writing import check_writable, write_text
    from anagen.interchange.fhir.writing import regimen_text
    from anagen.patient.patient import Patient
    from anagen.regimen.regimen import Regimen
    from anagen.safety import notices
    from anagen.treatments.registry import treatment as find_treatment

    if output.suffix.lower() != ".json":
        raise InputError(f"{output}: the ending does not say what to write", expected=".json")
    patient = Patient(weight_kg=weight, pregnant=pregnant)
    course = Regimen.from_text(regimen, treatment)
    safety = notices(find_treatment(treatment), course, patient, ())
    check_writable({"--output": output})
    text = regimen_text(course, start, weight)
    write_text(output, text)
    if as_json:
        from .output import print_json

        said = {"file": str(output), "format": "FHIR R4 (4.0.1) Bundle", "regimen": course.text}
        print_json(said | {"safety": [dict(notice) for notice in safety]})
        return
    from .notices import show
    from .screen import console

    screen = console()
    show(screen, safety, "reader")
    until = f" A total is written as the number of doses at {weight:g} kg." if "until" in course.text else ""
    screen.print(
        f"Wrote {output}: {course.text}, as a FHIR R4 Bundle: a draft plan for a simulated person, no order.{until}",
        highlight=False,
        markup=False,
    )
