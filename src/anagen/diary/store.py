"""`Diary`: the record of one person in one file. All that was ever written stays; the newest of each entry counts."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from anagen.errors import InputError

from .entries import Entry
from .field import Field
from .history import Act, Kept, Version, standing
from .migrate import migrate
from .plain import from_plain, to_plain
from .pregnancy import stop_if_pregnant
from .schema import NAME, VERSION, connect, make, reported, transaction, version_of
from .seal import Seal

__all__ = ["Diary", "Kept", "Version", "default_folder", "has_passphrase", "standing"]
_META = ("number", "act", "recorded", "from", "why")
_WHY = Field("text", "why, for the history")


class Diary:
    """The diary in a folder; use it in a `with`, or close it.

    >>> import tempfile
    >>> from anagen.diary.entries import ShedCount
    >>> from anagen.diary.moment import read_moment
    >>> at, known = read_moment("2026-03-01")
    >>> with tempfile.TemporaryDirectory() as place, Diary.new(Path(place) / "mine") as diary:
    ...     number = diary.add(ShedCount(at=at, time_known=known, hairs=12, method="comb"))
    ...     [kept.entry.hairs for kept in diary.entries()]
    [12]
    """

    def __init__(
        self,
        folder: Path,
        connection: sqlite3.Connection,
        seal: Seal | None,
        backup: Path | None,
        about: Mapping[str, bytes],
    ) -> None:
        self.folder = folder
        self.file = folder / NAME
        self.migrated = backup
        """The backup of the older form, where this opening brought the file to the present one."""
        self._connection = connection
        self._seal = seal
        self._about = about

    @classmethod
    def new(cls, folder: Path | str, passphrase: str | None = None) -> Diary:
        """A new diary, with a passphrase or without.

        Raises:
            InputError: there is one already, the folder cannot be written, or the passphrase is too short.
        """
        make(Path(folder), passphrase)
        return cls.open(folder, passphrase)

    @classmethod
    def open(cls, folder: Path | str, passphrase: str | None = None) -> Diary:
        """The diary in a folder.

        Raises:
            InputError: there is none, it is damaged, or the passphrase is missing or wrong.
        """
        file = Path(folder) / NAME
        connection = connect(file)
        try:
            backup = migrate(connection, file)
            about = _about(connection, file)
            return cls(Path(folder), connection, _seal(about, passphrase), backup, about)
        except BaseException:
            connection.close()
            raise

    def again(self) -> Diary:
        """The same diary opened once more, with the key it was opened with: for another thread, say.

        Raises:
            OtherDiary: another one lies there now, for which the key is none.
            InputError: it is not there any more, or damaged.
        """
        connection = connect(self.file)
        try:
            if _about(connection, self.file) != self._about:
                raise OtherDiary(f"another diary lies in {self.folder} now", expected="to open it anew")
            return Diary(self.folder, connection, self._seal, None, self._about)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def add(self, entry: Entry) -> int:
        """Write an entry; when this returns it is on the disk, and its number is given.

        Raises:
            PregnancyStop: the entry says that the person is pregnant; it is not written.
            InputError: the file cannot be written; then it is as it was.
        """
        return self.add_all([entry])[0]

    def add_all(self, entries: Iterable[Entry], source: str = "") -> list[int]:
        """Write entries, all or none; their numbers. `source` says where they came from. Raises as `add` does."""
        listed = list(entries)
        stop_if_pregnant(listed)
        with transaction(self._connection, self.file):
            told = {"from": source.encode(errors="replace").decode()} if source else {}
            return [self._put("written", None, to_plain(entry), told) for entry in listed]

    def change(self, number: int, entry: Entry, why: str = "") -> None:
        """Let `entry` stand in the place of entry `number`; the older one stays in the history. Raises as `add` does,
        and InputError where there is no such entry or `why` cannot be kept."""
        stop_if_pregnant([entry])
        _WHY.check("why", why)
        with transaction(self._connection, self.file):
            self._standing(number)
            self._put("changed", number, to_plain(entry), {"why": why} if why else {})

    def withdraw(self, number: int, why: str = "") -> None:
        """Let entry `number` no longer count; it stays in the history.

        Raises:
            InputError: there is no such entry, or `why` cannot be kept.
        """
        _WHY.check("why", why)
        with transaction(self._connection, self.file):
            self._standing(number)
            self._put("withdrawn", number, {}, {"why": why} if why else {})

    def confirm(self, number: int, question: str) -> None:
        """Write down that entry `number` is right although `question` (its name) was asked. Raises as `withdraw`."""
        with transaction(self._connection, self.file):
            self._standing(number)
            self._put("confirmed", number, {}, {"why": question})

    def entries(self) -> tuple[Kept, ...]:
        """What stands, by time.

        Raises:
            InputError: a record is damaged.
        """
        return standing(self.history())

    def history(self, number: int | None = None) -> tuple[Version, ...]:
        """Everything ever written, or all about one entry, in the order it was written.

        Raises:
            InputError: a record is damaged.
        """
        with reported(self.file):
            rows = self._connection.execute("SELECT place, body FROM record ORDER BY place").fetchall()
        versions = (self._version(place, body) for place, body in rows)
        return tuple(version for version in versions if number is None or version.number == number)

    def _put(self, act: Act, number: int | None, plain: Mapping[str, Any], more: Mapping[str, str]) -> int:
        """One record, inside a transaction."""
        last = self._connection.execute("SELECT coalesce(max(place), 0) FROM record").fetchone()[0]
        place = int(last) + 1
        recorded = datetime.now().astimezone().isoformat(timespec="seconds")
        record = {"number": number or place, "act": act, "recorded": recorded, **more, **plain}
        body = json.dumps(record, ensure_ascii=False).encode()
        body = self._seal.sealed(body, place) if self._seal else body
        self._connection.execute("INSERT INTO record VALUES (?, ?)", (place, body))
        return place

    def _standing(self, number: int) -> None:
        about = self.history(number)
        if not about or about[-1].act == "withdrawn":
            raise InputError(f"there is no entry {number}", expected="a number that `anagen diary list` shows")

    def _version(self, place: int, body: bytes) -> Version:
        body = self._seal.opened(body, place) if self._seal else body
        try:
            record = json.loads(body)
            plain = {name: value for name, value in record.items() if name not in _META}
            recorded = datetime.fromisoformat(record["recorded"])
            entry = from_plain(plain) if plain else None
            return Version(place, int(record["number"]), record["act"], recorded, entry, record.get("why", ""))
        except (InputError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"record {place} of the diary is damaged: {str(error).splitlines()[0]}",
                expected="the record as it was written; use a copy of the file",
            ) from None


class OtherDiary(InputError):
    """The diary that was open was removed, and another one lies in its place."""


def _about(connection: sqlite3.Connection, file: Path) -> dict[str, bytes]:
    with reported(file):
        return dict(connection.execute("SELECT name, value FROM about").fetchall())


def _seal(about: Mapping[str, bytes], passphrase: str | None) -> Seal | None:
    try:
        diary = about["diary"].decode()
    except (KeyError, ValueError):
        raise InputError("the diary has lost its name", expected="a copy of the file from before the damage") from None
    if "lock" not in about:
        if passphrase is not None:
            raise InputError("this diary has no passphrase", expected="to open it without one")
        return None
    if passphrase is None:
        raise InputError("this diary has a passphrase", expected="the passphrase it was made with")
    return Seal.unlocked(passphrase, diary, about["lock"])


def default_folder() -> Path:
    """Where the diary is when nobody says: `ANAGEN_DIARY`, or the folder `anagen-diary` of the person's home."""
    return Path(os.environ.get("ANAGEN_DIARY") or Path.home() / "anagen-diary")


def has_passphrase(folder: Path | str) -> bool:
    """Whether the diary in a folder has a passphrase; False for a form that is older than passphrases."""
    file = Path(folder) / NAME
    with closing(connect(file)) as connection, reported(file):
        if version_of(connection) != VERSION:
            return False
        return connection.execute("SELECT 1 FROM about WHERE name = 'lock'").fetchone() is not None
