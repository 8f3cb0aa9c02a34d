"""Kills writers of a diary at random moments, again and again, and looks whether all that they confirmed is there.

    python killer.py FOLDER TIMES SEED [PASSPHRASE]     kills writers; prints how many entries were confirmed
    python killer.py FOLDER TIMES SEED --new            kills the making of diaries, each in a folder of its own

A process of its own, because it forks, which a process with the engine's threads must not.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from anagen.diary.schema import NAME
from anagen.diary.store import Diary

sys.path.insert(0, str(Path(__file__).parent))
from writer import write, written

KILLS = 50
"""Writers killed at one diary; then another is begun, as all of it is read after each."""


def sound(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / NAME)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def forked(work: Callable[[], None]) -> tuple[int, int]:
    """A child at work, and the pipe on which it tells."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.close(reading)
            os.dup2(writing, 1)
            sys.stdout = os.fdopen(1, "w")
            work()
        os._exit(1)
    os.close(writing)
    return child, reading


def kill(child: int) -> bool:
    """Whether it was still at work when it was killed."""
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def killed(folder: Path, times: int, seed: int, passphrase: str | None) -> int:
    moments = random.Random(seed)
    counted = 0
    for turn in range(times):
        place = folder / f"d{turn // KILLS}"
        if turn % KILLS == 0:
            Diary.new(place, passphrase).close()
            confirmed: set[int] = set()
        child, pipe = forked(lambda place=place, turn=turn: write(str(place), 100_000 * turn, 100_000, passphrase))
        sure = turn % 2 == 1  # every other one is killed while it writes for sure, the others perhaps while they start
        if sure:
            assert select.select([pipe], [], [], 60)[0], "the writer confirmed nothing for a minute"
        time.sleep(moments.uniform(0.0, 0.03))
        assert kill(child), "the writer had ended by itself"
        with os.fdopen(pipe) as told:
            new = {int(line) for line in told.read().split("\n")[:-1]}
        assert new or not sure, "a writer that was at work confirmed nothing"
        confirmed |= new
        counted += len(new)
        kept = written(place, passphrase)
        assert len(kept) == len(set(kept)), "an entry was written twice"
        assert confirmed <= set(kept), "a confirmed entry was lost"
        assert len(kept) <= len(confirmed) + turn % KILLS + 1, "more than one entry for each kill was not confirmed"
        if turn % KILLS == KILLS - 1 or turn == times - 1:
            assert sound(place), "the file is damaged"
    return counted


def killed_while_made(folder: Path, times: int, seed: int) -> int:
    moments = random.Random(seed)
    whole = 0
    for turn in range(times):
        place = folder / f"d{turn}"
        child, pipe = forked(lambda place=place: Diary.new(place).close())
        time.sleep(moments.uniform(0.0, 0.03))
        kill(child)  # or it was done already
        os.close(pipe)
        whole += (place / NAME).exists()
        (Diary.open(place) if (place / NAME).exists() else Diary.new(place)).close()
        assert written(place) == [], "a diary was made by half"
    return whole


if __name__ == "__main__":
    where, count, start = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if sys.argv[4:5] == ["--new"]:
        print(killed_while_made(where, count, start))
    else:
        print(killed(where, count, start, sys.argv[4] if sys.argv[4:] else None))
