"""The pregnancy box as one line of text: it stands first in every file that names a dose and has no page around it."""

from __future__ import annotations

from anagen.safety import pregnancy_notice


def box(treatment: str) -> str:
    """The title and the text of the box, on one line.

    >>> box("isotretinoin").split(",")[0]
    'NEVER IN PREGNANCY'
    """
    notice = pregnancy_notice(treatment)
    return " ".join(f"{notice['title'].upper()}. {notice['text']}".split())
