"""Structures of a model that fit the same data, read from a treatment's `structures.toml`: questions, alternatives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from anagen.errors import DataError, InputError, nearest
from anagen.patient.parameters import NORMAL_95, Parameter, Scale
from anagen.treatments.registry import Treatment, table

FILE = "structures.toml"
ALL = "all"
RESERVED = (ALL, "band", "default")
"""Words that mean something else where structures are asked for or written out."""
FEW = 8
"""Up to so many combinations of alternatives are all run; of more, each alternative alone."""


@dataclass(frozen=True)
class Structure:
    """One alternative, or several together: the `parameters` it changes (value, unknown), hypotheses it switches on."""

    name: str
    title: str
    evidence: str
    source: tuple[str, ...]
    parameters: Mapping[str, Mapping[str, Any]]
    assume: tuple[str, ...]

    def of(self, treatment: Treatment) -> Treatment:
        """The treatment with this structure; its hypotheses are still to be assumed.

        >>> from anagen.treatments.registry import treatment
        >>> without = questions(treatment())["lasting-suppression"].alternatives["no-lasting-suppression"]
        >>> without.of(treatment()).parameters["sebum.lasting_maximum"].value
        0.0
        """
        changed = {name: altered(treatment.parameters[name], **given) for name, given in self.parameters.items()}
        return replace(treatment, parameters=_uncorrelated({**treatment.parameters, **changed}))

    def is_used(self, treatment: Treatment, assumed: Iterable[str]) -> bool:
        """Whether it changes nothing: what it says is what is in use."""
        return self.of(treatment).parameters == treatment.parameters and set(self.assume) <= set(assumed)


@dataclass(frozen=True)
class Question:
    """What the data leave open; `default` says what is in use (title, evidence, source)."""

    name: str
    title: str
    says: str
    default: Mapping[str, Any]
    alternatives: Mapping[str, Structure]


def questions(treatment: Treatment) -> dict[str, Question]:
    """The questions of a treatment by name; empty where it has no such file.

    Raises:
        DataError: the file names no such parameter or hypothesis, or lacks something.
    """
    found: dict[str, Question] = {}
    changed_by: dict[str, str] = {}
    for name, entry in table(treatment.name, FILE).items():
        alternatives = {
            key: _structure(treatment, f"{name}.alternatives.{key}", key, one)
            for key, one in _needed(treatment, name, entry, "alternatives").items()
        }
        for parameter in {p for one in alternatives.values() for p in one.parameters}:
            if changed_by.setdefault(parameter, name) != name:
                raise _wrong(treatment, name, f"{parameter} is changed by {changed_by[parameter]} too", "one question")
        found[name] = Question(
            name,
            str(_needed(treatment, name, entry, "title")),
            str(_needed(treatment, name, entry, "says")),
            dict(_needed(treatment, name, entry, "default")),
            alternatives,
        )
    names = [*found, *(key for question in found.values() for key in question.alternatives)]
    for name in names:
        if name in RESERVED or names.count(name) > 1:
            raise _wrong(treatment, name, "this name is taken", f"a name of its own, not {', '.join(RESERVED)}")
    return found


def _structure(treatment: Treatment, place: str, name: str, entry: Mapping[str, Any]) -> Structure:
    parameters = entry.get("parameters", {})
    assume = tuple(entry.get("assume", ()))
    if not parameters and not assume:
        raise _wrong(treatment, place, "it changes nothing", "parameters, or hypotheses to assume")
    for kind, words, known in (
        ("parameter", parameters, treatment.parameters),
        ("hypothesis", assume, treatment.hypotheses),
    ):
        for word in words:
            if word not in known:
                near = nearest(word, tuple(known))
                raise _wrong(treatment, place, f"unknown {kind}: '{word}'", f"a {kind} of the treatment", near)
    for parameter, given in parameters.items():
        _check_given(treatment, f"{place}.parameters.{parameter}", treatment.parameters[parameter], given)
    title, evidence, source = (_needed(treatment, place, entry, key) for key in ("title", "evidence", "source"))
    return Structure(name, str(title), str(evidence), tuple(source), parameters, assume)


def _check_given(treatment: Treatment, place: str, parameter: Parameter, given: Mapping[str, Any]) -> None:
    if not set(given) <= {"value", "unknown"} or "value" not in given:
        raise _wrong(treatment, place, f"it has {', '.join(given) or 'nothing'}", "value, and unknown where it changes")
    low, high = given.get("unknown", [given["value"]] * 2)
    inside = low <= given["value"] <= high
    on_scale = parameter.scale in ("linear", "fixed") or low > 0
    if not inside or not on_scale or (parameter.scale == "logit" and high >= 1):
        raise _wrong(treatment, place, f"{given}", f"a value inside its interval, on the scale '{parameter.scale}'")


def _needed(treatment: Treatment, place: str, entry: Any, key: str) -> Any:
    if not isinstance(entry, Mapping) or not entry.get(key):
        raise _wrong(treatment, place, f"there is no {key}", f"a table with {key}")
    return entry[key]


def _wrong(treatment: Treatment, place: str, what: str, expected: str, near: tuple[str, ...] = ()) -> DataError:
    return DataError(f"{treatment.name}/{FILE}: {place}: {what}", expected=expected, nearest=near)


def altered(parameter: Parameter, value: float, unknown: tuple[float, float] | None = None) -> Parameter:
    """A parameter with another value, and another 95 % interval of what nobody knows where one is given.

    >>> from anagen.treatments.registry import treatment
    >>> slope = treatment().parameters["anagen_exit.retinoid.exponent"]
    >>> round(altered(slope, 1.0, (0.5, 2.0)).upper, 3), altered(slope, 1.0).upper == slope.upper
    (0.354, True)
    """
    if unknown is None:
        return replace(parameter, value=float(value))
    low, middle, high = (_on_scale(parameter.scale, float(x)) for x in (unknown[0], value, unknown[1]))
    return replace(
        parameter,
        value=float(value),
        lower=(middle - low) / NORMAL_95,
        upper=(high - middle) / NORMAL_95,
        unknown=(float(unknown[0]), float(unknown[1])),
    )


def _on_scale(scale: Scale, value: float) -> float:
    if scale == "log":
        return math.log(value)
    return math.log(value / (1 - value)) if scale == "logit" else value


def _uncorrelated(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Without the correlations of what is known now: they were those of another structure."""
    open_ = {name for name, p in parameters.items() if p.lower or p.upper}
    return {
        name: replace(p, unknown_with=tuple(pair for pair in p.unknown_with if name in open_ and pair[0] in open_))
        for name, p in parameters.items()
    }


