"""One page that shows all pictures of the browser's tests, beside them: `screenshots/index.html`, to be looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

NAME = re.compile(r"(?P<page>.+?)-(?P<size>360|768|1280|3840|A4|Letter)(?:-(?P<scheme>light|dark))?")
STYLE = """body{font:16px/1.5 system-ui,sans-serif;margin:16px}h2{margin:1.6em 0 .3em}
.row{display:flex;flex-wrap:wrap;gap:16px;align-items:start}figure{margin:0}
img{max-height:560px;width:auto;max-width:100%;border:1px solid #999}"""


def parts(file: str) -> tuple[str, str]:
    """The page of a file, and how it was shown.

    >>> parts("web-claims-360-dark.png"), parts("analysis-A4.pdf"), parts("odd.png")
    (('web-claims', '360, dark'), ('analysis', 'A4'), ('odd', ''))
    """
    stem = file.rpartition(".")[0]
    found = NAME.fullmatch(stem)
    if found is None:
        return stem, ""
    return found["page"], ", ".join(filter(None, (found["size"], found["scheme"])))


def by_page(files: Iterable[str]) -> Mapping[str, list[str]]:
    """The files of each page, pages in order of their names, a phone's pictures first."""
    found: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda file: (parts(file)[0], len(file), file)):
        found.setdefault(parts(file)[0], []).append(file)
    return found


def sheet(files: Iterable[str]) -> str:
    """The HTML: a heading for each page, its pictures beside one another, PDF as links."""
    pages = by_page(files)
    said = [f"<p>{sum(map(len, pages.values()))} files of {len(pages)} pages.</p>"]
    for name, own in pages.items():
        shown = []
        for file in own:
            how = escape(parts(file)[1] or file)
            inside = f"PDF, {how}" if file.endswith(".pdf") else f'<img src="{escape(file)}" alt="" loading="lazy">'
            shown.append(f'<figure><a href="{escape(file)}">{inside}</a><figcaption>{how}</figcaption></figure>')
        said.append(f'<h2 id="{escape(name)}">{escape(name)}</h2><div class="row">{"".join(shown)}</div>')
    head = f'<meta charset="utf-8"><title>Pictures of all pages</title><style>{STYLE}</style>'
    body = "".join(("<h1>Pictures of all pages</h1>", *said))
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def write(folder: Path) -> None:
    """Write it for the pictures that lie in a folder."""
    files = [file.name for file in folder.iterdir() if file.suffix in (".png", ".pdf")]
    (folder / "index.html").write_text(sheet(files), "utf-8")
