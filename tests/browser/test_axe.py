"""Every page passes axe-core's rules for WCAG 2.2 AA and best practice: a desk in the light, a phone in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.pages import PAGES
from tests.pages import page as page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Requests

pytestmark = pytest.mark.browser

# axe tags each success criterion by the WCAG version that brought it, so 2.2 AA is the sum of these.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = {"phone": 360, "desk": 1280}
AXE = Axe()  # its script comes with the package: nothing is fetched

BREAKS = {
    "color-contrast": "document.querySelector('main h2').style.cssText = 'color: #bbb; background: #fff'",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
    "svg-img-alt": """const svg = document.querySelector('svg[role=img]');
        svg.querySelectorAll('title').forEach(title => title.remove()); svg.removeAttribute('aria-labelledby')""",
    "list": "document.querySelector('main ul').insertAdjacentHTML('beforeend', '<p>Not an item</p>')",
    "heading-order": "document.querySelector('main').insertAdjacentHTML('beforeend', '<h2>Two</h2><h4>Four</h4>')",
    "label": "document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')",
    "target-size": """const button = '<button style="all: unset; display: inline-block; width: 9px">x</button>';
        document.querySelector('main').insertAdjacentHTML('beforeend', `<div>${button}${button}</div>`)""",
}
"""By rule, a script that breaks a good page so that the rule must report it."""


def checked(page: Page) -> Mapping[str, Any]:
    """axe's results for the page as it stands, with everything that folds away open."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    # Elements are wanted of broken rules only: to name the thousands that pass takes longer than to check them.
    options = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
    return AXE.run(page, options=options).response


def described(violations: Iterable[Mapping[str, Any]]) -> str:
    """Rule, help and address, then for each element: where it is, its first words of HTML, and what is wrong."""
    lines = []
    for violation in violations:
        lines.append(f"\n{violation['id']} ({violation['impact']}): {violation['help']}. {violation['helpUrl']}")
        for node in violation["nodes"]:
            lines.append(f"  at {' '.join(map(str, node['target']))}: {node['html'][:120]}")
            lines.extend(f"    {line.strip()}" for line in node["failureSummary"].splitlines())
    return "\n".join(lines)


@pytest.fixture
def opened(browser_page: Page, page_files: Callable[[str], Path]) -> Callable[[str, str, str], Page]:
    """The page of a name, as wide as a device, in a colour scheme: `opened("comparison", "phone", "dark")`."""

    def open_page(name: str, device: str, scheme: str) -> Page:
        browser_page.set_viewport_size({"width": WIDTHS[device], "height": 900})
        browser_page.emulate_media(color_scheme=scheme)
        browser_page.goto(page_files(name).as_uri())
        return browser_page

    return open_page


@pytest.mark.parametrize(("device", "scheme"), [("desk", "light"), ("phone", "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_no_rule_is_broken(
    opened: Callable[[str, str, str], Page], requests: Requests, name: str, device: str, scheme: str
) -> None:
    results = checked(opened(name, device, scheme))
    assert not results["violations"], described(results["violations"])
    # An empty page breaks no rule either: the rules must have found what they judge.
    passed = {rule["id"] for rule in results["passes"]}
    pictures = {"svg-img-alt"} if "<svg" in page_of(name) else set()  # the card has none where no fit is stored
    assert {"color-contrast", "html-has-lang", "heading-order", "target-size"} | pictures <= passed
    assert requests.off_disk == []


def test_what_is_broken_is_reported(opened: Callable[[str, str, str], Page]) -> None:
    page = opened("simulation", "phone", "light")
    for script in BREAKS.values():
        page.evaluate(f"() => {{ {script} }}")
    violations = checked(page)["violations"]
    assert set(BREAKS) <= {violation["id"] for violation in violations}
    report = described(violations)
    for rule in BREAKS:
        assert f"\n{rule} (" in report
    assert "at html: <html" in report
    assert "insufficient color contrast" in report
