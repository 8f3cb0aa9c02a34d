"""Whether a diary says that the person is pregnant. Then nothing is simulated and no dose is shown: the box, and stop.

Nobody is asked, and Anagen stores no answer: an entry that says so is not written. Words are read with care for "not
pregnant" and for tests that were negative, which people on the drug write every month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from anagen.errors import PregnancyStop

from .entries import Entry, Event, free_text_of

_WORD = re.compile(r"\b(?:pregnan\w*|schwanger\w*|enceinte|embarazada\w*|incinta|gr[aá]vida\w*)", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|never|no|non|isn'?t|wasn'?t|nicht|kein\w*|pas|sin|was|were|before|after|last|previous|earlier|avoid\w*"
    r"|prevent\w*|if|about|against|risk|rule[ds]? out|exclude[ds]?|former|past)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:neg(?:ative|ativ|ativo)?|due|booked|prevention|programme|program)\b", re.IGNORECASE)
_TEST = re.compile(r"pregnan\w*\s+tests?|schwangerschaftstests?", re.IGNORECASE)
_POSITIVE = re.compile(r"\b(?:positive?|pos|confirmed)\b", re.IGNORECASE)


def says_pregnant(words: str) -> bool:
    """Whether free text says that the person is pregnant now; in doubt, yes.

    >>> says_pregnant("I am pregnant"), says_pregnant("pregnancy test negative"), says_pregnant("not pregnant")
    (True, False, False)
    """
    for sentence in re.split(r"[.;!?\n]+", words):
        for found in _WORD.finditer(sentence):
            before, after = sentence[: found.start()], sentence[found.end() :]
            if _TEST.match(sentence, found.start()):
                if _POSITIVE.search(sentence) and not _DENIED.search(before):
                    return True
                continue
            if _DENIED.search(" ".join(before.split()[-4:])) or _NEGATIVE.search(" ".join(after.split()[:4])):
                continue
            return True
    return False


def is_pregnancy(entry: Entry) -> bool:
    """Whether an entry says so: the event of that name, or its free text."""
    event = isinstance(entry, Event) and entry.what == "pregnancy"
    return event or any(says_pregnant(words) for words in free_text_of(entry))


def stop_if_pregnant(entries: Iterable[Entry]) -> None:
    """Refuse to go on with a record that says the person is pregnant.

    Raises:
        PregnancyStop: one of the entries says so.
    """
    if any(is_pregnancy(entry) for entry in entries):
        raise PregnancyStop("the diary says that the person is pregnant: nothing is simulated")
