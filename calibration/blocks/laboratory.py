"""Block laboratory: triglycerides, other lipids, liver enzymes, the rare liver reaction, creatine kinase.

Means of a ratio are over a few fixed people whose levels and sensitivities differ. Shares above a limit are over their
baselines too, which do not hang on what the drug does: integrated with Gauss and Hermite. "New" is above the limit in
any of some tests among those who were not above it before. Rows of one kind are predicted together: small programs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.mechanisms.creatine_kinase import CreatineKinase
from calibration.blocks import Block, Values
from calibration.people import design, scores, spread
from calibration.priors import Prior, meal_priors
from calibration.responses import DIMENSIONS, PEOPLE, block, levels, turned_over, wired
from calibration.rows import Row

Array = jax.Array
Floats = npt.NDArray[np.float64]
ANALYTES = ("triglycerides", "ldl", "cholesterol", "hdl", "alt", "ast")
NOISE = {"triglycerides": 0.20, "cholesterol": 0.06, "alt": 0.15, "ast": 0.12}
"""SD of the log from one test to the next, as in trial.toml of the treatment."""
LAB = "laboratory."
MEANS, SHARES = ("ratio", "change"), ("above", "new above")
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(24)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
RATES, RATE_WEIGHTS = np.polynomial.hermite_e.hermegauss(8)
EARLY_WEEKS = 4
DAYS_BACK = 21
"""On so many days before a test a rise of creatine kinase is looked for: of older ones a ten-thousandth is left."""

Part = Callable[[Values, Array, Array, Array], Array]
"""Values, the ratio to the value before after the whole course and after `EARLY_WEEKS`, `(analytes, arms, people)`, and
the doses `(arms,)`: what some rows would show, `(rows,)`."""


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The block; doses and meals that a study did not state are nuisances."""
    unstated = meal_priors("laboratory", (row.study for row in rows if row.meal_assumed))
    turning = [row for row in rows if _turns_over(row)]
    arms = list(dict.fromkeys(map(_arm, [*turning, *rows])))  # those with people first
    size = len(set(map(_arm, turning)))
    levels()  # made once, outside of what is traced
    doses = [_dose(next(row for row in rows if _arm(row) == arm)) for arm in arms]
    weeks = np.array([max(row.time_weeks for row in turning if row.study == study) for study, _ in arms[:size]])
    days = jnp.asarray(np.repeat(7 * np.stack([weeks, np.full(size, EARLY_WEEKS)]), PEOPLE, axis=1))
    kinds = {kind: [i for i, row in enumerate(rows) if _kind(row) == kind] for kind in PARTS}
    parts = [
        (places, PARTS[kind]([rows[i] for i in places], [arms.index(_arm(rows[i])) for i in places]))
        for kind, places in kinds.items()
        if places
    ]
    order = np.argsort(np.concatenate([places for places, _ in parts])) if parts else np.zeros(0, int)

    def predict(values: Values) -> Array:
        dose = jnp.stack([own(values) for own in doses])
        after = ratios(values, dose[:size], days).reshape(2, len(ANALYTES), size, PEOPLE)
        return jnp.concatenate([part(values, *after, dose) for _, part in parts])[order]

    sds = {row.outcome: str(row.details["between_study"]) for row in rows if "between_study" in row.details}
    return Block("laboratory", "Blood values", (*priors, *unstated), rows, jax.jit(predict), sds)


def _arm(row: Row) -> tuple[str, str]:
    return row.study, str(row.details.get("dose", ""))


def _analyte(row: Row) -> str:
    return row.outcome.partition(":")[0]


def _turns_over(row: Row) -> bool:
    """Whether a row is about what the fixed people come to: not about rare events or creatine kinase."""
    return _analyte(row) not in ("ck", "liver")


def _dose(row: Row) -> Callable[[Values], Array]:
    """Dose of a row's arm in mg/kg/d with a standard meal: as stated, or what the nuisance says, times its meal."""
    stated, study, assumed = row.details.get("dose"), row.study, row.meal_assumed

    def own(values: Values) -> Array:
        dose = jnp.asarray(float(stated)) if stated is not None else values[f"dose:{study}"]
        return dose * values[f"meal:{study}"] if assumed else dose

    return own


