"""The wires of a wiring: which signal is computed from which, found by following each mechanism's own computation.

Nothing here is a list that somebody keeps: a wire is there if, and only if, the code that runs uses the one number to
make the other. A gain of zero is a wire all the same; its effect is then nought.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
from jax.extend.core import Var

from anagen.compiled.configure import configure
from anagen.fingerprint import folder_digest
from anagen.mechanisms.module import DayEffect
from anagen.treatments.contract import Wiring

from . import kept
from .engine import EXPOSURE_SERIES

Sources = frozenset[Any]
"""Names of signals; while a block is followed, also the places of its state."""
NONE: Sources = frozenset()
DOSE, LEVEL = "dose", "level"
"""What is taken, and the level within the day, from which effects are computed."""
GIVEN = ("day", "dose_mg_per_kg", "pulse_fraction", "on_drug", *EXPOSURE_SERIES)
"""The signals that the engine gives to every mechanism, besides the noise it asks for."""


class Wire(NamedTuple):
    """`target` is computed from `source`: names of signals, or `dose`, `level`, `in:Block`, `sum:part`."""

    source: str
    target: str


EXPOSURE = (
    Wire(DOSE, LEVEL),
    Wire(DOSE, "dose_mg_per_kg"),
    *(Wire(LEVEL, name) for name in (*EXPOSURE_SERIES, "on_drug")),
)
"""The engine's own part, before all mechanisms and the same for every treatment."""


def wires(wiring: Wiring, whole: Iterable[str] = ()) -> frozenset[Wire]:
    """All wires of a wiring, with its arrays or with shapes in their place.

    A block that adds up named parts (`contributions`, and the signal it `sums` to) has a wire to each part,
    `anagen_exit:zinc`, and from each part to the sum; a part that reads no signal (a low ferritin) has only the latter.
    Blocks whose class is in `whole` are places of their own: source to `in:Follicles`, and from there to what they
    publish.

    >>> from anagen import simulate
    >>> found = wires(simulate("isotretinoin", None, people=1, weeks=1).wiring)
    >>> Wire("sebum_fraction", "dermatitis_fraction") in found, Wire("alt_u_per_l", "shed_per_day") in found
    (True, False)
    """
    configure()
    leaves, structure = jax.tree_util.tree_flatten(wiring.mechanisms)
    shapes = tuple((*np.shape(leaf)[:-1], 1) if np.shape(leaf) else () for leaf in leaves)
    code = "".join(map(folder_digest, sorted({_folder(block) for block in wiring.mechanisms})))
    return _found(structure, shapes, frozenset(whole), code)


def _folder(block: Any) -> Path:
    return Path(str(sys.modules[type(block).__module__].__file__)).parent


@lru_cache(maxsize=32)
def _found(structure: Any, shapes: tuple[tuple[int, ...], ...], whole: frozenset[str], code: str) -> frozenset[Wire]:
    """The wires hang on structure and code alone, not on any number: found once for all people, regimens and starts."""
    own = folder_digest(Path(__file__).parent)
    key = repr((str(structure), shapes, sorted(whole), code, own, jax.__version__))
    if known := kept.read("wires", key):
        return frozenset(Wire(*pair) for pair in known)
    found = _followed(structure, shapes, whole)
    kept.keep("wires", key, sorted(found))
    return found


def _followed(structure: Any, shapes: tuple[tuple[int, ...], ...], whole: frozenset[str]) -> frozenset[Wire]:
    leaves = [jax.ShapeDtypeStruct(shape, np.dtype(np.float64)) for shape in shapes]
    blocks = jax.tree_util.tree_unflatten(structure, leaves)
    noise = [f"noise:{name}" for block in blocks for name in getattr(block, "noise", ())]
    found = list(EXPOSURE)
    made: list[str] = []
    for block in blocks:
        published = _published(block, (*GIVEN, *noise), made)
        name = type(block).__name__
        if name in whole:
            found += [Wire(source, f"in:{name}") for source in frozenset().union(*published.values())]
            found += [Wire(f"in:{name}", target) for target in published]
        else:
            for target, sources in published.items():
                if target == getattr(block, "sums", None):
                    found += _parts(block, (*GIVEN, *made), published)
                else:
                    found += [Wire(source, target) for source in sources]
        made += list(published)
    return frozenset(found)


