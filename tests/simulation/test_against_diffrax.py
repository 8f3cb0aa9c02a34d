"""An adaptive solver, stopped at every dose, against the engine: exposure, sebum, triglycerides and ALT."""

from __future__ import annotations

from functools import partial

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.simulation.driving import Case, run

from anagen.regimen import Regimen
from anagen.treatments.registry import treatment

P = {name: parameter.value for name, parameter in treatment().parameters.items()}
PER_DOSE = 1e3 * 70 * P["exposure.bioavailability.conventional.standard"] / (24 * P["exposure.clearance"])
SITE, CENTRAL, PERIPHERAL, METABOLITE, AUC, OXO_AUC, INHIBITION, SEBUM, TG, ALT = range(10)


def hill(level: jax.Array, half_dose: float) -> jax.Array:
    return level / (half_dose * PER_DOSE + level)


def slopes(t: jax.Array, y: jax.Array, day: tuple[jax.Array, jax.Array]) -> jax.Array:
    """Per hour. `day`: the day's speed of sebum (1/d) and its lasting suppression."""
    speed, lasting = day
    out = P["exposure.clearance"] / P["exposure.central_volume"]
    to = P["exposure.intercompartmental_clearance"] / P["exposure.central_volume"]
    back = P["exposure.intercompartmental_clearance"] / P["exposure.peripheral_volume"]
    absorbed = P["exposure.absorption_rate"] * y[SITE]
    exchange = to * y[CENTRAL] - back * y[PERIPHERAL]
    oxo_out = P["exposure.metabolite_clearance"] / P["exposure.metabolite_volume"] * y[METABOLITE]
    level = 1e3 * y[CENTRAL] / P["exposure.central_volume"]
    inhibition = P["sebum.maximal_inhibition"] * hill(level, P["sebum.half_inhibition_dose"])
    fat, liver = "laboratory.triglycerides.", "laboratory.alt."
    raised_tg = 1 + P[fat + "maximal_rise"] * hill(level, P[fat + "half_rise_dose"])
    raised_alt = 1 + P[liver + "maximal_rise"] * hill(level, P["laboratory.liver.half_rise_dose"])
    return jnp.stack(
        [
            -absorbed,
            absorbed - out * y[CENTRAL] - exchange,
            exchange,
            out * P["exposure.metabolite_mass_factor"] * y[CENTRAL] - oxo_out,
            level,
            1e3 * y[METABOLITE] / P["exposure.metabolite_volume"],
            inhibition,
            speed / 24 * ((1 - inhibition) * (1 - lasting) - y[SEBUM]),
            P[fat + "rate"] / 24 * (raised_tg - y[TG]),
            P[liver + "rate"] / 24 * (raised_alt - y[ALT]),
        ]
    )


def solved(y: jax.Array, hours: jax.Array, day: tuple[jax.Array, jax.Array]) -> jax.Array:
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(slopes),
        diffrax.Tsit5(),
        0.0,
        hours,
        None,
        y,
        args=day,
        stepsize_controller=diffrax.PIDController(rtol=1e-9, atol=1e-11),
        max_steps=1000,
    )
    assert solution.ys is not None
    return solution.ys[-1]


@partial(jax.jit, static_argnames="days")
def course(mg: jax.Array, offsets: jax.Array, lasting_taken: jax.Array, days: int) -> jax.Array:
    """The state each midnight. Each day `mg` (days, doses) enters at `offsets`, in h; all on a standard meal."""
    hours = jnp.diff(offsets, prepend=0.0, append=24.0)

    def through(y: jax.Array, given: jax.Array, day: tuple[jax.Array, jax.Array]) -> jax.Array:
        def to_the_next(y: jax.Array, piece: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
            entering, long = piece
            return solved(y.at[SITE].add(entering), long, day), None

        return jax.lax.scan(to_the_next, y, (jnp.concatenate([jnp.zeros(1), given]), hours))[0]

    def one(carried: tuple, today: tuple) -> tuple:
        y, lasting, cumulative = carried
        given, taken = today
        y = y.at[jnp.array([AUC, OXO_AUC, INHIBITION])].set(0.0)
        mean = through(y, given, (jnp.array(0.1), jnp.array(0.0)))[INHIBITION] / 24  # the day's mean, first
        cumulative = cumulative + taken / 70
        share = P["sebum.lasting_maximum"] * cumulative / (P["sebum.lasting_half_dose"] + cumulative)
        lasting = jnp.maximum(share * mean, lasting * jnp.exp(-P["sebum.lasting_decay_rate"]))
        falling = (1 - mean) * (1 - lasting) < y[SEBUM]
        speed = jnp.where(falling, P["sebum.fall_rate"], P["sebum.rise_rate"])
        y = through(y, given, (speed, lasting))
        return (y, lasting, cumulative), y

    start = jnp.zeros(10).at[jnp.array([SEBUM, TG, ALT])].set(1.0)
    return jax.lax.scan(one, (start, jnp.array(0.0), jnp.array(0.0)), (mg, lasting_taken), length=days)[1]


@pytest.mark.parametrize(
    ("regimen", "mg"),
    [
        ("40 mg once daily with food for 8 weeks", (40.0, 0.0, 0.0)),
        ("10 mg at 08:00, 14:00 and 20:00 with food for 8 weeks", (10.0, 10.0, 10.0)),
    ],
    ids=["once-daily", "three-times-by-day"],
)
def test_exposure_and_responses_agree_to_1e_4(regimen: str, mg: tuple[float, ...]) -> None:
    """The solver stops three times a day, for a dose or for none, so that one program serves both."""
    hours, weeks = np.array([0.0, 6.0, 12.0]), 8
    days = 7 * (weeks + 8)  # and eight weeks after: the other speed of sebum
    lag, share = P["exposure.lag_fed"], P["exposure.bioavailability.conventional.standard"]
    given = np.zeros((days, len(hours)))
    given[: 7 * weeks] = np.array(mg) * share
    taken = np.where(np.arange(days) < 7 * weeks, sum(mg), 0.0)
    assert taken.sum() == Regimen.from_text(regimen).events(70.0).amount_mg.sum()

    exact = np.asarray(course(jnp.array(given), jnp.array(hours + lag), jnp.array(taken), days))
    engine = {name: values[1:, 0] for name, values in run(Case(regimen, weeks=weeks + 8)).items()}
    acting = exact[:, AUC] > 1e-3  # the solver's absolute tolerance ends what can be compared
    for name, column, scale, tolerance in [
        ("concentration_mean", AUC, 1 / 24, 1e-4),
        ("metabolite_mean", OXO_AUC, 1 / 24, 1e-4),
        ("sebum_fraction", SEBUM, 1.0, 1e-4),
        ("triglycerides_mg_per_dl", TG, P["laboratory.triglycerides.baseline"], 1e-4),
        # half of ALT is new every two days: a day's mean and first moment know its curve to this
        ("alt_u_per_l", ALT, P["laboratory.alt.baseline"], 1e-4),
    ]:
        keep = acting if scale == 1 / 24 else slice(None)
        np.testing.assert_allclose(engine[name][keep], scale * exact[keep, column], rtol=tolerance, err_msg=name)
