"""Study files: TOML in, a frozen `Study` out. Every fault is told with its file, line and key, and what is expected.

The file's keys are in `schema.py`, what rows may measure in `quantities.py`, both in words in `docs/validation.md`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from anagen.errors import InputError
from anagen.evidence.bibliography import load_sources
from anagen.files.reading import Reading
from anagen.files.text import text_of
from anagen.treatments.registry import table, treatment_names
from anagen.validation.arms import Arm, arms
from anagen.validation.rows import Row, rows
from anagen.validation.schema import Design, StudyTable

__all__ = ["Arm", "Row", "Study", "parse_study", "read_studies", "read_study"]
_PACKED = Path(__file__).with_name("studies")
SHIPPED = _PACKED if _PACKED.is_dir() else Path(__file__).parents[3] / "validation" / "studies"
"""The studies that come with Anagen: packed into an installed package, beside it in the source tree."""
Origin = Literal["shipped", "given"]


@dataclass(frozen=True)
class Study:
    """A published study: its arms as they were treated, and its rows as they were reported. `name` is its source."""

    name: str
    title: str
    treatment: str
    design: Design
    checked: datetime.date
    assume: tuple[str, ...]
    arms: tuple[Arm, ...]
    rows: tuple[Row, ...]
    file: str


def read_studies(folder: Path | None = None) -> tuple[Study, ...]:
    """All studies of a folder, by the names of their files; those that come with the source tree where none is given.

    Raises:
        InputError: no such folder, no study file in it, two rows of one name; or as `read_study`.
    """
    place = SHIPPED if folder is None else folder
    if not place.is_dir():
        raise InputError(f"there is no folder {place}", expected="a folder of study files (TOML)")
    files = sorted(place.glob("*.toml"))
    if not files:
        raise InputError(f"no study file in {place}", expected="at least one file that ends in .toml")
    studies = tuple(read_study(file, "shipped" if folder is None else "given") for file in files)
    seen: dict[tuple[str, str], str] = {}
    for study in studies:
        for row in study.rows:
            name = (study.name, row.id)
            if name in seen:
                raise InputError(
                    f"{study.file}: row '{row.id}' of study '{study.name}' stands in {seen[name]} too",
                    expected="a name that no other row of the study has",
                )
        seen |= {(study.name, row.id): study.file for row in study.rows}
    return studies


def read_study(path: Path, origin: Origin = "given") -> Study:
    """The study that a file describes.

    Raises:
        InputError: the file cannot be read; or a key is unknown, missing, of a wrong type or impossible. Names the
            file, the line and the key, and the nearest valid choice. Sources are looked up where `origin` is "shipped".
        RegimenError: the regimen of an arm cannot be read; with the line, and the place inside the regimen.
        PregnancyStop: the file says that people are pregnant.
    """
    return parse_study(text_of(path, "a study file (TOML)"), path.name, origin)


def parse_study(text: str, name: str = "study.toml", origin: Origin = "given") -> Study:
    """The study that a text describes; raises as `read_study`.

    >>> from anagen.validation.example import EXAMPLE
    >>> study = parse_study(EXAMPLE)
    >>> study.design, len(study.arms), study.rows[0].quantity.label
    ('parallel', 7, 'auc_inf')
    """
    reading = Reading(text, name, StudyTable)
    tables = reading.tables()
    reading.one_of(("treatment",), "treatment", tables.treatment, treatment_names())
    known = tuple(table(tables.treatment, "hypotheses.toml"))
    for i, hypothesis in enumerate(tables.assume):
        reading.one_of(("assume", i), "hypothesis", hypothesis, known)
    if origin == "shipped":
        _check_sources(reading, tables)
    made = arms(reading, tables)
    return Study(
        name=tables.study,
        title=tables.title,
        treatment=tables.treatment,
        design=tables.design,
        checked=tables.checked,
        assume=tuple(tables.assume),
        arms=made,
        rows=rows(reading, tables, made),
        file=name,
    )


def _check_sources(reading: Reading[Any], tables: StudyTable) -> None:
    known = load_sources()
    reading.one_of(("study",), "source", tables.study, known)
    for i, row in enumerate(tables.rows):
        for j, key in enumerate(row.source):
            reading.one_of(("rows", i, "source", j), "source", key, known)
