"""Where jobs keep their files: a private folder of the server among the system's temporary ones.

It is removed at the end. One that a killed server left behind is found by its lock, which nobody holds any more, and
removed by the next.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from anagen.errors import InputError
from anagen.trial import lock

PREFIX = "anagen-trials-"


class JobFolders:
    """Nothing is made before the first folder is asked for.

    >>> folders = JobFolders()
    >>> folder = folders.new()
    >>> folder.is_dir(), folder.parent.stat().st_mode & 0o777 == 0o700
    (True, True)
    >>> folders.close()
    >>> folder.exists()
    False
    """

    def __init__(self, place: Path | None = None) -> None:
        self._place = place or Path(tempfile.gettempdir())
        self._root: Path | None = None
        self._held: lock.FolderLock | None = None
        self._numbers = count()

    def new(self) -> Path:
        """Another folder, which only this user can read."""
        if self._root is None:
            sweep(self._place)
            self._root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._place))
            self._held = lock.FolderLock(self._root)
        folder = self._root / f"{next(self._numbers):04d}"
        folder.mkdir()
        return folder

    def close(self) -> None:
        """Remove all."""
        if self._root is not None and self._held is not None:
            shutil.rmtree(self._root, ignore_errors=True)
            self._held.release()
            self._root = self._held = None


def sweep(place: Path) -> None:
    """Remove what killed servers left in a folder."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(InputError, OSError):  # another server is at work there
            if _ours(folder) and _ours(folder / lock.NAME):
                held = lock.FolderLock(folder)
                shutil.rmtree(folder, ignore_errors=True)
                held.release()


def _ours(path: Path) -> bool:
    """Whether it is there, this user's, and no link to somewhere else."""
    found = path.lstat()
    return found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode)
