"""The analysis: all of `anagen analyse` for a link's regimens and person, with a page that tells how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from anagen.analysis.content import content
from anagen.analysis.page import template
from anagen.errors import AnagenError, PregnancyStop

from ..analyses import Parts, analysis_for
from ..api.results import result_json
from ..links import attachment
from ..render import is_part, page, part
from ..state import MOST_REGIMENS, State
from ..work import Progress, computed
from .explore_asked import Asked
from .explore_person import SPREADS, Person

router = APIRouter()
MOST = 8
"""Regimens of one analysis; other pages take the first four along."""
AT_ONCE_S = 0.6
"""An analysis that takes no longer is shown at once."""
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """What the form or the link asks for: its pairs, the state where it can be read, else what was wrong."""

    pairs: Pairs
    state: State | None
    error: AnagenError | None = None

    @classmethod
    def of(cls, request: Request) -> Wanted:
        """Read a request; regimens are those of the treatment's own page where none is said.

        Raises:
            PregnancyStop: `pregnant` is said.
        """
        app = request.app.state
        pairs = list(Asked.of(each_line(request.query_params.multi_items())).pairs)
        if not any(name == "regimen" for name, _ in pairs):
            usual = content(app.engine.treatment.name).get("regimens", ())
            pairs = [*(("regimen", text) for text in usual), *pairs]
        try:
            state = State.of(pairs, app.settings.most_people, MOST)
            texts = [app.engine.regimen(text).text for text in state.regimens]
        except PregnancyStop:
            raise
        except AnagenError as error:
            return cls(pairs, None, error)
        return cls(pairs, state.with_(regimens=tuple(texts)))

    @property
    def mode(self) -> str:
        return "clinician" if ("mode", "clinician") in self.pairs else "reader"


def each_line(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """The pairs with each line of a regimen's text as a regimen of its own.

    >>> each_line([("regimen", "20 mg once daily\\r\\n10 mg once daily"), ("weight", "82")])
    [('regimen', '20 mg once daily'), ('regimen', '10 mg once daily'), ('weight', '82')]
    """
    lines = ((name, value.splitlines() or [""]) if name == "regimen" else (name, [value]) for name, value in pairs)
    return [(name, one.strip()) for name, values in lines for one in values]


@router.get("/analysis")
async def analysis(request: Request) -> Response:
    wanted = await run_in_threadpool(Wanted.of, request)
    if wanted.state is None:
        return await run_in_threadpool(_page, request, wanted, 422)
    sent = request.query_params.multi_items()
    if not is_part(request) and any("\n" in value or not value.strip() or "." in name for name, value in sent):
        return RedirectResponse(f"/analysis?{wanted.state.query}", 303)  # from the form: the short link
    try:
        found = await request.app.state.analyses.find(wanted.state, AT_ONCE_S)
    except PregnancyStop:
        raise
    except AnagenError as error:
        return await run_in_threadpool(_page, request, replace(wanted, error=error), 422)
    if is_part(request):
        if isinstance(found, float):
            return part("analysis_progress.html.j2", own_query=wanted.state.query, share=found)
        return Response(headers={"hx-refresh": "true"})
    parts, share = (None, found) if isinstance(found, float) else (found, None)
    return await run_in_threadpool(_page, request, wanted, 200, parts, share)


@router.get("/analysis/report")
async def report(request: Request) -> Response:
    """The report itself, as `anagen analyse -o` writes it."""
    parts = await request.app.state.analyses.made(_state(request), request)
    html = await run_in_threadpool(template().render, **parts)
    return Response(html, media_type="text/html", headers=attachment("analysis.html"))


@router.get("/analysis/data")
async def data(request: Request) -> Response:
    """What `anagen analyse --json` prints."""
    app = request.app.state
    state = await run_in_threadpool(_state, request)

    def call(progress: Progress) -> Response:
        answer = result_json(analysis_for(app.engine, state, progress))
        answer.headers.update(attachment("analysis.json"))
        return answer

    return await computed(request, call)


def _state(request: Request) -> State:
    """The state of a link.

    Raises:
        AnagenError: it cannot be read.
    """
    wanted = Wanted.of(request)
    if wanted.state is None:
        assert wanted.error is not None
        raise wanted.error
    return wanted.state


def _page(
    request: Request, wanted: Wanted, status: int, parts: Parts | None = None, share: float | None = None
) -> Response:
    """The form, and under it the analysis, how far it is, or what was wrong."""
    state = wanted.state
    shown: dict[str, Any] = {**(parts or {})}
    links = state.with_(regimens=state.regimens[:MOST_REGIMENS]).query if state else ""
    return page(
        request,
        "analysis.html.j2",
        status=status,
        **{
            **shown,
            "mode": wanted.mode,
            "query": links,
            "made": parts is not None,
            "share": share,
            "error": wanted.error,
            "own_query": state.query if state else urlencode(wanted.pairs),
            "command": state.analyse_command if state else "",
            "texts": [value for name, value in wanted.pairs if name == "regimen"],
            "person": Person.of(wanted.pairs),
            "treatment": request.app.state.engine.treatment,
            "spreads": SPREADS,
        },
    )
