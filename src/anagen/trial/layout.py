"""Layout of a trial's numbers: which arms, endpoints and groups the sums of a tile have, the same for every tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .endpoints import AfterLeaving, endpoints_of
from .plan import Endpoint, Trial
from .subgroups import level_names

EVERYONE = 0
"""The first group holds all; the levels of each subgroup follow."""


@dataclass(frozen=True)
class Layout:
    """The axes of all sums: `arms`, `endpoints`, groups (everyone, then `levels` of each of `covariates`).

    `against` is the place of the arm that others are compared with; `people` and `replicates` are those of the run.
    """

    arms: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    against: int
    weeks: int
    people: int
    tile: int
    replicates: int = 1
    after_leaving: AfterLeaving = "last"
    covariates: tuple[str, ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(
        cls, trial: Trial, levels: Mapping[str, Sequence[str]] | None = None, *, people: int | None = None, tile: int
    ) -> Layout:
        """Of a trial; `levels` of each covariate in words, `people` where it is not the file's."""
        arms = tuple(arm.name for arm in trial.arms)
        words = levels or {}
        return cls(
            arms=arms,
            endpoints=endpoints_of(trial),
            against=arms.index(trial.against),
            weeks=trial.follow_up_weeks,
            people=trial.people if people is None else people,
            tile=tile,
            replicates=trial.replicates,
            after_leaving=trial.after_leaving,
            covariates=tuple(s.covariate for s in trial.subgroups),
            levels=tuple(level_names(s.edges, words.get(s.covariate, ())) for s in trial.subgroups),
        )

    @property
    def compared(self) -> tuple[int, ...]:
        """Places of the arms that are compared with `against`."""
        return tuple(i for i in range(len(self.arms)) if i != self.against)

    @property
    def groups(self) -> int:
        """Everyone and all levels."""
        return 1 + sum(len(names) for names in self.levels)

    @property
    def times(self) -> tuple[int, ...]:
        """Places of the endpoints that are times."""
        return tuple(i for i, endpoint in enumerate(self.endpoints) if endpoint.kind == "time")

    @property
    def same(self) -> npt.NDArray[np.float64]:
        """Differences no larger count as none, `(endpoints,)`; 0 where the endpoint says nothing."""
        return np.array([float(endpoint.table.get("same", 0.0)) for endpoint in self.endpoints])

    @property
    def replicate_size(self) -> int:
        """People of each replicate; the last takes the rest."""
        return max(1, self.people // self.replicates)

    @property
    def replicates_of_tile(self) -> int:
        """How many replicates a tile may touch at most."""
        return min(self.replicates, -(-(self.tile - 1) // self.replicate_size) + 1)

    def replicate_of(self, person: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The replicate of people by number, from 0."""
        return np.minimum(person // self.replicate_size, self.replicates - 1)
