"""The ledger of sources that nothing cites, each with the reason: no source is dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from anagen.errors import DataError, nearest
from anagen.evidence.bibliography import load_sources
from anagen.evidence.toml_file import read_toml

_FILE = Path(__file__).with_name("set_aside.toml")


@cache
def set_aside() -> Mapping[str, str]:
    """Why each source that no data file cites was set aside, by its key.

    >>> set_aside()["wiegand-1998"]
    'no usable number: not read'

    Raises:
        DataError: `set_aside.toml` names a source that there is not, or one twice, or gives no reason.
    """
    return MappingProxyType(reasons(read_toml(_FILE)))


def reasons(groups: Mapping[str, object]) -> dict[str, str]:
    """The tables of `set_aside.toml` as one: key of the source to "group: reason".

    >>> reasons({"other drug": {"kaufman-1998": "finasteride"}})
    {'kaufman-1998': 'other drug: finasteride'}

    Raises:
        DataError: as in `set_aside`.
    """
    known, found = load_sources(), dict[str, str]()
    for group, entries in groups.items():
        if not isinstance(entries, dict):
            raise DataError(f"{_FILE.name}: {group} stands in no group", expected="[a group], and its sources below")
        for key, reason in entries.items():
            place = f"{_FILE.name}: {group}.{key}"
            if key not in known:
                raise DataError(
                    f"{place} is no source", expected="a key of sources.toml", nearest=nearest(key, list(known))
                )
            if key in found:
                raise DataError(f"{place} was set aside before ({found[key]})", expected="each source once")
            if not isinstance(reason, str) or not reason.strip():
                raise DataError(f"{place} is {reason!r}", expected="the reason, in words")
            found[key] = f"{group}: {reason}"
    return found
