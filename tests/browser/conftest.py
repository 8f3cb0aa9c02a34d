"""A real Chromium for the page tests: the system's own browser, driven by Playwright; nothing is downloaded.

`browser_page` is the page, one per test session. Every request it makes is written down in `requests`, so
that a test can assert that a page read from disk never leaves it. `page_files` gives the pages of
tests/pages.py as files. Without a browser the tests skip; where CI is set they fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import contact_sheet
from tests.pages import page

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The same places as in install_chromium.sh.
PLACES = (
    os.environ.get("CHROMIUM", ""),
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Requests(list[str]):
    """The addresses a page asked for, in order."""

    @property
    def off_disk(self) -> list[str]:
        """Those that would leave the page: anything but file:, data:, blob: and about:."""
        return [url for url in self if not url.startswith(("file://", "data:", "blob:", "about:"))]


def find_chromium() -> str | None:
    """The first place that holds a browser, or None."""
    return next((place for place in PLACES if place and os.access(place, os.X_OK)), None)


_opened: list[tuple[Page, Requests]] = []
"""The one page of this process: tests/web takes these fixtures too, and Playwright cannot be started twice."""


@pytest.fixture(scope="session")
def _page_and_requests() -> Iterator[tuple[Page, Requests]]:
    from playwright.sync_api import sync_playwright

    if _opened:
        yield _opened[0]
        return
    chromium = find_chromium()
    if chromium is None:
        message = "no Chromium on this machine (run `make browser`, or set CHROMIUM=/path/to/chromium)"
        if os.environ.get("CI"):
            pytest.fail(f"{message}; CI is set, so the browser tests must run", pytrace=False)
        pytest.skip(message)

    requests = Requests()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        # On the context, so that pop-ups and frames are seen too.
        context.on("request", lambda request: requests.append(request.url))
        _opened.append((context.new_page(), requests))
        yield _opened[0]
        _opened.clear()
        context.close()
        browser.close()


@pytest.fixture
def requests(_page_and_requests: tuple[Page, Requests]) -> Requests:
    """What `browser_page` has asked for during this test; `requests.off_disk` must stay empty."""
    return _page_and_requests[1]


@pytest.fixture
def browser_page(_page_and_requests: tuple[Page, Requests], requests: Requests) -> Page:
    """The session's page, blank and with an empty list of requests: `browser_page.goto(path.as_uri())`."""
    page = _page_and_requests[0]
    page.goto("about:blank")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")
    requests.clear()
    return page


@pytest.fixture(scope="session")
def page_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a page by its name in tests/pages.py: `page_files("comparison")`."""
    folder = tmp_path_factory.mktemp("pages")

    def page_file(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(page(name), "utf-8")
        return file

    return page_file


@pytest.fixture(scope="session")
def screenshots() -> Iterator[Path]:
    """A folder (ignored by git) for the pictures a person looks at, with a page that shows them all."""
    folder = Path(__file__).parent / "screenshots"
    folder.mkdir(exist_ok=True)
    yield folder
    contact_sheet.write(folder)
