"""Priors: what is thought of each parameter before the rows, from `priors*.toml`; never from parameters.toml.

    ["sebum.fall_rate"]
    block = "sebum"
    value = 0.10                  # median: the design's value
    interval = [0.06, 0.15]       # 95 %
    scale = "log"                 # log, logit, linear
    source = ["farrell-1980"]

`"name:between"` is the SD between people of a parameter. `nuisance = true` is what belongs to studies or instruments
alone: it is fitted, shown, and not written to parameters.toml; it needs `unit` and `meaning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import jax.numpy as jnp
from pydantic import Field, model_validator

from anagen.evidence.records import Record, checked
from anagen.evidence.toml_file import read_toml
from anagen.patient.parameters import NORMAL_95

from .rows import Scale, on_scale

FILES = ("priors.toml", "priors_responses.toml")
FOLDER = Path(__file__).parent
MEAL_FACTOR = (0.57, 1.54)
"""Exposure fasted and with a high-fat meal, relative to a standard meal: 0.37 / 0.65 and 1 / 0.65."""


class Prior(Record):
    """A median and a 95 % interval on a scale: normal on either side of the median, half of the weight on each."""

    name: str = ""
    block: str
    value: float
    interval: tuple[float, float]
    scale: Scale
    bounds: tuple[float, float] | None = None
    status: str = "assumed"
    nuisance: bool = False
    unit: str | None = None
    meaning: str | None = None
    source: Annotated[tuple[str, ...], Field(min_length=1)]
    note: str = ""

    @model_validator(mode="after")
    def _within(self) -> Prior:
        if not self.interval[0] < self.value < self.interval[1]:
            raise ValueError("an interval around the value")
        if self.nuisance and not (self.unit and self.meaning):
            raise ValueError("unit and meaning of what is not in parameters.toml")
        return self

    @property
    def sides(self) -> tuple[float, float]:
        """SDs below and above the median, on the scale."""
        low, middle, high = (on_scale(self.scale, v) for v in (self.interval[0], self.value, self.interval[1]))
        return (middle - low) / NORMAL_95, (high - middle) / NORMAL_95

    def at(self, z: Any) -> Any:
        """The value where a standard normal draw is `z`; the same rule as `anagen.patient.draws`."""
        below, above = self.sides
        shifted = on_scale(self.scale, self.value) + jnp.where(z < 0, below, above) * z
        if self.scale == "log":
            value = jnp.exp(shifted)
        else:
            value = 1 / (1 + jnp.exp(-shifted)) if self.scale == "logit" else shifted
        return value if self.bounds is None else jnp.clip(value, *self.bounds)


def read_priors(folder: Path = FOLDER) -> dict[str, Prior]:
    """All priors by name.

    Raises:
        DataError: file, key and what was expected.
    """
    found: dict[str, Prior] = {}
    for file in (folder / name for name in FILES):
        if file.is_file():
            found |= checked(read_toml(file), file.name, dict[str, Prior])
    return {name: prior.model_copy(update={"name": name}) for name, prior in found.items()}


def of_block(priors: Mapping[str, Prior], block: str) -> tuple[Prior, ...]:
    """The priors of one block, in the order of the files."""
    return tuple(prior for prior in priors.values() if prior.block == block)


def meal_priors(block: str, studies: Iterable[str]) -> tuple[Prior, ...]:
    """For each study that did not state its meals, the exposure relative to a standard meal: `meal:<study>`."""
    return tuple(
        Prior(
            name=f"meal:{study}",
            block=block,
            value=1.0,
            interval=MEAL_FACTOR,
            scale="log",
            nuisance=True,
            unit="1",
            meaning=f"exposure in {study} relative to a standard meal, which was not stated",
            source=("us-label-2024", "colburn-1983-food"),
        )
        for study in dict.fromkeys(studies)
    )
