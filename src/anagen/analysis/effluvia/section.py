"""The part of the page that draws the two effluvia: three figures, the table of features, and what they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anagen.analysis.figure import Figure
from anagen.treatments.registry import Treatment

from .courses import effluvia
from .figures import density_figure, phases_figure, shedding_figure
from .table import FeatureRow, Note, notes_and_rows

TEACHING = Note(
    text="These are two teaching examples, computed for one typical scalp. They show what the two kinds look like. "
    "They do not say which kind a person has, or why."
)


@dataclass(frozen=True)
class EffluviaSection:
    """Ready for a template: `notes` stand before the figures; `rows` under `head`, one column for each of its words."""

    notes: Sequence[Note]
    figures: Sequence[Figure]
    caption: str
    head: Sequence[str]
    rows: Sequence[FeatureRow]

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source key of the section, once."""
        keys = [key for note in self.notes for key in note.source]
        keys += [key for row in self.rows for key in (*row.anagen_source, *row.telogen_source)]
        return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=4)
def effluvia_section(treatment: Treatment) -> EffluviaSection:
    """Both effluvia on the typical scalp of the treatment's model.

    No regimen and no person goes in: the figures are for teaching.

    >>> from anagen.treatments.registry import treatment
    >>> [figure.key for figure in effluvia_section(treatment()).figures]
    ['effluvia-shedding', 'effluvia-density', 'effluvia-phases']

    Raises:
        DataError: a fault in the treatment's `effluvia.toml`.
    """
    both = effluvia(treatment)
    notes, rows = notes_and_rows(treatment.name, both)
    return EffluviaSection(
        notes=(TEACHING, *notes),
        figures=(shedding_figure(both), density_figure(both), phases_figure(both)),
        caption="Published features of the two kinds, and what the model computes",
        head=("Feature", "Anagen: published", "Anagen: model", "Telogen: published", "Telogen: model"),
        rows=rows,
    )
