"""The pages of the server in reader mode read at school grade 8 or below, each as a whole and section by section."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.analysis.reading import passages, too_hard
from tests.web.test_reading_browser import PAGES

ADDRESSES = [*PAGES.values(), "/follicles?people=20&weeks=8", "/trial", "/diary"]
LEAST_WORDS = 40
"""Of a whole page; with fewer, one long word decides the grade."""


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_is_too_hard(client: TestClient, address: str) -> None:
    html = client.get(address).text
    body = html.split("<main", 1)[1].split(">", 1)[1].split("</main>", 1)[0]
    found = passages(f'<section id="page">{body}</section>')
    report = too_hard(found) + too_hard({"page": found.get("page", "")}, LEAST_WORDS)
    assert not report, report
