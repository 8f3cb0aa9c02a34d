"""A counter of what is taken in all: in mg, and for each kg of body weight. Never a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.simulation.result import Simulation

from .arms import Column
from .figure import Table
from .numbers import number


@dataclass(frozen=True)
class Total:
    """Everything taken in a regimen: `doses`, `mg`, and `mg_per_kg` of body weight."""

    doses: int
    mg: float
    mg_per_kg: float

    @classmethod
    def of(cls, arm: Simulation) -> Total:
        """What one arm takes; nothing where it has no regimen.

        >>> from anagen import simulate
        >>> Total.of(simulate("isotretinoin", "20 mg once daily for 4 weeks", people=1, weeks=4))
        Total(doses=28, mg=560.0, mg_per_kg=8.0)
        """
        if arm.regimen is None:
            return cls(0, 0.0, 0.0)
        amounts = arm.regimen.events(arm.patient.weight_kg).amount_mg
        mg = float(amounts.sum())
        return cls(int(amounts.size), mg, mg / arm.patient.weight_kg)


def total_dose_table(arms: Sequence[Simulation], columns: Sequence[Column]) -> Table:
    """The counter of every arm."""
    totals = [Total.of(arm) for arm in arms]
    rows = [
        ["Doses taken", *(f"{total.doses:,}" for total in totals)],
        ["Taken in all, mg", *(number(total.mg) for total in totals)],
        ["The same for each kg of body weight, mg/kg", *(number(total.mg_per_kg) for total in totals)],
    ]
    return Table("Taken in all, by the end of the course", ["Counter", *(column.head for column in columns)], rows)
