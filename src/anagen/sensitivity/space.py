"""The space that is searched: numbers of the model that have a range, each as a standard normal on its own scale.

Two kinds, never mixed: what nobody knows of a value, and how people differ in it. A number that is not moved keeps its
value, so that the person stays the typical one in all else.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from anagen.patient.draws import correlated
from anagen.patient.parameters import NORMAL_95, Parameter
from anagen.treatments.registry import Treatment

Floats = npt.NDArray[np.float64]
Kind = Literal["unknown", "between"]
KINDS: Mapping[Kind, str] = {"unknown": "what nobody knows", "between": "how people differ"}
TOGETHER = 0.3
"""Unknowns whose correlation is at least so far from 0 are moved, and have a share, together."""
ONLY_IF_ASSUMED = "hypotheses."


@dataclass(frozen=True)
class Space:
    """Parameters that are moved, and how they hang together.

    `groups` are their positions in one group each; `factors`, for each group, the lower Cholesky factor of the
    correlations in it.
    """

    kind: Kind
    parameters: tuple[Parameter, ...]
    groups: tuple[tuple[int, ...], ...]
    factors: tuple[Floats, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(p.name for p in self.parameters)

    @property
    def inputs(self) -> tuple[str, ...]:
        """A name for each group: that of its parameter, or those of all of them."""
        return tuple(" + ".join(self.parameters[i].name for i in group) for group in self.groups)

    def values(self, uniform: Floats) -> dict[str, Floats]:
        """Values by name, `(samples,)`, from independent uniforms `(samples, parameters)` inside (0, 1)."""
        z = import_module("scipy.special").ndtri(np.asarray(uniform, float))
        moved = np.empty_like(z)
        for group, factor in zip(self.groups, self.factors, strict=True):
            moved[:, list(group)] = z[:, list(group)] @ factor.T
        return {p.name: value_at(p, self.kind, moved[:, i]) for i, p in enumerate(self.parameters)}

    def apart(self) -> Space:
        """The same with each parameter on its own, whatever hangs together."""
        size = len(self.parameters)
        return Space(self.kind, self.parameters, tuple((i,) for i in range(size)), (np.eye(1),) * size)

    def only(self, names: Sequence[str]) -> Space:
        """The same with some of its parameters, in the same order."""
        return _space(self.kind, [p for p in self.parameters if p.name in names])

    def to_json(self, words: Mapping[str, str]) -> list[dict[str, Any]]:
        """The inputs, as the file holds them; `words` by name go before a parameter's own meaning."""
        return [
            {
                "name": name,
                "meaning": "; ".join(
                    words.get(p.name, p.meaning.split("; ")[0]) for p in (self.parameters[i] for i in group)
                ),
                "members": [_member(self.parameters[i], self.kind) for i in group],
            }
            for name, group in zip(self.inputs, self.groups, strict=True)
        ]


def _member(parameter: Parameter, kind: Kind) -> dict[str, Any]:
    low, high = value_at(parameter, kind, np.array([-NORMAL_95, NORMAL_95])).tolist()
    shown = {"value": parameter.value, "low": low, "high": high}
    return {
        "name": parameter.name,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        **{key: float(f"{value:.4g}") for key, value in shown.items()},
    }


def space(treatment: Treatment, kind: Kind, hold: Collection[str] = ()) -> Space:
    """All numbers of that kind that a treatment has, but those that are held, and those of hypotheses that are off."""
    found = [
        p
        for p in treatment.parameters.values()
        if (p.between if kind == "between" else p.lower or p.upper)
        and not p.name.startswith(ONLY_IF_ASSUMED)
        and p.name not in hold
    ]
    return _space(kind, found)


def _space(kind: Kind, parameters: Sequence[Parameter]) -> Space:
    known = {p.name: p for p in parameters}
    if kind == "between":  # people's own deviations are independent in the model
        return Space(kind, tuple(parameters), (), ()).apart()
    # A correlation with something that is not moved says nothing here.
    own = {
        name: replace(p, unknown_with=tuple(pair for pair in p.unknown_with if pair[0] in known))
        for name, p in known.items()
    }
    names = list(own)
    whole = np.eye(len(names))
    involved, factor = correlated(own, names)
    if involved:
        whole[np.ix_(involved, involved)] = factor @ factor.T
    groups = _connected(np.abs(whole) >= TOGETHER)
    factors = tuple(np.asarray(np.linalg.cholesky(whole[np.ix_(group, group)]), np.float64) for group in groups)
    return Space(kind, tuple(parameters), groups, factors)


def _connected(linked: npt.NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    """Groups of those that are linked, directly or through others, in order of their first.

    >>> _connected(np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], bool))
    ((0, 2), (1,))
    """
    groups: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for first in range(len(linked)):
        if first in seen:
            continue
        group, waiting = {first}, [first]
        while waiting:
            for other in np.flatnonzero(linked[waiting.pop()]).tolist():
                if other not in group:
                    group.add(other)
                    waiting.append(other)
        seen |= group
        groups.append(tuple(sorted(group)))
    return tuple(groups)


def value_at(parameter: Parameter, kind: Kind, z: Floats) -> Floats:
    """The value where what nobody knows, or the person, is `z` standard deviations off; as `patient.draws` draws it.

    >>> from anagen.treatments.registry import treatment
    >>> clearance = treatment().parameters["exposure.clearance"]
    >>> low, middle, high = value_at(clearance, "unknown", np.array([-NORMAL_95, 0, NORMAL_95])).round(6)
    >>> ((low, high), middle) == (clearance.unknown, clearance.value)
    True
    """
    if kind == "unknown":
        shift = np.where(z < 0, parameter.lower, parameter.upper) * z
    else:
        shift = parameter.between * (z - (parameter.between / 2 if parameter.mean_preserving else 0.0))
    value = parameter.value
    if parameter.scale == "log":
        moved = value * np.exp(shift)
    elif parameter.scale == "logit":
        moved = 1 / (1 + np.exp(-shift) * (1 - value) / value)
    else:
        moved = value + shift
    low, high = parameter.bounds or (-math.inf, math.inf)
    return np.asarray(np.clip(moved, low, high), float)


def still(treatment: Treatment, hold: Mapping[str, float]) -> Treatment:
    """The treatment in which nobody differs and all is known, and some values are held elsewhere: what is given to the
    engine is then all that moves, and doses do not vary either."""
    parameters = {
        name: replace(p, value=hold.get(name, p.value), between=0.0, lower=0.0, upper=0.0, unknown_with=())
        for name, p in treatment.parameters.items()
    }
    return replace(treatment, parameters=parameters)
