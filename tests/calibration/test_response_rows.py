"""The data of the blocks of responses: sources that the bibliography has, predictions and slopes that are finite."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from calibration.blocks import load

from anagen.compiled.configure import configure
from anagen.evidence.bibliography import load_sources

BLOCKS = ("laboratory", "nutrients", "side_effects", "shedding")


@pytest.mark.parametrize("name", BLOCKS)
def test_every_source_is_in_the_bibliography(name: str) -> None:
    block, known = load(name), load_sources()
    cited = {key for row in block.rows for key in (row.study, *row.source)}
    cited |= {key for prior in block.priors for key in prior.source}
    assert cited <= set(known)


@pytest.mark.parametrize("name", BLOCKS)
def test_predictions_have_slopes_everywhere(name: str) -> None:
    """At the priors' medians and far from them: a slope that is not a number would stop the sampler."""
    configure()
    block = load(name)
    both = jax.jit(lambda z: (block.predict(block.values(z)), jax.jacrev(lambda x: block.predict(block.values(x)))(z)))
    rng = np.random.default_rng(7)
    for z in (np.zeros(len(block.priors)), *(2 * rng.standard_normal((4, len(block.priors))))):
        assert all(np.isfinite(np.asarray(part)).all() for part in both(jnp.asarray(z)))
