"""`python -m anagen.sensitivity`: analyse a treatment as its `sensitivity.toml` says, and keep `sensitivity.json`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from anagen.errors import AnagenError
from anagen.files.writing import check_writable, write_text
from anagen.treatments.registry import treatment as find_treatment

from .analyse import analyse
from .plan import read_plan

KEPT = "sensitivity.json"


def main(arguments: list[str] | None = None) -> None:
    """Run the analysis; progress on the error stream."""
    parser = argparse.ArgumentParser(prog="python -m anagen.sensitivity", description=__doc__)
    parser.add_argument("treatment", nargs="?", default="isotretinoin")
    parser.add_argument("-o", "--output", type=Path, help="where to write; in the treatment's folder where left out")
    given = parser.parse_args(arguments)
    try:
        drug = find_treatment(given.treatment)
        place = given.output or Path(drug.model.__file__).parent / KEPT
        check_writable({"--output": place})
        result = analyse(read_plan(drug), _say)
        write_text(place, json.dumps(result, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    except AnagenError as error:
        print(f"anagen: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("\nanagen: stopped; nothing was written.", file=sys.stderr)
        sys.exit(130)
    print(f"\nWritten: {place}", file=sys.stderr)


def _say(what: str, share: float) -> None:
    end = "\r" if sys.stderr.isatty() and share < 1 else "\n"
    if end == "\n" and share < 1:
        return
    print(f"{what}: {share:4.0%}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
