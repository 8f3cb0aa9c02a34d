"""Rooms of the package: what loads with a module comes from rooms before its own; only doors know doors.

Methods that offer a room above (`Regimen.from_fhir`, `Simulation.to_sbml`) import it when they are called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import anagen

PACKAGE = Path(anagen.__file__).parent
ORDER = (
    "evidence",
    "files",
    "compiled",
    "mechanisms",
    "regimen",
    "patient",
    "treatments",
    "simulation",
    "sensitivity",
    "interchange",
    "trial",
    "validation",
    "diary",
    "inference",
    "analysis",
    "web",
    "cli",
)
DOORS = {"web", "cli"}


def named(module: Path, node: ast.AST) -> Iterator[str]:
    """The rooms that an import names."""
    if isinstance(node, ast.Import):
        full = [one.name for one in node.names]
    elif isinstance(node, ast.ImportFrom):
        package = ("anagen", *module.relative_to(PACKAGE).parts[:-1])
        base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
        start = ".".join(filter(None, (base, node.module)))
        full = [f"{start}.{one.name}" for one in node.names]
    else:
        return
    yield from (
        room for top, room, *_ in (f"{name}..".split(".") for name in full) if top == "anagen" and room in ORDER
    )


def modules(room: str) -> dict[Path, ast.Module]:
    return {module: ast.parse(module.read_text("utf-8")) for module in sorted((PACKAGE / room).rglob("*.py"))}


def loading(node: ast.AST) -> Iterator[ast.stmt]:
    """What runs when a module loads: all but the bodies of functions and what is for type checkers."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.stmt):
            yield child
        yield from loading(child)


def test_every_room_has_its_place() -> None:
    assert set(ORDER) == {module.parent.name for module in PACKAGE.glob("*/*.py")}


@pytest.mark.parametrize("room", ORDER)
def test_a_room_loads_only_those_before_it(room: str) -> None:
    before = ORDER[: ORDER.index(room) + 1]
    for module, tree in modules(room).items():
        for node in loading(tree):
            assert all(other in before for other in named(module, node)), f"{module}, line {node.lineno}"


@pytest.mark.parametrize("room", [room for room in ORDER if room not in DOORS])
def test_nobody_but_a_door_knows_the_doors(room: str) -> None:
    for module, tree in modules(room).items():
        for node in ast.walk(tree):
            assert not DOORS & {*named(module, node)}, f"{module}, line {getattr(node, 'lineno', 0)}"
