"""Computing beside the event loop: so many at once, the rest is told to come back, and nobody's work is dropped."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from starlette.testclient import TestClient
from tests.web.apart import apart

from anagen.web.app import create_app
from anagen.web.settings import Settings
from anagen.web.work import Full, Left, Progress, Work

ASKED = {"regimen": "20 mg once daily for 4 weeks", "people": 5, "weeks": 4}


def test_what_is_over_the_places_is_refused_and_places_come_free_again() -> None:
    async def run() -> None:
        work, hold = Work(workers=1, waiting=1), threading.Event()
        held = [asyncio.create_task(work.run(lambda progress: hold.wait(10))) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Full):
            await work.run(lambda progress: 1)
        hold.set()
        assert await asyncio.gather(*held) == [True, True]
        assert await work.run(lambda progress: 1) == 1
        assert work.taken == 0

    apart(run())


def test_a_fault_frees_its_place_and_is_told() -> None:
    async def run() -> None:
        work = Work(workers=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await work.run(lambda progress: 1 // 0)

    apart(run())


class Gone:
    """A request whose asker has left."""

    async def is_disconnected(self) -> bool:
        return True


def test_what_nobody_waits_for_ends_at_its_next_report() -> None:
    reports = 0

    def call(progress: Progress) -> None:
        nonlocal reports
        for share in range(1000):
            progress(share / 1000)
            reports += 1
            time.sleep(0.01)

    async def run() -> None:
        with pytest.raises(Left):
            await Work(workers=1, waiting=0).run(call, Gone())  # type: ignore[arg-type]  # all that is asked of it

    apart(run())
    assert reports < 100


def test_a_full_server_answers_429_and_says_when_to_ask_again() -> None:
    app = create_app(Settings(workers=1, waiting=0, warm=False))
    with TestClient(app, base_url="http://localhost") as client:
        app.state.work._taken = 1
        answer = client.post("/api/v1/simulate", json=ASKED)
        page = client.get("/explore")
        app.state.work._taken = 0
        assert answer.status_code == page.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["type"] == "urn:anagen:busy"
        assert client.post("/api/v1/simulate", json=ASKED).status_code == 200
