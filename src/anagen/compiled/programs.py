"""Compiled programs kept on disk, so that a second start neither traces nor compiles.

JAX's own cache keeps what the compiler made, but every start traces and lowers the program again first, which takes
longer than running it. Here the whole program is kept under a name made of everything it depends on: our source, the
treatment's files, the shapes, the libraries and the processor. A file that cannot be read is compiled anew.

Programs are made ready in the background: the shapes of a result are known at once, so that the next program of a chain
can be begun while the one before is still being loaded or compiled.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import tempfile
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import jax
import numpy as np
from jax.experimental.serialize_executable import deserialize_and_load, serialize

from anagen.fingerprint import folder_digest

from .configure import cache_directory

KEPT = 300
"""Programs kept on disk; those not used for longest go first."""


Effort = Literal["brief", "usual", "long"]
"""How long the compiler may take: a third of the usual for what runs only once or twice; twice as long for code that is
a third faster, where millions of days are to come."""


@dataclass(frozen=True)
class Program:
    """A function compiled for one set of shapes. `result` is its result with shapes in the place of arrays."""

    result: Any
    _ready: Future[Callable[..., Any]]

    def __call__(self, *args: Any) -> Any:
        return jax.tree_util.tree_unflatten(self._structure, self._ready.result()(*jax.tree_util.tree_leaves(args)))

    @cached_property
    def _structure(self) -> Any:
        return jax.tree_util.tree_structure(self.result)


_programs: dict[Hashable, Program] = {}
_finding = Lock()
"""Held while a program is looked for and begun, so that two threads that want the same one make it once."""


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="anagen-programs")


def program(function: Callable[..., Any], key: tuple[Hashable, ...], *args: Any, effort: Effort = "usual") -> Program:
    """`function` compiled for arguments of the shapes of `args`; call it with such arguments.

    Arguments are trees of arrays, or of shapes. `key` says what else the function depends on: its name, and all that it
    closes over. The `effort` of the compiler moves last digits, so it must hang on what is asked for alone.

    >>> import jax.numpy as jnp
    >>> twice = program(lambda x: {"y": 2 * x}, ("twice", "example"), jnp.arange(3))
    >>> twice.result["y"].shape, twice(jnp.arange(3))["y"].tolist()
    ((3,), [0, 2, 4])
    """
    leaves, tree = jax.tree_util.tree_flatten(args)
    wanted = (key, effort, tree, tuple((leaf.shape, leaf.dtype) for leaf in leaves))
    with _finding:
        if wanted not in _programs:
            shapes = tuple((leaf.shape, leaf.dtype.name) for leaf in leaves)
            file = _directory() / (_digest(repr((_surroundings(), key, effort, str(tree), shapes))) + ".program")
            _programs[wanted] = _read(file) or _begin(function, tree, leaves, file, effort)
        return _programs[wanted]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _directory() -> Path:
    return cache_directory() / "programs"


@lru_cache(maxsize=1)
def _surroundings() -> tuple[str, ...]:
    """What every program depends on: our source, the libraries, the processor."""
    package = Path(__file__).parents[1]
    places = ("mechanisms", "patient", "compiled", "simulation", "treatments/contract.py")
    source = "".join(folder_digest(package / place) for place in places)
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        flags = platform.processor()
    device = jax.devices()[0]
    threads = os.environ.get("PJRT_NPROC") or str(os.cpu_count())  # loops are cut for so many: last digits differ
    machine = (platform.machine(), _digest(flags), device.device_kind, threads)
    return (_digest(source), jax.__version__, np.__version__, *machine)


def _read(file: Path) -> Program | None:
    try:
        payload, in_tree, out_tree, result = pickle.loads(file.read_bytes())
    except OSError:
        return None
    except Exception:  # whatever a damaged or foreign file does, the answer is to compile
        file.unlink(missing_ok=True)
        return None
    with suppress(OSError):  # what is used is kept longest, where the cache can be written
        file.touch()
    return Program(result, _workers().submit(deserialize_and_load, payload, in_tree, out_tree))


def _begin(function: Callable[..., Any], tree: Any, leaves: list[Any], file: Path, effort: Effort) -> Program:
    structures: list[Any] = []

    def flat(*values: Any) -> list[Any]:
        made, structure = jax.tree_util.tree_flatten(function(*jax.tree_util.tree_unflatten(tree, values)))
        structures.append(structure)
        return list(made)

    shapes = [jax.ShapeDtypeStruct(np.shape(leaf), leaf.dtype) for leaf in leaves]
    lowered = jax.jit(flat).lower(*shapes)
    made = [jax.ShapeDtypeStruct(info.shape, info.dtype) for info in lowered.out_info]
    result = jax.tree_util.tree_unflatten(structures[-1], made)
    return Program(result, _workers().submit(_compile, lowered, result, file, effort))


def _compile(lowered: jax.stages.Lowered, result: Any, file: Path, effort: Effort) -> Callable[..., Any]:
    compiled = _compiled(lowered, effort)
    # What JAX took from a cache of its own cannot be serialised again (parts of it are missing), so it is not kept.
    if getattr(jax.config, "jax_compilation_cache_dir") is None:  # noqa: B009 - not in its type
        _keep(file, pickle.dumps((*serialize(compiled), result)))
    return compiled


def _compiled(lowered: jax.stages.Lowered, effort: Effort) -> jax.stages.Compiled:
    if jax.default_backend() != "cpu":
        return lowered.compile()
    # XLA's older emitters compile in half the time; but where a result takes the place of an argument, their loops over
    # people do one person at a time.
    # Without the analysis, a ring that is read and written on one day is copied whole, every day.
    # Registers are used in their whole width where there are wider ones than 256 bits (decision 0024).
    options: dict[str, Any] = {
        "xla_cpu_use_fusion_emitters": effort == "long",
        "xla_cpu_copy_insertion_use_region_analysis": True,
        "xla_cpu_prefer_vector_width": 512,
    }
    if effort == "brief":
        options["xla_backend_optimization_level"] = 0
    try:
        return lowered.compile(compiler_options=options)
    except jax.errors.JaxRuntimeError:  # a release that no longer knows an option
        return lowered.compile()


def _keep(file: Path, data: bytes) -> None:
    """Write beside and rename; a cache that cannot be written is done without."""
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
