"""How likely a record is, given the scores of a person under a hypothesis: the density that everything else rests on.

Counts: mean = share found · days · sheds a day, variance = dispersion · mean (negative binomial). Ends and short hairs:
beta-binomial. Pull test: as the counts, with a published dispersion. Trichogram: normal on the logit. Levels and
triglycerides: normal on the log. All jax; one person, one hypothesis; batched by who calls.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.scipy.special import ndtr, ndtri

from .chebyshev import polynomials
from .courses import SHAPE, SUDDEN_DAYS, SUDDEN_SHAPE, anagen_place, pattern_place, pulse_place, susceptibility_place
from .hypotheses import Hypothesis
from .priors import AT, stated
from .seen import Seen

Array = jax.Array


class Person(NamedTuple):
    """What a vector of scores means under a hypothesis. `drug` is the susceptibility to the dose as taken; `when` a day
    from the record's first; `log_mass` the log of the prior share of people whom the hypothesis allows."""

    anagen: Any
    follicles: Any
    capture: Any
    dispersion: Any
    exposure: Any
    gain: Any
    drug: Any
    susceptibility: Any
    trigger: Any
    pattern: Any
    sudden: Any
    when: Any
    log_mass: Any


class Expected(NamedTuple):
    """What would be seen on average: hairs of each count, share of broken ends, share of short hairs, hairs of a pull,
    resting share of a trichogram."""

    hairs: Any
    broken: Any
    short: Any
    pull: Any
    resting: Any


def person(z: Array, under: Hypothesis, p: Any) -> Person:
    """Values from scores, `(13,)`."""

    def log_of(name: str, score: str) -> Array:
        return p[name][0] + p[name][1] * z[AT[score]]

    exposure = p["food"] * z[AT["exposure"]]
    own, p_of = p["susceptibility"], {"trigger": p["pulse"], "pattern": p["pattern"], "sudden": p["pulse"]}
    total = jnp.sqrt(own[1] ** 2 + (p["exponent"] * p["food"]) ** 2)
    middles = [own[0] + p["exponent"] * exposure, own[0], *(prior[0] for prior in p_of.values())]
    spreads = [own[1], total, *(prior[1] for prior in p_of.values())]
    bounds = [[getattr(under, f"{name}_{end}") for name in ("drug", "drug", *p_of)] for end in ("least", "most")]
    scores = jnp.stack([z[AT["drug"]], 0.0 * exposure, *(z[AT[name]] for name in p_of)])
    sizes, masses = _part_of(scores, *map(jnp.stack, (middles, spreads, *bounds)))  # one call: it compiles once
    drug = sizes[0]
    chance = ndtr(z[AT["sudden"]])
    strike = under.sudden_least + chance * (under.sudden_most - under.sudden_least)
    found = [
        jnp.exp(jnp.minimum(log_of("comb", "comb"), 0.0)),
        jax.nn.sigmoid(p["wash"][0] + p["wash"][1] * z[AT["wash"]]),
        jax.nn.sigmoid(p["day"][0] + p["day"][1] * z[AT["day"]]),
    ]
    return Person(
        anagen=z[AT["anagen"]],
        follicles=p["follicles"][1] * z[AT["follicles"]],
        capture=jnp.stack(found),
        dispersion=1 + jnp.exp(log_of("dispersion", "dispersion")),
        exposure=exposure,
        gain=jnp.exp(p["triglyceride_gain"] * z[AT["triglycerides"]]),
        drug=under.drug * drug,
        susceptibility=drug * jnp.exp(-p["exponent"] * exposure),
        trigger=under.trigger * sizes[2],
        pattern=under.pattern * sizes[3],
        sudden=under.sudden * jnp.where(under.kind > 0, strike, sizes[4]),
        when=under.when_first + (under.when_last - under.when_first) * ndtr(z[AT["when"]]),
        log_mass=under.drug * (masses[0] - masses[1]),
    )


