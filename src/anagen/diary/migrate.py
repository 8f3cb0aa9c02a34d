"""Diaries in an older form, brought to the present one: first a backup beside them, then all in one step or nothing.

Form 1 (before the first release) had one table, `entry(number, at, kind, body)`, and no history.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from contextlib import closing
from datetime import datetime
from pathlib import Path

from anagen.errors import InputError

from .schema import TABLES, VERSION, reported, transaction, version_of


def migrate(connection: sqlite3.Connection, file: Path) -> Path | None:
    """Bring an older file to the present form; the backup's path, or None where nothing was to do.

    Raises:
        InputError: an unknown form, an entry that cannot be carried over, or no room; the file stays as it was.
    """
    version = version_of(connection)
    if version == VERSION:
        return None
    if version != 1:
        raise InputError(f"{file} has a form that is not known: {version}", expected=f"form 1 or {VERSION}")
    backup = _backup(connection, file, version)
    with transaction(connection, file):
        if version_of(connection) == version:  # another process may have done it while we waited
            _from_1(connection, file)
    return backup


def _backup(connection: sqlite3.Connection, file: Path, version: int) -> Path:
    number = 1
    while (backup := file.with_name(f"{file.stem}.form-{version}.backup-{number}.sqlite")).exists():
        number += 1
    beside = backup.with_name(f".{backup.name}.{os.getpid()}")
    try:
        with reported(backup), closing(sqlite3.connect(beside)) as copy:
            connection.backup(copy)
        beside.chmod(0o600)
        beside.replace(backup)
    except OSError as error:
        raise InputError(f"no backup could be made: {error.strerror}", expected="a folder you may write in") from None
    finally:
        beside.unlink(missing_ok=True)
    return backup


def _from_1(connection: sqlite3.Connection, file: Path) -> None:
    from .plain import from_plain, to_plain

    rows = connection.execute("SELECT number, at, kind, body FROM entry ORDER BY number").fetchall()
    for statement in TABLES.strip().split("\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO about VALUES ('diary', ?)", (str(uuid.uuid4()).encode(),))
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    for place, (number, at, kind, body) in enumerate(rows, 1):
        try:
            entry = from_plain({**json.loads(body), "at": at, "kind": kind})
        except (InputError, ValueError, TypeError) as error:
            raise InputError(
                f"{file}: entry {number} of the old form cannot be carried over: {error}",
                expected="an entry as Anagen wrote it; the file was left as it was",
            ) from None
        record = {"number": place, "act": "written", "recorded": now, "from": f"form 1, {number}", **to_plain(entry)}
        connection.execute("INSERT INTO record VALUES (?, ?)", (place, json.dumps(record).encode()))
    connection.execute("DROP TABLE entry")
    connection.execute(f"PRAGMA user_version={VERSION}")
