"""The reference model that every program of the benchmark solves: its numbers, its random people, its equations.

Time in days, amounts in mg, concentrations in ng/mL; people on the last axis. 33 states:

    0 depot, 1 central, 2 peripheral, 3 4-oxo (mg)    4 sebum, 5 ALT, 6 triglycerides (share of their start)
    7-10 anagen, 11-14 catagen, 15-28 telogen, 29 exogen, 30-32 kenogen (shares of all follicles)

A benchmark and no forecast: the anagen exit is a simplification that a general solver can write down in one line.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray

DAYS, DOSE_MG = 365, 40.0
STATES, FIRST_HAIR, LAST_ANAGEN, EXOGEN, FIRST_KENOGEN = 33, 7, 10, 29, 30
STAGES = {"anagen": 4, "catagen": 4, "telogen": 14, "exogen": 1, "kenogen": 3}
OUTPUTS = (
    "isotretinoin_ng_per_ml",
    "oxo_isotretinoin_ng_per_ml",
    "sebum",
    "alt",
    "triglycerides",
    "shed_per_day",
    "anagen_share",
    "telogen_share",
)

MASS_FACTOR = 314.42 / 300.44  # g/mol of 4-oxo-isotretinoin over that of isotretinoin
SEBUM_IMAX = 0.88
ALT_EMAX, ALT_EC50 = 0.30, 300.0
TG_EMAX, TG_EC50 = 0.50, 250.0
HAIR_EMAX, HAIR_EC50 = 0.25, 150.0
KENOGEN_PROBABILITY = 0.15
FOLLICLES = 100_000.0
LAST_LAG = 20 / 24


class Parameter(NamedTuple):
    """Typical value, SD of its logarithm between people, unit; `four`: random in the variant of four random rates."""

    typical: float
    sd: float
    unit: str
    four: bool = False


PARAMETERS = {
    "clearance": Parameter(8.00 * 24, 0.35, "L/d", four=True),
    "central": Parameter(25.7, 0.20, "L", four=True),
    "distribution": Parameter(5.10 * 24, 0.30, "L/d"),
    "peripheral": Parameter(90.2, 0.33, "L"),
    "absorption": Parameter(0.280 * 24, 0.25, "1/d", four=True),
    "oxo_clearance": Parameter(2.46 * 24, 0.35, "L/d"),
    "oxo_volume": Parameter(54.9, 0.20, "L"),
    "lag": Parameter(2.60 / 24, 0.60, "d"),
    "sebum_rate": Parameter(0.10, 0.30, "1/d"),
    "sebum_ic50": Parameter(14.0, 0.60, "ng/mL", four=True),
    "alt_rate": Parameter(0.35, 0.30, "1/d"),
    "tg_rate": Parameter(0.10, 0.30, "1/d"),
    "anagen": Parameter(1000.0, 0.30, "d"),
    "catagen": Parameter(18.0, 0.30, "d"),
    "telogen": Parameter(80.0, 0.30, "d"),
    "exogen": Parameter(8.0, 0.30, "d"),
    "kenogen": Parameter(90.0, 0.30, "d"),
}


class People(NamedTuple):
    """One value of each of `PARAMETERS` per person, `(people,)`: rates per day, durations in days, volumes in L."""

    clearance: Array
    central: Array
    distribution: Array
    peripheral: Array
    absorption: Array
    oxo_clearance: Array
    oxo_volume: Array
    lag: Array
    sebum_rate: Array
    sebum_ic50: Array
    alt_rate: Array
    tg_rate: Array
    anagen: Array
    catagen: Array
    telogen: Array
    exogen: Array
    kenogen: Array

    def first(self, people: int) -> People:
        """The first `people` of them."""
        return People(*(value[:people] for value in self))


def random_people(people: int, *, variant: str = "all", seed: int = 1) -> People:
    """Random people: `variant` "all" (every rate and the lag) or "four" (CL, V, ka, IC50; the rest typical).

    The first people are the same ones however many are drawn. The lag's spread keeps its mean; no lag is above 20 h.

    >>> random_people(3).lag[:2] == random_people(2).lag
    array([ True,  True])
    """
    if variant not in ("all", "four"):
        raise ValueError(f'variant {variant!r}: expected "all" or "four"')
    draws = np.random.default_rng(seed).standard_normal((people, len(PARAMETERS)))
    values = {}
    for (name, p), draw in zip(PARAMETERS.items(), draws.T, strict=True):
        sd = p.sd if variant == "all" or p.four else 0.0
        values[name] = p.typical * np.exp(sd * draw - (sd**2 / 2 if name == "lag" else 0.0))
    return People(**values | {"lag": np.minimum(values["lag"], LAST_LAG)})


def constant_doses(people: int, days: int = DAYS, dose_mg: float = DOSE_MG) -> Array:
    """Doses in mg, `(days, people)`: one at the start of each day; any other array of this shape does as well."""
    return np.full((days, people), dose_mg)


def stage_rates(people: People) -> Array:
    """Exit rate of each of the 26 hair stages, 1/d, `(26, people)`."""
    return np.stack([n / getattr(people, phase) for phase, n in STAGES.items() for _ in range(n)])


def initial(people: People) -> Array:
    """The state before the first dose, `(33, people)`: no drug, and the hair chain in its steady state."""
    weights = 1 / stage_rates(people)  # mean stay of one follicle in each stage, per cycle
    weights[FIRST_KENOGEN - FIRST_HAIR :] *= KENOGEN_PROBABILITY
    drug, responses = np.zeros((4, weights.shape[1])), np.ones((3, weights.shape[1]))
    return np.concatenate([drug, responses, weights / weights.sum(0)])


def derivative(state: Array, people: People) -> Array:
    """d(state)/dt per day, `(33, people)`, written to be read; the doses are added to the depot from outside."""
    p = people
    depot, central, peripheral, oxo, sebum, alt, tg = state[:FIRST_HAIR]
    concentration = 1000 * central / p.central
    absorbed = p.absorption * depot
    cleared = p.clearance / p.central * central
    distributed = p.distribution * (central / p.central - peripheral / p.peripheral)

    out = stage_rates(p) * state[FIRST_HAIR:]
    out[LAST_ANAGEN - FIRST_HAIR] *= 1 + HAIR_EMAX * concentration / (HAIR_EC50 + concentration)
    shed, from_kenogen = out[EXOGEN - FIRST_HAIR], out[-1]
    into = np.empty_like(out)
    into[0] = (1 - KENOGEN_PROBABILITY) * shed + from_kenogen
    into[1:] = out[:-1]
    into[FIRST_KENOGEN - FIRST_HAIR] = KENOGEN_PROBABILITY * shed

    first = np.stack(
        [
            -absorbed,
            absorbed - cleared - distributed,
            distributed,
            MASS_FACTOR * cleared - p.oxo_clearance / p.oxo_volume * oxo,
            p.sebum_rate * (1 - SEBUM_IMAX * concentration / (p.sebum_ic50 + concentration) - sebum),
            p.alt_rate * (1 + ALT_EMAX * concentration / (ALT_EC50 + concentration) - alt),
            p.tg_rate * (1 + TG_EMAX * concentration / (TG_EC50 + concentration) - tg),
        ]
    )
    return np.concatenate([first, into - out])


def outputs(state: Array, people: People) -> Array:
    """The eight `OUTPUTS` of a state `(..., 33, people)` at the end of a day: `(..., 8, people)`."""
    hair = state[..., FIRST_HAIR:, :]
    telogen = STAGES["anagen"] + STAGES["catagen"]
    return np.stack(
        [
            1000 * state[..., 1, :] / people.central,
            1000 * state[..., 3, :] / people.oxo_volume,
            *(state[..., i, :] for i in (4, 5, 6)),
            FOLLICLES * STAGES["exogen"] / people.exogen * state[..., EXOGEN, :],
            hair[..., : STAGES["anagen"], :].sum(-2),
            hair[..., telogen : telogen + STAGES["telogen"], :].sum(-2),
        ],
        -2,
    )
