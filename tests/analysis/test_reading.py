"""Pages read at school grade 6 to 8, section by section, and what measures that measures it."""

from __future__ import annotations

import re

import pytest
from tests.analysis.reading import (
    END_OF_GRADE_8,
    MEDICAL_TERMS,
    TERM,
    Prose,
    grade,
    hardest,
    passages,
    plain,
    too_hard,
    words,
)
from tests.pages import FOR_READERS, page

CAT = "The cat sat on the mat. The dog ran to the cat and sat on it."
POLICY = (
    "Administrative authorities consistently underestimate organizational complexity. "
    "Collaborative evaluation necessitates considerable institutional participation."
)
CARDS = """<html><head><title>Not read at all by anybody here.</title></head><body><main>
<section id="claims"><h2>Is it true that hair comes back?</h2>
<article class="claim" id="zinc"><p><span class="tag">The claim</span> Zinc helps hair<a class="cite">[3]</a>.</p>
<dl><dt>A label that nobody counts as prose</dt>
<dd>It was tried once. <ul><li>Nothing was seen</li><li>It was seen in one of two groups</li></ul></dd></dl>
<table><tr><td><p>Cells are not prose either.</p></td></tr></table></article>
<p>Each was checked against studies.<br>Read on.</p>
<ul class="sources"><li>A title of a source, with its authors.</li></ul>
</section></main></body></html>"""


@pytest.mark.parametrize("name", FOR_READERS)
def test_every_section_and_card_reads_at_grade_8_or_below(name: str) -> None:
    found = passages(page(name))
    assert sum(map(words, found.values())) > 1000
    report = too_hard(found)
    assert not report, report


@pytest.mark.parametrize("name", FOR_READERS)
def test_every_section_with_prose_is_found(name: str) -> None:
    html = page(name)
    assert Prose(html).open == []
    assert set(re.findall(r'<section id="([\w-]+)"', html)) - set(passages(html)) <= {"sources"}


@pytest.mark.parametrize("name", FOR_READERS)
def test_medical_terms_are_explained_on_every_page_that_uses_them(name: str) -> None:
    html = page(name)
    shown = " ".join(re.sub(r"<[^>]+>", "", html).split())
    used = {term for term in MEDICAL_TERMS if re.search(rf"\b{term}", " ".join(passages(html).values()), re.IGNORECASE)}
    assert [term for term in used if MEDICAL_TERMS[term] not in shown] == []


def test_no_medical_term_is_left_over() -> None:
    prose = " ".join(text for name in FOR_READERS for text in passages(page(name)).values())
    found = {term.casefold() for term in TERM.findall(prose)}
    assert {term.casefold() for term in MEDICAL_TERMS} - found == set()


def test_prose_is_read_by_section_and_by_card() -> None:
    zinc = "Zinc helps hair. It was tried once. It was seen in one of two groups."
    assert passages(CARDS) == {
        "zinc": zinc,
        "claims": f"Is it true that hair comes back? {zinc} Each was checked against studies. Read on.",
    }


def test_the_grade_is_the_formula_of_flesch_and_kincaid() -> None:
    # By hand: 16 words of one syllable in two sentences.
    assert grade(CAT) == pytest.approx(0.39 * 16 / 2 + 11.8 * 16 / 16 - 15.59)
    syllables = (5 + 4 + 4 + 5 + 6 + 4) + (5 + 5 + 4 + 5 + 5 + 5)
    assert grade(POLICY) == pytest.approx(0.39 * 12 / 2 + 11.8 * syllables / 12 - 15.59)


def test_hard_text_is_reported_with_its_hardest_sentence_and_easy_text_is_not() -> None:
    mixed = f"{CAT} {POLICY} {CAT}"
    assert hardest(mixed, most=1)[0][1] in POLICY
    assert too_hard({"easy": CAT, "hard": POLICY}, at_least=0).startswith("\nhard: grade ")
    assert POLICY.split(".")[0] in too_hard({"hard": POLICY}, at_least=0)
    assert too_hard({"short": POLICY}) == ""
    assert grade(POLICY) > END_OF_GRADE_8


def test_a_hard_section_of_a_page_is_reported() -> None:
    html = page("simulation")
    broken = html.replace("</h2>", "</h2>" + f"<p>{POLICY}</p>" * 8)
    assert broken != html
    assert "questions: grade" in too_hard(passages(broken))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Isotretinoin raised triglycerides", "letter raised letter"),
        ("lower by 83 % with A (63 to 93)", "lower by ten with A (ten to ten)"),
        ("at 0.24 mg/kg a day, 18 of 3,375.", "at ten a day, ten of ten."),
        ("1.5–5.9 % in COVID-19", "ten to ten in COVID-19"),
        ("a biotinidase test", "a biotinidase test"),
    ],
)
def test_terms_and_numbers_count_as_plain_words(text: str, same: str) -> None:
    assert plain(text) == same
