"""The application without a network (`client`), and as a server on loopback that Chromium opens (`server`)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from starlette.testclient import TestClient
from tests.browser.conftest import _page_and_requests, browser_page, requests, screenshots  # noqa: F401

from anagen.web.app import create_app
from anagen.web.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIRST_TIME_MS = 120_000
"""To wait at most for a page whose program must be compiled first."""


@pytest.fixture(scope="session")
def diary_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `client` and `server` keep the diary; nothing is there at first."""
    return tmp_path_factory.mktemp("web") / "diary"


@pytest.fixture(scope="session")
def settings(diary_folder: Path) -> Settings:
    """As the server's, without warming up: each test computes what it needs."""
    return Settings(diary=diary_folder, warm=False)


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """Asks the application directly; a fault in it is answered with 500, as it would be."""
    with TestClient(create_app(settings), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[str]:
    """The address of a running server, such as http://127.0.0.1:45678."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def page(browser_page: Page, request: pytest.FixtureRequest) -> Iterator[Page]:  # noqa: F811
    """The browser's page; what it says on the console must be nothing in the end, or hold one of the words that the
    test's module names in MAY_SAY."""
    said: list[str] = []
    known = getattr(request.module, "MAY_SAY", ())

    def note(message: object) -> None:
        text = str(getattr(message, "text", message))
        if not any(words in text for words in known):
            said.append(text)

    browser_page.set_default_navigation_timeout(FIRST_TIME_MS)
    browser_page.on("console", note)
    browser_page.on("pageerror", note)
    yield browser_page
    browser_page.remove_listener("console", note)
    browser_page.remove_listener("pageerror", note)
    assert said == []
