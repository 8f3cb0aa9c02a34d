"""A source -> its resources, each with its path; references followed. Between the JSON and the readers of resources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, TypeVar

from pydantic import ValidationError

from anagen.errors import InputError, nearest

from .datatypes import Element, Reference
from .json_text import EXPECTED, MOST_BYTES, JsonText, read_json, walk
from .pregnancy import stop_if_pregnant
from .release import check_release
from .resources import Bundle
from .spot import Spot, fault, shown

Source = str | bytes | File | Mapping[str, Any]
Model = TypeVar("Model", bound=Element)
READ = ("MedicationRequest", "MedicationAdministration", "Observation", "Patient", "Condition", "Medication")


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource: its `kind`, where it stands, what it says, and the address by which a Bundle calls it."""

    kind: str
    spot: Spot
    raw: Mapping[str, Any]
    full_url: str = ""

    def read(self, model: type[Model]) -> Model:
        """The resource against its model.

        Raises:
            InputError: it does not fit; the first place in the text.
        """
        try:
            return model.model_validate(dict(self.raw))
        except ValidationError as error:
            raise fault(self.spot, error, model) from None


@dataclass(frozen=True, eq=False)
class Opened:
    """All resources of a text, in order."""

    spot: Spot
    resources: tuple[Resource, ...]

    def of(self, kind: str) -> Iterator[Resource]:
        """Those of one kind."""
        return (resource for resource in self.resources if resource.kind == kind)

    def follow(self, reference: Reference, of: Resource, at: Spot) -> Resource | None:
        """The resource that is referred to; None where it is not in the text.

        Raises:
            InputError: it should be contained, and is not.
        """
        target = reference.reference
        if target is None:
            return None
        if target.startswith("#"):
            contained = of.raw.get("contained")
            for k, inner in enumerate(contained if isinstance(contained, list) else []):
                if isinstance(inner, dict) and inner.get("id") == target[1:]:
                    return Resource(str(inner.get("resourceType")), of.spot.at("contained", k), inner)
            raise at.at("reference").error(f"{shown(target)} is not contained here", expected="a contained resource")
        for one in self.resources:
            identity = f"{one.kind}/{one.raw.get('id')}"
            if target in (one.full_url, identity) or (target.endswith("/" + identity) and one.full_url in ("", target)):
                return one
        return None


def open_fhir(source: Source) -> Opened:
    """Everything in a resource or Bundle.

    Args:
        source: a path; a JSON text (a string that begins with a brace, or bytes); or the object itself.

    Raises:
        InputError: it cannot be read, is not FHIR R4, or is not well formed.
        PregnancyStop: it says that the person is pregnant, whatever else is wrong with it.
    """
    text = _text(source)
    spot = Spot(text)
    stop_if_pregnant(spot)
    check_release(spot)
    single = text.root["resourceType"] != "Bundle"
    found = [_resource(spot, text.root, "")] if single else list(_entries(spot))
    for resource in found:
        if resource.kind in READ:
            _check_form(resource)
    return Opened(spot, tuple(found))


def _text(source: Source) -> JsonText:
    if isinstance(source, Mapping):
        try:
            return read_json(json.dumps(source, ensure_ascii=False, allow_nan=False, indent=1), "the object")
        except (TypeError, ValueError, RecursionError):
            raise InputError("the object is no JSON", expected=EXPECTED) from None
    if isinstance(source, bytes):
        return read_json(source, "the text")
    if isinstance(source, str) and (source.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "<", "") or "\n" in source):
        return read_json(source, "the text")
    try:
        file = File(source)
    except TypeError:
        raise InputError(f"an object of type {type(source).__name__}", expected=f"a path, or {EXPECTED}") from None
    try:
        if file.stat().st_size > MOST_BYTES:
            raise InputError(f"{file} is too large", expected=f"at most {MOST_BYTES:,} bytes")
        return read_json(file.read_bytes(), str(file))
    except (OSError, ValueError) as error:  # a path with a null character is a ValueError
        near: tuple[str, ...] = ()
        with suppress(OSError, ValueError):  # a name that is too long cannot even be looked for
            near = () if file.exists() else nearest(file.name, sorted(other.name for other in file.parent.iterdir()))
        reason = getattr(error, "strerror", None) or "it is no path"
        raise InputError(f"cannot read {shown(str(source))}: {reason}", expected=EXPECTED, nearest=near) from None


def _entries(spot: Spot) -> Iterator[Resource]:
    try:
        bundle = Bundle.model_validate(spot.text.root)
    except ValidationError as error:
        raise fault(spot, error, Bundle) from None
    if spot.text.root.get("implicitRules") is not None:
        raise spot.at("implicitRules").error("rules that are not known here", expected="R4 without implicitRules")
    seen: set[str] = set()
    for k, entry in enumerate(bundle.entry):
        at = spot.at("entry", k)
        if entry.fullUrl is not None:
            if entry.fullUrl in seen:
                raise at.at("fullUrl").error("stands twice in this Bundle", expected="each resource once")
            seen.add(entry.fullUrl)
        if entry.resource is None:
            if bundle.type in ("transaction", "batch", "history", "transaction-response", "batch-response"):
                continue  # a deletion, or an answer without a body
            raise at.error("has no resource", expected="a resource in each entry")
        if not isinstance(entry.resource, dict) or not isinstance(entry.resource.get("resourceType"), str):
            raise at.at("resource").error(
                f"is {shown(entry.resource)} without a resourceType", expected="a resource of R4"
            )
        if entry.resource["resourceType"] == "Bundle":
            raise at.at("resource").error("is a Bundle in a Bundle", expected="resources in one Bundle")
        yield _resource(at.at("resource"), entry.resource, entry.fullUrl or "")


def _resource(spot: Spot, raw: dict[str, Any], full_url: str) -> Resource:
    kind = raw["resourceType"]
    if not isinstance(kind, str):
        raise spot.at("resourceType").error(f"is {shown(kind)}", expected="the name of a resource")
    return Resource(kind, spot, raw, full_url)


def _check_form(resource: Resource) -> None:
    """What FHIR's JSON has nowhere, and what must not be passed over."""
    for path, value in walk(resource.raw):
        name = path[-1] if path else ""
        if value is None and not isinstance(name, int):
            raise resource.spot.at(*path).error("is null", expected="a value, or no such element")
        if isinstance(value, str | dict | list) and not value:
            raise resource.spot.at(*path).error("is empty", expected="a value, or no such element")
        if name == "modifierExtension" or name == "implicitRules":
            raise resource.spot.at(*path).error(
                "changes the meaning of what stands beside it, in a way that is not known here",
                expected=f"a resource without {name}",
            )
