"""Fitting a block: NUTS, chains side by side, a fixed seed, and a refusal where the chains do not agree."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from anagen.errors import AnagenError

from .blocks import Block

Floats = npt.NDArray[np.float64]
MOST_RHAT, LEAST_ESS, MOST_DIVERGENT = 1.02, 200.0, 0.005


class FitError(AnagenError):
    """Chains that do not agree, or diverge: nothing is written from them."""


@dataclass(frozen=True)
class Effort:
    """How long the chains are."""

    seed: int = 5
    chains: int = 4
    warmup: int = 500
    draws: int = 500
    strict: bool = True


QUICK = Effort(chains=2, warmup=150, draws=150, strict=False)


@dataclass(frozen=True)
class Fit:
    """Draws of a block, all chains: `z` (draws, priors), `values` by prior, `predicted` (draws, rows).

    `in_use`: what the rows show with the values that are written, `(rows,)`.
    """

    block: Block
    effort: Effort
    z: Floats
    values: Mapping[str, Floats]
    predicted: Floats
    study_sd: Mapping[str, Floats]
    rhat: Mapping[str, float]
    ess: Mapping[str, float]
    divergences: int
    in_use: Floats | None = None

    @property
    def trouble(self) -> list[str]:
        """What speaks against these draws, in words; empty where nothing does."""
        found = [f"{name}: r-hat {value:.3f}" for name, value in self.rhat.items() if not value <= MOST_RHAT]
        found += [f"{name}: {value:.0f} effective draws" for name, value in self.ess.items() if not value >= LEAST_ESS]
        if self.divergences > MOST_DIVERGENT * self.z.shape[0]:
            found.append(f"{self.divergences} of {self.z.shape[0]} draws diverge")
        return found


def fit(block: Block, effort: Effort | None = None, progress: Callable[[str], None] | None = None) -> Fit:
    """Draw from a block's posterior. The seed of a block hangs on its name: blocks can be run alone.

    Raises:
        FitError: r-hat above 1.02, fewer than 200 effective draws, or more than 0.5 % divergent draws (where `strict`).
    """
    configure()
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
    from numpyro.infer import MCMC, NUTS, init_to_median

    effort = effort or Effort()
    say = progress or (lambda text: None)
    kernel = NUTS(
        block.model, init_strategy=init_to_median(), dense_mass=True, target_accept_prob=0.9, max_tree_depth=8
    )
    key = jax.random.key(effort.seed + zlib.crc32(block.name.encode()))
    say(f"{block.name}: {len(block.rows)} rows, {len(block.priors)} parameters")
    # Chains side by side: most steps are small, so several cost little more than one.
    sampler = MCMC(
        kernel,
        num_warmup=effort.warmup,
        num_samples=effort.draws,
        num_chains=effort.chains,
        chain_method="vectorized",
        progress_bar=sys.stderr.isatty(),
    )
    sampler.run(key, extra_fields=("diverging",))
    drawn = sampler.get_samples(group_by_chain=True)
    z = np.asarray(drawn["z"], float)
    predicted = np.asarray(drawn["predicted"], float)
    divergences = int(np.asarray(sampler.get_extra_fields()["diverging"]).sum())
    names = [prior.name for prior in block.priors]
    flat = z.reshape(-1, z.shape[-1])
    values = {prior.name: np.asarray(prior.at(flat[:, i]), float) for i, prior in enumerate(block.priors)}
    found = Fit(
        block=block,
        effort=effort,
        z=flat,
        values=values,
        predicted=predicted.reshape(-1, predicted.shape[-1]),
        study_sd={outcome: values[sd] for outcome, sd in block.between_study.items()},
        rhat=dict(zip(names, split_gelman_rubin(z).tolist(), strict=True)),
        ess=dict(zip(names, effective_sample_size(z).tolist(), strict=True)),
        divergences=divergences,
    )
    if effort.strict and found.trouble:
        raise FitError(
            f"the chains of block {block.name} cannot be trusted: {'; '.join(found.trouble[:5])}",
            expected=f"r-hat at most {MOST_RHAT}, at least {LEAST_ESS:.0f} effective draws of each parameter",
        )
    return found
