"""The table of both effluvia: what is published of each kind (`effluvia.toml`) beside what the model computes."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from pydantic import field_validator

from anagen.evidence import load_sources
from anagen.evidence.records import Record, SourceKey, Sources, read_records

from .courses import Effluvia
from .features import SAID, Features

NOT_FOUND = "No figure found in the sources read."


class Published(Record):
    """What is published of one kind, and by whom; a kind of which nothing was found is left out."""

    text: str
    source: Sources


class Feature(Record):
    """One line of `effluvia.toml`; `computed` names a number of ours (`SAID`)."""

    name: str
    computed: str
    anagen: Published | None = None
    telogen: Published | None = None

    @field_validator("computed")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in SAID:
            raise ValueError(f"one of {', '.join(SAID)}")
        return name


FILLED = ("days", "first_anagen_day")
"""What a note may have in braces: the days that the telogen kind lasts, and the day that the anagen kind begins."""


class Note(Record):
    """A sentence to stand beside the figures, with our numbers (`FILLED`) in braces."""

    text: str
    source: tuple[SourceKey, ...] = ()

    @field_validator("text")
    @classmethod
    def _fillable(cls, text: str) -> str:
        if any(field not in (None, *FILLED) for _, field, *_ in Formatter().parse(text)):
            raise ValueError(f"in braces only {' or '.join(FILLED)}")
        return text


class _File(Record):
    note: tuple[Note, ...] = ()
    feature: tuple[Feature, ...]


@dataclass(frozen=True)
class FeatureRow:
    """A row of the table: published beside computed, for both kinds; source keys of what is published."""

    feature: str
    anagen_published: str
    anagen_computed: str
    anagen_source: tuple[str, ...]
    telogen_published: str
    telogen_computed: str
    telogen_source: tuple[str, ...]


def notes_and_rows(treatment: str, both: Effluvia) -> tuple[list[Note], list[FeatureRow]]:
    """The notes and the table of a treatment; both empty where it has no `effluvia.toml`.

    Raises:
        DataError: a fault in the file.
    """
    file: _File | None = read_records(treatment, "effluvia.toml", _File)
    if file is None:
        return [], []
    anagen, telogen = Features.of(both.anagen), Features.of(both.telogen)
    values = {"days": telogen.raised_days, "first_anagen_day": anagen.raised_first_day}
    notes = [Note(text=note.text.format_map(values), source=note.source) for note in file.note]
    return notes, [
        FeatureRow(
            feature=line.name,
            anagen_published=_published(line.anagen),
            anagen_computed=SAID[line.computed](anagen),
            anagen_source=line.anagen.source if line.anagen else (),
            telogen_published=_published(line.telogen),
            telogen_computed=SAID[line.computed](telogen),
            telogen_source=line.telogen.source if line.telogen else (),
        )
        for line in file.feature
    ]


def _published(found: Published | None) -> str:
    """The text, and whether its sources were seen."""
    if found is None:
        return NOT_FOUND
    seen = [load_sources()[key].verified for key in found.source]
    return found.text + ("" if all(seen) else " (partly not verified)" if any(seen) else " (not verified)")
