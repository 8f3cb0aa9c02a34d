"""What a computed result depends on, as a hash of files: light, so that a stored result can be checked at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

CODE = (".py", ".lark")


def folder_digest(folder: Path, endings: Iterable[str] = CODE, names: Iterable[str] = ()) -> str:
    """A hash of the files below a folder that end so, or are called so; of a file alone, where it is one.

    >>> folder_digest(Path(__file__).parent / "regimen")[:8] == folder_digest(Path(__file__).parent / "regimen")[:8]
    True
    """
    digest = hashlib.sha256()
    endings, names = tuple(endings), frozenset(names)
    for file in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        if file.suffix in endings or file.name in names:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
