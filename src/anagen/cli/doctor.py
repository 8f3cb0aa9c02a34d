"""`anagen doctor`: what this installation is, and whether it works."""

from __future__ import annotations

import sys
import tempfile
import time
from typing import Annotated

import typer

from anagen.errors import AnagenError


def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    import os
    import platform
    from importlib.metadata import version

    facts: dict[str, str] = {
        "anagen": version("anagen"),
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "processors": str(os.cpu_count()),
    }
    facts |= {name: version(name) for name in ("jax", "jaxlib", "numpy", "polars", "altair", "vl-convert-python")}
    checks = {
        name: _checked(check) for name, check in (("engine", _engine), ("pictures", _pictures), ("cache", _cache))
    }
    healthy = all(passed for passed, _ in checks.values())
    if as_json:
        from .output import print_json

        found = {name: {"passed": passed, "detail": detail} for name, (passed, detail) in checks.items()}
        print_json({"facts": facts, "checks": found, "healthy": healthy})
    else:
        for name, fact in facts.items():
            print(f"{name:20} {fact}")
        for name, (passed, detail) in checks.items():
            print(f"{name:20} {'works' if passed else 'FAILS'}: {detail}")
    sys.exit(0 if healthy else 1)


def _checked(check: object) -> tuple[bool, str]:
    assert callable(check)
    started = time.perf_counter()
    try:
        detail = check()
    except (AnagenError, ImportError, OSError, ValueError, RuntimeError) as error:
        return False, f"{type(error).__name__}: {error}"
    return True, f"{detail} ({time.perf_counter() - started:.2f} s)"


def _engine() -> str:
    import jax

    from anagen.patient.patient import Patient
    from anagen.simulation.simulate import simulate

    single = simulate("isotretinoin", "80 mg once with a high-fat meal", Patient(), people=1, weeks=4)
    area = single.exposure["auc_inf_ng_h_per_ml"]
    if abs(area / 10_004 - 1) > 0.005:  # the label's area after 80 mg with a high-fat meal
        raise ValueError(f"80 mg with a high-fat meal gave {area:.0f} ng·h/mL; the label says 10,004")
    return f"80 mg gives {area:,.0f} ng·h/mL, label 10,004, on {jax.devices()[0].platform}"


def _pictures() -> str:
    import vl_convert

    spec = {
        "data": {"values": [{"x": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }
    return f"a drawn chart of {len(vl_convert.vegalite_to_svg(spec)):,} characters"


def _cache() -> str:
    from anagen.compiled.configure import cache_directory

    directory = cache_directory() / "programs"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise OSError(f"{error}; every start compiles anew (set ANAGEN_CACHE_DIR to a folder you may write)") from None
    size = sum(file.stat().st_size for file in directory.iterdir()) / 1e6
    return f"{directory}, {size:.1f} MB"
