"""The engine driven as plainly as can be, for tests: one arm, sixteen people in one tile, every day shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from anagen.patient.draws import Spreads
from anagen.regimen import MEALS, Regimen
from anagen.simulation.doses import Schedule
from anagen.simulation.engine import BLOCK_DAYS, BLOCK_WEEKS, Days, advance, prepare, series_names
from anagen.treatments.contract import Person
from anagen.treatments.registry import Treatment, treatment

TILE = 16
NUTRIENTS = ("biotinidase", "vitamin_e", "folate", "b12", "zinc", "selenium", "biotin", "vitamin_d")


through_a_block = jax.jit(advance, static_argnames=("shape", "daily"))


@lru_cache(maxsize=16)
def drawing(drug: Treatment, assumed: frozenset[str]) -> Any:
    """`prepare`, compiled: (seed, people, spreads, person, routes) -> wiring, carry, first row, pulse sizes."""
    return jax.jit(partial(prepare, drug, assumed))


@dataclass(frozen=True)
class Case:
    """What is simulated. `people` are the tile's first numbers, -1 the typical person; `pulse` (kind, day)."""

    regimen: str
    weeks: int = 32
    people: tuple[int, ...] = (-1,)
    weight_kg: float = 70.0
    male: bool = False
    severity: float = 0.0
    pattern_hair_loss: bool = False
    ferritin_ug_per_l: float = float("inf")
    assumed: frozenset[str] = frozenset()
    pulse: tuple[int, int] | None = None
    seed: int = 1
    drug: str = "isotretinoin"

    def person(self) -> Person:
        def number(x: float) -> np.float64:
            return np.float64(x)

        return Person(
            weight_kg=number(self.weight_kg),
            male=np.bool_(self.male),
            dermatitis_severity=number(self.severity),
            pattern_hair_loss=np.bool_(self.pattern_hair_loss),
            ferritin_ug_per_l=number(self.ferritin_ug_per_l),
            raised={name: number(1.0) for name in NUTRIENTS},
        )


def schedule_of(case: Case, drug: Treatment) -> Schedule:
    """The arm's doses and the ways of absorption that its meals need."""
    model: Any = drug.model
    route = [model.ROUTES.index(name) for name in model.routes(MEALS)]
    return Schedule.of(Regimen.from_text(case.regimen).events(case.weight_kg), route)


@lru_cache(maxsize=64)
def run(case: Case) -> dict[str, np.ndarray]:
    """Every published series, `(1 + days, people)`: row 0 before the first dose, row d after d days."""
    drug = treatment(case.drug)
    schedule = schedule_of(case, drug)
    spare = (p for p in range(TILE) if p not in case.people)
    people = jnp.array([*case.people, *(next(spare) for _ in range(TILE - len(case.people)))])
    person = case.person()
    wiring, carry, first, sizes = drawing(drug, case.assumed)(
        np.uint32(case.seed), people, Spreads(1.0, 1.0), person, np.array(schedule.routes)
    )
    rows = []
    for block in range(-(-case.weeks // BLOCK_WEEKS)):
        day = BLOCK_DAYS * block
        pulse = np.zeros((BLOCK_DAYS, sizes.shape[0]))
        if case.pulse is not None and 0 <= case.pulse[1] - day < BLOCK_DAYS:
            pulse[case.pulse[1] - day, case.pulse[0]] = 1.0
        carry, made = through_a_block(
            wiring,
            carry,
            np.uint32(case.seed),
            people,
            person.weight_kg,
            sizes,
            schedule.block(day, BLOCK_DAYS),
            Days(np.arange(day, day + BLOCK_DAYS), schedule.taken_mg(day, BLOCK_DAYS), pulse),
            shape=schedule.shape,
            daily=True,
        )
        rows.append(made)
    table = np.concatenate([np.asarray(first)[None], *(np.asarray(row) for row in rows)])
    table = table[: 1 + 7 * case.weeks, :, : len(case.people)]
    return {name: table[:, i] for i, name in enumerate(series_names(wiring))}
