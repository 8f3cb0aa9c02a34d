"""A folder as a zip that is sent while it is made: no copy on disk, little memory, whatever the size."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

CHUNK = 1 << 18
LEFT_OUT = (".lock",)


class _Sent(io.RawIOBase):
    """Where the zip is written: keeps what was not taken yet, and cannot go back."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self._bytes += memoryview(data)  # type: ignore[arg-type]  # whatever zipfile writes
        return memoryview(data).nbytes  # type: ignore[arg-type]

    def taken(self) -> bytes:
        """What has come since the last time."""
        found = bytes(self._bytes)
        self._bytes.clear()
        return found


def zipped(folder: Path, name: str, beside: Mapping[str, bytes]) -> Iterator[bytes]:
    """The files below `folder`, under `name`/, in order, and files `beside` it. All are opened at once, so that one who
    removes the folder meanwhile does no harm.

    Raises:
        OSError: the folder has gone (before anything is sent).
    """
    stack = ExitStack()
    try:
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in LEFT_OUT)
        files = [(path.relative_to(folder).as_posix(), stack.enter_context(path.open("rb"))) for path in paths]
        if not files:
            raise FileNotFoundError(folder)
    except OSError:
        stack.close()
        raise

    def send() -> Iterator[bytes]:
        with stack:
            sent = _Sent()
            with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
                for place, file in files:
                    with out.open(f"{name}/{place}", "w", force_zip64=True) as entry:
                        while chunk := file.read(CHUNK):
                            entry.write(chunk)
                            yield sent.taken()
                for place, content in beside.items():
                    out.writestr(place, content)
            yield sent.taken()

    return send()
