"""The two effluvia, computed: the follicles of the typical scalp day by day after many growing hairs rest, or break.

The block is the engine's own (`mechanisms.follicles`); only the day's signals are made here. The compiled programs are
kept on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.compiled.programs import program
from anagen.mechanisms.follicles import Follicles, FollicleState
from anagen.mechanisms.module import Signals
from anagen.mechanisms.pools import ANAGEN, CHAIN, CLUB, EXOGEN
from anagen.patient.patient import Patient
from anagen.patient.streams import TYPICAL
from anagen.simulation.run import covariates
from anagen.treatments.contract import Person, Values
from anagen.treatments.registry import Treatment

Floats = npt.NDArray[np.float64]
DAYS = 400
RESTING_SHARE, STRUCK_SHARE = 0.3, 0.9
"""Of the growing hairs, sent to rest (telogen effluvium) or struck (anagen effluvium) on day 0; chosen to teach."""
PHASES = ("anagen", "catagen", "telogen", "exogen", "kenogen", "struck", "repair")
WITH_HAIR = ("anagen", "catagen", "telogen", "exogen", "struck")
PADDED_DAYS = 364
"""Courses are driven for a multiple of so many days and then cut, so that few lengths are ever compiled."""
_ROW = (*PHASES, "shed", "broken", "born", "density", "volume", "club_percent")


@dataclass(frozen=True, eq=False)
class Course:
    """One scalp through time, each `(1 + days,)`, row 0 before the event; row d counts what fell in the day before d.

    Hairs per day; density (visible hairs) and volume in % of row 0; `club_percent` of the hairs on the scalp; `phases`,
    fraction of all follicles in each of `PHASES`; `follicles`, their number.
    """

    day: Floats
    club_shed_per_day: Floats
    broken_per_day: Floats
    born_per_day: Floats
    density_percent: Floats
    volume_percent: Floats
    club_percent: Floats
    phases: Mapping[str, Floats]
    follicles: float

    @property
    def shed_per_day(self) -> Floats:
        """Club roots and broken shafts together, hairs per day."""
        return self.club_shed_per_day + self.broken_per_day

    @property
    def hairs(self) -> Floats:
        """All hairs on the scalp, those not yet visible too."""
        return np.asarray(self.follicles * sum(self.phases[name] for name in WITH_HAIR))


@dataclass(frozen=True, eq=False)
class Effluvia:
    """The same scalp three times: left alone, with 30 % of the growing hairs sent to rest, with 90 % struck."""

    healthy: Course
    telogen: Course
    anagen: Course


def effluvia(treatment: Treatment, follicles: Follicles | None = None, days: int = DAYS) -> Effluvia:
    """Both effluvia on the typical scalp of a treatment's model, or on that of `follicles` (one person), for `days`.

    >>> from anagen.treatments.registry import treatment
    >>> both = effluvia(treatment())
    >>> int(both.telogen.shed_per_day.argmax()), round(both.telogen.shed_per_day.max())
    (100, 524)
    """
    configure()
    one = follicles if follicles is not None else typical_follicles(treatment)[0]
    pulse, hit = np.zeros((days, 3)), np.zeros((days, 3))
    pulse[0, 1], hit[0, 2] = RESTING_SHARE, STRUCK_SHARE
    signals = {"anagen_exit": np.ones((days, 3)), "pulse_fraction": pulse, "hit_fraction": hit}
    return Effluvia(*driven(replace(one, toxic=True), np.ones(3), signals))


def typical_follicles(
    treatment: Treatment, patient: Patient | None = None, assumed: Iterable[str] = ()
) -> tuple[Follicles, Floats]:
    """The follicles of the typical person (all random effects zero), `(1,)`; and for each kind of hair event
    of the treatment the share of growing hairs that it sends to rest, `(kinds, 1)`.

    >>> from anagen.treatments.registry import treatment
    >>> float(typical_follicles(treatment())[0].telogen[0])
    80.0
    """
    configure()
    names = tuple(sorted(assumed))
    person = covariates(treatment, patient or Patient())
    key = ("typical follicles", treatment.fingerprint(), *names, _source())
    block, sizes = program(partial(_wired, treatment, frozenset(names)), key, person, effort="brief")(person)
    return block, np.asarray(sizes)


def driven(follicles: Follicles, first_exit: Floats, signals: Mapping[str, Floats]) -> list[Course]:
    """Follicles of one person, `(1,)`, through days of signals `(days, courses)`: a course for each column.

    Row 0 is the steady state under `first_exit` (courses,), times the healthy rate of leaving anagen.
    """
    days, courses = signals["anagen_exit"].shape
    several = jax.tree_util.tree_map(lambda x: np.broadcast_to(np.asarray(x), (courses,)), follicles)
    padding = ((0, -days % PADDED_DAYS), (0, 0))
    given: dict[str, Any] = {name: np.pad(values, padding, mode="edge") for name, values in signals.items()}
    given["day"] = np.arange(days + padding[0][1])
    rows = program(_rows, ("follicle course", _source()), several, first_exit, given)(several, first_exit, given)
    number = float(np.asarray(follicles.number)[0])
    return [_course(table, number) for table in np.moveaxis(np.asarray(rows)[: days + 1], 2, 0)]


def _source() -> str:
    """This file, on which the kept programs depend."""
    return Path(__file__).read_text("utf-8")


def _wired(treatment: Treatment, assumed: frozenset[str], person: Person) -> tuple[Follicles, jax.Array]:
    values = Values(treatment.parameters, 0, jnp.array([TYPICAL]), None, treatment.chances)
    blocks = treatment.wire(values, person, assumed).mechanisms
    pulses = jnp.stack(list(treatment.pulses(values).values()))
    return next(block for block in blocks if isinstance(block, Follicles)), pulses


def _rows(follicles: Follicles, first_exit: jax.Array, days: Signals) -> jax.Array:
    """`(1 + days, names of a row, courses)`."""
    state, made = follicles.initial({"anagen_exit": first_exit})

    def one(state: FollicleState, today: Signals) -> tuple[FollicleState, jax.Array]:
        state, made = follicles.step(state, None, today)
        return state, _row(follicles, state, made)

    _, rows = jax.lax.scan(one, state, days)
    return jnp.concatenate([_row(follicles, state, made)[None], rows])


def _row(follicles: Follicles, state: FollicleState, made: Signals) -> jax.Array:
    pools, chain = state.pools, state.pools.chain
    released = CHAIN - EXOGEN
    stages = (chain[:ANAGEN], chain[ANAGEN:CLUB], chain[CLUB:released], chain[released:])
    others = [sum(pool, 0 * pools.born) for pool in (pools.kenogen, pools.struck, pools.repair)]  # some may be empty
    phases = [*(part.sum(0) for part in stages), *others]
    fell = [follicles.number * count for count in (pools.shed, pools.broken, pools.born)]
    return jnp.stack([*phases, *fell, made["density_per_cm2"], made["volume_fraction"], made["club_percent"]])


def _course(table: Floats, number: float) -> Course:
    columns = dict(zip(_ROW, np.ascontiguousarray(table.T), strict=True))
    return Course(
        day=np.arange(table.shape[0], dtype=float),
        club_shed_per_day=columns["shed"],
        broken_per_day=columns["broken"],
        born_per_day=columns["born"],
        density_percent=100 * columns["density"] / columns["density"][0],
        volume_percent=100 * columns["volume"] / columns["volume"][0],
        club_percent=columns["club_percent"],
        phases={name: columns[name] for name in PHASES},
        follicles=number,
    )
