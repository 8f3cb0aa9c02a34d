"""Data files of a treatment, read against a schema: a fault is told with its file, key and what was expected.

The schemas (claims, side effects, monograph) are pydantic models built on `Record`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from anagen.errors import DataError, nearest
from anagen.evidence.bibliography import load_sources
from anagen.evidence.toml_file import read_toml as read_toml

T = TypeVar("T")
SHOWN = 5
WRITTEN = date(2026, 11, 25)
"""No `checked` of the data that we ship is later (a test sees to it): they can be read where the clock is behind."""


class Record(BaseModel):
    """Frozen, and no key that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_min_length=1)


def _known(key: str) -> str:
    known = load_sources()
    if key not in known:
        near = nearest(key, list(known))
        raise ValueError(f"no such source in the bibliography{'; nearest: ' + ', or '.join(near) if near else ''}")
    return key


def _not_to_come(day: date) -> date:
    if day > max(date.today(), WRITTEN):
        raise ValueError("a day that has not come yet")
    return day


SourceKey = Annotated[str, AfterValidator(_known)]
Sources = Annotated[tuple[SourceKey, ...], Field(min_length=1)]
"""At least one key of the bibliography: no number and no statement without a source."""
Checked = Annotated[date, AfterValidator(_not_to_come)]
"""The day on which somebody last looked at the source."""


def read_records(treatment: str, name: str, schema: type[T] | Any) -> T | None:
    """A data file of a treatment as its schema has it; None where the treatment has no such file.

    >>> read_records("isotretinoin", "no-such-file.toml", dict[str, int]) is None
    True

    Raises:
        DataError: file, key, what stands there and what was expected, for up to five faults.
    """
    file = resources.files(f"anagen.treatments.{treatment}").joinpath(name)
    if not file.is_file():
        return None
    return checked(read_toml(file), name, schema)


def checked(tables: Mapping[str, Any], name: str, schema: type[T] | Any) -> T:
    """`tables` against a schema; `name` is the file that errors point to.

    >>> checked({"a": "x"}, "some.toml", dict[str, int])
    Traceback (most recent call last):
    ...
    anagen.errors.DataError: some.toml: a is "x"
    expected: input should be a valid integer, unable to parse string as an integer

    Raises:
        DataError: as in `read_records`.
    """
    try:
        return TypeAdapter[T](schema).validate_python(tables)
    except ValidationError as error:
        raise _fault(name, error.errors(include_url=False)) from None


def _fault(name: str, errors: Sequence[ErrorDetails]) -> DataError:
    places = [error["loc"] for error in errors]
    real = [e for e in errors if not any(p != e["loc"] and p[: len(e["loc"])] == e["loc"] for p in places)]
    first, *rest = sorted(real, key=lambda error: error["type"] != "extra_forbidden")  # a misspelt key comes first
    lines = [_line(name, first), *(f"also {_line(name, e)}" for e in rest[: SHOWN - 1])]
    if len(rest) >= SHOWN:
        lines.append(f"and {len(rest) - SHOWN + 1} more in {name}")
    return DataError("\n".join(lines), expected=_expected(first), nearest=_nearest(first, real))


def _line(name: str, error: ErrorDetails) -> str:
    key = _key(error["loc"])
    if error["type"] == "missing":
        return f"{name}: {key} is missing"
    if error["type"] == "extra_forbidden":
        return f"{name}: {key} is not a key that belongs here"
    return f"{name}: {key} is {_shown(error['input'])}"


def _key(place: Sequence[int | str]) -> str:
    """`splitting.parts[2].finding`, entries counted from 1 as a person does.

    >>> _key(("splitting", "parts", 1, "finding"))
    'splitting.parts[2].finding'
    """
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "the file"


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _expected(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return "only the keys of the schema (the entries beside this one show them)"
    text = error["msg"].removeprefix("Value error, ")
    return text[0].lower() + text[1:]


def _nearest(error: ErrorDetails, all_errors: Sequence[ErrorDetails]) -> tuple[str, ...]:
    """The nearest word of a list; for a key that does not belong, the nearest of those missing beside it."""
    if error["type"] == "extra_forbidden":
        *place, key = error["loc"]
        missing = [str(e["loc"][-1]) for e in all_errors if e["type"] == "missing" and [*e["loc"][:-1]] == place]
        return nearest(str(key), missing)
    choices = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    if error["type"] != "literal_error" or not isinstance(error["input"], str):
        return ()
    return nearest(error["input"], [part.strip("' ") for part in choices.split(", ")])
