"""Which parts of a record may stand together: one rule a line, each with what would have been right. After records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from anagen.regimen.course import LIMIT_DAYS

from .cells import whole
from .columns import COMPARTMENTS
from .faults import Faults
from .records import Records

LEAST_INTERVAL_H, MOST_INTERVAL_H = 1.0, 366 * 24.0
"""As in the regimen language."""
LEAST_MG = 0.001
Mask = npt.NDArray[np.bool_]


def check_combinations(r: Records, faults: Faults, treatment: str = "isotretinoin") -> None:
    """Add a fault for every record whose parts contradict each other or are not known."""
    _codes(r, faults)
    dosing, plain = r.dosing, ~r.dosing
    kinds = {0: "an observation (EVID 0)", 2: "an other event (EVID 2)", 3: "a reset (EVID 3)"}

    def of(row: int) -> str:
        return kinds.get(int(r.evid[row]), "a record without a dose")

    for name, values in (("AMT", r.amt_mg), ("RATE", r.rate), ("II", r.ii_h), ("ADDL", r.addl), ("SS", r.ss)):
        faults.add(
            plain & (values != 0),
            name,
            lambda row: f"is dosing information in {of(row)}",
            "0 or . here; a dose is EVID 1 or 4",
        )
    faults.add(dosing & (r.amt_mg == 0), "AMT", "a dose record without an amount", "mg above 0, or EVID 2")
    faults.add(dosing & (r.amt_mg < 0), "AMT", "a dose below zero", "mg above 0")
    small = dosing & (r.amt_mg > 0) & (r.amt_mg < LEAST_MG)
    faults.add(small, "AMT", "a dose too small to be one", f"at least {LEAST_MG:g} mg")
    faults.add(
        dosing & (r.rate > 0),
        "RATE",
        f"a dose at a constant rate: {treatment} is swallowed, and the model has first-order absorption alone",
        "0 or ., for a dose at once",
    )
    faults.add(
        dosing & (r.rate < 0),
        "RATE",
        "asks the model for a rate or a duration, and this model has none",
        "0 or ., for a dose at once",
    )
    faults.add(dosing & (r.addl < 0), "ADDL", "is below zero", "0, or how many more doses follow")
    faults.add(dosing & (np.mod(r.addl, 1) != 0), "ADDL", "is not whole", "0, or how many more doses follow")
    faults.add(dosing & (r.ii_h < 0), "II", "is below zero", "hours between doses")
    faults.add(
        dosing & (r.addl > 0) & (r.ii_h == 0),
        "II",
        "is 0, and ADDL asks for more doses",
        "hours between doses, or ADDL 0",
    )
    faults.add(
        dosing & (r.ss > 0) & (r.ii_h == 0),
        "II",
        "is 0, and SS asks for a steady state",
        "hours between doses, or SS 0",
    )
    faults.add(
        dosing & (r.ii_h > 0) & (r.addl == 0) & (r.ss == 0),
        "II",
        "has no meaning: neither ADDL nor SS is set",
        "0 or .; or ADDL, or SS, above 0",
    )
    used = dosing & (r.ii_h > 0)
    faults.add(
        used & (r.ii_h < LEAST_INTERVAL_H) | (used & (r.ii_h > MOST_INTERVAL_H)),
        "II",
        "is no interval between doses by mouth",
        f"{LEAST_INTERVAL_H:g} h to {MOST_INTERVAL_H:,.0f} h",
    )
    days = (r.addl + 1) * r.ii_h / 24
    faults.add(
        dosing & (r.addl > 0) & (days > LIMIT_DAYS),
        "ADDL",
        lambda row: f"goes on for {days[row]:,.0f} days",
        f"at most {LIMIT_DAYS:,} days",
    )
    _compartments(r, faults)
    _values(r, faults)


def _codes(r: Records, faults: Faults) -> None:
    known = "0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose"
    faults.add(whole(r.evid, (0, 1, 2, 3, 4)), "EVID", "is no kind of event", known)
    faults.add(
        r.ss == 3,
        "SS",
        "keeps the initial conditions of differential equations, which this model has not",
        "1, or 2 to add",
    )
    faults.add(
        whole(r.ss, (0, 1, 2, 3)),
        "SS",
        "is no kind of steady state",
        "0 none, 1 in place of what came before, 2 added to it",
    )
    faults.add(whole(r.mdv, (0, 1)), "MDV", "is neither 0 nor 1", "0 where DV is an observation, 1 where it is none")


def _compartments(r: Records, faults: Faults) -> None:
    names = ", ".join(f"{number} {name}" for number, name in COMPARTMENTS.items())
    faults.add(r.cmt < 0, "CMT", "would switch a compartment off, and none of this model can be", "0, 1 or .")
    faults.add(whole(r.cmt, (0, *COMPARTMENTS)), "CMT", "is no compartment", f"{names}; 0 or . for the usual one")
    faults.add(
        r.dosing & (r.cmt > 1),
        "CMT",
        lambda row: f"a dose into {COMPARTMENTS[int(r.cmt[row])]}: capsules are swallowed, and absorbed from the depot",
        "1 (depot), 0 or .",
    )
    faults.add(
        r.observed & ((r.cmt == 1) | (r.cmt == 3)),
        "CMT",
        lambda row: f"an observation in {COMPARTMENTS[int(r.cmt[row])]}, where nothing is measured",
        "2 (isotretinoin, ng/mL), 4 (4-oxo-isotretinoin, ng/mL), 0 or .",
    )


def _values(r: Records, faults: Faults) -> None:
    faults.add(
        (r.evid != 0) & (r.mdv == 0),
        "MDV",
        "says that DV is an observation, and the record is none (EVID is not 0)",
        "1, or EVID 0",
    )
    faults.add(
        r.observed & np.isnan(r.dv), "DV", "is missing in an observation", "ng/mL; or MDV 1, to ask for a prediction"
    )
    faults.add(
        r.observed & (r.dv < 0),
        "DV",
        "is a level below zero",
        "ng/mL, not a logarithm; or MDV 1 where it was not measured",
    )


def check_order(r: Records, faults: Faults) -> None:
    """Records of a person stand together, and time never goes back but at a reset."""
    same = np.concatenate([[False], r.id[1:] == r.id[:-1]])
    starts = np.flatnonzero(~same)
    _, first = np.unique(r.id[starts], return_index=True)
    again = np.ones(starts.size, bool)
    again[first] = False
    apart = np.zeros(r.id.size, bool)
    apart[starts[again]] = True
    faults.add(
        apart,
        "ID",
        "came before, with another person between",
        "all records of a person together: sort by ID, then TIME",
    )
    before = np.concatenate([[0.0], r.time_h[:-1]])
    back = same & (r.time_h < before) & (r.evid != 3) & (r.evid != 4)
    faults.add(
        back,
        "TIME",
        lambda row: f"is before the record above it (by {before[row] - r.time_h[row]:.6g} h)",
        "times in order within each person: sort by ID, then TIME; or a reset, EVID 3 or 4",
    )
