"""A TOML file in hand: its text, its tables, and errors that name the file, the line, the key and what is expected."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from anagen.errors import AnagenError, InputError, PregnancyStop, Where, nearest

from .place import Path, Places, path_text, places

Schema = TypeVar("Schema", bound=BaseModel)

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_NO = ("", "no", "false", "none", "0")


@dataclass(frozen=True)
class Reading(Generic[Schema]):
    """The text of a file that is to have the form of `schema`; `name` is how errors call the file."""

    text: str
    name: str
    schema: type[Schema]

    @cached_property
    def places(self) -> Places:
        """Where everything stands; only an error asks."""
        return places(self.text)

    def error(
        self,
        path: Path,
        message: str,
        expected: str | None = None,
        near: str | Iterable[str] = (),
        *,
        key: bool = False,
    ) -> InputError:
        """An error at a value, or at its key."""
        span = self.places.of(path, key=key)
        at = f"{self.name}, line {self.places.line(span)}" if span else self.name
        where = self.places.where(span) if span else None
        return InputError(f"{at}: {message}", where=where, expected=expected, nearest=near)

    def within(self, path: Path, error: AnagenError) -> AnagenError:
        """An error about the text of a value (a regimen), with its place in the file."""
        column, length = (error.where.column, error.where.length) if error.where else (0, 0)
        span = self.places.inside(path, column, length) if length else self.places.of(path)
        if span is None:
            return error
        message = f"{self.name}, line {self.places.line(span)}: {path_text(path)}: {error.message}"
        return type(error)(message, where=self.places.where(span), expected=error.expected, nearest=error.nearest)

    def one_of(self, path: Path, what: str, value: str, choices: Iterable[str], *, key: bool = False) -> str:
        """`value`, if it is among the `choices`."""
        known = tuple(choices)
        if value not in known:
            message = f"{path_text(path)}: unknown {what}: '{value}'"
            raise self.error(path, message, ", ".join(known) or "none", nearest(value, known), key=key)
        return value

    def tables(self) -> Schema:
        """The file against the schema.

        Raises:
            InputError: it is no TOML, or a key is unknown, missing or of a wrong type; the first in the file.
            PregnancyStop: it says somewhere that people are pregnant.
        """
        try:
            tables = tomllib.loads(self.text)
            pregnant = any(_pregnant(tables))
        except tomllib.TOMLDecodeError as error:
            raise self._no_toml(str(error)) from None
        except ValueError:  # Python reads none of more than 4,300
            message = f"{self.name}: a whole number of thousands of digits"
            raise InputError(message, expected="numbers of a few digits") from None
        except RecursionError:
            message = f"{self.name}: tables or lists stand too deep in each other"
            raise InputError(message, expected="the few levels that the keys of this file have") from None
        if pregnant:
            raise PregnancyStop(f"{self.name} says that people are pregnant: nothing is simulated")
        try:
            return self.schema.model_validate(tables)
        except ValidationError as error:
            raise self._fault(error.errors(include_url=False)) from None

    def _no_toml(self, message: str) -> InputError:
        found = _AT.search(message)
        what = _AT.sub("", message)
        lines = self.text.split("\n")
        line, column = (int(found[1]), int(found[2]) - 1) if found and found[1] else (len(lines), len(lines[-1]))
        return InputError(
            f"{self.name}, line {line}: not valid TOML: {what[:1].lower()}{what[1:]}",
            where=Where(lines[line - 1].rstrip("\r"), column),
            expected="key = value, a [table], or a comment after #; texts in quotes",
        )

    def _fault(self, errors: list[ErrorDetails]) -> InputError:
        """The first fault in the file; a key that is unknown before one that is missing beside it."""
        misspelt = {error["loc"][:-1] for error in errors if error["type"] == "extra_forbidden"}
        told = [error for error in errors if error["type"] != "missing" or error["loc"][:-1] not in misspelt]

        def start(error: ErrorDetails) -> int:
            span = self.places.of(self._path(error["loc"]))
            return span.start if span else len(self.text)

        first = min(told, key=start)
        path = self._path(first["loc"])
        name = path_text(path)
        if first["type"] == "missing":
            return self.error(path[:-1], f"{name} is missing", self._expected(path), key=True)
        if first["type"] == "extra_forbidden":
            known = tuple(self._model(path[:-1]).model_fields)
            missing = [str(e["loc"][-1]) for e in errors if e["type"] == "missing" and e["loc"][:-1] == path[:-1]]
            alike = nearest(str(path[-1]), missing) or nearest(str(path[-1]), known)
            expected = ", ".join(known)
            if len(path) > 1 and path[-1] in self.schema.model_fields:
                expected += f"; {path[-1]} belongs before the first [table]"
            return self.error(path, f"{name} is not a key that belongs here", expected, alike, key=True)
        value = first["input"]
        choices = re.findall(r"'([^']*)'", str(first.get("ctx", {}).get("expected", "")))
        alike = nearest(value, choices) if isinstance(value, str) else ()
        return self.error(path, f"{name} is {_shown(value)}", self._expected(path), alike)

    def _path(self, loc: tuple[int | str, ...]) -> Path:
        """The path in the file: without the names of the types that pydantic tried."""
        kept: list[int | str] = []
        model: type[BaseModel] | None = self.schema
        for part in loc:
            if isinstance(part, int):
                kept.append(part)
            elif model is None:  # a key of a mapping, if the file has it there
                kept += [part] if (*kept, part) in self.places.keys else []
            else:
                kept.append(part)
                field = model.model_fields.get(part)
                model = _inner(field.annotation) if field else None
        return tuple(kept)

    def _model(self, path: Path) -> type[BaseModel]:
        """The schema of the table at a path."""
        model: type[BaseModel] = self.schema
        for part in path:
            if isinstance(part, str) and part in model.model_fields:
                model = _inner(model.model_fields[part].annotation) or model
        return model

    def _expected(self, path: Path) -> str | None:
        """What the schema says of the nearest key on the path that it describes."""
        for end in range(len(path), 0, -1):
            part = path[end - 1]
            field = self._model(path[: end - 1]).model_fields.get(part) if isinstance(part, str) else None
            if field is not None:
                return field.description
        return None


def _pregnant(value: Any) -> Iterator[bool]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            said = str(item).strip().casefold() not in _NO
            yield key.strip().casefold() in ("pregnant", "pregnancy") and said
            yield from _pregnant(item)
    elif isinstance(value, list):
        for item in value:
            yield from _pregnant(item)


def _inner(annotation: Any) -> type[BaseModel] | None:
    if inspect.isclass(annotation) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for part in get_args(annotation) if (found := _inner(part))), None)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
