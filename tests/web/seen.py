"""What must hold of every page that a browser shows: axe finds nothing, in the dark too; nothing is wider than the
screen; no request leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.contrast import faint
from tests.browser.test_axe import AXE, TAGS, described

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Requests


def outside(requests: Requests, server: str) -> list[str]:
    """Requests to anything but the server."""
    return [url for url in requests if not url.startswith((server, "data:", "blob:", "about:"))]


def fits(page: Page) -> None:
    """Fail where the page must be moved sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def clean(page: Page) -> None:
    """Fail where a rule is broken, or the page must be moved sideways."""
    found = AXE.run(page, options={"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]})
    assert not found.response["violations"], described(found.response["violations"])
    fits(page)


def clean_in_both(page: Page, desk: bool) -> None:
    """Fail as `clean` does on a phone in the dark, and, where a desk shows the page in other pieces, on a desk in the
    light; and where text is too faint in either scheme, that of figures too, which axe does not judge."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert faint(page) == []
    if desk:
        clean(page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    assert faint(page) == []
    clean(page)
