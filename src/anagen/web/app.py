"""The application: guard, errors, static files, API and pages put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from anagen import __version__
from anagen.patient.patient import Patient

from . import api, pages
from .analyses import Analyses
from .diary_keys import DiaryKeys
from .engine import Engine, Run
from .guard import Guard
from .jobs import Jobs
from .journal import Journal
from .problems import Problem, answer, install
from .render import environment, static_file
from .settings import Settings
from .work import Work

FOR_EVER = "public, max-age=31536000, immutable"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The web application as an ASGI app, ready for uvicorn.

    >>> create_app(Settings(warm=False)).title
    'Anagen'
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if settings.warm:
            Thread(target=warm_up, args=(app.state.engine,), name="anagen-warm-up", daemon=True).start()
        yield
        app.state.work.close()
        app.state.jobs.close()

    app = FastAPI(
        title="Anagen",
        version=__version__,
        description="What a regimen does to hair, skin and blood in groups of simulated adults. It informs; it does "
        "not diagnose, prescribe or choose a dose. Never in pregnancy, or where pregnancy may occur.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.settings = settings
    app.state.engine = Engine()
    app.state.work = Work(settings.workers, settings.waiting)
    app.state.analyses = Analyses(app.state.engine, app.state.work)
    app.state.jobs = Jobs(
        waiting=settings.trials_waiting, kept=settings.trials_kept, longest_s=settings.trial_longest_s
    )
    app.state.diary = DiaryKeys(settings.diary)
    install(app)
    app.include_router(api.router)
    app.include_router(pages.router)

    @app.get("/static/{name}", include_in_schema=False)
    def static(request: Request, name: str) -> Response:
        found = static_file(name)
        if found is None:
            return answer(request, Problem(404, "There is no such file"))
        return Response(found[0], media_type=found[1], headers={"cache-control": FOR_EVER})

    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Journal)
    return app


def warm_up(engine: Engine) -> None:
    """Load what the first request would wait for: compiled programs, templates, the process that draws."""
    from anagen.analysis.charts.svg import warm_up as start_drawing

    environment().get_template("base.html.j2")
    start_drawing()
    for people in (100, 1000):
        engine.compare([engine.regimen("20 mg once daily with food for 24 weeks")], Patient(), Run(people=people))
