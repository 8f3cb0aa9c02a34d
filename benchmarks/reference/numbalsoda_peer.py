"""numbalsoda: LSODA called from machine code made by Numba, stopped whenever a dose arrives."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from . import model
from .model import Array, People
from .peer import Row

TITLE = "numbalsoda"
PACKAGES = ("numbalsoda", "numba")
ROWS = {
    "1e-6": Row("1e-6", 256, baseline=True),
    "1e-4": Row("1e-4", 512),
}
TOLERANCES = {"1e-6": (1e-6, 1e-8), "1e-4": (1e-4, 1e-6)}  # relative, absolute


def compile(row: str, people: People, doses: Array) -> None:
    """Let Numba translate the right-hand side and the loop over people and days."""
    run(row, people.first(1), doses[:1, :1])


def run(row: str, people: People, doses: Array) -> Array:
    ends = np.empty((*doses.shape, model.STATES))
    data = np.ascontiguousarray(np.concatenate([np.stack(people), model.stage_rates(people)]).T)
    start = np.ascontiguousarray(model.initial(people).T)
    _solver()(start, data, people.lag, doses, *TOLERANCES[row], ends)
    return model.outputs(np.swapaxes(ends, 1, 2), people)


@cache
def _solver() -> Callable[..., None]:
    import numba
    from numbalsoda import lsoda, lsoda_sig

    states, first, last, exogen = model.STATES, model.FIRST_HAIR, model.LAST_ANAGEN, model.EXOGEN
    kenogen, rates_from = model.FIRST_KENOGEN, len(People._fields)
    sebum_imax, alt_emax, alt_ec50 = model.SEBUM_IMAX, model.ALT_EMAX, model.ALT_EC50
    tg_emax, tg_ec50, hair_emax, hair_ec50 = model.TG_EMAX, model.TG_EC50, model.HAIR_EMAX, model.HAIR_EC50
    empty, mass = model.KENOGEN_PROBABILITY, model.MASS_FACTOR
    stages = states - first

    @numba.cfunc(lsoda_sig, error_model="numpy")
    def slope(t, y, dy, p):  # p: People in their order, then the 26 stage rates
        p = numba.carray(p, (rates_from + stages,))
        c = 1000 * y[1] / p[1]
        between = p[2] * (y[1] / p[1] - y[2] / p[3])
        cleared = p[0] / p[1] * y[1]
        dy[0] = -p[4] * y[0]
        dy[1] = p[4] * y[0] - cleared - between
        dy[2] = between
        dy[3] = mass * cleared - p[5] / p[6] * y[3]
        dy[4] = p[8] * (1 - sebum_imax * c / (p[9] + c) - y[4])
        dy[5] = p[10] * (1 + alt_emax * c / (alt_ec50 + c) - y[5])
        dy[6] = p[11] * (1 + tg_emax * c / (tg_ec50 + c) - y[6])
        into = 0.0
        for i in range(first, states):
            out = p[rates_from + i - first] * y[i]
            if i == last:
                out *= 1 + hair_emax * c / (hair_ec50 + c)
            dy[i] = into - out
            into = out
            if i == exogen:
                into = empty * out
                dy[first] += (1 - empty) * out
        dy[first] += into

    address = slope.address

    @numba.njit(error_model="numpy")
    def solve(start, data, lags, doses, rtol, atol, ends):
        for i in range(doses.shape[1]):
            state = start[i].copy()
            times = np.empty(2)
            for day in range(doses.shape[0]):
                times[0], times[1] = day, day + lags[i]
                rows, _ = lsoda(address, state, times, data[i], rtol, atol)
                state = rows[1].copy()
                state[0] += doses[day, i]
                times[0], times[1] = day + lags[i], day + 1.0
                rows, _ = lsoda(address, state, times, data[i], rtol, atol)
                state = rows[1].copy()
                ends[day, i] = state

    assert kenogen == exogen + 1  # the loop above goes from exogen straight into kenogen
    return solve