def _part_of(z: Any, middle: Any, spread: Any, least: Any, most: Any) -> tuple[Array, Array]:
    """A value of a lognormal between two bounds, from a score; and the log of the share of people between them.

    Through upper tails, which stay exact where the least is far out."""
    above_least, above_most = (ndtr((middle - jnp.log(edge)) / spread) for edge in (least, most))
    tail = above_most + (above_least - above_most) * ndtr(-jnp.asarray(z))
    value = jnp.exp(middle - spread * ndtri(jnp.clip(tail, 1e-300, 1 - 1e-16)))
    return jnp.clip(value, least, most), jnp.log(jnp.maximum(above_least - above_most, 1e-300))


def weights(of: Person, p: Any) -> tuple[Array, Array]:
    """Of each point of the grid, and of each of the answers to a pulse or a strike, in coefficients."""
    places = (
        anagen_place(of.anagen),
        susceptibility_place(of.drug),
        pulse_place(of.trigger, p["pulse_most"]),
        pattern_place(of.pattern, p["pattern_most"]),
    )
    along = polynomials(jnp.stack(places), max(SHAPE))
    grid = jnp.einsum("a,b,c,d->abcd", *(along[:count, i] for i, count in enumerate(SHAPE)))
    return grid, along[: SUDDEN_SHAPE[0], 0]


def expected(of: Person, under: Hypothesis, data: Seen) -> Expected:
    """What that person would see on average."""
    p = data.priors
    grid, along = weights(of, p)
    most = jnp.where(under.kind > 0, p["strike_most"], p["pulse_most"])
    size = polynomials(pulse_place(of.sudden, most), SUDDEN_SHAPE[1])
    sizes = jnp.outer(along, size).ravel()
    kind = jnp.asarray(under.kind, jnp.int32)

    def after(day: Array, quantity: int) -> Array:
        since = jnp.clip(day - of.when, 0.0, SUDDEN_DAYS - 1.0)
        low = jnp.floor(since).astype(jnp.int32)
        part = since - low
        today, tomorrow = (jnp.asarray(data.sudden)[kind, quantity, low + k] @ sizes for k in (0, 1))
        return under.sudden * (1 - part) * today + under.sudden * part * tomorrow

    def log_of(table: Array) -> Array:
        return jnp.tensordot(grid, table, 4)

    log_shed = log_of(data.shed) + of.follicles + after(data.day, 0)
    own = stated()
    usual_short, pattern_short = own["short_usual"]["share"], own["short_pattern"]["share"]
    misread = own["misread"]["value"]
    broken = jnp.clip(after(data.day, 3), 0.0, 1.0)
    return Expected(
        hairs=of.capture[data.method] * data.interval * jnp.exp(jnp.clip(log_shed, -5.0, 12.0)),
        broken=misread + (1 - 2 * misread) * broken,
        short=jnp.where(under.pattern > 0, pattern_short, usual_short),
        pull=data.pulled * jnp.clip(jnp.exp(log_of(data.exogen) + after(data.pull_day, 1)) / 100, 1e-6, 0.99),
        resting=jnp.clip(jnp.exp(log_of(data.telogen) + after(data.roots_day, 2)) / 100, 1e-4, 0.98),
    )


def log_likelihood(z: Array, under: Hypothesis, data: Seen) -> Array:
    """Log of the probability (density) of the record, and of the share of people whom the hypothesis allows."""
    of = person(z, under, data.priors)
    mean = expected(of, under, data)
    own = stated()
    dispersion = jnp.concatenate([of.dispersion + 0 * mean.hairs, own["pull_dispersion"]["value"] + 0 * mean.pull])
    counted, meant = jnp.concatenate([data.hairs, data.pull_hairs]), jnp.concatenate([mean.hairs, mean.pull])
    real = jnp.concatenate([data.real, data.pull_real])
    total = of.log_mass + jnp.sum(real * over_dispersed(counted, meant, dispersion))
    total += jax.lax.cond(jnp.any(data.looked + data.short_of > 0), _ends, lambda *_: 0.0, mean, under, data)
    total += jnp.sum(data.roots_real * _trichogram(data, mean.resting))
    level = data.level - data.level_typical - of.exposure
    total += jnp.sum(data.level_real * _normal(level, own["level_error"]["value"]))
    rise = jnp.log1p(jnp.maximum(jnp.exp(of.exposure) * of.gain * data.triglyceride_rise, -0.5))
    return total + _triglycerides(data, rise)


