"""Small results kept on disk between starts, under a name made of all that they depend on; a cache, never a store."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from anagen.compiled.configure import cache_directory

MOST = 60
"""Files of one kind that are kept; the oldest go first."""


def read(kind: str, key: str) -> Any:
    """What was kept, as JSON reads it; None where there is nothing, or nothing whole."""
    try:
        table = json.loads(_path(kind, key).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return table.get("kept") if isinstance(table, dict) and table.get("key") == key else None


def keep(kind: str, key: str, value: Any, most: int = MOST) -> None:
    """Write beside and rename, and keep at most so many; a cache that cannot be written is done without."""
    path = _path(kind, key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{hashlib.sha256(repr(value).encode()).hexdigest()[:8]}.part")
        beside.write_text(json.dumps({"key": key, "kept": value}, ensure_ascii=False), "utf-8")
        beside.replace(path)
        for old in sorted(path.parent.glob("*.json"), key=lambda f: f.stat().st_mtime)[:-most]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _path(kind: str, key: str) -> Path:
    return cache_directory() / kind / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"
