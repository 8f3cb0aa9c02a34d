"""`anagen export nonmem`: the doses of a regimen as a NONMEM-style event table, which `simulate --data` reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import person as options


def export_nonmem_command(
    regimen: Annotated[str, typer.Argument(help='In quotes: "20 mg once daily with food for 24 weeks".')],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The file: data.csv, or data.parquet.")
    ],
    treatment: Annotated[str, typer.Option(help="The drug.", rich_help_panel=options.RUN)] = "isotretinoin",
    identity: Annotated[
        int, typer.Option("--id", min=0, help="The ID of the person.", rich_help_panel=options.RUN)
    ] = 1,
    weight: options.Weight = 70.0,
    age: options.Age = 30.0,
    sex: options.SexOption = options.Sex.female,
    pregnant: options.Pregnant = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say what was written as one JSON object.", rich_help_panel=options.OUT)
    ] = False,
) -> None:
    import polars

    from anagen.files.writing import check_writable, write
    from anagen.interchange.nonmem.writing import notices_of, regimen_frame, write_nonmem
    from anagen.patient.patient import Patient
    from anagen.regimen.regimen import Regimen
    from anagen.safety import notices
    from anagen.treatments.registry import treatment as find_treatment

    patient = Patient(weight_kg=weight, age_years=age, sex=sex.value, pregnant=pregnant)
    drug = find_treatment(treatment)
    course = Regimen.from_text(regimen, treatment)
    safety = notices(drug, course, patient, ())
    check_writable({"--output": output})
    frame = regimen_frame(course, weight, identity).with_columns(
        AGE=polars.lit(age), MALE=polars.lit(int(patient.sex == "male"))
    )
    write(output, lambda file: write_nonmem(frame, file, notices_of(course, weight, safety)))
    doses = int(course.events(weight).time_h.size)
    if as_json:
        from .output import print_json

        said = {"file": str(output), "format": "NONMEM-style event table", "regimen": course.text}
        print_json(said | {"records": frame.height, "doses": doses, "safety": [dict(notice) for notice in safety]})
        return
    from .notices import show
    from .screen import console

    screen = console()
    show(screen, safety, "reader")
    screen.print(
        f"Wrote {output}: {course.text}, as {frame.height} records of {doses} doses. "
        f"NONMEM: $DATA {output.name} IGNORE=@",
        highlight=False,
        markup=False,
    )
