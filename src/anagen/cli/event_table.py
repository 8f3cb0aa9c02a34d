"""`anagen simulate --data FILE`: a NONMEM-style event table in the place of a regimen, and what was observed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.errors import InputError
from anagen.files.writing import check_writable, write
from anagen.patient.patient import Patient

if TYPE_CHECKING:
    from anagen.interchange.nonmem import EventTable
    from anagen.regimen.regimen import Regimen


class InterpolationChoice(StrEnum):
    """Choices of --interpolation."""

    locf = "locf"
    nocb = "nocb"
    linear = "linear"


PANEL = "Event table"
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A NONMEM-style event table instead of a regimen: .csv or .parquet.", rich_help_panel=PANEL
    ),
]
Identity = Annotated[int | None, typer.Option("--id", help="Which person of the table.", rich_help_panel=PANEL)]
Covariates = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Its people, one row for each ID.", rich_help_panel=PANEL)
]
Interpolation = Annotated[
    InterpolationChoice | None,
    typer.Option(help="How a weight that changes goes on between records.", rich_help_panel=PANEL),
]
Decimal = Annotated[
    str, typer.Option(metavar="MARK", help="The decimal mark of the table, . or ,", rich_help_panel=PANEL)
]
Drop = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="A column to leave out; may be repeated.", rich_help_panel=PANEL),
]
Predictions = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write typical levels and residuals at all records, of all people: .csv or .parquet.",
        rich_help_panel=PANEL,
    ),
]
MOST_SHOWN = 12


@dataclass(frozen=True)
class FromTable:
    """What the table says of one person: `doses` in the place of a regimen, and who takes them."""

    table: EventTable
    person: float
    doses: Regimen
    patient: Patient


def chosen(
    regimen: str | None,
    patient: Patient,
    treatment: str,
    data: Path | None,
    identity: int | None,
    covariates: Path | None,
    interpolation: InterpolationChoice | None,
    decimal: str,
    drop: list[str] | None,
    predictions: Path | None,
) -> FromTable | None:
    """The person of the table; None where there is a regimen instead. Options say of the person what the table does
    not.

    Raises:
        InputError: both or neither; a table that cannot be used; an option of tables without one.
    """
    if data is None:
        others = {"--id": identity, "--covariates": covariates, "--interpolation": interpolation, "--drop": drop}
        others["--predictions"] = predictions
        for option, value in others.items():
            if value is not None:
                raise InputError(f"{option} is of an event table, and there is none", expected="--data FILE too")
        if regimen is None:
            raise InputError(
                "there is no regimen",
                expected="one in quotes, or --data FILE with an event table",
                nearest='anagen simulate "20 mg once daily with food for 24 weeks"',
            )
        return None
    if regimen is not None:
        raise InputError("a regimen and an event table were given", expected="the regimen, or --data FILE")
    check_writable({"--predictions": predictions})
    if predictions is not None and predictions.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"--predictions: {predictions}", expected="a name that ends in .csv or .parquet")
    from anagen.interchange.nonmem import from_nonmem
    from anagen.interchange.nonmem.recorded import person_of

    table = from_nonmem(
        data,
        covariates=covariates,
        interpolation=interpolation.value if interpolation else None,
        decimal=decimal,
        drop=drop or (),
        treatment=treatment,
    )
    if predictions is not None:
        frame = table.predict(default_kg=patient.weight_kg)
        parquet = predictions.suffix.lower() == ".parquet"
        write(predictions, lambda file: frame.write_parquet(file) if parquet else frame.write_csv(file))
    described: dict[str, Any] = {one.name: getattr(patient, one.name) for one in fields(patient)}
    doses, person = person_of(table, identity, described)
    return FromTable(table, float(table.people[table.index(identity)]), doses, person)


def show_observed(found: FromTable) -> None:
    """What was observed of the person, beside the typical level."""
    import polars
    from rich.table import Table

    from .screen import console

    frame = found.table.predict(default_kg=found.patient.weight_kg)
    frame = frame.filter((polars.col("ID") == found.person) & polars.col("DV").is_not_null())
    if frame.is_empty():
        return
    shown = Table(title=f"Observed, ID {found.person:g}, and typical at this weight (ng/mL)", title_justify="left")
    for name in ("time, h", "measured", "observed", "typical", "difference"):
        shown.add_column(name, justify="left" if name == "measured" else "right")
    for row in frame.head(MOST_SHOWN).iter_rows(named=True):
        what = "4-oxo-isotretinoin" if row["CMT"] == 4 else "isotretinoin"
        shown.add_row(f"{row['TIME']:g}", what, *(f"{row[name]:.4g}" for name in ("DV", "PRED", "RES")))
    screen = console()
    screen.print(shown)
    if frame.height > MOST_SHOWN:
        screen.print(f"{frame.height - MOST_SHOWN} more: --predictions FILE writes them all.", highlight=False)
