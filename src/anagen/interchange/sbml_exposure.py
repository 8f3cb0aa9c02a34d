"""Exposure in SBML: depots, central, peripheral and metabolite as species (mg), and the doses as events.

The disposition carries the modes of its two compartments; here they are turned back into clearances and volumes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.mechanisms.disposition import Disposition

from .sbml_formula import moment, number, put
from .sbml_model import Model
from .sbml_person import Entry

HOURS = 24.0
NOTHING_MG = 1e-12
NOW, METABOLITE_NOW = "concentration_now", "metabolite_now"
ON_DRUG, ON_DRUG_LAST = f"{NOW} > off_drug_level", "concentration_mean > off_drug_level"
"""Conditions: on the drug at this moment; on the day that ended last."""


@dataclass(frozen=True)
class Compartments:
    """Clearances (L/h) and volumes (L) of one person."""

    clearance: float
    central_volume: float
    intercompartmental_clearance: float
    peripheral_volume: float
    metabolite_clearance: float
    metabolite_volume: float
    mass_factor: float

    @classmethod
    def of(cls, exposure: Disposition) -> Compartments:
        """From the two decays: their sum is k10 + k12 + k21, their product k10·k21."""
        fast, slow = (float(x) for x in exposure.decay)
        k10, volume = float(exposure.elimination), float(exposure.volume)
        k21 = fast * slow / k10
        k12 = fast + slow - k10 - k21
        own = float(exposure.metabolite_volume)
        return cls(
            clearance=k10 * volume,
            central_volume=volume,
            intercompartmental_clearance=k12 * volume,
            peripheral_volume=k12 * volume / k21,
            metabolite_clearance=float(exposure.metabolite_rate) * own,
            metabolite_volume=own,
            mass_factor=float(exposure.formation) / k10,
        )


def write_exposure(model: Model, exposure: Disposition, routes: Sequence[str], off_drug: float) -> None:
    """Compartments, species, reactions, the levels now and the means of the day."""
    has = Compartments.of(exposure)
    _compartment(model, "gut", 1.0, "Stomach and gut: a place for doses, its size without meaning")
    _compartment(model, "plasma", has.central_volume, "Central compartment of the parent")
    _compartment(model, "tissue", has.peripheral_volume, "Peripheral compartment of the parent")
    _compartment(model, "metabolite_space", has.metabolite_volume, "Compartment of the metabolite")
    model.constant("hours_per_day", HOURS, "h/d", "Hours in a day")
    model.constant("clearance", has.clearance, "L/h", "Apparent clearance of the parent")
    model.constant("intercompartmental_clearance", has.intercompartmental_clearance, "L/h", "Exchange with tissue")
    model.constant("metabolite_clearance", has.metabolite_clearance, "L/h", "Apparent clearance of the metabolite")
    model.constant("level_of_mass", 1000.0, "ng L/mL/mg", "ng/mL in one mg/L")
    for route in routes:
        _species(model, f"depot_{route}", "gut", f"Doses waiting to be absorbed, {route}")
    _species(model, "central", "plasma", "Parent in the central compartment")
    _species(model, "peripheral", "tissue", "Parent in the peripheral compartment")
    _species(model, "metabolite", "metabolite_space", "Metabolite")

    for i, route in enumerate(routes):
        rate = model.constant(f"absorption_rate_{route}", float(exposure.absorption[i]), "1/h", f"Absorption, {route}")
        law = f"hours_per_day * {rate} * depot_{route}"
        _reaction(model, f"absorption_{route}", f"Absorption, {route}", {f"depot_{route}": 1.0}, {"central": 1.0}, law)
    _reaction(
        model,
        "metabolism",
        "All that is cleared of the parent becomes metabolite",
        {"central": 1.0},
        {"metabolite": has.mass_factor},
        "hours_per_day * clearance * central / plasma",
    )
    exchange = "hours_per_day * intercompartmental_clearance * (central / plasma - peripheral / tissue)"
    tissue = {"peripheral": 1.0}
    _reaction(model, "distribution", "Between blood and tissue", {"central": 1.0}, tissue, exchange, reversible=True)
    law = "hours_per_day * metabolite_clearance * metabolite / metabolite_space"
    _reaction(model, "metabolite_elimination", "The metabolite is cleared", {"metabolite": 1.0}, {}, law)

    # Solvers that scale their tolerance by a state's size cannot follow one that shrinks for ever.
    floor = model.constant("nothing_left", NOTHING_MG, "mg", "Amounts below this are put to zero at the day's end")
    for name in (*(f"depot_{route}" for route in routes), "central", "peripheral", "metabolite"):
        model.nightly(name, f"piecewise({name}, {name} > {floor}, 0 {model.unit('mg')})")

    model.rule(NOW, "level_of_mass * central / plasma", "ng/mL", "Level of the parent at this moment")
    model.rule(METABOLITE_NOW, "level_of_mass * metabolite / metabolite_space", "ng/mL", "Level of the metabolite now")
    for name, now, of in (("concentration_mean", NOW, "parent"), ("metabolite_mean", METABOLITE_NOW, "metabolite")):
        area = model.of_day(f"{name}_area", now, "ng d/mL", f"Area under the level of the {of} since the day began")
        tonight = model.tonight(name, f"{area} / one_day")
        model.daily(name, tonight, "ng/mL", f"Mean level of the {of} on the day that ended last", start=0.0)
    model.left_out.append(f"the highest and lowest level of a day: they can be read off {NOW}")
    model.constant("off_drug_level", off_drug, "ng/mL", "A day's mean level above this is a day on the drug")


def write_doses(model: Model, entries: Sequence[Entry], routes: Sequence[str], weight_kg: float, days: int) -> int:
    """One event for each dose, when it enters absorption; gives how many were written.

    `taken_mg_per_kg`, all that was taken, counts a dose on the day on which it is taken: where a dose enters on a later
    day, it is counted by an event of its own.
    """
    model.constant("weight", weight_kg, "kg", "Body weight")
    model.variable("taken_mg_per_kg", 0.0, "mg/kg", "Cumulative dose")
    written = 0
    for place, entry in enumerate(entries, 1):
        if entry.taken_h >= HOURS * days:
            break
        written += 1
        depot, mg = f"depot_{routes[entry.route]}", model.unit("mg")
        changes = {depot: f"{depot} + {number(entry.absorbed_mg)} {mg}"}
        count = {"taken_mg_per_kg": f"taken_mg_per_kg + {number(entry.taken_mg)} {mg} / weight"}
        same_day = entry.enters_h // HOURS == entry.taken_h // HOURS
        title = f"Dose {place}: {entry.taken_mg:g} mg taken at {entry.taken_h:g} h, {entry.absorbed_mg:.6g} mg absorbed"
        model.event(f"dose_{place}", moment(entry.enters_h / HOURS), {**changes, **(count if same_day else {})}, title)
        if not same_day:
            model.event(f"dose_{place}_taken", moment(entry.taken_h / HOURS), count, f"Dose {place} counts on this day")
    return written


def _compartment(model: Model, name: str, size: float, title: str) -> None:
    one = model.model.createCompartment()
    one.setId(name)
    one.setName(title)
    one.setSpatialDimensions(3)
    one.setSize(size)
    one.setUnits(model.unit("L"))
    one.setConstant(True)


def _species(model: Model, name: str, place: str, title: str) -> None:
    one = model.model.createSpecies()
    one.setId(name)
    one.setName(title)
    one.setCompartment(place)
    one.setInitialAmount(0.0)
    one.setSubstanceUnits(model.unit("mg"))
    one.setHasOnlySubstanceUnits(True)
    one.setBoundaryCondition(False)
    one.setConstant(False)


def _reaction(
    model: Model,
    name: str,
    title: str,
    used: dict[str, float],
    made: dict[str, float],
    law: str,
    *,
    reversible: bool = False,
) -> None:
    one = model.model.createReaction()
    one.setId(name)
    one.setName(title)
    one.setReversible(reversible)
    for create, parts in ((one.createReactant, used), (one.createProduct, made)):
        for species, amount in parts.items():
            reference = create()
            reference.setSpecies(species)
            reference.setStoichiometry(amount)
            reference.setConstant(True)
    put(one.createKineticLaw(), law)
