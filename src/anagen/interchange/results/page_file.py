"""Pages: the sealed record stands in the head of the HTML, where no reader sees it and no script is needed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from anagen.interchange.json_names import each_name_once

from .seal import canonical, sealed

_BEFORE = re.compile(r'<meta name="generator"[^>]*>\n')
_RECORD = re.compile(r'<meta name="anagen-provenance" content="([^"]*)">\n')


def page_with_record(page: str, record: Mapping[str, Any]) -> str:
    """A page of ours with its record.

    >>> page = page_with_record('<head>\\n<meta name="generator" content="x">\\n</head>', {"seed": 1})
    >>> page.splitlines()[2].split('"')[1]
    'anagen-provenance'
    """
    found = _BEFORE.search(page)
    if found is None or _RECORD.search(page):
        raise ValueError("not a page of ours, or one that has its record already")
    said = html.escape(canonical(sealed(record, page.encode())).decode())
    return f'{page[: found.end()]}<meta name="anagen-provenance" content="{said}">\n{page[found.end() :]}'


def split_page(page: str) -> tuple[Any, bytes, str] | None:
    """The record (as JSON gave it), the content that is sealed, and the page without it; None where it is not ours.

    Raises:
        ValueError: the record is no JSON, or stands there twice.
    """
    found = _RECORD.findall(page)
    if not found:
        return None
    if len(found) > 1:
        raise ValueError("two records")
    without = _RECORD.sub("", page, count=1)
    return json.loads(html.unescape(found[0]), object_pairs_hook=each_name_once), without.encode(), without
