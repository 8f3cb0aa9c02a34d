"""The engine driven as plainly as can be, for tests: one arm, one small tile of people, every day shown.

Its programs are those that `simulate` compiles for a small group: kept on disk, and made once for all tests that want
them, in whichever process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from anagen.compiled.programs import program
from anagen.patient.draws import Draws, Spreads
from anagen.regimen import MEALS, Regimen
from anagen.simulation.doses import Schedule, Shape
from anagen.simulation.engine import BLOCK_DAYS, BLOCK_WEEKS, Days, advance, prepare, series_names
from anagen.treatments.contract import Person
from anagen.treatments.registry import Treatment, treatment

TILE = 128
NUTRIENTS = ("biotinidase", "vitamin_e", "folate", "b12", "zinc", "selenium", "biotin", "vitamin_d")


def through_a_block(*given: Any, shape: Shape, daily: bool) -> Any:
    """`advance`, compiled."""
    return program(partial(advance, shape=shape, daily=daily), ("advance", shape, daily), *given)(*given)


def drawing(drug: Treatment, assumed: frozenset[str]) -> Callable[..., Any]:
    """`prepare`, compiled: (seed, people, spreads, person, routes) -> wiring, carry, first row, pulse sizes."""

    def draw(*given: Any) -> Any:
        name = ("prepare", drug.fingerprint(), *sorted(assumed))
        return program(partial(prepare, drug, assumed), name, *given, effort="brief")(*given)

    return draw


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
    spare = (p for p in range(2 * TILE) if p not in case.people)
    people = np.array([*case.people, *(next(spare) for _ in range(TILE - len(case.people)))])
    person = case.person()
    wiring, carry, first, sizes = drawing(drug, case.assumed)(
        np.uint32(case.seed), people, Spreads.named("both"), person, np.array(schedule.routes)
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


def drawn(people: Sequence[int], seed: int = 1) -> dict[str, np.ndarray]:
    """Every parameter of `people`, and every lot that the treatment names; drawn in a tile as the engine fills it."""
    drug = treatment()

    def draw(seed: Any, tile: Any) -> dict[str, Any]:
        draws = Draws(drug.parameters, seed, tile, chances=drug.chances)
        return {name: draws[name] for name in drug.parameters} | {name: draws.uniform(name) for name in drug.chances}

    spare = (p for p in range(100, 100 + 2 * TILE) if p not in people)
    tile = np.array([*people, *(next(spare) for _ in range(TILE - len(people)))])
    given = (np.uint32(seed), tile)
    made = program(draw, ("drawn", drug.fingerprint()), *given, effort="brief")(*given)
    return {name: np.asarray(values)[: len(people)] for name, values in made.items()}
