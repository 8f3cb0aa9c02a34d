"""What must hold of every page that a browser shows: axe finds nothing, nothing is wider than the screen, no request
leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_axe import AXE, TAGS

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Requests


def outside(requests: Requests, server: str) -> list[str]:
    """Requests to anything but the server."""
    return [url for url in requests if not url.startswith((server, "data:", "blob:", "about:"))]


def clean(page: Page) -> None:
    """Fail where a rule is broken, or the page must be moved sideways."""
    found = AXE.run(page, options={"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]})
    said = [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in found.response["violations"]
    ]
    assert not said, "\n".join(said)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
