"""What a peer of the benchmark is: a module of this folder that solves the reference model with one program.

A peer module has

    TITLE       the program's name, as in the table
    PACKAGES    distributions it needs, whose versions the table prints; a missing one gives a "not installed" row
    ROWS        name -> Row: the settings that are measured
    run(row, people, doses)     -> outputs (days, 8, people), for one of ROWS, model.People, doses (days, people) in mg
    compile(row, people, doses) optional: everything that has to be done once for inputs of this shape
    version()                   optional: the program's own version, where no distribution of Python's holds it;
                                raises NotInstalled
    close()                     optional: ends what the module started

Packages are imported inside `run` and `compile`, so that a module loads where its program is missing.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from types import ModuleType
from typing import NamedTuple

PEERS = ("anagen", "mrgsolve", "libroadrunner", "lsoda", "numbalsoda", "diffrax")


class Row(NamedTuple):
    """One line of the table: the settings in words, the people of one timed round (5 to 10 s), the kind of people."""

    settings: str
    people: int
    variant: str = "all"
    baseline: bool = False  # the others are compared with the first of these that was measured


class NotInstalled(Exception):
    """The program of a peer is not there."""


def load(name: str) -> tuple[ModuleType, str]:
    """A peer's module and the versions of its program; `NotInstalled`, where it or its module is missing."""
    module_name = f"{__package__}.{name}_peer"
    if importlib.util.find_spec(module_name) is None:
        raise NotInstalled(f"no {name}_peer.py")
    module = importlib.import_module(module_name)
    try:
        versions = [f"{package} {importlib.metadata.version(package)}" for package in module.PACKAGES]
    except importlib.metadata.PackageNotFoundError as error:
        raise NotInstalled(f"no package {error.name}") from error
    if hasattr(module, "version"):
        versions.insert(0, module.version())
    return module, ", ".join(versions)
