"""The sheet of all pictures: each file once, under its page, and an odd name is not lost."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.contact_sheet import by_page, write


def test_every_file_stands_there_once_under_its_page(tmp_path: Path) -> None:
    names = ["web-claim-360.png", "web-claims-1280.png", "web-claims-360.png", "web-claims-360-dark.png"]
    names += ["analysis-A4.pdf", "odd name.png", "web-explore-two-3840.png"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "notes.txt").touch()
    write(tmp_path)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert sorted(re.findall(r'<a href="([^"]+)"', text)) == sorted(names)
    assert len(re.findall("<img", text)) == len(names) - 1
    assert re.findall(r'<h2 id="([^"]+)"', text) == [
        "analysis",
        "odd name",
        "web-claim",
        "web-claims",
        "web-explore-two",
    ]


def test_a_phone_comes_first() -> None:
    files = ["web-claims-1280.png", "web-claims-360-dark.png", "web-claims-360.png"]
    assert by_page(files)["web-claims"] == ["web-claims-360.png", "web-claims-1280.png", "web-claims-360-dark.png"]
