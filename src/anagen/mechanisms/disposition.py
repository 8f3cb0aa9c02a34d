"""Exposure: absorption, two-compartment disposition of the parent, one metabolite compartment. Linear, so exact.

Inside: h, mg, L. The state is kept in the modes of the parent's disposition, so that every propagator is a sum of
stable terms (see `divided_differences`): amounts waiting at the absorption site, the two modes of the central amount,
and the metabolite amount. A "route" is a way of absorption (fed, fasted) with its own rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

from .divided_differences import Decay, decay, first, second
from .module import mechanism

Array = jax.Array


class Amounts(NamedTuple):
    """In mg: `site` (routes, people), `modes` (2, people), `metabolite` (people,)."""

    site: Array
    modes: Array
    metabolite: Array


class Propagator(NamedTuple):
    """The linear map of amounts over some hours, its parts listed by route and mode; each `(..., people)`."""

    site: list[Array]
    modes: list[Array]
    site_to_modes: list[list[Array]]
    metabolite: Array
    modes_to_metabolite: list[Array]
    site_to_metabolite: list[Array]

    def __call__(self, amounts: Amounts) -> Amounts:
        """The amounts later."""
        own = self.metabolite * amounts.metabolite
        own = own + sum(share * amounts.modes[i] for i, share in enumerate(self.modes_to_metabolite))
        own = own + sum(share * amounts.site[r] for r, share in enumerate(self.site_to_metabolite))
        later = Parent(self.site, self.modes, self.site_to_modes).later(amounts.site, amounts.modes)
        return Amounts(jnp.stack(later[0]), jnp.stack(later[1]), own)

    def of_dose(self, dose: Array) -> Amounts:
        """What becomes of `dose` mg `(routes, ..., people)` that just entered the absorption sites."""
        own = jnp.asarray(sum(share * dose[r] for r, share in enumerate(self.site_to_metabolite)))
        site = jnp.stack([left * dose[r] for r, left in enumerate(self.site)])
        modes = [sum(row[i] * dose[r] for r, row in enumerate(self.site_to_modes)) for i in range(2)]
        return Amounts(site, jnp.stack(modes), own)


class Parent(NamedTuple):
    """The part of a map that concerns the parent: by route, by mode, and from each route to each mode."""

    site: list[Array]
    modes: list[Array]
    passed: list[list[Array]]

    def later(self, site: Sequence[Array] | Array, modes: Sequence[Array] | Array) -> tuple[list[Array], list[Array]]:
        """Sites and modes later."""
        gained = [sum(row[i] * site[r] for r, row in enumerate(self.passed)) for i in range(len(self.modes))]
        return (
            [left * site[r] for r, left in enumerate(self.site)],
            [left * modes[i] + gained[i] for i, left in enumerate(self.modes)],
        )


class Level(NamedTuple):
    """The parent's level in ng/mL per mg at each site and in each mode some hours before."""

    site: list[Array]
    modes: list[Array]

    def __call__(self, site: Iterable[Array], modes: Iterable[Array]) -> Array:
        """The level of those amounts."""
        pairs = [*zip(self.site, site, strict=True), *zip(self.modes, modes, strict=True)]
        return jnp.asarray(sum(share * amount for share, amount in pairs))