def chosen(treatment: Treatment, wanted: str, assumed: Iterable[str] = ()) -> list[Structure]:
    """The structures to run beside the one in use: `all`, those of one question, or one by name.

    Those that say what is in use anyway are left out, except where asked for by name.

    >>> from anagen.treatments.registry import treatment
    >>> [s.name for s in chosen(treatment(), "lasting-suppression")]
    ['no-lasting-suppression']

    Raises:
        InputError: no such structure; the nearest names are offered.
    """
    known = questions(treatment)
    if not known:
        raise InputError(f"no structures of {treatment.name} have been written down", expected=f"a {FILE}")
    single = {name: one for question in known.values() for name, one in question.alternatives.items()}
    if wanted in single:
        return [single[wanted]]
    if wanted != ALL and wanted not in known:
        names = (ALL, *known, *single)
        raise InputError(f"unknown structure: '{wanted}'", expected=", ".join(names), nearest=nearest(wanted, names))
    open_ = [
        [one for one in question.alternatives.values() if not one.is_used(treatment, assumed)]
        for question in (known.values() if wanted == ALL else [known[wanted]])
    ]
    together = math.prod(1 + len(alternatives) for alternatives in open_) - 1
    if together > FEW:
        return [one for alternatives in open_ for one in alternatives]
    return [_joined([one for one in some if one]) for some in product(*([None, *few] for few in open_)) if any(some)]


def _joined(parts: list[Structure]) -> Structure:
    """Alternatives of different questions as one structure."""
    if len(parts) == 1:
        return parts[0]
    return Structure(
        " + ".join(one.name for one in parts),
        "; ".join(one.title for one in parts),
        " ".join(one.evidence for one in parts),
        tuple(dict.fromkeys(key for one in parts for key in one.source)),
        {name: given for one in parts for name, given in one.parameters.items()},
        tuple(name for one in parts for name in one.assume),
    )
