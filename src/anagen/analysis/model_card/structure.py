"""How the model is built: its mechanisms, its links, and structures that fit the same data, carried side by side."""

from __future__ import annotations

import inspect
import pkgutil
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from anagen.evidence.grade import NAMES
from anagen.treatments.registry import table

MECHANISMS = "anagen.mechanisms."
NONE = "Whether other structures fit the same data has not been written down for this treatment yet."


def structure(treatment: str) -> dict[str, Any]:
    """Mechanisms, links by certainty, hypotheses that are off, and alternatives."""
    found = table(treatment, "structures.toml")
    links = table(treatment, "map.toml").get("edge") or ()
    counted = Counter(str(link["certainty"]) for link in links)
    nodes = table(treatment, "map.toml").get("node") or {}
    titles = {name: str(node.get("title", name)) for name, node in nodes.items()}
    return {
        "mechanisms": mechanisms(treatment),
        "links": [
            {
                "from": titles.get(link["from"], link["from"]),
                "to": titles.get(link["to"], link["to"]),
                "says": link["says"],
                "certainty": link["certainty"],
                "hypothesis": link.get("hypothesis"),
                "source": list(link.get("source") or ()),
            }
            for link in links
        ],
        "links_by_certainty": {name: counted[name] for name in reversed(NAMES.values()) if counted[name]},
        "hypotheses": [
            {"name": name, "title": entry["title"], "known": entry["known"], "source": list(entry.get("source") or ())}
            for name, entry in table(treatment, "hypotheses.toml").items()
        ],
        "side_by_side": [_question(name, entry) for name, entry in found.items() if isinstance(entry, Mapping)],
        "missing": "" if found else NONE,
    }


def mechanisms(treatment: str) -> list[dict[str, str]]:
    """The mechanisms that the treatment's own modules use, each with the first line of its file.

    >>> [m["name"] for m in mechanisms("isotretinoin")][:3]
    ['anagen_exit', 'anchorage', 'concentration_effect']
    """
    package = import_module(f"anagen.treatments.{treatment}")
    own = [import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]
    used = {name for module in own for name in _used(module)}
    return [{"name": name.removeprefix(MECHANISMS), "says": _first_line(import_module(name))} for name in sorted(used)]


def _used(module: ModuleType) -> set[str]:
    classes = [thing for thing in vars(module).values() if inspect.isclass(thing)]
    return {thing.__module__ for thing in classes if thing.__module__.startswith(MECHANISMS)}


def _first_line(module: ModuleType) -> str:
    text = inspect.getdoc(module) or ""
    return " ".join(text.split("\n\n")[0].split())


def _question(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """One question that the data leave open, and the answers that are carried: the one in use first."""
    answers = {"default": entry.get("default"), **(entry.get("alternatives") or {})}
    return {
        "name": name,
        "title": str(entry.get("title") or name),
        "says": str(entry.get("says") or ""),
        "alternatives": [
            {
                "name": key,
                "title": str(one.get("title") or key),
                "in_use": key == "default",
                "evidence": str(one.get("evidence") or ""),
                "source": list(one.get("source") or ()),
            }
            for key, one in answers.items()
            if isinstance(one, Mapping)
        ],
        "source": list(entry.get("source") or ()),
    }
