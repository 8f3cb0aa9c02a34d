"""The page of a validation, made of its JSON alone: coverage, all rows in one table, and a picture of each row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from anagen.evidence import cite, load_sources

from .charts.svg import warm_up
from .content import content
from .figure import Figure
from .model_card.coverage import coverage_sentences
from .model_card.flat import flat
from .model_card.shell import rendered, shell
from .model_card.validation_figures import row_figure, standing_figures
from .model_card.validation_rows import ValidationRow, by_study, validation_rows
from .references import cited


@dataclass(frozen=True)
class StudyPart:
    """One study of the page: what it is, what it did not say, and a picture of each of its rows."""

    key: str
    title: str
    citation: str
    source: tuple[str, ...]
    assumed: tuple[str, ...]
    figures: tuple[Figure, ...]


def validation_page(result: Mapping[str, Any], *, date: Date | None = None) -> str:
    """The page as one HTML file.

    Args:
        result: what `Validation.to_json()` gives, and `validation.json` holds.
        date: the date on the page; today where left out.
    """
    return rendered("validation.html.j2", validation_parts(result, date=date))


def validation_parts(result: Mapping[str, Any], *, date: Date | None = None) -> dict[str, Any]:
    """What the page is filled with, by name."""
    warm_up()
    treatment = str(result["treatment"])
    rows = validation_rows(result)
    limits = content(treatment.split(", ")[0]).get("limits", ())
    keys = [key for row in rows for key in row.source]
    first, *rest = coverage_sentences(result)
    return shell(
        treatment,
        [*keys, *cited({"limits": limits})],
        date,
        title="Where the model meets studies it was not fitted to",
        answer=first,
        more=rest,
        rows=rows,
        known=[row for row in rows if row.known],
        standings=standing_figures(rows),
        studies=[_study(place, name, own) for place, (name, own) in enumerate(by_study(rows).items(), 1)],
        people=result.get("people_per_study"),
        replicates=result.get("replicates"),
        limits=limits,
        provenance=flat(result.get("provenance") or {}),
        file="validation.json",
    )


def _study(place: int, name: str, rows: list[ValidationRow]) -> StudyPart:
    known = load_sources()
    citation = cite(known[name]) if name in known else name
    return StudyPart(
        key=f"study-{place}",
        title=f"{short_name(citation)}{f': {rows[0].about}' if rows[0].about else ''}",
        citation=citation,
        source=tuple(dict.fromkeys(key for row in rows for key in row.source)),
        assumed=tuple(dict.fromkeys(text for row in rows for text in row.assumed)),
        figures=tuple(row_figure(row) for row in rows),
    )


def short_name(citation: str) -> str:
    """A citation up to its year, where it begins with one; else its first part.

    >>> short_name("Wasko et al. 2008. Standardizing the 60-second hair count"), short_name("[Label]. 2024. PMID 1")
    ('Wasko et al. 2008', '[Label]. 2024')
    """
    found = re.match(r".{1,60}?\b(?:19|20)\d\d(?=\.|$)", citation)
    return found[0] if found else citation.split(". ")[0]