@mechanism
class Disposition:
    """Rates (1/h) and volumes (L), people on the last axis; `absorption` is `(routes, people)`.

    A unit in the centre leaves there `weights[0] e^(-decay[0] t) + weights[1] e^(-decay[1] t)`.
    `formation` is metabolite mg formed per mg of central parent per hour.
    """

    absorption: Array
    decay: Array
    weights: Array
    elimination: Array
    volume: Array
    formation: Array
    metabolite_rate: Array
    metabolite_volume: Array

    @classmethod
    def from_clearances(
        cls,
        *,
        clearance: Array,
        central_volume: Array,
        intercompartmental_clearance: Array,
        peripheral_volume: Array,
        absorption: Array,
        metabolite_clearance: Array,
        metabolite_volume: Array,
        mass_factor: Array | float,
    ) -> Disposition:
        """From apparent clearances (L/h) and volumes (L); all parent clearance forms the metabolite."""
        k10 = clearance / central_volume
        k12 = intercompartmental_clearance / central_volume
        k21 = intercompartmental_clearance / peripheral_volume
        total = k10 + k12 + k21
        root = jnp.sqrt(total**2 - 4 * k10 * k21)
        fast = 0.5 * (total + root)
        slow = k10 * k21 / fast  # the product of the roots: no cancellation
        return cls(
            absorption=absorption,
            decay=jnp.stack([fast, slow]),
            weights=jnp.stack([(fast - k21) / root, (k21 - slow) / root]),
            elimination=k10,
            volume=central_volume,
            formation=k10 * mass_factor,
            metabolite_rate=metabolite_clearance / metabolite_volume,
            metabolite_volume=metabolite_volume,
        )

    def initial(self) -> Amounts:
        """Nothing in the body."""
        return Amounts(jnp.zeros_like(self.absorption), jnp.zeros_like(self.decay), jnp.zeros_like(self.volume))

    def propagator(self, t: Array) -> Propagator:
        """The exact map over t hours, `(..., people)`."""
        site, modes, own = self._decays(t)
        passed = self._passed(site, modes, t)
        formed = [
            self.formation
            * self.absorption[r]
            * sum(self.weights[i] * second(k, mode, own, t) for i, mode in enumerate(modes))
            for r, k in enumerate(site)
        ]
        return Propagator(
            site=[k.left for k in site],
            modes=[mode.left for mode in modes],
            site_to_modes=passed,
            metabolite=own.left,
            modes_to_metabolite=[self.formation * first(mode, own, t) for mode in modes],
            site_to_metabolite=formed,
        )

    def parent(self, t: Array) -> Parent:
        """The parent's part of the exact map over t hours, `(..., people)`."""
        site, modes, _ = self._decays(t)
        return Parent([k.left for k in site], [mode.left for mode in modes], self._passed(site, modes, t))

    def level(self, t: Array) -> Level:
        """What amounts t hours before, `(..., people)`, give as the parent's level with no dose between."""
        after, scale = self.parent(t), 1e3 / self.volume
        return Level([scale * sum(row) for row in after.passed], [scale * left for left in after.modes])

    def concentration(self, amounts: Amounts, t: Array) -> Array:
        """Parent in ng/mL, t hours after `amounts` with no dose between. `t`: `(..., people)`."""
        return self.level(t)(amounts.site, amounts.modes)

    def metabolite_concentration(self, amounts: Amounts, t: Array) -> Array:
        """Metabolite in ng/mL, t hours after `amounts` with no dose between. `t`: `(..., people)`."""
        return 1e3 * self.propagator(t)(amounts).metabolite / self.metabolite_volume

    def levels(self, amounts: Amounts) -> tuple[Array, Array]:
        """Parent and metabolite in ng/mL, `(..., people)`, of amounts that have these leading axes before people."""
        central = amounts.modes[..., 0, :] + amounts.modes[..., 1, :]
        return 1e3 / self.volume * central, 1e3 / self.metabolite_volume * amounts.metabolite

    def _decays(self, t: Array) -> tuple[list[Decay], list[Decay], Decay]:
        site = [decay(k, t) for k in self.absorption]
        return site, [decay(k, t) for k in self.decay], decay(self.metabolite_rate, t)

    def _passed(self, site: list[Decay], modes: list[Decay], t: Array) -> list[list[Array]]:
        """From each site to each mode of the centre."""
        return [
            [self.weights[i] * self.absorption[r] * first(k, mode, t) for i, mode in enumerate(modes)]
            for r, k in enumerate(site)
        ]

    def mean_concentrations(self, start: Amounts, dosed: Array, end: Amounts, hours: float) -> tuple[Array, Array]:
        """Exact means of parent and metabolite in ng/mL over `hours`, by mass balance.

        `dosed` is the mg that entered each absorption site in between, `(routes, people)`.
        """
        absorbed = jnp.sum(start.site + dosed - end.site, axis=0)
        central_hours = sum(
            (start.modes[i] + self.weights[i] * absorbed - end.modes[i]) / self.decay[i] for i in range(2)
        )
        formed = self.formation * central_hours
        metabolite_hours = (start.metabolite + formed - end.metabolite) / self.metabolite_rate
        return (
            1e3 * central_hours / (self.volume * hours),
            1e3 * metabolite_hours / (self.metabolite_volume * hours),
        )