def ratios(values: Values, dose: Array, days: Array) -> Array:
    """What the analytes of people come to, in units of their baselines: `(..., analytes, arms * people)` for `days`
    `(..., arms * people)` and the `dose` of each arm in mg/kg/d."""
    size, known = dose.shape[0] * PEOPLE, design()
    sensitivity = jnp.tile(jnp.asarray(scores(PEOPLE, DIMENSIONS)[2]), dose.shape[0])
    name = f"{LAB}triglycerides.maximal_rise"
    own = {name: spread(known[name], values[name], sensitivity, values.get(f"{name}:between"))}
    own |= {
        spreading: spread(known[spreading], jnp.asarray(1.0), sensitivity)
        for spreading in (f"{LAB}{analyte}.effect_spread" for analyte in ANALYTES[1:])
    }
    wiring = wired({**{n: v for n, v in values.items() if n in known}, **own}, size)
    level = levels().at(dose)
    blocks = [block(wiring, series) for series in ("triglycerides_mg_per_dl", "ldl_mg_per_dl", "alt_u_per_l")]
    return jnp.concatenate([turned_over(found, level, days) for found in blocks], axis=-2)


# -- rows of one kind ------------------------------------------------------------------------------------------------


def _kind(row: Row) -> str:
    analyte, _, what = row.outcome.partition(":")
    if analyte == "ck":
        return "creatine kinase"
    return "mean" if what in MEANS else "share" if what in SHARES else what


def _means(rows: Sequence[Row], arms: Sequence[int]) -> Part:
    """Mean ratios, and mean changes in the unit of the analyte."""
    of = np.array([ANALYTES.index(_analyte(row)) for row in rows])
    change = np.array([row.outcome.endswith(":change") for row in rows])
    before = [design()[f"{LAB}{_analyte(row)}.baseline"] for row in rows]
    factor = np.where(change, [p.value * np.exp(p.between**2 / 2) for p in before], 1.0)
    where = of, np.array(arms)
    return lambda values, late, early, dose: factor * (late.mean(-1)[where] - change)


def _early(rows: Sequence[Row], arms: Sequence[int]) -> Part:
    """Of the mean change, the share that is there after four weeks."""
    where = np.array([ANALYTES.index(_analyte(row)) for row in rows]), np.array(arms)
    return lambda values, late, early, dose: (early.mean(-1)[where] - 1) / (late.mean(-1)[where] - 1)


def _severe(rows: Sequence[Row], arms: Sequence[int]) -> Part:
    """The share with a severe reaction of the liver."""
    return lambda values, late, early, dose: jnp.stack([values[f"{LAB}liver_reaction.probability"]] * len(rows))


def _shares(rows: Sequence[Row], arms: Sequence[int]) -> Part:
    """Shares above a limit; of "transaminases", ALT or AST, as if one did not tell of the other."""
    pairs = [
        (i, name)
        for i, row in enumerate(rows)
        for name in (("alt", "ast") if _analyte(row) == "transaminases" else (_analyte(row),))
    ]
    p = [design()[f"{LAB}{name}.baseline"] for _, name in pairs]
    fixed = [
        np.array([q.value for q in p]),
        np.array([q.between for q in p]),
        np.array([NOISE[name] for _, name in pairs]),
        np.array([float(rows[i].details["tests"]) for i, _ in pairs]),
        np.array([float(rows[i].outcome.endswith(":new above")) for i, _ in pairs]),
    ]
    where = np.array([ANALYTES.index(name) for _, name in pairs]), np.array([arms[i] for i, _ in pairs])
    belongs = np.array([[float(i == j) for j, _ in pairs] for i in range(len(rows))])

    def part(values: Values, late: Array, early: Array, dose: Array) -> Array:
        limits = [
            values.get(f"limit:{name}:{rows[i].study}", jnp.asarray(float(rows[i].details.get("limit", 0.0))))
            for i, name in pairs
        ]
        found = jax.vmap(above)(late[where], jnp.stack(limits), *map(jnp.asarray, fixed))
        return 1 - jnp.exp(jnp.asarray(belongs) @ jnp.log1p(-found))

    return part


