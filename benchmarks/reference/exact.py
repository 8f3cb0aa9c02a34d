"""The reference solution and the error of a program beside it.

Two ways that share no numerics: `exact` (matrix exponentials, Gauss-Legendre quadrature, collocation) is used to judge;
`integrated` (a Runge-Kutta method of order 8 stopped at every dose) confirms it in the tests. People on the last axis.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial.legendre import leggauss, legint, legvander
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from . import model
from .model import Array, People

NODES = 10
PER_DAY = 8  # pieces of a day, and more where the dose arrives: responses bend within a minute of the first one
HALVINGS = 12
FLOOR = 1e-3  # of the person's own maximum: smaller concentrations are judged against it


def exact(people: People, doses: Array, nodes: int = NODES) -> Array:
    """The outputs at the end of each day, `(days, 8, people)`, to about 1e-12, for doses `(days, people)` in mg."""
    days, count = doses.shape
    x, weights = leggauss(nodes)
    pieces = [_pieces(lag) for lag in people.lag]
    widths = np.stack([np.diff(edges) for edges in pieces], -1)  # (pieces, people)
    concentrations = np.empty((days, len(widths), nodes, count))
    states = np.empty((days, model.STATES, count))
    for i, edges in enumerate(pieces):
        person = People(*(value[i] for value in people))
        times = edges[:-1, None] + widths[:, i, None] * (x + 1) / 2
        concentrations[..., i], states[:, :4, i] = _exposure(person, doses[:, i], times)
        states[:, 4:7, i] = _responses(person, concentrations[..., i], times, weights * widths[:, i, None] / 2)
    states[:, model.FIRST_HAIR :] = _hair(people, concentrations, x, widths)
    return model.outputs(states, people)


def _pieces(lag: float) -> Array:
    """Where the pieces of a day begin and end: even ones, cut at the dose and ever finer towards it from above."""
    even = np.arange(PER_DAY + 1) / PER_DAY
    finer = 2.0 ** -np.arange(4, 4 + HALVINGS)
    return np.concatenate([lag * np.linspace(0, 1, 4), lag + (1 - lag) * np.sort(np.append(even[1:], finer))])


def _exposure(person: People, doses: Array, times: Array) -> tuple[Array, Array]:
    """Concentrations `(days, pieces, nodes)` at the `times` of each day, and amounts `(days, 4)` at its end."""
    drug, lag = _drug(person), person.lag
    from_start = expm(times[..., None, None] * drug)[..., 1, :]
    from_dose = np.where(times > lag, expm(np.maximum(times - lag, 0)[..., None, None] * drug)[..., 1, 0], 0)
    day, day_of_dose = expm(drug), expm((1 - lag) * drug)[:, 0]
    amounts, ends = np.zeros(4), np.empty((len(doses), 4))
    concentrations = np.empty((len(doses), *times.shape))
    for d, dose in enumerate(doses):
        concentrations[d] = 1000 / person.central * (from_start @ amounts + dose * from_dose)
        amounts = ends[d] = day @ amounts + dose * day_of_dose
    return concentrations, ends


def _responses(person: People, concentrations: Array, times: Array, weights: Array) -> Array:
    """Sebum, ALT and triglycerides at the end of each day, `(days, 3)`: the turnover's own integral, by quadrature."""
    ends = np.empty((len(concentrations), 3))
    for i, (rate, effect, half) in enumerate(
        (
            (person.sebum_rate, -model.SEBUM_IMAX, person.sebum_ic50),
            (person.alt_rate, model.ALT_EMAX, model.ALT_EC50),
            (person.tg_rate, model.TG_EMAX, model.TG_EC50),
        )
    ):
        kernel = weights * rate * np.exp(-rate * (1 - times))
        change = (kernel * effect * concentrations / (half + concentrations)).sum((1, 2))
        deviation = 0.0
        for d, today in enumerate(change):
            deviation = deviation * np.exp(-rate) + today
            ends[d, i] = 1 + deviation
    return ends


