"""The parts of a trial on disk: written beside and renamed, each with its hashes, so that a run can stop anywhere.

    results/manifest.json                    what determines the numbers
    results/parts/part-00012.people.parquet  one of the files of part 12
    results/parts/part-00012.json            written last: sizes and hashes; only with it the part counts as done

Only the coordinator writes. Workers, which may die at any moment, return bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from anagen.errors import InputError

from .folder import BESIDE, PARTS, take_folder, write_files
from .lock import FolderLock
from .manifest import manifest_digest

Payload = dict[str, bytes]
"""The files of one part by name (`people.parquet`), as bytes."""

KEPT = "the parts that are finished are kept, and `--resume` goes on with them"
"""Ends every message of a run that stops half-way."""
_NAME = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+")
_PART = re.compile(r"part-(\d{5,})\.json")


@dataclass(frozen=True)
class Damaged:
    """A part that was finished once and cannot be used now, and why."""

    part: int
    reason: str


class Store:
    """A results folder held by this run; make one with `Store.open`, and close it, or use it in a `with`.

    `damaged` is what the last call of `done` found; `notes` are sentences for the person who runs the trial.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place, Store.open(Path(place) / "results", {"seed": 1}) as store:
    ...     store.put(0, {"sums.npz": b"numbers"})
    ...     store.done(), store.read(0, "sums.npz")
    ({0}, b'numbers')
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], held: FolderLock) -> None:
        self.folder = folder
        self.damaged: list[Damaged] = []
        self.notes: tuple[str, ...] = (held.note,) if held.note else ()
        self._lock = held
        self._digest = manifest_digest(manifest)

    @classmethod
    def open(cls, folder: Path, manifest: Mapping[str, Any], *, resume: bool = False) -> Store:
        """Take a folder for a run: a new one, an empty one or, with `resume`, one that holds parts of the same run.

        Args:
            folder: made where it is missing; the folder around it must exist.
            manifest: everything that determines the numbers, as JSON can hold it; no number of workers, no order.
            resume: go on with what is there.

        Raises:
            InputError: the folder holds a trial already and `resume` is not set, or another trial, or other files;
                another run is at work in it; or it cannot be written.
        """
        folder = Path(folder)
        return cls(folder, manifest, take_folder(folder, manifest, resume))

    def close(self) -> None:
        """Let the folder go, for another run."""
        with suppress(OSError):
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def path(self, part: int, name: str) -> Path:
        """Where the file `name` of a part stands."""
        return self.folder / PARTS / f"part-{part:05d}.{name}"

    def done(self) -> set[int]:
        """Numbers of the parts that are whole, every file read and its hash compared; `damaged` tells of the others."""
        found = sorted(
            int(match[1]) for file in (self.folder / PARTS).glob("part-*.json") if (match := _PART.fullmatch(file.name))
        )
        reasons = {part: self._fault(part) for part in found}
        self.damaged = [Damaged(part, reason) for part, reason in reasons.items() if reason]
        return {part for part, reason in reasons.items() if not reason}

    def put(self, part: int, payload: Payload) -> None:
        """Write all files of a part, or none: beside first, then renamed, the one with the hashes last.

        Raises:
            InputError: the disk is full, or the folder has gone; the parts that were finished stay as they are.
        """
        listed = {name: {"bytes": len(data), "sha256": _sha256(data)} for name, data in sorted(payload.items())}
        if wrong := [name for name in listed if not _NAME.fullmatch(name) or name.endswith(BESIDE)]:
            raise ValueError(f"not the name of a file of a part: {wrong[0]!r}")
        table = {"part": part, "manifest": self._digest, "files": listed}
        try:
            write_files(
                {self.path(part, name): data for name, data in payload.items()}
                | {self.path(part, "json"): json.dumps(table, indent=1).encode()}
            )
        except OSError as error:
            raise InputError(
                f"cannot write part {part} in {self.folder}: {error.strerror or error}",
                expected=f"room on the disk, and a folder that stays; {KEPT}",
            ) from None

    def read(self, part: int, name: str) -> bytes:
        """One file of a finished part, as it was written.

        Raises:
            InputError: it is missing or no longer what was written.
        """
        try:
            data = self.path(part, name).read_bytes()
            if _sha256(data) == json.loads(self.path(part, "json").read_bytes())["files"][name]["sha256"]:
                return data
            reason = "it has changed since it was written"
        except OSError as error:
            reason = error.strerror or str(error)
        except (ValueError, KeyError, TypeError):
            reason = "its list of hashes is damaged"
        raise InputError(
            f"cannot use {self.path(part, name)}: {reason}", expected="`--resume`, which computes that part again"
        )

    def _fault(self, part: int) -> str | None:
        """What is wrong with a part that has its list of hashes; None where nothing is."""
        try:
            table = json.loads(self.path(part, "json").read_bytes())
            number, digest = table["part"], table["manifest"]
            files = {str(name): (int(of["bytes"]), str(of["sha256"])) for name, of in table["files"].items()}
        except OSError as error:
            return f"its list of hashes cannot be read: {error.strerror or error}"
        except (ValueError, KeyError, TypeError, AttributeError):
            return "its list of hashes is damaged"
        if number != part or digest != self._digest or not all(_NAME.fullmatch(name) for name in files):
            return "it belongs to another part or another trial"
        for name, (size, sha256) in files.items():
            try:
                with self.path(part, name).open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
                    length = file.tell()
            except FileNotFoundError:
                return f"{name} is missing"
            except OSError as error:
                return f"{name} cannot be read: {error.strerror or error}"
            if length != size:
                return f"{name} has {length} bytes instead of {size}"
            if found != sha256:
                return f"{name} is damaged"
        return None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
