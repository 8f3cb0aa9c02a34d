"""Saying that entries are right although they were asked about: the yes of every door."""

from __future__ import annotations

from collections.abc import Sequence

from anagen.errors import InputError

from .doubt import Doubt
from .store import Diary


def confirm_right(diary: Diary, open_questions: Sequence[Doubt], numbers: Sequence[int]) -> None:
    """Write down that these entries are right: all that is asked about them is answered; all of them, or none.

    Args:
        diary: where it is written.
        open_questions: what `doubts` asks now.
        numbers: of entries.

    Raises:
        InputError: nothing is asked about one of them.
    """
    asked = [(number, [doubt for doubt in open_questions if number in doubt.numbers]) for number in numbers]
    for number, doubts in asked:
        if not doubts:
            raise InputError(f"there is no open question about entry {number}", expected="a number that `check` shows")
    for doubt in dict.fromkeys(doubt for _, doubts in asked for doubt in doubts):
        diary.confirm(doubt.numbers[-1], doubt.name)
