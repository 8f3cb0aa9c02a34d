"""The follicles of the typical person, and a plain way to run them under given signals."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from anagen.mechanisms.follicles import Follicles, FollicleState, transition_matrix
from anagen.treatments.registry import treatment

PHASES = ("anagen", "catagen", "telogen", "exogen", "kenogen")


def typical(**changed: float) -> Follicles:
    """The typical person's follicles, `(1,)`, with the toxic branch; `changed` durations in days."""
    p = {name: parameter.value for name, parameter in treatment().parameters.items()}
    days = {name: p[f"follicles.{name}_duration"] for name in PHASES}
    days |= {"breaking": p["follicles.breaking_duration"], "repairing": p["follicles.repair_duration"]}
    values = days | {"kenogen_probability": p["follicles.kenogen_probability"]} | changed
    return Follicles(
        **{name: jnp.array([float(value)]) for name, value in values.items()},
        number=jnp.array([p["follicles.number"]]),
        area=jnp.array([p["follicles.scalp_area"]]),
        visible_after=round(p["follicles.visible_after"]),
        cap=round(p["follicles.length_cap"] / p["follicles.growth_rate"]),
        toxic=True,
    )


matrices = jax.jit(transition_matrix)


def total(state: FollicleState) -> jax.Array:
    """All follicles, as a fraction of those there were: 1, if none is lost."""
    pools = state.pools
    return pools.chain.sum() + sum(part.sum() for part in (*pools.kenogen, *pools.struck, *pools.repair))


@partial(jax.jit, static_argnums=2)
def _course(
    follicles: Follicles, signals: dict[str, jax.Array], from_the_start: bool
) -> tuple[dict[str, jax.Array], jax.Array]:
    healthy = jnp.ones_like(follicles.number)
    start = signals["anagen_exit"][0] if from_the_start else healthy
    state, first = follicles.initial({"anagen_exit": start})

    def one(state: FollicleState, today: dict[str, jax.Array]) -> tuple[FollicleState, tuple]:
        state, made = follicles.step(state, None, today)
        return state, (made, total(state))

    _, (rows, totals) = jax.lax.scan(one, state, signals)
    return {name: jnp.concatenate([first[name][None], rows[name]])[:, 0] for name in rows}, totals


def simulate(
    follicles: Follicles, days: int, from_the_start: bool = False, **signals: float | np.ndarray
) -> dict[str, np.ndarray]:
    """Every published series, `(1 + days,)`, and `total`, under daily signals (numbers or `(days,)`).

    From the healthy steady state; or, `from_the_start`, from that of the first day's anagen exit. In the precision of
    the follicles.
    """
    precision = follicles.number.dtype
    given = {"anagen_exit": 1.0, "pulse_fraction": 0.0, "hit_fraction": 0.0, "toxic_exposure": 0.0} | signals
    arrays = {name: jnp.asarray(np.broadcast_to(value, (days,)), precision)[:, None] for name, value in given.items()}
    rows, totals = _course(follicles, arrays | {"day": jnp.arange(days)}, from_the_start)
    return {name: np.asarray(row) for name, row in rows.items()} | {"total": np.asarray(totals)}


def on_day(days: int, size: float, day: int = 0) -> np.ndarray:
    """A signal of that size on one day only."""
    signal = np.zeros(days)
    signal[day] = size
    return signal
