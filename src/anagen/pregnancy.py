"""Whether words say that a person is pregnant: read by every door that takes words, beside the notices of `safety`.

Words are read with care for "not pregnant" and for negative tests, which people on the drug write every month.
"""

from __future__ import annotations

import re

_WORD = re.compile(
    r"\b(?:pregnan\w*|schwanger\w*|enceinte|grossesse|embaraz\w*|incinta|gravidan\w*|gr[aá]vida\w*|gravidez"
    r"|expecting an? (?:baby|child))",
    re.IGNORECASE,
)
_UNTRUE = re.compile(r"\b(?:not|never|no|non|isn'?t|wasn'?t|nicht|kein\w*|pas|sin|if|when)\b", re.IGNORECASE)
_DENIED = re.compile(
    _UNTRUE.pattern + r"|\b(?:was|were|before|after|last|previous|earlier|avoid\w*|prevent\w*|about|against|risk"
    r"|rule[ds]? out|exclude[ds]?|former|past)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:neg(?:ative|ativ|ativo)?|prevention|programme|program)\b", re.IGNORECASE)
_TEST = re.compile(r"pregnan\w*\s+(?:tests?|checks?)|schwangerschaftstests?", re.IGNORECASE)
_POSITIVE = re.compile(r"\b(?:positive?|pos|confirmed)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,:]|\b(?:but|now|aber|jetzt|mais|pero|ma)\b", re.IGNORECASE)
_I_AM = re.compile(r"\b(?:am|i'?m|bin|suis|estoy|sono)\b", re.IGNORECASE)
_REACH, _REACH_OF_TEST = 4, 6  # words before or after, in which a denial counts


def says_pregnant(words: str) -> bool:
    """Whether free text says that the person is pregnant now; in doubt, yes.

    >>> says_pregnant("I am pregnant"), says_pregnant("pregnancy test negative"), says_pregnant("not pregnant")
    (True, False, False)
    """
    sentences = re.split(r"[.;!?\n]+", words.replace("’", "'"))
    for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
        for found in _WORD.finditer(sentence):
            if _TEST.match(sentence, found.start()):
                if _positive(sentence if _NEGATIVE.search(sentence) else f"{sentence}, {following}"):
                    return True
            elif not _denied(sentence[: found.start()], sentence[found.end() :]):
                return True
    return False


def _positive(words: str) -> bool:
    """Whether a test is said to be positive."""
    return any(not _UNTRUE.search(_near(words[: found.start()], _REACH_OF_TEST)) for found in _POSITIVE.finditer(words))


def _denied(before: str, after: str) -> bool:
    """Whether what stands before or after the word takes it back; what stands before "I am" does not."""
    said = _I_AM.split(_near(before))
    return bool(_DENIED.search(said[-1]) or _NEGATIVE.search(" ".join(after.split(",")[0].split()[:_REACH])))


def _near(before: str, reach: int = _REACH) -> str:
    """The last words of the same clause."""
    return " ".join(_CLAUSE.split(before)[-1].split()[-reach:])
