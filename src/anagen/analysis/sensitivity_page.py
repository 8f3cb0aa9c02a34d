"""The page of a sensitivity analysis, made of its JSON: which unknowns decide the answer, in plain words.

python -m anagen.analysis.sensitivity_page -o unknowns.html
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import date as Date
from pathlib import Path
from typing import Any

from anagen.errors import AnagenError, InputError
from anagen.treatments.registry import known_treatment

from .charts.svg import warm_up
from .model_card.flat import flat
from .model_card.shell import rendered, shell
from .model_card.stored import CALIBRATION, SENSITIVITY, stored
from .sensitivity_section import sensitivity_section


def sensitivity_page(
    result: Mapping[str, Any], calibration: Mapping[str, Any] | None = None, *, date: Date | None = None
) -> str:
    """The page as one HTML file.

    Args:
        result: what `sensitivity.json` holds.
        calibration: what `calibration.json` holds, where there is one.
        date: the date on the page; today where left out.
    """
    return rendered("sensitivity.html.j2", sensitivity_parts(result, calibration, date=date))


def sensitivity_parts(
    result: Mapping[str, Any], calibration: Mapping[str, Any] | None = None, *, date: Date | None = None
) -> dict[str, Any]:
    """What the page is filled with, by name."""
    warm_up()
    return shell(
        str(result["treatment"]),
        (),
        date,
        title="Which unknowns decide the answer",
        section=sensitivity_section(result, calibration),
        cases=result["cases"],
        person=result["person"],
        calibrated=calibration is not None,
        provenance={"parameters": result["parameters"], **flat(result["made"]), **flat(result["provenance"])},
        file=SENSITIVITY,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page of a treatment's stored analysis; 0, or 2 where there is none or it cannot be written."""
    parser = argparse.ArgumentParser(
        prog="python -m anagen.analysis.sensitivity_section", description="Write the page."
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("unknowns.html"), help="the page to write")
    parser.add_argument("--treatment", default="isotretinoin", help="the drug")
    given = parser.parse_args(arguments)
    try:
        from anagen.files.writing import check_writable, write_text

        check_writable({"--output": given.output})
        name = known_treatment(given.treatment)
        found = stored(name, SENSITIVITY)
        if found.table is None:
            raise InputError(found.problem.rstrip("."), expected="make sensitivity")
        try:
            page = sensitivity_page(found.table, stored(name, CALIBRATION).table)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{SENSITIVITY} is not whole: {error}", expected="what make sensitivity writes") from error
        write_text(given.output, page)
    except AnagenError as error:
        print(f"anagen: {error}", file=sys.stderr)
        return error.exit_code
    print(f"wrote {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