def _triglycerides(data: Seen, rise: Array) -> Array:
    """Log density of the log ratios to one baseline, whose error is in all of them."""
    error, real = stated()["triglyceride_error"]["value"], data.triglycerides_real
    apart = real * (data.triglycerides - rise) / error
    before, visits = data.triglycerides_before, jnp.sum(real)
    square = jnp.sum(apart**2) - jnp.sum(apart) ** 2 / (before + visits)
    spread = visits * jnp.log(error * jnp.sqrt(2 * jnp.pi)) + 0.5 * jnp.log1p(visits / before)
    return -0.5 * square - spread


def _ends(mean: Expected, under: Hypothesis, data: Seen) -> Array:
    """Log probability of the broken ends and short hairs; most records have none, and then it is not computed."""
    own = stated()
    firm = jnp.where(under.pattern > 0, own["short_pattern"]["hairs"], own["short_usual"]["hairs"])
    broken = beta_binomial(data.broken, data.looked, mean.broken, own["ends_alike"]["value"])
    short = beta_binomial(data.short, data.short_of, mean.short, firm)
    return jnp.sum(data.real * (broken + short))


def log_posterior(z: Array, under: Hypothesis, data: Seen) -> Array:
    """With the scores' own density."""
    return log_likelihood(z, under, data) - 0.5 * jnp.sum(z**2) - 0.5 * z.size * jnp.log(2 * jnp.pi)


def over_dispersed(count: Any, mean: Any, dispersion: Any) -> Array:
    """Log probability of a count whose variance is `dispersion` (above 1) times its mean: negative binomial.

    >>> import numpy as np
    >>> n = np.arange(2000)
    >>> p = np.exp(over_dispersed(n, 30.0, 2.0))
    >>> round(float(p.sum()), 6), round(float((p * n).sum()), 3), round(float((p * (n - 30) ** 2).sum()), 3)
    (1.0, 30.0, 60.0)
    """
    size = jnp.maximum(mean, 1e-6) / (dispersion - 1)
    rise = log_gamma(count + size) - log_gamma(size) - log_gamma(count + 1.0)
    return rise - size * jnp.log(dispersion) + count * jnp.log1p(-1 / dispersion)


def beta_binomial(count: Any, of: Any, share: Any, alike: Any) -> Array:
    """Log probability of `count` among `of`, where the share itself varies as much as that of `alike` hairs."""
    a, b = share * alike, (1 - share) * alike
    # What hangs on the hairs alone is apart, so that it is computed once for all draws of a person.
    ways = log_gamma(of + 1.0) - log_gamma(count + 1.0) - log_gamma(of - count + 1.0)
    whole = log_gamma(alike + 0.0 * of) - log_gamma(of + alike)
    return ways + whole + log_gamma(count + a) - log_gamma(a) + log_gamma(of - count + b) - log_gamma(b)


@jax.jit
def log_gamma(x: Any) -> Array:
    """log Γ(x) for x > 0 by Stirling's series of x + 8: the built-in one takes minutes to compile where it is derived.

    >>> import math
    >>> all(abs(float(log_gamma(x)) - math.lgamma(x)) < 1e-10 for x in (1e-3, 0.7, 1.0, 5.5, 3e3))
    True
    """
    x = jnp.asarray(x, float)
    shifted = x
    for step in range(1, 8):
        shifted = shifted * (x + step)
    y = x + 8
    square = 1 / (y * y)
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / y
    return (y - 0.5) * jnp.log(y) - y + 0.5 * jnp.log(2 * jnp.pi) + series - jnp.log(shifted)


def _trichogram(data: Seen, share: Array) -> Array:
    seen_share = (data.resting + 0.5) / (data.plucked + 1.0)
    by_chance = 1 / (data.plucked * share * (1 - share) + 0.5)
    spread = jnp.sqrt(stated()["trichogram_error"]["value"] ** 2 + by_chance)
    return _normal(jnp.log(seen_share / (1 - seen_share)) - jnp.log(share / (1 - share)), spread)


def _normal(x: Any, spread: Any) -> Array:
    return -0.5 * (x / spread) ** 2 - jnp.log(spread * jnp.sqrt(2 * jnp.pi))
