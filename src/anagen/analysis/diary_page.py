"""The report of a diary for a visit: two printed pages of what was written and what it shows. No cause is named."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING, Any

from anagen.diary.describe.timeline import season
from anagen.diary.entries import free_text_of

from .charts.svg import warm_up
from .claim_cards import said_date
from .content import content
from .diary_figures import count_figure, happened_figure, level_figure, shed_figure
from .diary_sentences import count_sentences, dose_sentences, headline, more_sentences, timeline_sentences
from .diary_tables import lab_rows, other_rows
from .numbers import number
from .page import template
from .references import cited
from .trial.people import trial_references

if TYPE_CHECKING:
    from anagen.diary.describe.describe import Description

SOURCES = ("wasko-2008", "li-2022", "pull-test-2017")
"""Of the tests themselves."""


def diary_page(found: Description, *, with_words: bool = False, date: Date | None = None) -> str:
    """The page as one HTML file.

    Args:
        found: what `describe` gave.
        with_words: also what the person wrote in their own words; left out of what is shared otherwise.
        date: the date on the page; that of the description where left out.
    """
    return template().environment.get_template("diary.html.j2").render(**diary_parts(found, with_words, date))


def diary_parts(found: Description, with_words: bool = False, date: Date | None = None) -> dict[str, Any]:
    """What the page is filled with, by name; arguments as for `diary_page`."""
    warm_up()
    drug = "isotretinoin"
    data = content(drug)
    text, season_sources = season()
    keys = [key for one in found.happened for key in one.sources] + [*season_sources, *SOURCES]
    limits = data.get("limits", ())
    listed = trial_references([*keys, *cited({"limits": limits})])
    figures = [figure for figure in (count_figure(found), happened_figure(found)) if figure]
    more = [figure for figure in (shed_figure(found), level_figure(found)) if figure]
    who = found.patient
    words = [(said_date(entry.day), line) for entry in found.entries for line in free_text_of(entry)]
    return dict(
        mode=found.mode,
        clinician=found.mode == "clinician",
        date=said_date(date or found.today),
        title="Diary report",
        stop=[notice for notice in found.safety if notice["level"] == "stop"],
        warn=[notice for notice in found.safety if notice["level"] == "warn"],
        notes=[notice for notice in found.safety if notice["level"] == "note"],
        headline=headline(found),
        counts=count_sentences(found),
        more=more_sentences(found),
        doses=dose_sentences(found),
        happened=timeline_sentences(found),
        season=text,
        season_sources=season_sources,
        figures=figures,
        beside=more,
        labs=lab_rows(found),
        others=other_rows(found.entries),
        words=words if with_words else [],
        words_left=0 if with_words else len(words),
        person=f"{who.sex}, {number(who.age_years)} years, {number(who.weight_kg)} kg",
        questions=data.get("questions", ()),
        limits=limits,
        references=listed,
        numbered={reference.key: place for place, reference in enumerate(listed, 1)},
        provenance=found.result.provenance if found.result else {},
        standard=found.standard,
    )
