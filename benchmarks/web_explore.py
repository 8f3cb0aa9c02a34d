"""The dose explorer in a browser: from a moved slider to new curves on the page, with one to four regimens.

`python benchmarks/web_explore.py` starts a server of its own on a free port of loopback, opens its page in Chromium,
moves the dose of the first regimen, and waits each time for the quick look and for all people. Nothing that is measured
was computed before: each number of regimens has a person of another weight. Times are of the browser's clock.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

GATE_MS = 300.0
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
REGIMENS = tuple(
    f"{dose} mg {often} with food for 24 weeks"
    for dose, often in ((20, "once daily"), (10, "every other day"), (10, "once daily"), (20, "three times a week"))
)
MOVE = """async (dose) => {
    const result = document.querySelector("#result");
    const slider = document.querySelector("#r0-dose-place input[type=range]");
    const changed = (until) => new Promise((resolve) => {
        const watch = new MutationObserver(() => {
            if (!result.querySelector("#curves svg") || !until(result.querySelector(".look").textContent)) return;
            watch.disconnect();
            requestAnimationFrame(() => resolve(performance.now()));
        });
        watch.observe(result, { childList: true });
    });
    const began = performance.now();
    const quick = changed((said) => said.includes("quick")), full = changed((said) => !said.includes("quick"));
    slider.value = dose;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    return [await quick - began, await full - began];
}"""


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--changes", type=int, default=20, help="of the slider, for each number of regimens")
    options.add_argument("--most", type=int, default=4, choices=range(1, 5), help="regimens side by side")
    asked = options.parse_args()
    chromium = os.environ.get("CHROMIUM") or next(place for place in PLACES if os.access(place, os.X_OK))
    command = [sys.executable, "-m", "anagen", "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        try:
            assert server.stdout
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            print(f"load average at the start: {os.getloadavg()[0]:.1f}; {os.cpu_count()} processors")
            for regimens in range(1, asked.most + 1):
                measure(page, found[0], REGIMENS[:regimens], asked.changes)
            browser.close()
        finally:
            server.terminate()


def measure(page: Page, address: str, regimens: tuple[str, ...], changes: int) -> None:
    """Move the slider, to another dose each time, and print how long it took."""
    asked = urlencode([*(("regimen", text) for text in regimens), ("weight", 60 + len(regimens))])
    page.goto(f"{address}explore?{asked}", timeout=120_000)
    times: list[Any] = [page.evaluate(MOVE, 25 + 2.5 * move) for move in range(-1, changes)][1:]  # the first warms up
    gate = f", gate {GATE_MS:.0f}" if len(regimens) == 1 else ""
    for name, column, said in (("quick look", 0, gate), ("all people", 1, "")):
        low, middle, high = np.quantile([row[column] for row in times], (0.0, 0.5, 1.0))
        print(
            f"{len(regimens)} regimens, {name}: min {low:.0f}, median {middle:.0f}, max {high:.0f} ms{said}"
            f" (load {os.getloadavg()[0]:.1f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
