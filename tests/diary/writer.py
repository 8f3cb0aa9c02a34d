"""A process that writes to a diary and says after each entry that it is confirmed; tests kill it.

python writer.py FOLDER FIRST COUNT [PASSPHRASE]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from anagen.diary.entries import ShedCount
from anagen.diary.store import Diary


def write(folder: str, first: int, count: int, passphrase: str | None = None) -> None:
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    with Diary.open(folder, passphrase) as diary:
        for hairs in range(first, first + count):
            diary.add(ShedCount(at=start + timedelta(hours=hairs), hairs=hairs, method="comb"))
            sys.stdout.write(f"{hairs}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5])
