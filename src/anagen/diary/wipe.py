"""Removing a diary for good: its file, what SQLite keeps beside it, and the backups of older forms; nothing else."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from anagen.errors import InputError

from .schema import NAME

_OURS = re.compile(
    r"diary\.sqlite(-wal|-shm|-journal)?|diary\.form-\d+\.backup-\d+\.sqlite|\.new-.*\.sqlite(-journal)?"
    r"|\.diary\.form-\d+\.backup-\d+\.sqlite\.\d+(-journal)?"  # a backup that a power cut left unfinished
)


def files_of(folder: Path) -> tuple[Path, ...]:
    """The files of a diary.

    Raises:
        InputError: there is no diary in the folder.
    """
    if not (folder / NAME).is_file():
        raise InputError(f"there is no diary in {folder}", expected="the folder of a diary")
    return tuple(sorted(file for file in folder.iterdir() if _OURS.fullmatch(file.name)))


def wipe(folder: Path) -> None:
    """Write over the files of a diary, remove them, and the folder where nothing else is in it.

    Writing over reaches what an ordinary disk holds; solid-state disks and file systems that keep snapshots may hold
    older blocks. A diary with a passphrase is lost with its lock, which is written over first.

    Raises:
        InputError: there is no diary, or a file may not be removed.
    """
    try:
        for file in files_of(folder):
            with file.open("r+b") as open_file:
                size = os.fstat(open_file.fileno()).st_size
                for start in range(0, size, 1 << 20):
                    open_file.write(b"\0" * min(1 << 20, size - start))
                open_file.flush()
                os.fsync(open_file.fileno())
            file.unlink()
        with suppress(OSError):
            folder.rmdir()
    except OSError as error:
        raise InputError(
            f"cannot remove {error.filename}: {error.strerror}", expected="files that you may write"
        ) from None
