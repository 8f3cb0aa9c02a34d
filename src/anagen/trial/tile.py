"""One tile of people through all arms: the engine driven from visit to visit, then what each person and the tile show.

All arms have the same people, drawn once. Everything here depends on the person's number and never on the tile's
neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import one_thread
from anagen.compiled.programs import Program, program
from anagen.patient.draws import Spreads
from anagen.patient.people import People
from anagen.patient.streams import normals, stream_keys
from anagen.simulation.engine import WEEK, Days, advance, prepare, series_names
from anagen.treatments.contract import Person, Wiring

from . import conduct
from .dosing import REACHED, Behaviour, block
from .endpoints import person_endpoints
from .planned import Planned
from .setting import Setting
from .status import Floats, Status

Table = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class ArmCourse:
    """What one arm did to a tile. `series` name -> (weeks + 1, people); `statuses` from the first on, `status` the
    last; `taken_mg`, `planned_mg` (people,) in all; `over_week` (people,), the week from which on no
    dose is planned any more, as the course is over or the total is reached; `endpoints` (endpoints, people)."""

    series: Mapping[str, Table]
    statuses: list[Status]
    taken_mg: Floats
    planned_mg: Floats
    over_week: Floats
    endpoints: Floats

    @property
    def status(self) -> Status:
        return self.statuses[-1]


@dataclass(frozen=True, eq=False)
class Ready:
    """A tile's people wired for some ways of absorption and supplements, before the first dose."""

    wiring: Wiring
    carry: Any
    row: Table
    sizes: Any


def person_of(setting: Setting, people: People, supplements: tuple[str, ...]) -> Person:
    """The people of a tile as the wiring needs them; what is not known of them is as in `Patient`."""
    treatment, precision = setting.treatment, np.float64
    size = len(people)

    def column(name: str, usual: float) -> Floats:
        return np.asarray(people.columns.get(name, np.full(size, usual)), precision)

    raised = {name.split(".")[1]: np.ones(size) for name in treatment.parameters if name.startswith("nutrients.")}
    for supplement in supplements:
        for nutrient, factor in treatment.supplement(supplement)["raises"].items():
            raised[nutrient] = raised[nutrient] * factor
    for nutrient, by_person in people.raised().items():
        raised[nutrient] = raised[nutrient] * by_person
    return Person(
        weight_kg=column("weight_kg", 70.0),
        male=column("sex", 0.0) > 0,
        dermatitis_severity=column("seborrheic_dermatitis", 0.0) / 3,
        pattern_hair_loss=column("pattern_hair_loss", 0.0) > 0,
        ferritin_ug_per_l=column("ferritin_ug_per_l", np.inf),
        raised=raised,
    )


