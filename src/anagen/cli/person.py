"""The options that describe a person and a run, shared by all commands that simulate."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from anagen.patient.patient import HairEvent, Patient


class Sex(StrEnum):
    """Choices of --sex."""

    female = "female"
    male = "male"


class Severity(StrEnum):
    """Choices of --seborrheic-dermatitis."""

    none = "none"
    mild = "mild"
    moderate = "moderate"
    severe = "severe"


class Mode(StrEnum):
    """Choices of --mode."""

    reader = "reader"
    clinician = "clinician"


class SpreadChoice(StrEnum):
    """Choices of --spread."""

    both = "both"
    between = "between"
    unknown = "unknown"


class LayoutChoice(StrEnum):
    """Choices of --layout."""

    long = "long"
    wide = "wide"
    cdisc = "cdisc"


PERSON, RUN, OUT = "Person", "Run", "Output"

Weight = Annotated[float, typer.Option(help="Body weight in kg, 30 to 250.", rich_help_panel=PERSON)]
Height = Annotated[
    float | None,
    typer.Option(help="Height in cm (recorded; the model does not use it).", rich_help_panel=PERSON),
]
Age = Annotated[float, typer.Option(help="Age in years, 18 or more.", rich_help_panel=PERSON)]
SexOption = Annotated[Sex, typer.Option(help="Sex, for the usual CK.", rich_help_panel=PERSON)]
Dermatitis = Annotated[
    Severity,
    typer.Option("--seborrheic-dermatitis", help="Seborrheic dermatitis of the scalp.", rich_help_panel=PERSON),
]
PatternLoss = Annotated[
    bool, typer.Option("--pattern-hair-loss", help="Pattern hair loss is present.", rich_help_panel=PERSON)
]
Ferritin = Annotated[float | None, typer.Option(help="Ferritin in ug/L, if measured.", rich_help_panel=PERSON)]
Supplements = Annotated[
    list[str] | None,
    typer.Option("--supplement", help="A supplement taken; may be repeated.", rich_help_panel=PERSON),
]
Events = Annotated[
    list[str] | None,
    typer.Option(
        "--event",
        metavar="KIND@DAY",
        help="fever@30, surgery@0 or crash-diet@60; may be repeated.",
        rich_help_panel=PERSON,
    ),
]
Pregnant = Annotated[
    bool,
    typer.Option("--pregnant", help="Stops: nothing is simulated (exit code 3).", rich_help_panel=PERSON),
]

Assume = Annotated[
    list[str] | None,
    typer.Option(
        "--assume",
        metavar="HYPOTHESIS",
        help="Switch on a claim that evidence does not carry; may be repeated.",
        rich_help_panel=RUN,
    ),
]
Weeks = Annotated[
    int | None,
    typer.Option(help="Weeks shown; by default the course and 28 weeks after.", rich_help_panel=RUN),
]
People = Annotated[int, typer.Option(help="Simulated people.", rich_help_panel=RUN)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same people.", rich_help_panel=RUN)]
ModeOption = Annotated[Mode, typer.Option(help="Reader, or clinician and research.", rich_help_panel=RUN)]
SpreadOption = Annotated[
    SpreadChoice,
    typer.Option(
        "--spread",
        help="What the ranges hold: how people differ (between), what nobody knows (unknown), or both.",
        rich_help_panel=RUN,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.", rich_help_panel=RUN)]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.", rich_help_panel=OUT)]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write all series as CSV.", rich_help_panel=OUT)]
Parquet = Annotated[Path | None, typer.Option("--parquet", help="Write all series as Parquet.", rich_help_panel=OUT)]
Arrow = Annotated[
    Path | None, typer.Option("--arrow", help="Write all series as an Arrow file (Feather).", rich_help_panel=OUT)
]
LayoutOption = Annotated[
    LayoutChoice,
    typer.Option(
        "--layout",
        help="Of tables: a row for each series and day (long), for each day (wide), or for each simulated person, "
        "series and day with the column names of CDISC (cdisc).",
        rich_help_panel=OUT,
    ),
]
Svg = Annotated[Path | None, typer.Option("--svg", help="Write the hair chart as SVG.", rich_help_panel=OUT)]
Html = Annotated[
    Path | None, typer.Option("--html", help="Write a page that opens in any browser.", rich_help_panel=OUT)
]


def person(
    weight: float,
    height: float | None,
    age: float,
    sex: Sex,
    dermatitis: Severity,
    pattern_loss: bool,
    ferritin: float | None,
    supplements: list[str] | None,
    events: list[str] | None,
    pregnant: bool,
) -> Patient:
    """The patient that the options describe."""
    return Patient(
        weight_kg=weight,
        height_cm=height,
        age_years=age,
        sex=sex.value,
        seborrheic_dermatitis=dermatitis.value,
        pattern_hair_loss=pattern_loss,
        ferritin_ug_per_l=ferritin,
        supplements=tuple(dict.fromkeys(supplements or ())),
        events=tuple(HairEvent.from_text(text) for text in events or ()),
        pregnant=pregnant,
    )
