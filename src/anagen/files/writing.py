"""Files: found unwritable before the simulation, written beside and renamed, so that nothing is ever half-written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from anagen.errors import InputError

Writer = Callable[[Path], None]


def check_writable(paths: Mapping[str, Path | None]) -> None:
    """Refuse outputs that cannot be written; `paths` by the option that named them.

    Raises:
        InputError: naming the option, the path and what is in the way.
    """
    chosen = {option: path for option, path in paths.items() if path is not None}
    resolved = [path.resolve() for path in chosen.values()]
    for (option, path), full in zip(chosen.items(), resolved, strict=True):
        folder = full.parent
        if resolved.count(full) > 1:
            raise InputError(f"{option}: two outputs would be written to {path}", expected="a file for each")
        if full.is_dir():
            raise InputError(f"{option}: {path} is a folder", expected="the name of a file")
        if not folder.is_dir():
            raise InputError(f"{option}: there is no folder {folder}", expected="a file in a folder that exists")
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            reason = error.strerror or "it cannot be written"
            raise InputError(
                f"{option}: cannot write in {folder}: {reason}", expected="a folder you may write in"
            ) from None
        if full.exists() and not os.access(full, os.W_OK):
            raise InputError(f"{option}: {path} may not be overwritten", expected="a file you may write")


def write(path: Path, writer: Writer) -> None:
    """Let `writer` write a file beside `path`, then put it in place at once.

    Raises:
        InputError: the disk is full, or the folder has gone; the file that was there is left as it was.
    """
    full = path.resolve()
    beside = None
    try:
        handle, name = tempfile.mkstemp(dir=full.parent, prefix=f".{full.name}.", suffix=full.suffix)
        beside = Path(name)
        os.close(handle)
        writer(beside)
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(full)
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror or error}",
            expected="room on the disk, and a folder that stays",
        ) from None
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, all of it or nothing."""
    write(path, lambda file: _put(file, text))


def _put(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
