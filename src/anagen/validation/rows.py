"""The rows of a study: each figure that was reported, resolved against its arms, with its unit checked.

A row that lists arms or times becomes one row for each of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anagen.files.place import Path
from anagen.files.reading import Reading
from anagen.validation.arms import Arm
from anagen.validation.checks import check_row
from anagen.validation.instruments import Instrument, instruments
from anagen.validation.measured import Measured, measured
from anagen.validation.quantities import ANALYTES, NoSuchQuantity, Quantity, quantity_of
from anagen.validation.schema import RowTable, StudyTable
from anagen.validation.units import UnitFault

Analyte = Literal["parent", "metabolite"]


@dataclass(frozen=True)
class Side:
    """What is read in an arm: `quantity` of `n` people, on a `day` after the first dose or `hours` after a dose."""

    arm: Arm
    n: int
    quantity: Quantity
    analyte: Analyte
    day: float | None
    hours: float | None


@dataclass(frozen=True)
class Row:
    """One reported figure. `observed` and `se` are in `unit`; `measured` says what of the quantity is meant and how
    `unit` is turned into the unit inside; `second` is what `first` is compared with, if anything. `same` numbers the
    rows that one table of the file became, and `table` is that table."""

    id: str
    title: str
    first: Side
    second: Side | None
    observed: float
    se: float | None
    unit: str
    measured: Measured
    instrument: Instrument | None
    same: tuple[int, int]
    table: RowTable

    @property
    def quantity(self) -> Quantity:
        return self.first.quantity

    @property
    def kind(self) -> str:
        return self.table.kind


def rows(reading: Reading[Any], tables: StudyTable, arms: Sequence[Arm]) -> tuple[Row, ...]:
    """The rows of a file.

    Raises:
        InputError: what a row says cannot be: the file, the line, the key, and what is expected.
    """
    made: list[Row] = []
    for i, table in enumerate(tables.rows):
        if any(row.table.id == table.id for row in made):
            message = f"rows[{i + 1}].id: there is a row '{table.id}' already"
            raise reading.error(("rows", i, "id"), message, "a name of its own")
        made += _Row(reading, tables, arms, i).rows()
    return tuple(made)


class _Row:
    """One table of the file, on its way to one row or several."""

    def __init__(self, reading: Reading[Any], tables: StudyTable, arms: Sequence[Arm], number: int) -> None:
        self.reading, self.treatment, self.number = reading, tables.treatment, number
        self.table = tables.rows[number]
        self.by_name = {arm.name: arm for arm in arms}

    def at(self, key: str, *rest: str | int) -> Path:
        return ("rows", self.number, key, *rest)

    def fault(self, key: str, message: str, expected: str | None, near: Any = (), *rest: str | int) -> Exception:
        return self.reading.error(self.at(key, *rest), f"rows[{self.number + 1}].{key}: {message}", expected, near)

    def rows(self) -> list[Row]:
        table = self.table
        arms = self.arms()
        times = self.times()
        count = max(len(arms), len(times))
        if len(arms) > 1 and len(times) > 1:
            raise self.fault("arms", "both arms and times are lists", "a list of arms or of times, not of both")
        observed = self.numbers("observed", count)
        quantity = self.quantity("quantity", table.quantity)
        made = []
        for k in range(count):
            arm = arms[k % len(arms)]
            if table.n is not None and table.n > arm.n:
                raise self.fault("n", f"{table.n} people, of an arm of {arm.n}", f"at most {arm.n}", str(arm.n))
            first = self.side(arm, table.n or arm.n, quantity, table.analyte, times[k % len(times)])
            second = self.second(first)
            check_row(self, table, first, second)
            meant = self.measured(first)
            value = observed[k]
            self.check_observed(value, meant, k if count > 1 else None)
            name = table.id
            if count > 1:
                name = f"{table.id}/{arm.name}" if len(arms) > 1 else f"{table.id}/{_time(first)}"
            title = table.title or _title(first, second)
            se = self.se(value, first.n, k, count)
            instrument = self.instrument()
            made.append(Row(name, title, first, second, value, se, table.unit, meant, instrument, (k, count), table))
        return made

    def arms(self) -> list[Arm]:
        table = self.table
        if (table.arm is None) == (table.arms is None):
            what = "the arm is said twice" if table.arm is not None else "the arm is not said"
            key = "arm" if table.arm is not None else "id"
            raise self.fault(key, what, "one of arm and arms; arms: " + ", ".join(self.by_name))
        if table.arms is None:
            return [self.arm_named(str(table.arm), "arm")]
        if len(set(table.arms)) < len(table.arms):
            raise self.fault("arms", "an arm stands twice", "each arm once")
        return [self.arm_named(name, "arms", j) for j, name in enumerate(table.arms)]

    def arm_named(self, name: str, *path: str | int) -> Arm:
        return self.by_name[self.reading.one_of(self.at(*map(str, path[:1]), *path[1:]), "arm", name, self.by_name)]

    def times(self) -> list[tuple[float | None, float | None]]:
        """Pairs of day and hours."""
        table = self.table
        given = [key for key in ("at_week", "at_day", "at_hours") if getattr(table, key) is not None]
        if len(given) > 1:
            raise self.fault(given[1], f"the time is said in {given[0]} too", "one of at_week, at_day and at_hours")
        if not given:
            return [(None, None)]
        value = getattr(table, given[0])
        values = value if isinstance(value, list) else [value]
        if not values:
            raise self.fault(given[0], "an empty list", "at least one time")
        for j, one in enumerate(values):
            if one < 0 or (j and one <= values[j - 1]):
                raise self.fault(given[0], f"{one:g} does not rise", "times from 0 that rise", (), j)
        if given[0] == "at_hours":
            return [(None, float(v)) for v in values]
        return [(float(v) * (7 if given[0] == "at_week" else 1), None) for v in values]

    def numbers(self, key: str, count: int) -> list[float]:
        """One number for each row."""
        value = getattr(self.table, key)
        values = value if isinstance(value, list) else [value] if count == 1 else None
        if values is None or len(values) != count:
            said = len(values) if values is not None else 1
            raise self.fault(key, f"{said} numbers for {count} arms or times", f"a list of {count} numbers")
        return [float(v) for v in values]

    def quantity(self, key: str, word: str | None, *rest: str | int) -> Quantity:
        try:
            return quantity_of(self.table.kind, word, self.treatment)
        except NoSuchQuantity as fault:
            at = key if word is not None else "kind"
            raise self.fault(at, fault.message, fault.expected, fault.near, *rest) from None

    def analyte(self, word: str | None) -> Analyte:
        known: dict[str, Analyte] = {"parent": "parent", "metabolite": "metabolite"}
        return known[self.reading.one_of(self.at("analyte"), "analyte", word or "parent", ANALYTES)]

    def side(
        self, arm: Arm, n: int, quantity: Quantity, analyte: str | None, time: tuple[float | None, float | None]
    ) -> Side:
        return Side(arm, n, quantity, self.analyte(analyte), *time)

    def second(self, first: Side) -> Side | None:
        table, against = self.table, self.table.against
        if (table.compare is None) != (against is None):
            key, other = ("compare", "against") if against is None else ("against", "compare")
            raise self.fault(key, f"without the key {other}", "both keys, compare and against, or neither")
        if against is None:
            return None
        given = [key for key in ("at_week", "at_day", "at_hours") if getattr(against, key) is not None]
        if len(given) > 1:
            raise self.fault("against", "the time is said twice", "one of at_week, at_day and at_hours")
        day, hours = first.day, first.hours
        if given:
            value = float(getattr(against, given[0]))
            day = value * 7 if given[0] == "at_week" else value if given[0] == "at_day" else None
            hours = value if given[0] == "at_hours" else None
        arm = self.arm_named(against.arm, "against", "arm") if against.arm else first.arm
        quantity = self.quantity("against", against.quantity, "quantity") if against.quantity else first.quantity
        n = first.n if arm is first.arm else min(arm.n, self.table.n or arm.n)
        second = self.side(arm, n, quantity, against.analyte or table.analyte, (day, hours))
        if second == first:
            raise self.fault("against", "the row is compared with itself", "another arm, time, quantity or analyte")
        return second

    def measured(self, first: Side) -> Measured:
        try:
            return measured(self.table, first.quantity, first.n)
        except UnitFault as fault:
            raise self.fault("unit", fault.message, fault.expected, fault.near) from None

    def check_observed(self, value: float, meant: Measured, k: int | None) -> None:
        low, high = meant.range
        if not low <= value * meant.factor <= high and not math.isclose(value * meant.factor, high):
            bounds = f"a number from {low / meant.factor:g}" + (
                f" to {high / meant.factor:g}" if high < math.inf else ""
            )
            raise self.fault(
                "observed", f"{value:g} {self.table.unit} cannot be", bounds, (), *([] if k is None else [k])
            )

    def se(self, value: float, n: int, k: int, count: int) -> float | None:
        table = self.table
        given = [key for key in ("se", "sd", "ci") if getattr(table, key) is not None]
        if len(given) > 1:
            raise self.fault(given[1], f"the spread is said in {given[0]} too", "one of se, sd and ci")
        if not given:
            return None
        if given[0] == "ci":
            if count > 1 or table.ci is None:
                raise self.fault("ci", "one interval for several values", "se or sd as a list, or a row for each value")
            low, high = table.ci
            if not low <= value <= high or low == high:
                raise self.fault("ci", f"{low:g} to {high:g} does not hold {value:g}", "[lower, upper] around observed")
            return (high - low) / (2 * 1.959963984540054)
        spread = self.numbers(given[0], count)[k]
        if spread < 0:
            raise self.fault(given[0], f"{spread:g} is below 0", "0 or more")
        if given[0] == "sd" and table.kind in ("share", "complaint"):
            raise self.fault("sd", "a share has no SD between people", "se or ci")
        return spread / math.sqrt(n) if given[0] == "sd" else spread

    def instrument(self) -> Instrument | None:
        known = instruments(self.table.kind)
        if not known:
            return None
        if self.table.instrument is None:
            raise self.fault("kind", f"a row of kind {self.table.kind} needs the key instrument", ", ".join(known))
        word = self.table.instrument.casefold()
        return known[self.reading.one_of(self.at("instrument"), "instrument", word, known)]


def _time(side: Side) -> str:
    return f"{side.hours:g} h" if side.hours is not None else f"day {side.day:g}"


def _title(first: Side, second: Side | None) -> str:
    what = first.quantity.label.replace("_", " ")
    title = f"{what}, {first.arm.name}"
    if first.day is not None or first.hours is not None:
        title += f", {_time(first)}"
    if second is None:
        return title
    if second.arm is not first.arm:
        return f"{title}, against {second.arm.name}"
    return f"{title}, against {second.analyte if second.analyte != first.analyte else _time(second)}"
