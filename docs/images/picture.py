"""The README's picture: parts of the page that `make demo` writes. `make picture` runs it; needs Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "anagen-demo.html"
SHOWN = ("answer", "ratings", "weeks", "claims")
FIGURES = ("weeks-isotretinoin_ng_per_ml", "weeks-sebum_fraction", "weeks-shed_per_day")
CARDS = ("anagen-effluvium", "splitting")
HIDE = (
    "main > section"
    + "".join(f":not(#{name})" for name in SHOWN)
    + ", footer, details, #weeks h3, #weeks > p, #weeks > ul,"
    "#claims .claim-list, #weeks figure" + "".join(f":not(#{name})" for name in FIGURES) + ","
    "article.claim" + "".join(f":not(#{name})" for name in CARDS) + " { display: none }"
    "#weeks > div { display: contents } #weeks { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem }"
    "#weeks > h2 { grid-column: 1 / -1 }"
)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 900})
        page.goto(PAGE.as_uri())
        page.add_style_tag(content=HIDE)
        page.screenshot(path=HERE / "demo.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
