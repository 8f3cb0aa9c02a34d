"""Treatments found by looking: every folder of this room with a `model.py` and a `parameters.toml` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any

import anagen.treatments
from anagen.errors import InputError, nearest
from anagen.evidence.toml_file import read_toml
from anagen.fingerprint import folder_digest
from anagen.patient.parameters import Parameter, load_parameters


@dataclass(frozen=True, eq=False)
class Treatment:
    """One drug: its data, and the wiring of its model. `chances`, `wire` and `pulses` are those of its
    `model.py`."""

    name: str
    parameters: Mapping[str, Parameter]
    hypotheses: Mapping[str, Mapping[str, Any]]
    supplements: Mapping[str, Mapping[str, Any]]
    series: Mapping[str, Mapping[str, Any]]
    outcomes: Mapping[str, Mapping[str, Any]]
    safety: Mapping[str, Mapping[str, Any]]
    chances: tuple[str, ...]
    wire: Callable[..., Any]
    pulses: Callable[..., Any]
    model: Any

    def fingerprint(self) -> str:
        """A hash of all that a compiled program of the treatment depends on: its code and its parameters."""
        return folder_digest(Path(self.model.__file__).parent) + self.parameter_hash()

    def parameter_hash(self) -> str:
        """A short hash of all parameter values and spreads, for provenance."""
        import hashlib

        text = "\n".join(repr(parameter) for _, parameter in sorted(self.parameters.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def hypothesis(self, name: str) -> Mapping[str, Any]:
        """A hypothesis by name; InputError with the nearest names where there is none."""
        return _chosen("hypothesis", name, self.hypotheses)

    def supplement(self, name: str) -> Mapping[str, Any]:
        """A supplement by name; InputError with the nearest names where there is none."""
        return _chosen("supplement", name, self.supplements)


def _chosen(what: str, name: str, known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if name not in known:
        raise InputError(f"unknown {what}: '{name}'", expected=", ".join(known), nearest=nearest(name, tuple(known)))
    return known[name]


def treatment_names() -> tuple[str, ...]:
    """Names of all treatments there are.

    >>> treatment_names()
    ('isotretinoin',)
    """
    return tuple(sorted(m.name for m in pkgutil.iter_modules(anagen.treatments.__path__) if m.ispkg))


def known_treatment(name: str) -> str:
    """The name, if there is such a treatment.

    Raises:
        InputError: no such treatment; the nearest names are offered.
    """
    names = treatment_names()
    if name not in names:
        raise InputError(f"unknown treatment: '{name}'", expected=", ".join(names), nearest=nearest(name, names))
    return name


def table(treatment: str, file: str) -> dict[str, Any]:
    """A data file of a treatment, empty where it has none. Loads no model.

    >>> table("isotretinoin", "safety.toml")["pregnancy"]["level"]
    'stop'
    """
    found = resources.files(f"anagen.treatments.{known_treatment(treatment)}").joinpath(file)
    return read_toml(found) if found.is_file() else {}


def treatment(name: str = "isotretinoin") -> Treatment:
    """A treatment by name.

    >>> treatment().parameters["exposure.clearance"].value
    8.0

    Raises:
        InputError: no such treatment; the nearest names are offered.
    """
    with _loading:  # two threads that ask at once get the same object
        return _load(known_treatment(name))


_loading = Lock()


@lru_cache(maxsize=16)
def _load(name: str) -> Treatment:
    package = f"anagen.treatments.{name}"
    model = importlib.import_module(f"{package}.model")
    return Treatment(
        name=name,
        parameters=load_parameters(package),
        hypotheses=table(name, "hypotheses.toml"),
        supplements=table(name, "supplements.toml"),
        series=table(name, "series.toml"),
        outcomes=table(name, "outcomes.toml"),
        safety=table(name, "safety.toml"),
        chances=getattr(model, "CHANCES", ()),
        wire=model.wire,
        pulses=model.pulse,
        model=model,
    )
