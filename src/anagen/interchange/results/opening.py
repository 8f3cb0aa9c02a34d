"""A file of ours opened: which form it has, the record in it, and whether it is as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from anagen.errors import InputError, PregnancyStop, nearest
from anagen.interchange.json_names import each_name_once

from .arrow_file import ARROW_MARK, PARQUET_MARK, Packed, read_packed
from .csv_file import split
from .json_file import PLACE, json_content
from .page_file import split_page
from .record import FORMAT, MADE_BY
from .seal import KEY, seal_of

OURS = "a result of simulate, compare, analyse or trial: JSON, CSV, Parquet, Arrow, a page, or a trial's folder"
Form = Literal["json", "csv", "parquet", "arrow", "html"]
NO = (None, False, 0, "", "no", "false", "none", "0")
LONGEST = 2_000_000_000
"""Bytes of a file that is read."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A file as it was written: `record`, and `content` (the JSON object, the text of the table or page, the table)."""

    path: Path
    form: Form
    record: Mapping[str, Any]
    content: Any


def open_result(path: Path) -> Opened:
    """Read a file that we wrote.

    Raises:
        InputError: it cannot be read, is not ours, is damaged or was changed.
        PregnancyStop: it says that the person is pregnant.
    """
    data = _bytes(path)
    form, found = _found(path, data)
    if found is None:
        _refuse(path, f"holds no result of ours ({_KINDS[form]} without our provenance)")
    record, sealed, content = found
    _stop_if_pregnant(record)
    if not isinstance(record, Mapping) or record.get("made_by") != MADE_BY:
        _refuse(path, "has a provenance that is not ours")
    if not isinstance(record.get("format"), int) or record["format"] > FORMAT:
        raise InputError(
            f"{path} was written by a newer Anagen ({record.get('anagen', 'unknown')})",
            expected="that version, or a newer one",
        )
    if record.get(KEY) != seal_of(record, sealed):
        raise InputError(
            f"{path} was changed after it was written: its seal does not fit what it holds",
            expected="the file as Anagen wrote it; a copy that was opened and saved by another program is another file",
        )
    return Opened(path, form, record, content)


_KINDS: Mapping[Form, str] = {
    "json": "JSON",
    "csv": "a text table",
    "parquet": "a Parquet file",
    "arrow": "an Arrow file",
    "html": "a page",
}


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LONGEST:
            _refuse(path, f"is too large ({path.stat().st_size:,} bytes)")
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # a path with a null character is a ValueError
        near: tuple[str, ...] = ()
        with suppress(OSError, ValueError):  # a name that is too long cannot even be looked for
            near = () if path.exists() else nearest(path.name, sorted(other.name for other in path.parent.iterdir()))
        reason = getattr(error, "strerror", None) or "it is no path"
        raise InputError(f"cannot read {_shown(path)}: {reason}", expected=OURS, nearest=near) from None
    if not data.strip():
        _refuse(path, "is empty")
    return data


def _shown(path: Path) -> str:
    """A path as an error shows it: printable, and not too long."""
    text = "".join(letter if letter.isprintable() else "?" for letter in str(path))
    return text if len(text) <= 200 else text[:199] + "…"


def is_folder(path: Path) -> bool:
    """Whether the path is a folder; a path that cannot be one is none."""
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def _found(path: Path, data: bytes) -> tuple[Form, tuple[Any, bytes, Any] | None]:
    """The form of a file by how it begins, and what it holds."""
    begin = data[:200].lstrip().lower()
    if data.startswith(PARQUET_MARK):
        return "parquet", _packed(path, data, "parquet")
    if data.startswith(ARROW_MARK):
        return "arrow", _packed(path, data, "arrow")
    if data.startswith(b"# "):
        return "csv", _read(path, "csv", lambda: split(data))
    if begin.startswith((b"<!doctype html", b"<html")):
        return "html", _read(path, "html", lambda: split_page(data.decode("utf-8")))
    if begin.startswith(b"{"):
        return "json", _read(path, "json", lambda: _json(data))
    what = "is a picture: pictures hold no provenance" if b"<svg" in begin else "is not a file of ours"
    _refuse(path, what)


def _packed(path: Path, data: bytes, form: Packed) -> tuple[Any, bytes, Any] | None:
    return _read(path, form, lambda: read_packed(data, form))


def _json(data: bytes) -> tuple[Any, bytes, Any] | None:
    table = json.loads(data.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=each_name_once)
    if not isinstance(table.get(PLACE), dict) or KEY not in table[PLACE]:
        return None
    return table[PLACE], json_content(table), table


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _read(path: Path, form: Form, read: Callable[[], tuple[Any, bytes, Any] | None]) -> tuple[Any, bytes, Any] | None:
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8"
    except RecursionError:
        reason = "it is nested too deep"
    except BaseException as error:  # whatever a damaged file makes pyarrow or polars raise (their panics included)
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    raise InputError(
        f"{path} is damaged, or is not {_KINDS[form]} of ours: {reason}", expected="the file as Anagen wrote it"
    )


def _refuse(path: Path, what: str) -> NoReturn:
    raise InputError(f"{path} {what}", expected=OURS)


def _stop_if_pregnant(record: Any) -> None:
    """Whatever else is wrong with the file: where it says pregnant, nothing goes on."""
    for key, value in _entries(record):
        if key.strip().lower() == "pregnant" and not _says_no(value):
            raise PregnancyStop("the file says that the person is pregnant: nothing is simulated")


def _says_no(value: Any) -> bool:
    return (value.strip().lower() if isinstance(value, str) else value) in NO


def _entries(value: Any, deep: int = 0) -> Iterator[tuple[str, Any]]:
    if deep > 20:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key), item
            yield from _entries(item, deep + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _entries(item, deep + 1)
