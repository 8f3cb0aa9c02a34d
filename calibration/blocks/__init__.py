"""Blocks: some parameters, the rows they are fitted to, and predictions of those rows from the engine's own code.

Each file `blocks/<name>.py` has a function `build(priors, rows) -> Block`; `load(name)` reads the data and builds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist

from anagen.errors import InputError, nearest
from calibration.priors import Prior, of_block, read_priors
from calibration.rows import Row, read_rows

Array = jax.Array
Values = Mapping[str, Array]
"""Name of a prior -> its value, a scalar that JAX may trace."""
BLOCKS = ("exposure", "sebum", "dermatitis", "laboratory", "nutrients", "side_effects", "shedding")


@dataclass(frozen=True)
class Block:
    """What NUTS runs on.

    `predict(values)` gives what each row would show in a study like those of the model, `(rows,)` in the row's unit,
    in the order of `rows`; pure JAX. `between_study` names, for an outcome, the prior (a nuisance) of the SD between
    studies on the row's scale: all rows of one study and one such SD share one study effect. An outcome not listed has
    none.
    """

    name: str
    title: str
    priors: tuple[Prior, ...]
    rows: tuple[Row, ...]
    predict: Callable[[Values], Array]
    between_study: Mapping[str, str] = field(default_factory=dict)

    def values(self, z: Array) -> dict[str, Array]:
        """Values of all priors from standard normals `(priors,)`."""
        return {prior.name: prior.at(z[i]) for i, prior in enumerate(self.priors)}

    def model(self) -> None:
        """The numpyro model: standard normal `z` (priors,), `study` effects, and the rows as a factor."""
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(self.priors)]).to_event(1))
        values = self.values(z)
        predicted = numpyro.deterministic("predicted", self.predict(values))
        effects = self._study_effects(values)
        numpyro.factor("rows", jnp.sum(log_likelihood(self.rows, predicted, effects)))

    def groups(self) -> list[tuple[str, str]]:
        """(study, name of its SD) of each study effect, in order."""
        pairs = ((row.study, self.between_study[row.outcome]) for row in self.rows if row.outcome in self.between_study)
        return list(dict.fromkeys(pairs))

    def _study_effects(self, values: Values) -> Array:
        groups = self.groups()
        if not groups:
            return jnp.zeros(len(self.rows))
        u = numpyro.sample("study", dist.Normal(0.0, 1.0).expand([len(groups)]).to_event(1))
        own = {group: values[group[1]] * u[i] for i, group in enumerate(groups)}
        none = jnp.zeros(())
        return jnp.stack([own.get((row.study, self.between_study.get(row.outcome, "")), none) for row in self.rows])


def log_likelihood(rows: Sequence[Row], predicted: Array, effects: Array) -> Array:
    """Log density of each row, `(rows,)`. Means: normal on the row's scale. Shares: binomial. Limits: the chance that
    the truth lies on the right side."""
    terms = []
    for i, row in enumerate(rows):
        mean = _on_scale("logit" if row.events is not None else row.scale, predicted[i]) + effects[i]
        sd = (row.error**2 + row.discrepancy**2) ** 0.5
        if row.limit is not None:
            side = 1.0 if row.limit == "at least" else -1.0
            terms.append(jax.scipy.stats.norm.logcdf(side * (mean - row.centre) / sd))
        elif row.events is not None:
            terms.append(dist.Binomial(row.n, logits=mean).log_prob(row.events))
        else:
            terms.append(dist.Normal(mean, sd).log_prob(row.centre))
    return jnp.stack(terms)


def _on_scale(scale: str, value: Array) -> Array:
    if scale == "log":
        return jnp.log(jnp.maximum(value, 1e-12))
    if scale == "logit":
        inside = jnp.clip(value, 1e-9, 1 - 1e-9)
        return jnp.log(inside) - jnp.log1p(-inside)
    return value


def known_block(name: str) -> str:
    """The name, where there is such a block.

    Raises:
        InputError: there is none; the nearest is named.
    """
    if name not in BLOCKS:
        raise InputError(f"unknown block: {name}", expected=", ".join(BLOCKS), nearest=nearest(name, BLOCKS))
    return name


def load(name: str, rows: Sequence[Row] | None = None, priors: Mapping[str, Prior] | None = None) -> Block:
    """A block by name with its data, or with `rows` instead of those of its file.

    Raises:
        InputError: no such block; the nearest is named.
        DataError: a row or a prior that is not as it should be, with file and key.
    """
    known_block(name)
    known = read_priors() if priors is None else priors
    build = import_module(f"calibration.blocks.{name}").build
    block: Block = build(of_block(known, name), tuple(read_rows(name) if rows is None else rows))
    return block
