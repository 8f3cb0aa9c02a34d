"""The event table: a NONMEM-style data set, read and checked. The second door to the engine, beside the regimen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError, nearest
from anagen.patient.covariates import covariates as known_covariates
from anagen.patient.patient import Patient

from .combinations import check_combinations, check_order
from .covariates import WEIGHT, Interpolation, check_interpolation, nobody_pregnant, of_file, one_each, values_of
from .faults import Faults, Sheet
from .records import Records, records_of
from .sheet import sheet_of
from .unroll import Unrolled, check_limits, unroll
from .weights import Weight, check_weights

if TYPE_CHECKING:
    import polars

    from anagen.simulation.result import Simulation

    from .recorded import RecordedDoses

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class EventTable:
    """Records of one or more people, checked row by row. Arrays are read-only.

    `people` (P,) their IDs; `starts` (P + 1,) where the records of each begin; `covariates` (P,) each, what is known of
    them; `kg` (rows,), the weight as recorded, NaN where missing, or None; `notes`, what the reader must know.
    """

    name: str
    treatment: str
    records: Records
    people: Array
    starts: Array
    covariates: Mapping[str, Array]
    kg: Array | None
    interpolation: Interpolation | None
    unrolled: Unrolled
    notes: tuple[str, ...]
    sheet: Sheet = field(repr=False)

    def __len__(self) -> int:
        return int(self.records.id.size)

    def index(self, person: float | None = None) -> int:
        """The place of a person among `people`; the only one where none is named.

        Raises:
            InputError: no such person, or none named where there are several.
        """
        if person is None:
            if self.people.size > 1:
                raise InputError(
                    f"{self.name}: {self.people.size:,} people, and none was named",
                    expected=f"an ID, such as {self.people[0]:g} (on the command line --id {self.people[0]:g})",
                )
            return 0
        found = np.flatnonzero(self.people == person)
        if not found.size:
            shown = [f"{identity:g}" for identity in self.people]
            asked: object = person
            named = f"{asked:g}" if isinstance(asked, int | float) else repr(asked)
            raise InputError(
                f"{self.name}: there is no person {named}",
                expected=", ".join(shown[:10]) + (", ..." if len(shown) > 10 else ""),
                nearest=nearest(named, shown[:1000]),
            )
        return int(found[0])

    def rows(self, person: float | None = None) -> slice:
        """The rows of a person."""
        index = self.index(person)
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    def weight(self, person: float | None = None, default_kg: float = 70.0) -> Weight:
        """The weight of a person in time; `default_kg` where the table says nothing of it."""
        return self.weight_of(self.index(person), default_kg)

    def weight_of(self, index: int, default_kg: float = 70.0) -> Weight:
        """The same by the person's place among `people`."""
        rows = slice(int(self.starts[index]), int(self.starts[index + 1]))
        if self.kg is not None:
            there = np.flatnonzero(~np.isnan(self.kg[rows])) + rows.start
            time, kg = self.records.time_h[there], self.kg[there]
            if (kg != kg[0]).any():
                return Weight(time, kg, self.interpolation or "locf")
            return Weight(time[:1], kg[:1], "locf")
        one = float(self.covariates[WEIGHT][index]) if WEIGHT in self.covariates else default_kg
        return Weight(np.zeros(1), np.array([one]), "locf")

    def patient(self, person: float | None = None, **others: Any) -> Patient:
        """The person as a `Patient`; `others` says what the table does not. A weight that changes is the first one."""
        index = self.index(person)
        known = known_covariates(self.treatment)
        said: dict[str, Any] = {}
        for name, column in self.covariates.items():
            value = float(column[index])
            if not np.isnan(value):
                said[name] = known[name].levels[int(value)] if known[name].levels else value
        if "pattern_hair_loss" in said:
            said["pattern_hair_loss"] = said["pattern_hair_loss"] == "yes"
        if self.kg is not None:
            said[WEIGHT] = float(self.weight(person).kg[0])
        return Patient(**(others | said))

    def doses(self, person: float | None = None) -> RecordedDoses:
        """The doses of a person, to be simulated in the place of a regimen.

        Raises:
            InputError: a reset, or a steady state in place of doses before it: no living person is emptied.
        """
        from .recorded import recorded_doses

        return recorded_doses(self, person)

    def simulate(self, person: float | None = None, **options: Any) -> Simulation:
        """The whole cascade of a person: as `anagen.simulate`, with the doses and covariates of the table.

        Raises:
            InputError: as `doses`; or a weight that changes in time.
        """
        from .recorded import simulate_person

        return simulate_person(self, person, **options)

    def predict(self, **others: Any) -> polars.DataFrame:
        """Typical levels at all records, and residuals: see `levels.predict`."""
        from .levels import predict

        return predict(self, **others)

    def to_nonmem(self) -> polars.DataFrame:
        """The table as a data frame, which reads back as the same table."""
        from .writing import table_frame

        return table_frame(self)