def _published(block: Any, given: Iterable[str], made: Iterable[str]) -> dict[str, Sources]:
    """The sources of each signal that a block publishes, on the first day and ever after: also through its state."""
    before = {name: _number() for name in made}
    today = before | {name: _number() for name in given}
    state, _ = jax.eval_shape(lambda b, s: b.initial(s), block, before)
    shaped = jax.eval_shape(lambda b, c: b.effect(c), block, _number())
    effect = None if shaped is None else DayEffect(shaped, shaped, shaped)
    places = jax.tree_util.tree_structure(state)
    held = jax.tree_util.tree_unflatten(places, [frozenset([i]) for i in range(len(jax.tree_util.tree_leaves(state)))])
    named, level = _named(today), jax.tree_util.tree_map(lambda _: frozenset([LEVEL]), effect)

    first, at_first = _sources(lambda b, s: b.initial(s), (block, before), (_nothing(block), _named(before)))
    later, each_day = _sources(
        lambda b, x, e, s: b.step(x, e, s), (block, state, effect, today), (_nothing(block), held, level, named)
    )
    known = jax.tree_util.tree_leaves(first)
    steps = jax.tree_util.tree_leaves(later)
    while True:
        further = [one | _through(step, known) for one, step in zip(known, steps, strict=True)]
        if further == known:
            break
        known = further
    return {name: at_first[name] | _through(sources, known) for name, sources in each_day.items()}


def _parts(block: Any, given: Iterable[str], published: Mapping[str, Sources]) -> list[Wire]:
    """The wires of a block that adds up named parts: what a part reads that no part before it read."""
    signals = {name: _number() for name in (*given, *published)}
    names: list[str] = []

    def amounts(block: Any, signals: Mapping[str, Any]) -> list[Any]:
        parts = block.contributions(signals)
        names.extend(parts)  # in the order of the sum, which JAX does not keep
        return list(parts.values())

    parts = _sources(amounts, (block, signals), (_nothing(block), _named(signals)))
    found, explained = [], NONE
    for part, sources in zip(names, parts, strict=True):
        new = sources - explained
        explained |= new
        if new or not sources:  # else it only reckons with the other parts, as a ceiling does
            found += [Wire(source, f"{block.sums}:{part}") for source in new]
            found.append(Wire(f"{block.sums}:{part}", block.sums))
    return found


def _sources(function: Callable[..., Any], args: tuple[Any, ...], labels: tuple[Any, ...]) -> Any:
    """The result of `function` with the labels of what each array in it is computed from in the array's place."""
    program, shape = jax.make_jaxpr(function, return_shape=True)(*args)
    known: dict[Any, Sources] = dict(zip(program.jaxpr.invars, jax.tree_util.tree_leaves(labels), strict=True))

    def of(atom: Any) -> Sources:
        return known.get(atom, NONE) if isinstance(atom, Var) else NONE

    for equation in program.jaxpr.eqns:
        used = NONE.union(*(of(atom) for atom in equation.invars))
        known.update(dict.fromkeys(equation.outvars, used))
    return jax.tree_util.tree_unflatten(
        jax.tree_util.tree_structure(shape), [of(atom) for atom in program.jaxpr.outvars]
    )


def _through(sources: Sources, state: list[Sources]) -> Sources:
    """Places of the state replaced by what is in them."""
    return NONE.union(*(state[s] if isinstance(s, int) else frozenset([s]) for s in sources))


def _number() -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct((1,), np.dtype(np.float64))


def _named(signals: Mapping[str, Any]) -> dict[str, Sources]:
    return {name: frozenset([name]) for name in signals}


def _nothing(block: Any) -> Any:
    return jax.tree_util.tree_map(lambda _: NONE, block)
