"""`python -m calibration`: fit all blocks, or some, and write what they say.

`--quick` draws little and writes nothing. `--to FOLDER` writes there instead of into the treatment's folder (whose
parameters.toml is then copied first).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jax

from anagen.compiled.configure import cache_directory, one_thread
from anagen.errors import AnagenError
from anagen.patient.parameters import read_parameters

from .blocks import BLOCKS, known_block
from .fit import QUICK, Effort, Fit
from .report import changes, record, table, uninformed
from .rows import read_rows
from .work import fits_of
from .write import changed, write_whole

TREATMENT = "isotretinoin"
HOME = Path(__file__).parents[1] / "src" / "anagen" / "treatments" / TREATMENT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    asked = _arguments().parse_args(arguments)
    try:
        effort, to = (QUICK, None) if asked.quick else (Effort(), asked.to)
        calibrate(asked.block or BLOCKS, effort, to, asked.jobs)
    except AnagenError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m calibration", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--block", action="append", metavar="NAME", help=f"only this one (again for more): {', '.join(BLOCKS)}"
    )
    parser.add_argument("--quick", action="store_true", help="few draws, writes nothing")
    parser.add_argument(
        "--to", type=Path, default=HOME, metavar="FOLDER", help="where to write (default: the treatment)"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="blocks fitted at a time (default 2)")
    return parser


def calibrate(names: Sequence[str], effort: Effort, to: Path | None, jobs: int = 1) -> list[Fit]:
    """Fit blocks by name, `jobs` at a time, and write them to a folder, all at once after the last; None writes
    nothing."""
    for name in names:
        read_rows(known_block(name))  # all are read before the first fit
    fits = []
    for number, (found, seconds) in enumerate(fits_of(names, effort, jobs), 1):
        fits.append(found)
        _say(f"{number} of {len(names)}: {table(found)}\n  {seconds:.0f} s")
    if to is not None:
        write_whole(files(fits, effort, to))
        _say(f"written: {to / 'parameters.toml'}, {to / 'calibration.json'}")
    return fits


def files(fits: Sequence[Fit], effort: Effort, to: Path) -> Mapping[Path, str]:
    """The two files with their texts. Blocks that were not fitted now stay as they are in calibration.json."""
    parameters, kept = to / "parameters.toml", to / "calibration.json"
    text = (parameters if parameters.is_file() else HOME / "parameters.toml").read_text("utf-8")
    known = read_parameters(text)
    text = changed(text, [change for one in fits for change in changes(one, known)])
    known = read_parameters(text)  # also shows that it can be read
    earlier = json.loads(kept.read_text("utf-8"))["blocks"] if kept.is_file() else []
    blocks: dict[str, Any] = {block["name"]: block for block in earlier} | {
        f.block.name: record(f, known) for f in fits
    }
    ordered = [blocks[name] for name in BLOCKS if name in blocks]
    whole = {
        "treatment": TREATMENT,
        "made": {"seed": effort.seed, "chains": effort.chains, "warmup": effort.warmup, "draws": effort.draws},
        "blocks": ordered,
        "uninformed": uninformed(ordered, known),
    }
    return {parameters: text, kept: json.dumps(whole, ensure_ascii=False, indent=1) + "\n"}


def _say(text: str) -> None:
    print(text, flush=True)


def _begin() -> None:
    """Set up this process and those that it will start: the same numbers on any number of processors, and what is
    compiled (half of a run) kept for the next."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(cache_directory() / "calibration")
    jax.config.update("jax_platforms", os.environ["JAX_PLATFORMS"])
    jax.config.update("jax_compilation_cache_dir", os.environ["JAX_COMPILATION_CACHE_DIR"])
    one_thread()


if __name__ == "__main__":
    _begin()
    sys.exit(main())
