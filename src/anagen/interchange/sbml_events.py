"""Events of the person's life in SBML: a fever, an operation, a crash diet send part of anagen to catagen at once."""

from __future__ import annotations

import math
from collections.abc import Mapping

from anagen.mechanisms.pools import ANAGEN
from anagen.patient.patient import Patient

from .sbml_formula import JUST_AFTER, moment, number
from .sbml_model import Model


def shares_by_day(patient: Patient, lengths: Mapping[str, int], sizes: Mapping[str, float]) -> dict[int, float]:
    """The share of anagen that is sent to catagen, by day.

    `lengths`: days over which each kind acts; `sizes`: its whole share, as drawn. A share that the person's own event
    states holds for all events of its kind, the last one stated. Kinds that fall together leave what each would leave.
    """
    stated = {event.kind: event.fraction for event in patient.events if event.fraction is not None}
    left: dict[int, float] = {}
    for event in patient.events:
        whole = stated.get(event.kind, sizes[event.kind])
        for day in range(event.day, event.day + lengths[event.kind]):
            left[day] = left.get(day, 0.0) + math.log1p(-whole) / lengths[event.kind]
    return {day: -math.expm1(logarithm) for day, logarithm in sorted(left.items())}


def write_life_events(model: Model, shares: Mapping[int, float], visible_after: int, days: int) -> None:
    """One event a day: what anagen loses, in number and length, catagen gains."""
    for day, share in shares.items():
        if day >= days:
            continue
        kept, gone = number(1 - share), number(share)
        growing = [f"anagen_{i}" for i in range(1, ANAGEN + 1)]
        grown = [f"grown_{i}" for i in range(1, ANAGEN + 1)]
        young = [f"young_{i}" for i in range(1, ANAGEN + 1)]
        recent = [f"new_{i}" for i in range(1, visible_after + 1)]
        changes = {name: f"{name} * {kept}" for name in (*growing, *grown, *young, *recent, "survival")}
        changes["catagen_1"] = f"catagen_1 + {gone} * ({' + '.join(growing)})"
        changes["rested_catagen_1"] = f"rested_catagen_1 + {gone} * ({' + '.join(grown)})"
        title = f"{share:.1%} of anagen hairs go to catagen"
        model.event(f"hair_event_{day}", moment(day + JUST_AFTER), changes, title)
