"""The SBML model under construction: the few things that writers of mechanisms need, on top of libSBML.

Time is in days. What the mechanisms settle once a day is collected in one event, `end_of_day`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .sbml_formula import libsbml, put
from .sbml_units import DIMENSIONLESS, factors, unit_id

LEVEL, VERSION = 3, 2
BEFORE_MIDNIGHT, MIDNIGHT, THEN = "3", "2", "1"
"""Priorities of events at one moment: what looks at the day as it was, its close, then what begins the next."""


class Model:
    """One SBML document. `left_out`: sentences on what the file does not hold; `start`: published values at time 0.

    `foreseen` holds, by signal, a formula of what it will be at the end of the day that runs, for who acts on the day
    by its end (see `of_the_day`).
    """

    def __init__(self, identity: str, title: str, start: Mapping[str, float]) -> None:
        self.library = libsbml()
        self.document = self.library.SBMLDocument(LEVEL, VERSION)
        self.model = self.document.createModel()
        self.start = start
        self.left_out: list[str] = []
        self.foreseen: dict[str, str] = {}
        self.published: list[str] = []
        self._tonight: dict[str, str] = {}
        self._nightly: dict[str, str] = {}
        self._units: set[str] = set()
        self.model.setId(identity)
        self.model.setName(title)
        for use, unit in (("Time", "d"), ("Substance", "mg"), ("Extent", "mg"), ("Volume", "L")):
            getattr(self.model, f"set{use}Units")(self.unit(unit))
        self.constant("one_day", 1.0, "d", "One day")
        self.variable("next_midnight", 1.0, "d", "End of the day that runs (days begin at the hour of the first dose)")

    # -- parts ---------------------------------------------------------------------------------------------------

    def unit(self, unit: str) -> str:
        """The identifier of a unit, which is defined where it is new."""
        identity = unit_id(unit)
        if identity not in self._units and identity != DIMENSIONLESS:
            self._units.add(identity)
            definition = self.model.createUnitDefinition()
            definition.setId(identity)
            definition.setName(unit)
            for factor in factors(unit):
                one = definition.createUnit()
                one.setKind(self.library.UnitKind_forName(factor.kind))
                one.setExponent(factor.exponent)
                one.setScale(factor.scale)
                one.setMultiplier(factor.multiplier)
        return identity

    def constant(self, name: str, value: float, unit: str = "1", title: str = "") -> str:
        """A number that does not change; gives its identifier."""
        return self._parameter(name, float(value), unit, title, constant=True)

    def variable(self, name: str, value: float, unit: str = "1", title: str = "") -> str:
        """A number that events change; gives its identifier."""
        return self._parameter(name, float(value), unit, title, constant=False)

    def rate(self, name: str, formula: str, start: float, unit: str = "1", title: str = "") -> str:
        """A number whose change per day is `formula`; gives its identifier."""
        self.variable(name, start, unit, title)
        rule = self.model.createRateRule()
        rule.setVariable(name)
        put(rule, formula)
        return name

    def rule(self, name: str, formula: str, unit: str = "1", title: str = "") -> str:
        """A number that is `formula` at every moment; gives its identifier."""
        self._parameter(name, None, unit, title, constant=False)
        rule = self.model.createAssignmentRule()
        rule.setVariable(name)
        put(rule, formula)
        return name

    def shown(self, name: str, formula: str, unit: str = "1", title: str = "") -> str:
        """A rule for something that Anagen publishes."""
        self.published.append(name)
        return self.rule(name, formula, unit, title)

    def _parameter(self, name: str, value: float | None, unit: str, title: str, *, constant: bool) -> str:
        if self.model.getElementBySId(name) is not None:
            raise ValueError(f"{name} is written twice")
        parameter = self.model.createParameter()
        parameter.setId(name)
        if title:
            parameter.setName(title)
        if value is not None:
            parameter.setValue(value)
        parameter.setUnits(self.unit(unit))
        parameter.setConstant(constant)
        return name

    def has(self, name: str) -> bool:
        """Whether something of that name was written."""
        return self.model.getElementBySId(name) is not None

    # -- events --------------------------------------------------------------------------------------------------

    def event(
        self,
        name: str,
        trigger: str,
        changes: Mapping[str, str],
        title: str = "",
        *,
        priority: str = THEN,
        at_trigger: bool = True,
    ) -> None:
        """`changes`, name -> formula, whenever `trigger` becomes true; by the values of that moment (`at_trigger`)."""
        event = self.model.createEvent()
        event.setId(name)
        if title:
            event.setName(title)
        event.setUseValuesFromTriggerTime(at_trigger)
        condition = event.createTrigger()
        condition.setInitialValue(False)
        condition.setPersistent(True)
        put(condition, trigger)
        put(event.createPriority(), priority)
        for target, formula in changes.items():
            assignment = event.createEventAssignment()
            assignment.setVariable(target)
            put(assignment, formula)

    def nightly(self, name: str, formula: str) -> None:
        """At the end of every day `name` becomes `formula`, by the values before any such change."""
        if name in self._nightly:
            raise ValueError(f"{name} is settled twice a day")
        self._nightly[name] = formula

    def daily(self, name: str, formula: str, unit: str = "1", title: str = "", start: float | None = None) -> str:
        """A published number that is settled at the end of each day, and holds until the next."""
        self.published.append(name)
        self.variable(name, self.start[name] if start is None else start, unit, title)
        self.nightly(name, formula)
        return name

    def tonight(self, name: str, formula: str) -> str:
        """Note what `name` comes to at a day's end, for others to build on; gives the formula, in brackets.

        It is copied into the changes of `end_of_day` and is no rule of its own: a rule would also hold during the day,
        and its choices would make solvers stop where nothing happens.
        """
        self._tonight[name] = f"({formula})"
        return self._tonight[name]

    def at_day_end(self, name: str) -> str:
        """What was noted of `name` with `tonight`."""
        return self._tonight[name]

    def of_day(self, name: str, formula: str, unit: str, title: str = "") -> str:
        """The integral of `formula` (in 1/d of `unit`) since the day began; gives its identifier."""
        self.rate(name, formula, 0.0, unit, title)
        self.nightly(name, f"0 {self.unit(unit)}")
        return name

    def of_the_day(self, signal: str) -> str:
        """A signal as those see it on whom it acts during the day: by what it will be at the day's end."""
        return self.foreseen.get(signal, signal)

    # -- end -----------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Write the end of the day, once all mechanisms are written."""
        changes = {"next_midnight": "next_midnight + one_day", **self._nightly}
        self.event("end_of_day", "time >= next_midnight", changes, "The day ends", priority=MIDNIGHT)

    def text(self) -> str:
        """The document as XML."""
        return str(self.library.writeSBMLToString(self.document))

    def findings(self) -> list[tuple[str, str]]:
        """What libSBML's consistency check finds, with units and modelling practice: (severity, message)."""
        self.document.checkConsistency()
        log = self.document.getErrorLog()
        errors: Iterable[Any] = (log.getError(i) for i in range(log.getNumErrors()))
        return [(error.getSeverityAsString(), " ".join(error.getMessage().split())) for error in errors]
