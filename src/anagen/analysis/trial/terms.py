"""Words from the laboratory and of hair that a trial's titles may use, each explained once, where the page uses it."""

from __future__ import annotations

import re

TERMS = {
    "triglyceride": "Triglycerides (a blood fat) are measured in blood.",
    "LDL": "LDL and HDL are two kinds of blood fat.",
    "HDL": "LDL and HDL are two kinds of blood fat.",
    "ALT": "ALT (a liver enzyme) is measured in blood.",
    "AST": "AST is an enzyme of liver and muscle, measured in blood.",
    "CK": "CK is an enzyme of muscle, measured in blood.",
    "ULN": "ULN is the upper end of what is usual in a lab.",
    "telogen": "Each hair grows for years (anagen), rests for about three months (telogen), and falls.",
    "anagen": "Each hair grows for years (anagen), rests for about three months (telogen), and falls.",
    "sebum": "Skin oil (sebum) is what glands of the skin give off.",
    "shedding": "Shedding is how many hairs fall in a day.",
    "density": "Density is how many hairs stand on a square centimetre.",
    "cheilitis": "Cheilitis means dry, cracked lips.",
    "seborrheic": "Seborrheic dermatitis is a scaly rash where skin is oily.",
}


def explained(text: str) -> list[str]:
    """What the words in a text mean, each sentence once.

    >>> explained("Highest weekly ALT")
    ['ALT (a liver enzyme) is measured in blood.']
    """
    flags = {term: 0 if term.isupper() else re.IGNORECASE for term in TERMS}
    return list(dict.fromkeys(says for term, says in TERMS.items() if re.search(rf"\b{term}", text, flags[term])))
