"""Pages from templates: the base with the pregnancy box first, the same style and chart definitions as the report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from anagen.patient.patient import Patient
from anagen.safety import notices

from .problems import Problem

if TYPE_CHECKING:
    import jinja2

NAVIGATION = (
    ("/", "Start"),
    ("/explore", "Explore doses"),
    ("/analysis", "Analysis"),
    ("/follicles", "Follicles"),
    ("/claims", "Claims"),
    ("/products", "Products"),
    ("/diary", "Diary"),
    ("/trial", "Trial"),
    ("/methods", "Methods"),
    ("/about", "About"),
)
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def page(
    request: Request, name: str, *, mode: str = "reader", status: int = 200, query: str = "", **shown: Any
) -> Response:
    """A whole page. `query` is the state that links to other pages take along."""
    engine = request.app.state.engine
    found = notices(engine.treatment, None, Patient(), ())
    path = request.url.path
    html = (
        environment()
        .get_template(name)
        .render(
            **{
                "mode": mode,
                "clinician": mode == "clinician",
                "path": path,
                "here": path,
                "query": query,
                "navigation": NAVIGATION,
                "static": static_urls(),
                "stop": [notice for notice in found if notice["level"] == "stop"],
                "warn": [notice for notice in found if notice["level"] == "warn"],
                "notes": [notice for notice in found if notice["level"] == "note"],
                "modes": {other: _with_mode(request, other) for other in ("reader", "clinician")},
                **shown,
            }
        )
    )
    return HTMLResponse(html, status)


def part(name: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **shown: Any) -> Response:
    """A part of a page, for htmx to put in its place."""
    html = environment().get_template(name).render(static=static_urls(), **shown)
    return HTMLResponse(html, status, headers=dict(headers or {}))


def is_part(request: Request) -> bool:
    """Whether htmx asks for a part; a browser without script asks for the page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-history-restore-request") != "true"


def problem_page(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a page, or as a part where htmx asks."""
    if is_part(request):
        return part("problem_part.html.j2", status=problem.status, headers=headers, problem=problem)
    if problem.status in (401, 421):  # before it is known who asks: no page that names the drug
        return HTMLResponse(f"<!doctype html><title>Anagen</title><p>{problem.title}.", problem.status, headers=headers)
    mode = "clinician" if request.query_params.get("mode") == "clinician" else "reader"
    response = page(request, "problem.html.j2", mode=mode, status=problem.status, problem=problem)
    response.headers.update(headers or {})
    return response


def _with_mode(request: Request, mode: str) -> str:
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "mode"]
    query = urlencode(pairs + ([("mode", mode)] if mode != "reader" else []))
    return request.url.path + (f"?{query}" if query else "")


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Jinja2 with the templates of this room, then those of the report."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader("anagen.web"), jinja2.PackageLoader("anagen.analysis")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@lru_cache(maxsize=1)
def _static() -> Mapping[str, tuple[str, bytes, str]]:
    """File name → name with the hash of what is in it, bytes and type; the reports' style sheets are among them."""
    files = [*resources.files("anagen.web").joinpath("static").iterdir()]
    report = resources.files("anagen.analysis").joinpath("templates")
    files += [file for file in report.iterdir() if file.name.endswith(".css")]
    found = {}
    for file in sorted(files, key=lambda file: file.name):
        stem, _, ending = file.name.rpartition(".")
        if ending in KINDS:
            content = file.read_bytes()
            found[file.name] = (f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content, KINDS[ending])
    return found


def static_file(address: str) -> tuple[bytes, str] | None:
    """Bytes and type of what is served below /static/; the hash in an address lets a browser keep the file for ever."""
    return next(((content, kind) for known, content, kind in _static().values() if known == address), None)


def static_urls() -> Mapping[str, str]:
    """File name → address."""
    return {name: f"/static/{address}" for name, (address, _, _) in _static().items()}