def above(
    ratio: Array,
    limit: Array | float,
    baseline: Array | float,
    sd: Array | float,
    noise: Array | float,
    tests: Array | float,
    new: Array | float,
) -> Array:
    """Share of people `(people,)` whose test is above a limit in any of `tests`; where `new` is 1, of those who were
    not before.

    Baselines are lognormal with median `baseline`; tests of one person have `noise` of their own (SDs of the log).
    """
    start = (jnp.log(baseline) + sd * NODES)[:, None]
    weight = jnp.asarray(WEIGHTS)[:, None]
    below = jax.scipy.special.ndtr((jnp.log(limit) - start - jnp.log(ratio)) / noise)
    normal = 1 - new * jax.scipy.special.ndtr((start - jnp.log(limit)) / noise)
    return (weight * normal * (1 - below**tests)).sum(0).mean() / (weight * normal).sum()


def _creatine_kinase(rows: Sequence[Row], arms: Sequence[int]) -> Part:
    """Shares above a limit, half of the people men; rates of exercise differ between people."""
    limit, tests = (jnp.asarray([float(row.details[key]) for row in rows]) for key in ("limit", "tests"))
    on = jnp.asarray([0.0 if row.outcome.endswith("before") else 1.0 for row in rows])
    sexes = [design()[f"{LAB}ck.baseline_{sex}"] for sex in ("men", "women")]
    baselines = np.concatenate([p.value * np.exp(p.between * NODES) for p in sexes])
    rate, place = design()[f"{LAB}ck.exercise_rate"], np.array(arms)
    weight = jnp.asarray(RATE_WEIGHTS / RATE_WEIGHTS.sum())

    def part(values: Values, late: Array, early: Array, dose: Array) -> Array:
        found = block(wired({n: v for n, v in values.items() if n in design()}, 1), "ck_u_per_l")
        events = spread(rate, values[rate.name], jnp.asarray(RATES))
        size = values[f"{LAB}ck.exercise_size"], values[f"{LAB}ck.exercise_size:between"]

        def share(dose: Array, limit: Array, tests: Array) -> Array:
            return (weight * creatine_kinase(found, baselines, dose, events, *size, limit, tests)).sum()

        return jax.vmap(share)(on * dose[place], limit, tests)

    return part


def creatine_kinase(
    found: CreatineKinase,
    baselines: Floats,
    dose: Array | float,
    rate: Array,
    size: Array | float,
    spread: Array | float,
    limit: Array | float,
    tests: Array | float,
) -> Array:
    """Share of people above a limit in any of `tests`, by rate of exercise `(rates,)`; `dose` in mg/kg/d; `baselines`
    of men at `NODES`, then of women.

    The last exercise before a test decides: a rise falls to a hundredth in ten days, and there are two a month at most.
    The resting value is the mechanism's own, with nobody exercising.
    """
    level = dose * found.level_per_dose[0]
    one = jnp.ones_like(found.baseline)
    quiet = {"concentration_mean": level * one, "noise:exercise": -jnp.inf * one, "noise:exercise_size": 0 * one}
    resting = (found.step(0 * one, None, quiet)[1]["ck_u_per_l"] / found.baseline)[0]
    missing = limit / jnp.asarray(baselines) - resting  # (baselines,), in baselines
    needed = jnp.log(jnp.maximum(missing, 1e-6))[:, None]
    back = np.arange(DAYS_BACK)
    median = jnp.log(size) + jnp.log(1 + found.dose_factor[0] * dose) - found.decay[0] * back
    high = 1 - jax.scipy.special.ndtr((needed - median) / spread)  # (baselines, days back)
    last = rate[:, None] * (1 - rate[:, None]) ** back  # the day of the last exercise
    at_a_test = jnp.where(missing[:, None] > 0, high @ last.T, 1.0)  # (baselines, rates)
    shares = jnp.asarray(np.tile(WEIGHTS, 2) / 2)
    return shares @ (1 - (1 - at_a_test) ** tests)


PARTS: dict[str, Callable[[Sequence[Row], Sequence[int]], Part]] = {
    "mean": _means,
    "share": _shares,
    "share of rise at week 4": _early,
    "severe reaction": _severe,
    "creatine kinase": _creatine_kinase,
}
