"""The school grade of what a reader reads on a page: prose by section and by claim card, graded offline."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from textstat_rs import flesch_kincaid_grade, lexicon_count

END_OF_GRADE_8 = 8.9
ENOUGH_WORDS = 80
"""The grade of fewer words than this is chance: one long word moves it by a grade."""

MEDICAL_TERMS: Mapping[str, str] = tomllib.loads(Path(__file__).with_name("medical_terms.toml").read_text("utf-8"))
"""Medical terms that count as plain words, each with the words of the page that explain it."""

PROSE = {"p", "li", "dd", "h2", "h3", "h4"}
NOT_READ = {"head", "table", "svg", "script", "style", "summary", "dt"}
NOT_PROSE = {"hidden", "cite", "rests", "mark", "tag", "reading", "sources", "provenance", "facts-line", "on-paper"}
"""Classes of labels, addresses and stamps, and of what shows on paper only."""
VOID = {"br", "hr", "img", "input", "link", "meta"}

TERM = re.compile(rf"\b({'|'.join(sorted(map(re.escape, MEDICAL_TERMS), key=len, reverse=True))})s?\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w-])[−+-]?\d[\d.,]*(?<![.,])(\s?%|\s?(mg|g|ng|µg|U|IU)/[\w²]+)?")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\w“\"(])")


class Prose(HTMLParser):
    """Blocks of prose of a page, each under the ids of the sections and claim cards it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None, bool]] = []  # tag, name of a section or card, whether it is not read
        self.block: list[str] = []
        self.found: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return self.handle_data(" ")
        given = {key: value or "" for key, value in attrs}
        classes = set(given.get("class", "").split())
        self.end_block(tag)
        named = tag == "section" or (tag == "article" and "claim" in classes)
        hidden = tag in NOT_READ or given.get("aria-hidden") == "true" or not NOT_PROSE.isdisjoint(classes)
        self.open.append((tag, given.get("id") if named else None, hidden))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stands inside of it."""

    def handle_endtag(self, tag: str) -> None:
        self.end_block(tag)
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if any(tag in PROSE for tag, _, _ in self.open) and not any(hidden for _, _, hidden in self.open):
            self.block.append(data)

    def end_block(self, tag: str) -> None:
        """Keep what was read up to a tag that begins or ends a block; labels of less than five words are no prose."""
        if tag not in PROSE:
            return
        text = " ".join("".join(self.block).split())
        self.block = []
        if not text or (text[-1] not in ".!?" and len(re.findall(r"[^\W\d_]{2,}", text)) < 5):
            return
        text = text if text[-1] in ".!?" else text.rstrip(":;,") + "."
        for _, name, _ in self.open:
            if name:
                self.found.setdefault(name, []).append(text)


def passages(page: str) -> dict[str, str]:
    """Prose of a page by the id of its section, and by that of each `article.claim` (which its section holds too)."""
    return {name: " ".join(blocks) for name, blocks in Prose(page).found.items()}


def plain(text: str) -> str:
    """The text with each medical term as a word of two syllables, and each number with its unit as one of one.

    >>> plain("Isotretinoin at 0.5 mg/kg a day raised triglycerides in 31.5 % of them.")
    'letter at ten a day raised letter in ten of them.'
    """
    return NUMBER.sub("ten", TERM.sub("letter", text.replace("–", " to ")))


def words(text: str) -> int:
    """How many words the grade is taken over."""
    return int(lexicon_count(plain(text)))


def grade(text: str) -> float:
    """School grade by the Flesch-Kincaid formula (0.39 words a sentence + 11.8 syllables a word - 15.59).

    Chosen because it weighs both long sentences and long words, and needs no minimum of sentences, so that it serves a
    claim's text as well as a section: SMOG was made for thirty sentences, and Coleman-Liau hardly sees long sentences.
    Syllables are those of the CMU pronouncing dictionary, which the library carries with it; nothing is fetched.

    >>> round(grade("Hairs rest, and then they fall. New ones grow."), 1)
    -2.0
    """
    return float(flesch_kincaid_grade(plain(text)))


def hardest(text: str, most: int = 4) -> list[tuple[float, str]]:
    """The sentences of highest grade, as they stand on the page."""
    sentences = [sentence for sentence in SENTENCE_END.split(text) if words(sentence) > 4]
    return sorted(((grade(sentence), sentence) for sentence in sentences), reverse=True)[:most]


def too_hard(texts: Mapping[str, str], at_least: int = ENOUGH_WORDS) -> str:
    """What is above grade 8 among named texts, with its hardest sentences; empty where nothing is.

    Texts of less than `at_least` words are passed over; 0 grades them all:

    >>> too_hard({"claims.toml, zinc, fact": "Some hairs rest, and then they fall."}, at_least=0)
    ''
    """
    lines = []
    for name, text in texts.items():
        if words(text) >= at_least and grade(text) > END_OF_GRADE_8:
            lines.append(f"\n{name}: grade {grade(text):.1f} over {words(text)} words; its hardest sentences:")
            lines.extend(f"  {value:4.1f}  {sentence}" for value, sentence in hardest(text))
    return "\n".join(lines)
