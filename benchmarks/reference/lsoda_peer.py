"""scipy's LSODA (`odeint`), stopped whenever a dose arrives; the right-hand side in NumPy, as a user would write it.

The linear part is one matrix-vector product, and what is not linear four lines: faster than the stages one by one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

import numpy as np

from . import model
from .model import Array, People
from .peer import Row

TITLE = "scipy LSODA"
PACKAGES = ("scipy",)
ROWS = {"1e-6": Row("odeint, 1e-6", 16)}
RTOL, ATOL = 1e-6, 1e-8


def compile(row: str, people: People, doses: Array) -> None:
    """Nothing to translate; only the import."""
    importlib.import_module("scipy.integrate")


def run(row: str, people: People, doses: Array) -> Array:
    from scipy.integrate import odeint

    ends = np.empty((len(doses), model.STATES, doses.shape[1]))
    start = model.initial(people)
    for i in range(doses.shape[1]):
        person = People(*(value[i] for value in people))
        slope, state, lag = _slope(person), start[:, i], float(person.lag)
        for day, dose in enumerate(doses[:, i]):
            state = odeint(slope, state, (day, day + lag), rtol=RTOL, atol=ATOL, tfirst=True)[-1]
            state[0] += dose
            state = odeint(slope, state, (day + lag, day + 1), rtol=RTOL, atol=ATOL, tfirst=True)[-1]
            ends[day, :, i] = state
    return model.outputs(ends, people)


def _slope(person: People) -> Callable[[float, Array], Array]:
    """d(state)/dt of one person: a matrix for what is linear, and the four effects of the concentration."""
    linear, constant = linear_part(person)
    to_concentration = 1000 / person.central
    last, rate = model.LAST_ANAGEN, model.STAGES["anagen"] / person.anagen
    sebum = person.sebum_rate * model.SEBUM_IMAX
    alt, tg = person.alt_rate * model.ALT_EMAX, person.tg_rate * model.TG_EMAX

    def slope(_: float, y: Array) -> Array:
        change = linear @ y
        change += constant
        c = to_concentration * y[1]
        early = rate * model.HAIR_EMAX * c / (model.HAIR_EC50 + c) * y[last]
        change[4] -= sebum * c / (person.sebum_ic50 + c)
        change[5] += alt * c / (model.ALT_EC50 + c)
        change[6] += tg * c / (model.TG_EC50 + c)
        change[last] -= early
        change[last + 1] += early
        return change

    return slope


def linear_part(person: People) -> tuple[Array, Array]:
    """The matrix `(33, 33)` and the constant `(33,)` of the equations without the concentration's effects, 1/d."""
    one = People(*(np.array([value]) for value in person))
    drug_free = np.zeros((model.STATES, 1))
    constant = model.derivative(drug_free, one)[:, 0]
    columns = []
    for i in range(model.STATES):
        unit = np.zeros((model.STATES, 1))
        unit[i] = 1.0
        columns.append(model.derivative(unit, one)[:, 0] - constant)
    matrix = np.stack(columns, 1)
    matrix[4:7, 1] = 0.0  # the effects of 1 mg, which are not linear
    return matrix, constant
