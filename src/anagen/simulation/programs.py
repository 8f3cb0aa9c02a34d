"""Compiled programs kept on disk, so that a second start neither traces nor compiles.

JAX's own cache keeps what the compiler made, but every start traces and lowers the program again first, which takes
longer than running it. Here the whole program is kept under a name made of everything it depends on: our source, the
treatment's files, the shapes, the libraries and the processor. A file that cannot be read is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import tempfile
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax.experimental.serialize_executable import deserialize_and_load, serialize

from .compile import cache_directory

KEPT = 120
"""Programs kept on disk; the oldest go first."""

Program = Callable[..., Any]
_loaded: dict[Hashable, Program] = {}


def program(function: Callable[..., Any], key: tuple[Hashable, ...], *args: Any, brief: bool = False) -> Program:
    """`function` compiled for arguments of the shapes of `args`; call it with such arguments.

    Arguments are trees of JAX or NumPy arrays and scalars. `key` says what else the function depends on: its name, and
    all that it closes over. `brief` compiles in less than half of the time, for what runs only once or twice.
    """
    leaves, tree = jax.tree_util.tree_flatten(args)
    shapes = tuple((np.shape(leaf), leaf.dtype.name) for leaf in leaves)
    wanted = (key, tree, shapes)
    if wanted not in _loaded:
        file = _directory() / (_digest(repr((_surroundings(), key, str(tree), shapes))) + ".program")
        _loaded[wanted] = _read(file) or _compile(function, tree, leaves, file, brief)
    return _loaded[wanted]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _directory() -> Path:
    return cache_directory() / "programs"


def folder_digest(folder: Path) -> str:
    """A hash of the code and data below a folder."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".py", ".toml"}:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _surroundings() -> tuple[str, ...]:
    """What every program depends on: our source, the libraries, the processor."""
    package = Path(__file__).parents[1]
    source = "".join(folder_digest(package / room) for room in ("mechanisms", "patient", "simulation"))
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        flags = platform.processor()
    device = jax.devices()[0]
    return (
        _digest(source),
        jax.__version__,
        np.__version__,
        platform.machine(),
        _digest(flags),
        device.device_kind,
    )


def _ready(payload: bytes, in_tree: Any, out_tree: Any, shape: Any) -> Program:
    call = deserialize_and_load(payload, in_tree, out_tree)
    structure = jax.tree_util.tree_structure(shape)

    def run(*args: Any) -> Any:
        return jax.tree_util.tree_unflatten(structure, call(*jax.tree_util.tree_leaves(args)))

    return run


def _read(file: Path) -> Program | None:
    try:
        kept = pickle.loads(file.read_bytes())
        return _ready(*kept)
    except OSError:
        return None
    except Exception:  # whatever a damaged or foreign file does, the answer is to compile
        file.unlink(missing_ok=True)
        return None


def _compile(function: Callable[..., Any], tree: Any, leaves: list[Any], file: Path, brief: bool) -> Program:
    structures: list[Any] = []

    def flat(*values: Any) -> list[Any]:
        made = function(*jax.tree_util.tree_unflatten(tree, values))
        found, structure = jax.tree_util.tree_flatten(made)
        structures.append(structure)
        return list(found)

    cheap: Any = {"xla_backend_optimization_level": 0} if brief and jax.default_backend() == "cpu" else None
    compiled = jax.jit(flat).lower(*leaves).compile(compiler_options=cheap)
    structure = structures[-1]
    # The structure of the result, kept as the result itself with numbers for arrays: that can be pickled.
    shape = jax.tree_util.tree_unflatten(structure, range(structure.num_leaves))
    _keep(file, pickle.dumps((*serialize(compiled), shape)))

    def run(*args: Any) -> Any:
        return jax.tree_util.tree_unflatten(structure, compiled(*jax.tree_util.tree_leaves(args)))

    return run


def _keep(file: Path, data: bytes) -> None:
    """Write beside and rename; a cache that cannot be written is done without.

    What JAX took from a cache of its own cannot be serialised again (parts of it are missing), so it is not kept.
    """
    if getattr(jax.config, "jax_compilation_cache_dir") is not None:  # noqa: B009 - not in its type
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
        with os.fdopen(handle, "wb") as part:
            part.write(data)
        Path(name).replace(file)
        programs = sorted(file.parent.glob("*.program"), key=lambda f: f.stat().st_mtime)
        for old in programs[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return