class Tile:
    """The people of one tile, and what follows from them in every arm."""

    def __init__(self, setting: Setting, number: int) -> None:
        self.setting, self.number = setting, number
        one_thread()
        self.people = setting.people(number)
        self.valid = setting.valid(number)
        self.weight_kg = person_of(setting, self.people, ()).weight_kg
        self.seed = np.uint32(setting.trial.seed)
        self._ready: dict[Any, Ready] = {}
        self._behaviour: dict[Any, Behaviour] = {}

    def ready(self, planned: Planned) -> Ready:
        """The people wired for an arm; arms that need the same share it."""
        setting, routes = self.setting, planned.schedule.routes
        key = (routes, planned.arm.supplements)
        if key not in self._ready:
            trial, treatment = setting.trial, setting.treatment
            person = person_of(setting, self.people, planned.arm.supplements)
            spreads = Spreads.named("between" if trial.uncertainty == "none" else "both")
            shared = self.people.numbers // setting.layout.replicate_size if trial.uncertainty == "shared" else None
            given = self.people.parameters(treatment.parameters)
            assumed = frozenset(trial.assume)
            drawing = (self.seed, self.people.numbers, spreads, person, np.array(routes), given, shared)
            name = ("prepare", setting.precision, setting.fingerprint, *sorted(assumed))
            draw = program(partial(prepare, treatment, assumed, precision=setting.precision), name, *drawing)
            wiring, carry, row, sizes = draw(*drawing)
            self._ready[key] = Ready(wiring, carry, np.asarray(row), sizes)
        return self._ready[key]

    def behaviour(self, planned: Planned) -> Behaviour:
        """How the people take the doses of an arm."""
        key = (planned.arm.adherence, planned.arm.meals)
        if key not in self._behaviour:
            self._behaviour[key] = Behaviour(self.seed, self.people, *key)
        return self._behaviour[key]

    def through(self, planned: Planned) -> ArmCourse:
        """One arm, from the first dose to the end of the follow-up."""
        setting, trial, arm = self.setting, self.setting.trial, planned.arm
        ready, behaviour = self.ready(planned), self.behaviour(planned)
        names = series_names(ready.wiring)
        limit, largest = planned.limit_mg(self.weight_kg), planned.largest_mg(self.weight_kg)
        status = conduct.begin(self.weight_kg.size, len(arm.rules))
        if not planned.events.time_h.size:
            status = conduct.complete(status, np.ones(status.on.shape, bool))
        statuses = [status]
        taken, wanted = np.zeros_like(self.weight_kg), np.zeros_like(self.weight_kg)
        table = np.empty((trial.follow_up_weeks + 1, *ready.row.shape), ready.row.dtype)
        table[0] = ready.row
        carry, before = ready.carry, None
        through: Program | None = None
        weeks, since = setting.block_weeks, 0
        weight = self.weight_kg.astype(setting.precision)
        over_day = np.full(self.weight_kg.size, float(planned.events.course_days))
        for week in range(0, trial.follow_up_weeks, weeks):
            day, days = WEEK * week, WEEK * weeks
            before = block(
                planned, behaviour, self.weight_kg, status, before, taken, limit, day, days, setting.precision
            )
            number = np.arange(day, day + days)
            pulse = np.zeros((days, ready.sizes.shape[0]), setting.precision)
            given = (before.doses, Days(number, before.taken.astype(setting.precision), pulse))
            arguments = (ready.wiring, carry, self.seed, self.people.numbers, weight, ready.sizes, *given)
            through = through or self.advancing(planned, *arguments)
            carry, made = through(*arguments)
            end = week + weeks
            table[week + 1 : end + 1] = made
            taken, wanted = taken + before.taken.sum(0), wanted + before.planned
            status = conduct.advance(status, end)
            reached = taken >= limit * REACHED
            over = (reached | (end >= planned.course_weeks)) & ~status.complete
            if over.any():
                over_day = np.where(over & reached, day + before.days_taken, over_day)
                status = conduct.complete(status, over)
            if end in trial.visits and (arm.rules or trial.dropouts):
                now, start = (dict(zip(names, row, strict=True)) for row in (table[end], ready.row))
                chance = self.chances(planned, end)
                status = conduct.visit(
                    arm.rules, status, end, now, start, chance, since=since, dropouts=trial.dropouts, planned_mg=largest
                )
                since = end
            if status is not statuses[-1]:
                statuses.append(status)
        series = {name: table[:, i] for i, name in enumerate(names)}
        ends = over_day if np.isfinite(limit).any() else planned.events.course_days or setting.longest_course_days
        severity = self.people.columns.get("seborrheic_dermatitis", np.zeros(self.weight_kg.size))
        endpoints = person_endpoints(
            setting.layout.endpoints,
            series,
            np.arange(len(table), dtype=float) * WEEK,
            np.minimum(ends, WEEK * trial.follow_up_weeks),
            status,
            trial.after_leaving,
            applies={"dermatitis": severity > 0},
        )
        return ArmCourse(series, statuses, taken, wanted, np.ceil(over_day / WEEK), endpoints)

    def advancing(self, planned: Planned, *arguments: Any) -> Program:
        """The compiled step through a block of weeks, the same for all blocks of an arm."""
        shape = planned.schedule.shape
        key, effort = ("advance", shape, False), self.setting.effort
        return program(partial(advance, shape=shape, daily=False), key, *arguments, effort=effort)

    def chances(self, planned: Planned, week: int) -> conduct.Chance:
        """One standard normal for each person of each stream that a visit may ask for."""
        names = conduct.streams(planned.arm.rules, self.setting.trial.dropouts)
        if not names:
            return lambda name: np.zeros(0)
        index = np.array([conduct.index_of(name, week) for name in names])
        given = (self.seed, self.people.numbers, index)
        drawn = np.asarray(program(partial(_drawn, names), ("chances of a visit", names), *given)(*given))
        return dict(zip(names, drawn, strict=True)).__getitem__


def _drawn(names: tuple[str, ...], seed: Any, people: Any, index: Any) -> Any:
    import jax

    return jax.vmap(lambda key, i: normals(key, people, i[None])[0])(stream_keys(seed, names), index)
