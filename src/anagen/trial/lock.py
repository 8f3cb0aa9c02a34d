"""One run at a time in a folder: a lock that the system itself gives back when the run that held it dies."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import platform
from pathlib import Path

from anagen.errors import InputError

NAME = ".lock"
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}


class FolderLock:
    """Holds `folder`/.lock until `release`; `note` tells what a reader should know of how it was got, if anything.

    Raises:
        InputError: another run, named by its process, holds the folder.
        OSError: the lock file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.note: str | None = None
        self._file = self._take(folder)

    def _take(self, folder: Path) -> int:
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                self._lock(file, folder)
                if _is_still(file, self._path):
                    if holder := _holder(file):
                        self.note = f"the run before ({holder}) ended without finishing; its lock was taken over"
                    os.ftruncate(file, 0)
                    os.pwrite(file, json.dumps({"process": os.getpid(), "machine": platform.node()}).encode(), 0)
                    return file
            except BaseException:
                os.close(file)
                raise
            os.close(file)  # the run that held it has just finished and taken its file away

    def _lock(self, file: int, folder: Path) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"another run ({_holder(file) or 'just begun'}) is at work in {folder}",
                expected="one run at a time in a folder: wait for it, or choose another folder",
            ) from None
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            self.note = f"the file system of {folder} cannot lock files: start no second run in this folder"

    def release(self) -> None:
        """Take the lock file away and let the folder go; again does nothing."""
        if self._file < 0:
            return
        if _is_still(self._file, self._path):
            self._path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = -1


def _is_still(file: int, path: Path) -> bool:
    """Whether the path still names the open file: the one who held it may have removed it in between."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _holder(file: int) -> str | None:
    """Who wrote the lock file last, in words; None where nobody did."""
    try:
        told = json.loads(os.pread(file, 1000, 0))
        return f"process {int(told['process'])} on {told['machine']}"
    except (OSError, ValueError, TypeError, KeyError):
        return None
