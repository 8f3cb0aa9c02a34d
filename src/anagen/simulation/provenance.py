"""What a run was: enough to repeat it from its own output."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import Any

from anagen.treatments.registry import Treatment

from .run import precision_of

version = cache(metadata.version)


def provenance(
    treatment: Treatment,
    regimens: Sequence[str],
    *,
    seed: int,
    people: int,
    weeks: int,
    tile: int,
    spread: str,
    assumed: Sequence[str],
    daily: bool = False,
    first_person: int = 0,
) -> Mapping[str, Any]:
    """Versions, parameter hash, seed, numbers, platform, switches."""
    return {
        "anagen": version("anagen"),
        "jax": version("jax"),
        "numpy": version("numpy"),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "precision": precision_of(tile),
        "treatment": treatment.name,
        "parameters": treatment.parameter_hash(),
        "regimens": list(regimens),
        "seed": seed,
        "people": people,
        "weeks": weeks,
        "tile": tile,
        "spread": spread,
        "assumed": list(assumed),
        **({"daily": True} if daily else {}),
        **({"first_person": first_person} if first_person else {}),
    }
