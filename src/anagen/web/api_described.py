"""The API described for people, from its own OpenAPI document: each call, its fields, and an example with curl."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

Schema = Mapping[str, Any]
ROOMS = {
    "simulate": "Simulate",
    "compare": "Compare",
    "analyse": "Analyse",
    "claims": "Claims",
    "products": "Products",
    "trials": "Trials",
    "diary": "Diary",
    "methods": "Methods",
}
DEEPEST = 2


@dataclass(frozen=True)
class Field:
    """One thing that a call takes: `place` is body, path or query."""

    name: str
    place: str
    says: str
    needed: bool
    default: str


@dataclass(frozen=True)
class Call:
    """One call; `body` and `path` are an example of it, None where the document holds no example."""

    method: str
    address: str
    room: str
    summary: str
    fields: tuple[Field, ...]
    path: str
    body: str | None
    complete: bool
    """Whether the example is whole: every field that must be given has an example."""

    @property
    def key(self) -> str:
        """An id on the page."""
        return f"{self.method}-{self.address.removeprefix('/api/v1/')}".lower().translate(str.maketrans("/{}", "---"))

    def curl(self, base: str) -> str:
        """The example as a command; `base` is the server's address without its last slash."""
        words = ["curl", "-s", *(["-X", self.method] if self.method not in ("GET", "POST") else [])]
        line = " ".join([*words, shlex.quote(f"{base}{self.path}")])
        if self.body is None:
            return line
        return f"{line} \\\n  -H 'content-type: application/json' \\\n  -d {shlex.quote(self.body)}"


def calls(document: Schema) -> list[Call]:
    """Every call of an OpenAPI document, in its order."""
    return [
        _call(document, method, address, told)
        for address, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def _call(document: Schema, method: str, address: str, told: Schema) -> Call:
    fields: list[Field] = []
    path, asked, complete = address, [], True
    for one in told.get("parameters", ()):
        schema = _of(document, one["schema"])
        says = ". ".join(part for part in (one.get("description", ""), words(document, schema)) if part)
        fields.append(Field(one["name"], one["in"], says, one.get("required", False), _said(schema.get("default"))))
        shown = example(document, schema)
        if one["in"] == "path":
            complete &= shown is not None
            path = path.replace(
                "{" + one["name"] + "}", quote(str(shown)) if shown is not None else one["name"].upper()
            )
        elif schema.get("examples"):
            asked.append(urlencode({one["name"]: schema["examples"][0]}))
    body = None
    content = told.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        schema = _of(document, content["schema"])
        fields += _fields(document, schema, "", 1)
        shown = example(document, schema)
        complete &= shown is not None
        body = json.dumps(shown, ensure_ascii=False) if shown is not None else None
    query = f"?{asked[0]}" if asked else ""
    room = ROOMS.get(next(iter(told.get("tags", ())), ""), "Others")
    return Call(method.upper(), address, room, told.get("summary", ""), tuple(fields), path + query, body, complete)


def _fields(document: Schema, schema: Schema, before: str, depth: int) -> Iterator[Field]:
    """The fields of an object, those of objects within it by names with points."""
    needed = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        whole = _of(document, inner)
        default = whole.get("default")
        if whole.get("type") == "object" and whole.get("properties") and depth < DEEPEST:
            yield from _fields(document, whole, f"{before}{name}.", depth + 1)
            continue
        says = words(document, whole)
        if "items" in whole and _of(document, whole["items"]).get("properties"):
            own = _fields(document, _of(document, whole["items"]), "", DEEPEST)
            says += f" with {', '.join(f'{f.name} ({f.says})' for f in own)}"
        yield Field(f"{before}{name}", "body", says, name in needed, _said(default))


def words(document: Schema, schema: Schema) -> str:
    """What a value may be.

    >>> words({}, {"type": "number", "minimum": 30, "maximum": 250.0})
    'number, 30 to 250'
    >>> words({}, {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]})
    'whole number, 1 or more'
    """
    schema = _of(document, schema)
    if "enum" in schema or "const" in schema:
        return "one of " + ", ".join(str(one) for one in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type", "")
    if kind in ("number", "integer"):
        low, high = schema.get("minimum"), schema.get("maximum")
        bounds = f"{low:,.10g} to {high:,.10g}" if low is not None and high is not None else ""
        bounds = bounds or (f"{low:,.10g} or more" if low is not None else "")
        return ", ".join(part for part in ("whole number" if kind == "integer" else "number", bounds) if part)
    if kind == "string":
        longest = schema.get("maxLength")
        plain = {"date": "date, as 2026-11-25", "date-time": "date and time"}.get(schema.get("format", ""), "text")
        return f"{plain}, at most {longest:,} characters" if longest else plain
    if kind == "array":
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        many = f"{least} to {most}" if least and most else f"at most {most}" if most else "any number"
        return f"list, {many}: {words(document, schema.get('items', {}))}"
    return {"boolean": "true or false", "object": "object"}.get(kind, "any value")


def example(document: Schema, schema: Schema) -> Any:
    """The first example of a schema; of an object, those of the fields that must be given. None where there is none."""
    schema = _of(document, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("type") == "object" and "properties" in schema:
        found = {name: example(document, schema["properties"][name]) for name in schema.get("required", ())}
        return None if any(value is None for value in found.values()) else found
    if schema.get("type") == "array" and schema.get("minItems", 0) <= 1:
        inner = example(document, schema.get("items", {}))
        return None if inner is None else [inner]
    return None


def _of(document: Schema, schema: Schema) -> dict[str, Any]:
    """A schema without references, and without the choice to give nothing."""
    given = dict(schema)
    if "$ref" in given:
        found = document["components"]["schemas"][given.pop("$ref").rsplit("/", 1)[1]]
        return {**_of(document, found), **given}
    choices = [one for one in given.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) == 1:
        del given["anyOf"]
        return {**_of(document, choices[0]), **given}
    return given


def _said(default: Any) -> str:
    return "" if default in (None, [], {}, "") or isinstance(default, dict) else json.dumps(default)
