"""The README's picture: parts of the page that `make demo` writes. `make picture` runs it; needs Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "anagen-demo.html"
SHOWN = ("weeks-isotretinoin_ng_per_ml", "weeks-sebum_fraction", "weeks-shed_per_day")
HIDE = (
    "#facts, #regimens, #hair, #labs, #harms, #questions, #methods, #sources, footer, #weeks h3 { display: none }"
    + "#weeks figure"
    + "".join(f":not(#{name})" for name in SHOWN)
    + " { display: none } #weeks > div, #weeks > section { display: contents }"
    + "#weeks { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem }"
    + "#weeks > h2, #weeks > p, #weeks > ul { grid-column: 1 / -1; margin: 0 } details { display: none }"
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
