"""The diary behind the pages: one folder, chosen at the start; and who has unlocked it, for as long as it is used.

A passphrase is asked for once. The key made of it stays in the memory of the server, under a random name that the
browser keeps in a cookie; a quarter of an hour without use, or the lock button, ends it. Without a passphrase there is
no cookie.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from fastapi import Request
from starlette.responses import Response

from anagen.analysis.figure import Figure
from anagen.diary.formats.rows import Given
from anagen.diary.schema import NAME
from anagen.diary.store import Diary, OtherDiary, default_folder, has_passphrase
from anagen.errors import InputError

from .diary_fits import Fits

COOKIE = "anagen_diary"
IDLE_S = 15 * 60.0
WRONG_S = 1.0
"""How long a wrong passphrase is made to wait; one is tried at a time."""


class NoDiary(Exception):
    """There is none in the folder yet."""


class Locked(Exception):
    """It has a passphrase, and who asks has not unlocked it."""


class DiaryKeys:
    """`folder` as `anagen diary` would choose it where None. Safe in several threads.

    >>> DiaryKeys(Path("nowhere")).state("")
    'none'
    """

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder or default_folder()
        self._clock = clock
        self._lock = Lock()
        self._trying = Lock()
        self._open: dict[str, tuple[Diary, float]] = {}
        self.read_files: dict[str, Given] = {}
        """Files that were shown and wait for a yes, in memory only."""
        self.fits = Fits()
        self.figures: dict[str, Figure] = {}
        """The latest figure of the list, by what it is drawn from."""

    def state(self, name: str) -> str:
        """ "none", "locked" or "open", for who holds the cookie `name`."""
        if not (self.folder / NAME).is_file():
            return "none"
        return "locked" if has_passphrase(self.folder) and self._held(name) is None else "open"

    def make(self, passphrase: str | None) -> str:
        """A new diary; the name for the cookie, empty without a passphrase. Raises as `Diary.new`."""
        with Diary.new(self.folder, passphrase) as made:
            return self._hold(made) if passphrase else ""

    def unlock(self, passphrase: str) -> str:
        """The name for the cookie.

        Raises:
            InputError: the passphrase is wrong.
        """
        with self._trying:
            try:
                with Diary.open(self.folder, passphrase) as found:
                    return self._hold(found)
            except InputError:
                time.sleep(WRONG_S)
                raise

    def lock(self, name: str) -> None:
        """Forget the key, and what was read or made of the diary."""
        with self._lock:
            self._open.pop(name, None)
        self._forget()

    def _forget(self) -> None:
        self.read_files.clear()
        self.figures.clear()
        self.fits.forget()

    @contextmanager
    def opened(self, name: str) -> Iterator[Diary]:
        """The diary, open for one request.

        Raises:
            NoDiary: there is none.
            Locked: it is locked for who asks.
            InputError: it is damaged.
        """
        if not (self.folder / NAME).is_file():
            raise NoDiary
        if has_passphrase(self.folder):
            held = self._held(name)
            if held is None:
                raise Locked
            try:
                again = held.again()
            except OtherDiary:
                self.lock(name)  # the key was of a diary that has been removed
                raise Locked from None
            with again as diary:
                yield diary
        else:
            with Diary.open(self.folder) as diary:
                yield diary

    def _hold(self, diary: Diary) -> str:
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._open[name] = (diary, self._clock())
        return name

    def _held(self, name: str) -> Diary | None:
        now = self._clock()
        with self._lock:
            used = {one: held for one, held in self._open.items() if now - held[1] < IDLE_S}
            if len(used) < len(self._open):
                self._forget()
            self._open = used
            if name not in self._open:
                return None
            diary = self._open[name][0]
            self._open[name] = (diary, now)
            return diary


@contextmanager
def diary_of(request: Request) -> Iterator[Diary]:
    """The diary for who asks. Raises as `DiaryKeys.opened`."""
    with request.app.state.diary.opened(request.cookies.get(COOKIE, "")) as diary:
        yield diary


def with_key(request: Request, response: Response, name: str) -> Response:
    """The answer that gives the browser its key; sent back only over TLS where it came over TLS."""
    if name:
        response.set_cookie(COOKIE, name, httponly=True, samesite="strict", secure=_secure(request))
    return response


def without_key(request: Request, response: Response) -> Response:
    """The answer that takes the browser's key away."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_secure(request))
    return response


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