def from_nonmem(
    source: Any,
    *,
    covariates: Any = None,
    interpolation: Interpolation | None = None,
    decimal: str = ".",
    drop: Iterable[str] = (),
    treatment: str = "isotretinoin",
) -> EventTable:
    """Read a NONMEM-style data set (`docs/nonmem.md`).

    Args:
        source: a path (`.csv` or another text, `.parquet`), or a polars, pandas or Arrow table. AMT in mg, TIME and II
            in h, DV in ng/mL.
        covariates: a second table, one row for each ID.
        interpolation: how a weight that changes goes on between records: "locf", "nocb" or "linear".
        decimal: "," where decimals have a comma (then fields are separated by something else).
        drop: names of columns to leave out; any other column that is not known is refused.
        treatment: the drug that was taken.

    Raises:
        InputError: with row, column, value and what was expected; of several faults, that of the first row.
        PregnancyStop: a row says that the person is pregnant.

    >>> import polars
    >>> table = from_nonmem(
    ...     polars.DataFrame({"ID": [1, 1], "TIME": [0.0, 8.0], "AMT": [40.0, None], "DV": [None, 250.0]})
    ... )
    >>> table.records.evid.tolist(), table.people.tolist()
    ([1.0, 0.0], [1.0])
    """
    from anagen.treatments.registry import known_treatment

    known_treatment(treatment)
    check_interpolation(interpolation)
    if decimal not in (".", ","):
        raise InputError(f"decimal: '{decimal}'", expected="'.' or ','", nearest=".")
    dropped = (drop,) if isinstance(drop, str) else tuple(drop)
    sheet = sheet_of(source, drop=dropped, treatment=treatment)
    nobody_pregnant(sheet)
    faults = Faults(sheet)
    records = records_of(sheet, faults, decimal)
    values = values_of(sheet, faults, decimal, treatment)
    faults.raise_first()
    check_combinations(records, faults, treatment)
    check_order(records, faults)
    _taken(sheet, records, faults)
    faults.raise_first()
    starts = np.flatnonzero(np.concatenate([[True], np.diff(records.id) != 0]))
    people = records.id[starts]
    person = np.repeat(np.arange(people.size), np.diff(np.append(starts, records.id.size)))
    kg = values.pop(WEIGHT, None)
    if kg is not None:
        check_weights(kg, records.time_h, person, starts, interpolation, WEIGHT, faults)
    own = {name: one_each(sheet, column, name, person, starts, faults) for name, column in values.items()}
    faults.raise_first()
    if covariates is not None:
        theirs = of_file(covariates, people, decimal, treatment)
        twice = [name for name in theirs if name in own or (name == WEIGHT and kg is not None)]
        if twice:
            raise InputError(f"{twice[0]} is in both tables", expected="each covariate in one of the two tables")
        own |= theirs
    doses = unroll(records, sheet.name)
    table = EventTable(
        sheet.name,
        treatment,
        records,
        people,
        np.append(starts, records.id.size),
        own,
        kg,
        interpolation,
        doses,
        (),
        sheet,
    )
    at_rows = _at_rows(table, person)
    check_limits(records, doses, at_rows, faults)
    faults.raise_first()
    for array in (*vars(records).values(), people, table.starts, kg, *own.values()):
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
    from dataclasses import replace

    from .notes import notes_of

    return replace(table, notes=notes_of(table))


def _taken(sheet: Sheet, r: Records, faults: Faults) -> None:
    for name, values in (("MEAL", r.meal), ("FORM", r.formulation)):
        if name in sheet.frame.columns:
            faults.add(r.dosing & (values < 0), name, "is missing in a dose record", "a value for every dose")


def _at_rows(table: EventTable, person: Array) -> Array | None:
    """The weight at each record, for the limits; None where it is not known."""
    if table.kg is None:
        return table.covariates[WEIGHT][person] if WEIGHT in table.covariates else None
    there = np.flatnonzero(~np.isnan(table.kg))
    # The last value before the record, or the first after it: enough for a limit that no dose comes near.
    index = np.searchsorted(there, np.arange(len(table)), side="right") - 1
    before = there[np.maximum(index, 0)]
    after = there[np.minimum(index + 1, there.size - 1)]
    own = (index >= 0) & (person[before] == person)
    return table.kg[np.where(own, before, after)]
