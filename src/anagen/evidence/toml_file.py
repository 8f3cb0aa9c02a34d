"""Reading a TOML file of ours: a file that is not valid TOML is told with its place. Light: no schema library."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from typing import Any

from anagen.errors import DataError


def read_toml(file: Traversable) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        DataError: the file is not valid TOML; its name, line and column are named.
    """
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{file.name}: {error}", expected="valid TOML") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{file.name}: byte {error.start} is not UTF-8", expected="text in UTF-8") from None
