"""No page is forgotten: each address that answers with a page is opened by a browser, checked, and has its picture.

A new page fails here until a browser's test opens it: a line in PAGES of test_reading_browser.py, or a test of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.web.test_reading_browser import PAGES

from anagen.web.pages import router

FILES = {
    "/explore/data.{form}",
    "/analysis/report",
    "/analysis/data",
    "/follicles/weeks.json",
    "/diary/move/export",
    "/trial/{job}/events",
    "/trial/{job}/page",
    "/trial/{job}/{file}",
}
"""What is fetched or saved, and is no page."""
ELSEWHERE = {
    "/analysis": "web-analysis-",
    "/follicles": "web-follicles-",
    "/diary": "web-diary-",
    "/trial": "web-trial-",
}
"""Rooms whose own tests open them, and how their pictures are called."""


def addresses(routes: Any) -> Iterator[str]:
    """The addresses that are asked for with GET."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from addresses(inner.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


def test_every_page_is_opened_by_a_browser() -> None:
    opened = {urlsplit(address).path for address in PAGES.values()}
    opened |= {f"/{room}/{{{key}}}" for room, key in (("claims", "identity"), ("products", "name"))}
    rooms = tuple(f"{room}/" for room in ELSEWHERE)
    forgotten = {
        address
        for address in addresses(router.routes)
        if address not in opened | FILES | ELSEWHERE.keys() and not address.startswith(rooms)
    }
    assert forgotten == set()
    assert {"/claims/liver-intoxication", "/products/isotrex"} <= opened


def test_the_rooms_own_tests_name_their_pictures() -> None:
    sources = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*_browser.py"))
    assert [name for name in ELSEWHERE.values() if f'/ f"{name}' not in sources and f'/ "{name}' not in sources] == []
