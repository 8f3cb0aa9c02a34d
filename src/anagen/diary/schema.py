"""The one file of a diary: SQLite with write-ahead log, opened so that what was confirmed survives a power cut.

about   what the diary is: its random name, and the lock where it has a passphrase
record  one row for each thing ever written, in order; never changed, never removed (the file itself refuses)
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from anagen.errors import InputError

from .seal import Seal

NAME = "diary.sqlite"
VERSION = 2
APPLICATION = 0x416E4467  # "AnDg" in the header of the file
BUSY_S = 20.0  # how long one process waits for another
TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE record (place INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TRIGGER record_kept BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;
"""


def make(folder: Path, passphrase: str | None) -> None:
    """A new, empty diary in `folder`, which is made where it is missing; there is a whole one or none.

    Raises:
        InputError: there is one already, or the folder cannot be written.
    """
    file = folder / NAME
    if file.exists():
        raise InputError(f"there is a diary in {folder} already", expected="another folder, or use the diary there")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-", suffix=".sqlite")  # readable by its owner only
        os.close(handle)
    except OSError as error:
        raise InputError(
            f"cannot make a diary in {folder}: {error.strerror}", expected="a folder you may write in"
        ) from None
    beside = Path(name)
    try:
        with reported(beside), closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            fill(connection, passphrase)
        _sync(beside)
        try:
            os.link(beside, file)  # unlike a rename, never over a diary that another process has just made
        except FileExistsError:
            raise InputError(f"there is a diary in {folder} already", expected="use the diary there") from None
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK):
                raise
            os.rename(beside, file)  # a file system without links
        _sync(folder)
    except OSError as error:
        raise InputError(
            f"cannot make a diary in {folder}: {error.strerror}", expected="room on the disk, and a folder that stays"
        ) from None
    finally:
        for left in (beside, Path(f"{beside}-journal")):
            left.unlink(missing_ok=True)


def fill(connection: sqlite3.Connection, passphrase: str | None) -> None:
    """The tables of a new diary, in one transaction."""
    diary = str(uuid.uuid4())
    about = {"diary": diary.encode()}
    if passphrase is not None:
        about["lock"], _ = Seal.made(passphrase, diary)
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute("BEGIN IMMEDIATE")
    for statement in TABLES.strip().split("\n"):
        connection.execute(statement)
    connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")


def connect(file: Path) -> sqlite3.Connection:
    """A connection to a diary that is there; every commit is on the disk before it returns.

    Raises:
        InputError: there is none, or the file is something else or was made by a newer version.
    """
    if not file.is_file():
        raise InputError(f"there is no diary in {file.parent}", expected="`anagen diary new` makes one")
    with reported(file):
        connection = sqlite3.connect(
            file.resolve().as_uri() + "?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None
        )
        try:
            connection.execute("PRAGMA trusted_schema=OFF")
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
            if not ours:
                raise InputError(f"{file} is no diary", expected="a file that `anagen diary new` made")
            if (version := version_of(connection)) > VERSION:
                raise InputError(
                    f"{file} was written by a newer Anagen (form {version})", expected=f"form {VERSION} or older"
                )
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA fullfsync=ON")  # on macOS a plain sync leaves data in the disk's own memory
        except BaseException:
            connection.close()
            raise
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    """The form of the file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def reported(file: Path) -> Iterator[None]:
    """What SQLite says, said plainly; what is not confirmed by then is not in the diary."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith("SQLITE_BUSY"):
            what, expected = "another program holds it", "try again when that program is done"
        elif code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            what, expected = "the disk is full or fails", "room on the disk; what was confirmed before is kept"
        elif code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            what, expected = "it may not be written", "a file and a folder that you may write"
        else:
            what, expected = str(error), "a diary that was not changed by another program"
        raise InputError(f"nothing was written to {file}: {what}", expected=expected) from None
    except sqlite3.DatabaseError as error:
        raise InputError(
            f"{file} cannot be read as a diary: {error}", expected="a file that `anagen diary new` made, undamaged"
        ) from None


@contextmanager
def transaction(connection: sqlite3.Connection, file: Path) -> Iterator[None]:
    """All of what is done inside, on the disk when this ends, or nothing of it. Others wait."""
    with reported(file):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
