"""How a concentration becomes an effect, at one moment. Concentrations in ng/mL; effects have no unit."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from .module import mechanism

Array = jax.Array
NONE = 1e-9
"""Levels below this, in ng/mL, have no effect, where a power would still have one."""


@mechanism
class Hill:
    """C / (half + C): 0 without drug, 1 at most. `half` in ng/mL, `(people,)`."""

    half: Array

    def __call__(self, concentration: Array) -> Array:
        return concentration / (self.half + concentration)


@mechanism
class Power:
    """(C / reference)^exponent, at most `ceiling`. `reference` in ng/mL; all `(people,)` or scalar."""

    reference: Array
    exponent: Array
    ceiling: Array

    def __call__(self, concentration: Array) -> Array:
        log_level = jnp.log(jnp.maximum(concentration, NONE))  # one logarithm for all effects of this shape
        shaped = jnp.exp(self.exponent * log_level - self.exponent * jnp.log(self.reference))
        return jnp.where(concentration > NONE, jnp.minimum(shaped, self.ceiling), 0.0)
