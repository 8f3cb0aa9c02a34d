"""What a treatment's own folder says on its page (`page.toml`): which outcomes, fixed sentences, limits, questions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=16)
def content(treatment: str) -> Mapping[str, Any]:
    """The page data of a treatment; empty where it has none.

    >>> content("isotretinoin")["title"]
    'Oral isotretinoin'
    """
    file = resources.files(f"anagen.treatments.{treatment}").joinpath("page.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
