"""Compares the outputs that the workers kept with the reference solution; prints one JSON object.

python -m benchmarks.reference.judge all:a.npy four:b.npy ...    the variant of the people, and the file
"""

from __future__ import annotations

import json
import sys
from functools import cache

import numpy as np

from . import exact, model


def judge(variant: str, file: str) -> dict[str, float]:
    """`error` and `drug_found` of the outputs `(days, 8, people)` in `file`."""
    found = np.load(file)
    truth = _truth(variant, found.shape[2])
    return {"error": exact.error(found, truth), "drug_found": exact.drug_found(found, truth)}


@cache
def _truth(variant: str, people: int) -> model.Array:
    return exact.exact(model.random_people(people, variant=variant), model.constant_doses(people))


if __name__ == "__main__":
    print(json.dumps({name: judge(*name.split(":", 1)) for name in sys.argv[1:]}))
