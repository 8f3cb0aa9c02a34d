"""The people of a study, many times over: `replicates` possible studies of an arm, each with a pool of people.

Within a replicate, what nobody knows is the same for all; people differ. The engine is the one of `simulate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.compiled.programs import program
from anagen.patient.draws import Spreads
from anagen.patient.streams import normals, stream_keys
from anagen.regimen.events import DoseEvents
from anagen.simulation.engine import prepare
from anagen.simulation.run import TILES, covariates, run_arm
from anagen.simulation.simulate import NO_DOSES
from anagen.treatments.contract import Wiring
from anagen.treatments.registry import Treatment
from anagen.validation.arms import Arm
from anagen.validation.levels import levels

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Pool:
    """How many people are simulated: `replicates` groups of `size`, under `seed`."""

    replicates: int
    size: int
    seed: int

    @property
    def people(self) -> int:
        return self.replicates * self.size

    def grouped(self, values: Floats) -> Floats:
        """Values `(..., people)` as `(..., replicates, size)`."""
        return values.reshape(*values.shape[:-1], self.replicates, self.size)


@dataclass(frozen=True)
class Course:
    """Weekly series of an arm: `days` (rows,), name -> `(rows, replicates, size)`."""

    days: Floats
    series: dict[str, Floats]

    def at(self, signal: str, day: float) -> Floats:
        """The values on a day, between weeks in a straight line, `(replicates, size)`."""
        values = self.series[signal]
        above = int(np.clip(np.searchsorted(self.days, day), 1, self.days.size - 1))
        share = (day - self.days[above - 1]) / (self.days[above] - self.days[above - 1])
        return np.asarray((1 - share) * values[above - 1] + share * values[above])


@dataclass
class Simulated:
    """One arm of a study, simulated as far as its rows ask."""

    treatment: Treatment
    assumed: frozenset[str]
    arm: Arm
    pool: Pool
    signals: Sequence[str] = ()
    weeks: float = 0.0
    progress: Callable[[float], None] | None = None
    _course: Course | None = field(default=None, repr=False)
    _wirings: list[tuple[Wiring, Numbers]] | None = field(default=None, repr=False)

    @property
    def events(self) -> DoseEvents:
        return self.arm.regimen.events(self.arm.patient.weight_kg) if self.arm.regimen else NO_DOSES

    def course(self) -> Course:
        """The engine's weekly series that were asked for."""
        if self._course is None:
            made = run_arm(
                self.treatment,
                self.events,
                self.arm.patient,
                weeks=max(1, ceil(self.weeks - 1e-9)),
                people=self.pool.people,
                seed=self.pool.seed,
                assumed=self.assumed,
                replicates=self.pool.replicates,
                progress=self.progress,
            )
            grouped = {name: self.pool.grouped(np.array(made.series[name][:, 1:])) for name in self.signals}
            self._course = Course(made.days, grouped)
        return self._course

    def levels(self, start_h: float, hours: Floats) -> tuple[Floats, Floats]:
        """Parent and metabolite in ng/mL at `hours` after `start_h`, each `(times, replicates, size)`."""
        events = self.events
        found = [levels(tile, events, spread, start_h, hours) for tile, spread in self._tiles(events.time_h.size)]
        parent, metabolite = (
            np.concatenate(parts, axis=1)[:, : self.pool.people] for parts in zip(*found, strict=True)
        )
        return self.pool.grouped(parent), self.pool.grouped(metabolite)

    def areas(self) -> tuple[Floats, Floats]:
        """Area under the level of a single dose without end, ng·h/mL: of the parent and of the metabolite; exact."""
        events, parts = self.events, []
        for wiring, spread in self._tiles(1):
            share = (
                wiring.absorption.absorbed(events.amount_mg[:1], events.formulation[:1], events.meal[:1])[0] * spread[0]
            )
            exposure = wiring.exposure
            area = 1e3 * share / (exposure.elimination * exposure.volume)
            made = exposure.formation * exposure.volume * area
            parts.append((np.asarray(area), np.asarray(made / (exposure.metabolite_rate * exposure.metabolite_volume))))
        parent, metabolite = (np.concatenate(part)[: self.pool.people] for part in zip(*parts, strict=True))
        return self.pool.grouped(parent), self.pool.grouped(metabolite)

    def _tiles(self, doses: int) -> Iterator[tuple[Wiring, jax.Array]]:
        """Wirings of all people by tile, and how each dose differs from the person's usual, `(doses, tile)`."""
        configure()  # before anything is drawn: keys are 64 bits
        key = stream_keys(self.pool.seed, ["occasion"])[0]
        for wiring, people in self._wired():
            spread = wiring.absorption.occasion
            z = normals(key, jnp.asarray(people), jnp.arange(doses))
            yield wiring, jnp.exp(spread * z - 0.5 * spread**2)

    def _wired(self) -> list[tuple[Wiring, Numbers]]:
        """Exposure and absorption of all people by tile, and their numbers: drawn once."""
        if self._wirings is None:
            tile = TILES[-1]
            person = covariates(self.treatment, self.arm.patient)
            routes = np.arange(len(self.treatment.model.ROUTES))
            self._wirings = []
            for first in range(0, self.pool.people, tile):
                people = first + np.arange(tile)
                shared = np.minimum(people // self.pool.size, self.pool.replicates)
                drawing: tuple[Any, ...] = (np.uint32(self.pool.seed), people, Spreads(), person, routes, {}, shared)
                name = ("prepare", "float64", self.treatment.fingerprint(), *sorted(self.assumed))
                draw = program(partial(prepare, self.treatment, self.assumed), name, *drawing)
                self._wirings.append((replace(draw(*drawing)[0], mechanisms=()), people))
        return self._wirings
