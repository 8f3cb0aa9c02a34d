"""A process that writes to a diary and says after each entry that it is confirmed; tests kill it.

python writer.py FOLDER FIRST COUNT [PASSPHRASE]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from anagen.diary.entries import ShedCount
from anagen.diary.store import Diary

START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def write(folder: str, first: int, count: int, passphrase: str | None = None) -> None:
    """Entries `first`, `first + 1`, ...: each is known by its second, as hairs are at most 100,000."""
    with Diary.open(folder, passphrase) as diary:
        for number in range(first, first + count):
            diary.add(ShedCount(at=START + timedelta(seconds=number), hairs=number % 100, method="comb"))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def written(folder: Path, passphrase: str | None = None) -> list[int]:
    """The numbers of the entries that a diary holds."""
    with Diary.open(folder, passphrase) as diary:
        return [round((kept.entry.at - START).total_seconds()) for kept in diary.entries()]


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5])
