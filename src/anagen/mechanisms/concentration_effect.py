"""How a concentration becomes an effect, at one moment. Concentrations in ng/mL; effects have no unit."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from .module import mechanism

Array = jax.Array
NONE = 1e-9
"""Levels below this, in ng/mL, have nearly no effect, in proportion to them, where a power would still have one."""


@mechanism
class Hill:
    """C / (half + C): 0 without drug, 1 at most. `half` in ng/mL, `(people,)`."""

    half: Array

    def __call__(self, concentration: Array) -> Array:
        return concentration / (self.half + concentration)


@mechanism
class Root:
    """The square root of C / reference, at most `ceiling`: a `Power` of one half, which needs no logarithm.

    >>> import jax.numpy as jnp
    >>> Root(jnp.array(100.0), jnp.array(3.0))(jnp.array([0.0, 25.0, 100.0, 4900.0])).tolist()
    [0.0, 0.5, 1.0, 3.0]
    """

    reference: Array
    ceiling: Array

    def __call__(self, concentration: Array) -> Array:
        return jnp.minimum(jnp.sqrt(jnp.maximum(concentration, 0.0) * (1 / self.reference)), self.ceiling)


@mechanism
class Power:
    """(C / reference)^exponent, at most `ceiling`. `reference` in ng/mL; all `(people,)` or scalar."""

    reference: Array
    exponent: Array
    ceiling: Array

    def __call__(self, concentration: Array) -> Array:
        log_level = jnp.log(jnp.maximum(concentration, NONE))  # one logarithm for all effects of this shape
        shaped = jnp.exp(self.exponent * log_level - self.exponent * jnp.log(self.reference))
        return jnp.minimum(shaped, self.ceiling) * jnp.minimum(concentration * (1 / NONE), 1.0)
