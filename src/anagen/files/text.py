"""The text of a file that somebody named, or an error that says what is wrong with it. Before any meaning."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from anagen.errors import InputError, nearest


def text_of(file: Path, what: str, endings: Collection[str] = (".toml",), largest_mb: float | None = None) -> str:
    """The text of a file; `what` says for errors which kind of file is expected, `endings` which stand near it.

    Raises:
        InputError: it cannot be read, with the nearest names beside it; it is larger than `largest_mb`; or it is not
            UTF-8, with the first wrong byte.
    """
    try:
        if largest_mb is not None and file.stat().st_size > 1e6 * largest_mb:
            raise InputError(f"{file} is larger than {largest_mb:g} MB", expected=what)
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: byte {error.start} is not UTF-8", expected="a text file in UTF-8") from None
    except OSError as error:
        try:
            beside = sorted(other.name for other in file.parent.iterdir() if other.suffix in endings)
        except OSError:
            beside = []
        near = nearest(file.name, beside)
        raise InputError(f"cannot read {file}: {error.strerror or error}", expected=what, nearest=near) from None
