"""Model numbers that were computed before: shipped with the program, or kept on this machine; used only while nothing
that they depend on has changed. Reading them loads no engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.fingerprint import folder_digest

from .spec import FILE, ModelNumber, specs

if TYPE_CHECKING:
    from anagen.treatments.registry import Treatment

SHIPPED = "numbers.json"
CODE = (
    *("mechanisms", "patient", "regimen", "compiled", "simulation", "treatments/contract.py", "analysis/computed"),
    *("analysis/effluvia/courses.py", "analysis/effluvia/features.py"),
    *("analysis/numbers.py", "analysis/charts/units.py", "analysis/charts/regimens.py"),
)
"""Rooms and files that make the numbers, or write them out."""
DATA = ("parameters.toml", "outcomes.toml", "supplements.toml", "hypotheses.toml", FILE)
PEOPLE = 1000
FEWER_PEOPLE = 127
"""With hypotheses assumed, numbers are computed while the reader waits: with fewer people, as is said beside them."""


@lru_cache(maxsize=8)
def fingerprint(treatment: str) -> str:
    """A hash of everything that the numbers of a treatment, as shipped, depend on."""
    package = Path(__file__).parents[2]
    folder = Path(str(resources.files(f"anagen.treatments.{treatment}")))
    parts = [folder_digest(package / place) for place in CODE] + [folder_digest(folder, names=DATA)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


@cache
def shipped(treatment: str) -> Mapping[str, ModelNumber]:
    """The numbers that came with the program, without any hypothesis; none where something has changed since.

    >>> shipped("isotretinoin")["base-rate"].people
    0
    """
    file = resources.files(f"anagen.treatments.{treatment}").joinpath(SHIPPED)
    return _read(file.read_text("utf-8"), fingerprint(treatment)) if file.is_file() else {}


def numbers(
    treatment: Treatment, assumed: tuple[str, ...] = (), progress: Callable[[float], None] | None = None
) -> Mapping[str, ModelNumber]:
    """All model numbers of a treatment: as shipped or kept where nothing has changed, else computed now.

    Args:
        treatment: what `treatment()` gave; one that was altered is always computed.
        assumed: hypotheses that act on all of them.
        progress: called with the share done, 0 to 1, where they are computed.
    """
    from anagen.simulation import kept
    from anagen.treatments.registry import treatment as find_treatment

    stock = treatment.name in _names() and find_treatment(treatment.name) is treatment
    if stock and not assumed and (found := shipped(treatment.name)):
        return found
    people = FEWER_PEOPLE if assumed or not stock else PEOPLE
    key = f"{fingerprint(treatment.name)}-{people}-{'+'.join(sorted(assumed))}" if stock else ""
    if stock and (found := kept.read("numbers", key)):
        return _numbers(found)
    made = compute_all(treatment, assumed, people, progress)
    if stock:
        kept.keep("numbers", key, {name: number.to_json() for name, number in made.items()})
    return made


def compute_all(
    treatment: Treatment,
    assumed: tuple[str, ...] = (),
    people: int = PEOPLE,
    progress: Callable[[float], None] | None = None,
) -> Mapping[str, ModelNumber]:
    """All model numbers of a treatment, computed now."""
    from .functions import compute
    from .runs import Runs

    runs = Runs(treatment, people=people, assumed=assumed)
    wanted = specs(treatment.name)
    made: dict[str, ModelNumber] = {}
    for name, spec in wanted.items():
        made[name] = compute(name, spec, runs)
        if progress:
            progress(len(made) / len(wanted))
    return made


def to_text(key: str, made: Mapping[str, ModelNumber]) -> str:
    """The file's text: what the numbers depend on, and the numbers to six digits."""
    tables = {name: number.to_json() for name, number in made.items()}
    return json.dumps({"fingerprint": key, "numbers": _rounded(tables)}, ensure_ascii=False, indent=1) + "\n"


def _read(text: str, key: str) -> Mapping[str, ModelNumber]:
    try:
        table = json.loads(text)
        return _numbers(table["numbers"]) if table["fingerprint"] == key else {}
    except (ValueError, KeyError, TypeError):  # a damaged file is as good as none
        return {}


def _numbers(table: Mapping[str, Any]) -> Mapping[str, ModelNumber]:
    return {name: ModelNumber.from_json(number) for name, number in table.items()}


def _names() -> tuple[str, ...]:
    from anagen.treatments.registry import treatment_names

    return treatment_names()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
