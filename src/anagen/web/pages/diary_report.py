"""The two-page report of the diary, in the frame of these pages, and as one file to take along."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.diary_page import diary_page, diary_parts
from anagen.diary.describe.describe import describe
from anagen.diary.pregnancy import stop_if_pregnant

from ..diary_keys import diary_of
from ..links import attachment
from ..render import page
from ..state import State
from ..work import Progress, computed

router = APIRouter()
OF_THE_FRAME = ("clinician", "stop", "warn", "notes")


@router.get("/diary/report")
async def report(request: Request, words: bool = False, file: bool = False) -> Response:
    """For the person of the link; `words`: with what was written in own words; `file`: as one HTML file."""
    state = State.of(request.query_params.multi_items(), request.app.state.settings.most_people)

    def call(progress: Progress) -> Response:
        with diary_of(request) as book:
            entries = [kept.entry for kept in book.entries()]
        stop_if_pregnant(entries)
        found = describe(entries, state.patient, mode=state.run.mode, people=state.run.people)
        if file:
            headers = attachment("diary-report.html")
            return Response(diary_page(found, with_words=words), media_type="text/html", headers=headers)
        parts = {name: value for name, value in diary_parts(found, words).items() if name not in OF_THE_FRAME}
        parts |= {"mode": state.run.mode, "query": state.query, "with_words": words, "who": state.patient}
        return page(request, "diary_report.html.j2", **parts)

    return await computed(request, call)
