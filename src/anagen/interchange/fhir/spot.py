"""A place in the JSON that is being read, and errors at it. Carried by every reader of this room."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from anagen.errors import AnagenError, InputError, nearest
from anagen.files.place import Path

from .datatypes import Element
from .json_text import JsonText


@dataclass(frozen=True)
class Spot:
    """A value by its path; `notes` gathers what the reader must know, and is shared by all spots of a text."""

    text: JsonText
    path: Path = ()
    notes: list[str] = field(default_factory=list, compare=False)

    def at(self, *parts: str | int) -> Spot:
        """A place further in."""
        return Spot(self.text, (*self.path, *parts), self.notes)

    def error(self, message: str, expected: str | None = None, near: str | tuple[str, ...] = ()) -> InputError:
        """An error here."""
        return self.text.error(self.path, message, expected, near)

    def from_(self, error: AnagenError) -> InputError:
        """The same error, said of this place."""
        return self.text.error(self.path, error.message, error.expected, error.nearest)

    def note(self, sentence: str) -> None:
        """Tell the reader something, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def fault(spot: Spot, error: ValidationError, model: type[Element]) -> InputError:
    """The first fault that the model found, in the order of the text."""
    places = spot.text.places

    def start(one: ErrorDetails) -> int:
        span = places.of((*spot.path, *one["loc"]))
        return span.start if span else 0

    first = min(error.errors(include_url=False), key=start)
    at = spot.at(*first["loc"])
    kind = first["type"]
    if kind == "unknown_element":
        name = str(first.get("ctx", {}).get("name", ""))[:80]
        return at.at(name).error(
            "no element of FHIR R4 that belongs here",
            expected="elements of R4 (4.0.1), spelled as there",
            near=nearest(name, _elements(model, first["loc"])),
        )
    if kind == "missing":
        return at.error("is missing, and R4 requires it", expected="the element")
    if kind == "literal_error":
        choices = str(first.get("ctx", {}).get("expected", ""))
        known = [choice.strip("' ") for part in choices.split(" or ") for choice in part.split(", ")]
        said = first["input"]
        return at.error(
            f"is {shown(said)}", expected=", ".join(known), near=nearest(said, known) if isinstance(said, str) else ()
        )
    if kind == "no_object":
        return at.error(f"is {shown(first['input'])}", expected="an object, in braces")
    what = first["msg"][:1].lower() + first["msg"][1:]
    return at.error(f"is {shown(first['input'])}", expected=what.replace("input should", "a value that should"))


def _elements(model: type[Element], loc: tuple[int | str, ...]) -> list[str]:
    """The names of the elements of the object at `loc`."""
    inner: type[Element] | None = model
    for part in loc:
        found = inner.model_fields.get(part) if inner and isinstance(part, str) else None
        if found is not None:
            inner = _model(found.annotation)
    return [*inner.model_fields, *inner.passed] if inner else []


def _model(annotation: object) -> type[Element] | None:
    if isinstance(annotation, type) and issubclass(annotation, Element):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model(part))), None)


def shown(value: object) -> str:
    """A value as an error shows it: short, and printable."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "an array"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = f"'{value}'" if isinstance(value, str) else str(value)
    plain = "".join(letter if letter.isprintable() else "?" for letter in text[:80])
    return plain if len(text) <= 60 else plain[:57] + "…"
