"""A block whose posterior is known: one normal parameter, one row that measures it."""

from __future__ import annotations

import jax.numpy as jnp
from calibration.blocks import Block, Values
from calibration.priors import Prior
from calibration.rows import Row

PRIOR = Prior(
    name="toy.rate",
    block="toy",
    value=1.0,
    interval=(1 - 1.959963984540054 * 2, 1 + 1.959963984540054 * 2),
    scale="linear",
    source=("assumed",),
)
"""Normal, mean 1, SD 2."""
IDLE = PRIOR.model_copy(update={"name": "toy.idle"})
"""A parameter that no row sees."""


def row(value: float = 3.0, se: float | None = 1.0, id: str = "a", **keys: object) -> Row:
    """A row that measures the parameter itself."""
    given = {
        "id": id,
        "study": f"study {id}",
        "title": "t",
        "design": "d",
        "n": 10,
        "dose": "none",
        "meal": "standard",
        "time_weeks": 1,
        "outcome": "rate",
        "value": value,
        "unit": "1",
        "se": se,
        "method": "m",
        "source": ("assumed",),
    }
    return Row.model_validate(given | keys)


def block(*rows: Row, **keys: object) -> Block:
    """The block with these rows."""

    def predict(values: Values) -> jnp.ndarray:
        return jnp.stack([values["toy.rate"] for _ in rows])

    return Block("toy", "Toy", (PRIOR, IDLE), rows, predict, **keys)  # type: ignore[arg-type]
