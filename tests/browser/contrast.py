"""Text of too little contrast on a page that is open: axe judges the text of HTML, this that of figures too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST = 4.5
"""WCAG 2.2, 1.4.3, level AA."""

SCRIPT = """least => {
  const lum = c => { const l = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                     return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
  const rgb = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
                        if (c.length < 4 || c[3] > 0) return c.slice(0, 3); }
                        return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]; };
  const known = new Map();  // a drawing: the colour of the halo behind each of its labels
  const halos = drawn => {
    if (!known.has(drawn)) known.set(drawn, new Map([...drawn.querySelectorAll('text')].map(text => {
      const its = getComputedStyle(text);
      return [text.textContent, its.fill, its.stroke === its.fill];
    }).filter(found => found[2])));
    return known.get(drawn);
  };
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(e), drawn = e.ownerSVGElement;
    if (drawn && e.tagName !== 'text') continue;
    if (drawn && style.stroke === style.fill) continue;  // the halo behind a label
    const halo = drawn && halos(drawn).get(e.textContent);
    const front = rgb(drawn ? style.fill : style.color);
    const back = halo ? rgb(halo) : behind(drawn ? drawn.parentElement : e);
    const [a, b] = [lum(front), lum(back)].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < least)
      bad.push(`${e.tagName}: ${e.textContent.trim().slice(0, 40)}`);
  }
  return bad;
}"""


def faint(page: Page) -> list[str]:
    """Elements whose own text stands out too little from what is behind it."""
    found: list[str] = page.evaluate(SCRIPT, LEAST)
    return found
