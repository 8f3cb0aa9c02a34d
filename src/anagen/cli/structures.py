"""`--structures` on the commands that simulate: which other structures that fit the same data are run too."""

from __future__ import annotations

from typing import Annotated

import typer

from .person import RUN

Structures = Annotated[
    str | None,
    typer.Option(
        "--structures",
        metavar="all|NAME",
        help="Also with other structures that fit the same data: all, those of one question, or one.",
        rich_help_panel=RUN,
    ),
]
