"""What was confirmed is there after kill -9, after a power cut, and with two processes at once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.diary.writer import written

from anagen.diary.entries import ShedCount
from anagen.diary.schema import NAME
from anagen.diary.store import Diary

WRITER, KILLER = (Path(__file__).with_name(name) for name in ("writer.py", "killer.py"))
PASSPHRASE = "correct horse battery"


def hairs(folder: Path) -> list[int]:
    with Diary.open(folder) as diary:
        return [kept.entry.hairs for kept in diary.entries() if isinstance(kept.entry, ShedCount)]


def killed(folder: Path, times: int, *more: str) -> int:
    """What tests/diary/killer.py says: how many entries were confirmed, all of them there; one at least by every other
    writer, which it waits for."""
    command = [sys.executable, str(KILLER), str(folder), str(times), "7", *more]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, timeout=1200).stdout)


def test_killed_twenty_times(tmp_path):
    assert killed(tmp_path, 20) >= 10


def test_killed_with_a_passphrase(tmp_path):
    assert killed(tmp_path, 4, PASSPHRASE) >= 2


@pytest.mark.slow
def test_killed_a_thousand_times(tmp_path):
    assert killed(tmp_path, 1000) >= 500


def test_killed_while_it_is_made(tmp_path):
    """There is a whole diary or none, and a second try makes one."""
    assert 0 <= killed(tmp_path, 10, "--new") <= 10


def test_a_log_cut_anywhere_keeps_what_was_confirmed(tmp_path):
    """A power cut leaves any part of what was not yet confirmed: the log is cut at many places in the last commit."""
    folder = tmp_path / "d"
    with Diary.new(folder) as diary:
        sizes, log = [], folder / f"{NAME}-wal"
        for number in range(4):
            diary.add_all([_count(number)])
            sizes.append(log.stat().st_size)
        whole, data = log.read_bytes(), (folder / NAME).read_bytes()
    assert sizes == sorted(set(sizes))
    for cut in sorted({*range(sizes[2], sizes[3], 97), sizes[3] - 1, sizes[3]}):
        for rest in (b"", b"\xff" * 64):
            copy = tmp_path / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            copy.mkdir()
            (copy / NAME).write_bytes(data)
            (copy / f"{NAME}-wal").write_bytes(whole[:cut] + rest)
            assert hairs(copy) == [0, 1, 2, 3][: 4 if cut == sizes[3] else 3]


def test_every_commit_is_on_the_disk(tmp_path):
    with Diary.new(tmp_path / "d") as diary:
        ask = diary._connection.execute
        assert ask("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert ask("PRAGMA journal_mode").fetchone() == ("wal",)


def test_two_processes_at_once(tmp_path):
    folder = tmp_path / "d"
    Diary.new(folder).close()
    starts = (0, 1000, 2000)
    writers = [
        subprocess.Popen(
            [sys.executable, str(WRITER), str(folder), str(first), "60"], stdout=subprocess.PIPE, text=True
        )
        for first in starts
    ]
    for first, writer in zip(starts, writers, strict=True):
        told, _ = writer.communicate(timeout=120)
        assert told.split() == [str(number) for number in range(first, first + 60)]
    assert sorted(written(folder)) == sorted(first + k for first in starts for k in range(60))
    with Diary.open(folder) as diary:
        places = [version.place for version in diary.history()]
    assert places == list(range(1, 181))
    with closing(sqlite3.connect(folder / NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _count(number: int) -> ShedCount:
    return ShedCount(at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number), hairs=number, method="comb")
