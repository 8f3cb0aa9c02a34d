"""Every simulated person as rows with the column names of CDISC (ADaM, basic data structure): like it, no more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from anagen.errors import DataError, InputError
from anagen.evidence.toml_file import read_toml
from anagen.treatments.registry import table

if TYPE_CHECKING:
    import polars

    from anagen.simulation.result import Simulation

STUDY = "ANAGEN-SIMULATED"
TYPICAL = "TYPICAL"
MOST_ROWS = 30_000_000
CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}")


@lru_cache(maxsize=8)
def codes(treatment: str) -> Mapping[str, str]:
    """PARAMCD of each series of a treatment.

    >>> codes("isotretinoin")["shed_per_day"]
    'SHEDDAY'

    Raises:
        DataError: a code is not one of CDISC's form, or stands twice.
    """
    found = {**read_toml(resources.files(__package__).joinpath("paramcd.toml")), **table(treatment, "paramcd.toml")}
    for series, code in found.items():
        if not CODE.fullmatch(str(code)) or list(found.values()).count(code) > 1:
            raise DataError(
                f"paramcd.toml: {series} = '{code}'", expected="1 to 8 capitals and digits, a letter first, each once"
            )
    return found


def subject(number: int) -> str:
    """USUBJID of a simulated person.

    >>> subject(0), subject(-1)
    ('SIM-000000', 'SIM-TYPICAL')
    """
    return f"SIM-{TYPICAL}" if number < 0 else f"SIM-{number:06}"


def cdisc(arms: Sequence[Simulation]) -> polars.DataFrame:
    """One row for each regimen, series, person and day; `BASE` is the person's own value before the first dose.

    Raises:
        InputError: more than 30,000,000 rows.
        DataError: a series has no PARAMCD.
    """
    import polars

    first = arms[0]
    names = tuple(first.treatment.series)
    known = codes(first.treatment.name)
    if missing := [name for name in names if name not in known]:
        raise DataError(f"no PARAMCD for {', '.join(missing)}", expected="a line for each in paramcd.toml")
    days, people = first.days, first.series(names[0]).people.shape[1]
    rows = len(arms) * len(names) * len(days) * (people + 1)
    if rows > MOST_ROWS:
        raise InputError(
            f"{rows:,} rows, a row for each simulated person, series and day",
            expected=f"at most {MOST_ROWS:,} rows: fewer people or weeks, or the layout long or wide",
        )
    start = int(first.provenance.get("first_person", 0))
    subjects = [subject(-1), *(subject(start + i) for i in range(people))]
    weeks = days / 7
    visits = ["BASELINE" if day == 0 else f"WEEK {day / 7:g}" if day % 7 == 0 else f"DAY {day + 1:g}" for day in days]
    count = len(days)
    parts = []
    for place, arm in enumerate(arms, 1):
        for name in names:
            one = arm.series(name)
            values = np.concatenate([one.typical[:, None], one.people], axis=1).T  # person by person
            base = np.repeat(values[:, 0], count)
            parts.append(
                polars.DataFrame(
                    {
                        "USUBJID": polars.Series(np.repeat(np.array(subjects), count), dtype=polars.Categorical),
                        "VISITNUM": np.tile(weeks, people + 1),
                        "VISIT": polars.Series(visits * (people + 1), dtype=polars.Categorical),
                        "ADY": np.tile(days.astype(np.int64) + 1, people + 1),
                        "AVAL": values.reshape(-1),
                        "BASE": base,
                        "CHG": values.reshape(-1) - base,
                    }
                ).select(
                    polars.lit(STUDY, polars.Categorical).alias("STUDYID"),
                    "USUBJID",
                    polars.lit(place, polars.Int64).alias("TRTPN"),
                    polars.lit(arm.label, polars.Categorical).alias("TRTP"),
                    polars.lit(known[name], polars.Categorical).alias("PARAMCD"),
                    polars.lit(f"{one.title} ({one.unit})", polars.Categorical).alias("PARAM"),
                    "VISITNUM",
                    "VISIT",
                    "ADY",
                    "AVAL",
                    polars.lit(one.unit, polars.Categorical).alias("AVALU"),
                    "BASE",
                    "CHG",
                )
            )
    return polars.concat(parts)
