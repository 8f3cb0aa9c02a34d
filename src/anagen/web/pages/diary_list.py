"""All entries, the newest first: a page of fifty, a link for each month, and the counts as a figure on top."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.diary_figures import count_figure
from anagen.analysis.figure import Figure
from anagen.diary.describe.counted import counted
from anagen.diary.entries import DoseTaken, Entry, ShedCount
from anagen.diary.plain import kind_of, to_plain
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.diary.said import said
from anagen.diary.store import Kept
from anagen.errors import InputError

from ..diary_entry import DOSES, now
from ..diary_keys import DiaryKeys, diary_of
from ..links import state_of
from .diary_form import TITLES, to_page

router = APIRouter()
ON_A_PAGE = 50
FEWEST_COUNTS = 3
"""Counts below which there is nothing to see in a figure."""
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Chosen:
    """Which entries are shown; a link holds it, beside the state that all pages take along."""

    state: str
    kind: str = ""
    month: str = ""

    def link(self, month: str, page: int = 1) -> str:
        """The address of a page of the list."""
        told = [("kind", self.kind), ("month", month), ("page", str(page) if page > 1 else "")]
        query = "&".join(part for part in (self.state, urlencode([pair for pair in told if pair[1]])) if part)
        return "/diary/entries" + (f"?{query}" if query else "")


@router.get("/diary/entries")
def entries(request: Request, kind: str = "", month: str = "", page: int = 1) -> Response:
    """All that stands, of a kind and a month where they are said; a page past the last is the last."""
    if kind:
        kind_of(kind)
    if month and not _MONTH.fullmatch(month):
        raise InputError(f"month: '{month}'", expected="a year and a month, such as 2026-03")
    with diary_of(request) as book:
        standing = book.entries()
    stop_if_pregnant(kept.entry for kept in standing)
    chosen = Chosen(state_of(request).query, kind, month)
    of_kind = [kept for kept in reversed(standing) if kind in ("", kept.entry.kind)]
    found = [kept for kept in of_kind if month in ("", f"{kept.entry.day:%Y-%m}")]
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    there = {kept.entry.kind for kept in standing}
    whole = page == 1 and not month and kind in ("", ShedCount.kind)
    shown = {
        "days": _days(found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]),
        "kinds": {name: title for name, title in TITLES.items() if name in there},
        "kind": kind,
        "month": month,
        "total": len(found),
        "page": page,
        "pages": pages,
        "earlier": chosen.link(month, page + 1) if page < pages else "",
        "later": chosen.link(month, page - 1) if page > 1 else "",
        "all_months": chosen.link("") if month else "",
        "years": _years([kept.entry.day for kept in of_kind], chosen),
        "figure": _figure(request.app.state.diary, [kept.entry for kept in standing]) if whole else None,
    }
    return to_page(request, "diary_list.html.j2", shown)


def _days(listed: Sequence[Kept]) -> dict[str, list[dict[str, Any]]]:
    """The entries by day."""
    days: dict[str, list[dict[str, Any]]] = {}
    for kept in listed:
        one = kept.entry
        days.setdefault(f"{one.day}", []).append(
            {
                "number": kept.number,
                "time": f"{one.at:%H:%M}" if one.time_known else "",
                "title": TITLES[one.kind],
                "said": said(one),
                "dose": one.kind in DOSES,
                "changed": kept.versions > 1,
            }
        )
    return days


def _years(days: Sequence[date], chosen: Chosen) -> dict[str, list[dict[str, Any]]]:
    """The months that have entries, by year, with a link and how many; the newest first."""
    years: dict[str, list[dict[str, Any]]] = {}
    for (year, month), number in sorted(Counter((day.year, day.month) for day in days).items(), reverse=True):
        key = f"{year}-{month:02d}"
        years.setdefault(f"{year}", []).append(
            {
                "name": f"{date(year, month, 1):%B}",
                "number": number,
                "link": chosen.link(key),
                "here": key == chosen.month,
            }
        )
    return years


def _figure(keys: DiaryKeys, listed: Sequence[Entry]) -> Figure | None:
    """The counts, as in the report; the latest drawing is kept in memory, as long as nothing in it changes."""
    today = now().date()
    seen = [one for one in listed if isinstance(one, ShedCount | DoseTaken) and one.day <= today]
    if sum(isinstance(one, ShedCount) for one in seen) < FEWEST_COUNTS:
        return None
    key = hashlib.sha256(repr([to_plain(one) for one in seen]).encode()).hexdigest()
    if key not in keys.figures:
        drawn = count_figure(counted(seen, today))
        if drawn is None:
            return None
        keys.figures.clear()
        keys.figures[key] = drawn
    return keys.figures.get(key)
