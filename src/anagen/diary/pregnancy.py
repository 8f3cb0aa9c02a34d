"""Whether a diary says that the person is pregnant. Then nothing is simulated and no dose is shown: the box, and stop.

Nobody is asked, and Anagen stores no answer: an entry that says so is not written.
"""

from __future__ import annotations

from collections.abc import Iterable

from anagen.errors import PregnancyStop
from anagen.pregnancy import says_pregnant

from .entries import Entry, Event, Lab, fields_of


def is_pregnancy(entry: Entry) -> bool:
    """Whether an entry says so: the event of that name, a test that was positive, or any text of it."""
    if isinstance(entry, Event) and entry.what == "pregnancy":
        return True
    texts = [getattr(entry, name) for name, spec in fields_of(type(entry)).items() if spec.kind == "text"]
    if isinstance(entry, Lab):
        texts.append(f"{entry.name} {entry.unit} {entry.note}")
    return any(says_pregnant(words) for words in texts)


def stop_if_pregnant(entries: Iterable[Entry]) -> None:
    """Refuse to go on with a record that says the person is pregnant.

    Raises:
        PregnancyStop: one of the entries says so.
    """
    if any(is_pregnancy(entry) for entry in entries):
        raise PregnancyStop("the diary says that the person is pregnant: nothing is simulated")
