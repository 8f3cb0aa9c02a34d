"""The page of a calibration, made of its JSON: data beside the fit, before and after the data, what stayed unknown.

python -m anagen.analysis.calibration_page -o calibration.html
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import date as Date
from pathlib import Path
from typing import Any

from anagen.errors import AnagenError, InputError
from anagen.treatments.registry import known_treatment, treatment

from .charts.svg import warm_up
from .content import content
from .model_card.calibration_parts import answer, block_parts
from .model_card.flat import flat
from .model_card.shell import rendered, shell
from .model_card.stored import CALIBRATION, from_text, stored
from .references import cited


def calibration_page(result: Mapping[str, Any], *, date: Date | None = None) -> str:
    """The page as one HTML file.

    Args:
        result: what `calibration.json` holds.
        date: the date on the page; today where left out.
    """
    return rendered("calibration.html.j2", calibration_parts(result, date=date))


def calibration_parts(result: Mapping[str, Any], *, date: Date | None = None) -> dict[str, Any]:
    """What the page is filled with, by name."""
    warm_up()
    name = str(result["treatment"])
    parts = block_parts(result)
    known = treatment(name).parameters
    fitted = {p.name for part in parts for p in part.parameters}
    uninformed = [known[key] for key in result.get("uninformed") or () if key in known and key not in fitted]
    limits = content(name).get("limits", ())
    keys = [
        *(key for part in parts for row in part.rows for key in row.source),
        *(key for parameter in uninformed for key in parameter.source),
        *cited({"limits": limits}),
    ]
    first, *rest = answer(parts)
    return shell(
        name,
        keys,
        date,
        title="What the model was fitted to",
        answer=first,
        more=rest,
        parts=parts,
        uninformed=uninformed,
        limits=limits,
        provenance=flat(result.get("made") or {}),
        file=CALIBRATION,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page of a treatment's stored calibration; 0, or 2 where there is none or it cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m anagen.analysis.calibration_page", description="Write the page.")
    parser.add_argument("-o", "--output", type=Path, default=Path("calibration.html"), help="the page to write")
    parser.add_argument("--treatment", default="isotretinoin", help="the drug")
    parser.add_argument("--from", dest="source", type=Path, help="a calibration.json elsewhere")
    given = parser.parse_args(arguments)
    try:
        _write(given.treatment, given.source, given.output)
    except AnagenError as error:
        print(f"anagen: {error}", file=sys.stderr)
        return error.exit_code
    print(f"wrote {given.output}")
    return 0


def _write(name: str, source: Path | None, output: Path) -> None:
    from anagen.files.writing import check_writable, write_text

    check_writable({"--output": output})
    if source is None:
        found = stored(known_treatment(name), CALIBRATION)
    else:
        try:
            found = from_text(source.read_text("utf-8"), f"{source} is no JSON object.")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise InputError(f"--from: cannot read {source}: {reason}", expected="a calibration.json") from None
    if found.table is None:
        raise InputError(found.problem.rstrip("."), expected=f"a {CALIBRATION} that a calibration wrote")
    try:
        page = calibration_page(found.table)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{CALIBRATION} is not whole: {error}", expected="what a calibration writes") from error
    write_text(output, page)


if __name__ == "__main__":
    sys.exit(main())