def _drug(person: People) -> Array:
    """The generator of depot, central, peripheral and 4-oxo, 1/d, `(4, 4)`."""
    ka, k10 = person.absorption, person.clearance / person.central
    k12, k21 = person.distribution / person.central, person.distribution / person.peripheral
    oxo = person.oxo_clearance / person.oxo_volume
    return np.array(
        [[-ka, 0, 0, 0], [ka, -k10 - k12, k21, 0], [0, k12, -k21, 0], [0, model.MASS_FACTOR * k10, 0, -oxo]]
    )


def _hair(people: People, concentrations: Array, x: Array, widths: Array) -> Array:
    """The hair chain at the end of each day, `(days, 26, people)`: Gauss collocation, solved by iteration."""
    rates = model.stage_rates(people)[:, None]  # (stages, 1, people); below, the nodes lie between
    exogen, kenogen = model.EXOGEN - model.FIRST_HAIR, model.FIRST_KENOGEN - model.FIRST_HAIR
    last = model.LAST_ANAGEN - model.FIRST_HAIR
    exit_factor = 1 + model.HAIR_EMAX * concentrations / (model.HAIR_EC50 + concentrations)
    to_nodes, to_end = _integrals(x)
    state = model.initial(people)[model.FIRST_HAIR :]
    rows = np.empty((len(concentrations), *state.shape))
    for d, day in enumerate(exit_factor):
        for factor, width in zip(day, widths, strict=True):
            at_nodes = np.repeat(state[:, None], len(x), 1)
            for _ in range(40):
                out = rates * at_nodes
                out[last] *= factor
                slope = np.roll(out, 1, 0) - out  # the last kenogen stage leads to the first of anagen
                slope[0] += (1 - model.KENOGEN_PROBABILITY) * out[exogen]
                slope[kenogen] -= (1 - model.KENOGEN_PROBABILITY) * out[exogen]
                before, at_nodes = at_nodes, state[:, None] + width / 2 * (to_nodes @ slope)
                if np.abs(at_nodes - before).max() < 1e-16:
                    break
            state = state + width / 2 * (to_end @ slope)
        rows[d] = state
    return rows


def _integrals(x: Array) -> tuple[Array, Array]:
    """Matrices that take values at the Gauss nodes to their integral from -1 to each node, and to 1."""
    to_series = np.linalg.inv(legvander(x, len(x) - 1))
    series = np.stack([legint(row, lbnd=-1) for row in np.eye(len(x))], 1)
    return legvander(x, len(x)) @ series @ to_series, series.sum(0) @ to_series


def integrated(people: People, doses: Array, rtol: float = 1e-12, atol: float = 1e-14) -> Array:
    """The same by DOP853, stopped whenever a dose arrives: slow, plain, and independent of `exact`."""
    days, count = doses.shape
    results = np.empty((days, len(model.OUTPUTS), count))
    for i in range(count):
        person = People(*(value[i : i + 1] for value in people))
        state, lag = model.initial(person)[:, 0], float(person.lag[0])
        for day in range(days):
            state = _through(state, day, day + lag, person, rtol, atol)
            state[0] += doses[day, i]
            state = _through(state, day + lag, day + 1, person, rtol, atol)
            results[day, :, i] = model.outputs(state[:, None], person)[:, 0]
    return results


def _through(state: Array, start: float, end: float, person: People, rtol: float, atol: float) -> Array:
    def slope(_: float, y: Array) -> Array:
        return model.derivative(y[:, None], person)[:, 0]

    return solve_ivp(slope, (start, end), state, method="DOP853", rtol=rtol, atol=atol).y[:, -1]


def error(found: Array, truth: Array) -> float:
    """Largest relative difference of outputs `(days, 8, people)` at any day, output and person.

    Concentrations fall through many powers of ten when doses are missed: theirs are taken relative to at least 1e-3
    of the person's own highest. An output that is not finite counts as an infinite error.
    """
    size = np.abs(truth)
    size[:, :2] = np.maximum(size[:, :2], FLOOR * size[:, :2].max(0))
    relative = np.abs(found - truth) / size
    return float(relative.max()) if np.isfinite(relative).all() else float("inf")


def drug_found(found: Array, truth: Array) -> float:
    """Share of the drug given that a program's concentrations account for, in the person where it is least.

    Exposure is linear in the doses, so missed doses show in the sum of daily concentrations: 1 where all were seen.
    """
    return float((found[:, :2].sum(0) / truth[:, :2].sum(0)).min())
