"""diffrax (JAX, float64): adaptive Tsit5 over batches of people, stopped whenever a dose arrives.

A scan over days with two solves each; a batch's steps wait for the person who needs them most.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from . import model
from .model import Array, People
from .peer import Row

TITLE = "diffrax Tsit5"
PACKAGES = ("diffrax", "jax")
ROWS = {
    "1e-6": Row("batches of 32, 1e-6", 128),
    "1e-4": Row("batches of 32, 1e-4", 256),
}
TOLERANCES = {"1e-6": (1e-6, 1e-8), "1e-4": (1e-4, 1e-6)}  # relative, absolute
BATCH = 32  # the quickest of 8 to 512, measured


def compile(row: str, people: People, doses: Array) -> None:
    """Let XLA translate the solver for one batch (and this number of days)."""
    _solver(row, len(doses), min(BATCH, doses.shape[1]))


def run(row: str, people: People, doses: Array) -> Array:
    count = doses.shape[1]
    size = min(BATCH, count)
    solve = _solver(row, len(doses), size)
    ends = np.empty((len(doses), model.STATES, count))
    for start in range(0, count, size):
        batch = np.arange(start, start + size) % count  # the last one is filled up with the first people
        found = solve(*_inputs(People(*(value[batch] for value in people)), doses[:, batch]))
        ends[:, :, batch] = np.swapaxes(np.asarray(found), 1, 2)
    return model.outputs(ends, people)


def _inputs(people: People, doses: Array) -> tuple[Array, ...]:
    return model.initial(people).T, np.stack(people, 1), model.stage_rates(people).T, doses


@cache
def _solver(row: str, days: int, people: int) -> Callable[..., Array]:
    import diffrax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    rtol, atol = TOLERANCES[row]
    controller = diffrax.PIDController(rtol=rtol, atol=atol)

    def slope(t, y, args):
        p, rates = args
        c = 1000 * y[1] / p.central
        between = p.distribution * (y[1] / p.central - y[2] / p.peripheral)
        cleared = p.clearance / p.central * y[1]
        drug = jnp.stack(
            [
                -p.absorption * y[0],
                p.absorption * y[0] - cleared - between,
                between,
                model.MASS_FACTOR * cleared - p.oxo_clearance / p.oxo_volume * y[3],
                p.sebum_rate * (1 - model.SEBUM_IMAX * c / (p.sebum_ic50 + c) - y[4]),
                p.alt_rate * (1 + model.ALT_EMAX * c / (model.ALT_EC50 + c) - y[5]),
                p.tg_rate * (1 + model.TG_EMAX * c / (model.TG_EC50 + c) - y[6]),
            ]
        )
        exogen, last = model.EXOGEN - model.FIRST_HAIR, model.LAST_ANAGEN - model.FIRST_HAIR
        out = rates * y[model.FIRST_HAIR :]
        out = out.at[last].multiply(1 + model.HAIR_EMAX * c / (model.HAIR_EC50 + c))
        skipped = (1 - model.KENOGEN_PROBABILITY) * out[exogen]
        into = jnp.roll(out, 1).at[0].add(skipped).at[exogen + 1].add(-skipped)
        return jnp.concatenate([drug, into - out])

    def solve(y, start, end, args):
        return diffrax.diffeqsolve(
            *(diffrax.ODETerm(slope), diffrax.Tsit5(), start, end, None, y, args),
            saveat=diffrax.SaveAt(t1=True),
            stepsize_controller=controller,
            max_steps=None,  # a plain loop: a limit costs a fifth of the speed
        ).ys[0]

    def person(y, parameters, rates, doses):
        p = People(*parameters)
        args = (p, rates)

        def day(y, dose):
            y = solve(y, 0.0, p.lag, args).at[0].add(dose)  # the equations do not know the date
            y = solve(y, p.lag, 1.0, args)
            return y, y

        return jax.lax.scan(day, y, doses)[1]

    shapes = _inputs(*_blank(days, people))
    return jax.jit(jax.vmap(person, in_axes=(0, 0, 0, 1), out_axes=1)).lower(*shapes).compile()


def _blank(days: int, people: int) -> tuple[People, Array]:
    """Inputs of that shape, to compile for."""
    return People(*np.ones((len(People._fields), people))), np.zeros((days, people))
