"""Whether predictions hold as often as they say: the sentence on coverage, and known failures that pass now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anagen.analysis.numbers import listed

EXPECTED = 0.9


def coverage_sentences(result: Mapping[str, Any]) -> list[str]:
    """What is to be said first of a validation, from its JSON alone."""
    found = result["coverage"]
    rows, inside = int(found["rows"]), int(found["inside"])
    if not rows:
        return ["There are no results to compare the model with."]
    expected = round(100 * float(found.get("expected", EXPECTED)))
    share = round(100 * inside / rows)
    said = [
        f"Of {rows} result{'s' if rows != 1 else ''} of studies that the model was not fitted to, {inside} "
        f"({share}\u202f%) lie{'s' if inside == 1 else ''} in the range where the model expects {expected} of 100."
    ]
    low, high = found.get("p05"), found.get("p95")
    if low is not None and high is not None:
        lowest, highest = (value * rows if high <= 1 and rows > 1 else value for value in (low, high))
        ends = [round(lowest), round(highest)]
        between = f"{ends[0]} to {ends[1]}" if ends[0] != ends[1] else str(ends[0])
        if inside < ends[0]:
            verdict = "too few do: some ranges are too narrow, or in the wrong place"
        elif inside > ends[1]:
            verdict = "more do than should: the ranges may be too wide"
        else:
            verdict = "the count is as it should be"
        said.append(f"If all ranges were right, chance alone would put {between} of {rows} inside; {verdict}.")
    return [*said, *bound_sentences(result), *known_sentences(result)]


def bound_sentences(result: Mapping[str, Any]) -> list[str]:
    """What became of results that only give a bound, which do not count in the coverage."""
    found = result.get("bounds") or {}
    rows, inside = int(found.get("rows", 0)), int(found.get("inside", 0))
    if not rows:
        return []
    which = (
        "1 more result says only “at least” or “at most”"
        if rows == 1
        else f"{rows} more results say only “at least” or “at most”"
    )
    agrees = (
        ("the model agrees" if inside else "the model does not agree")
        if rows == 1
        else f"the model agrees with {inside}"
    )
    return [f"{which}; {agrees}. Such a result tells little, so it is not counted."]


def known_sentences(result: Mapping[str, Any]) -> list[str]:
    """What became of the failures that were known before."""
    found = result.get("known_failures") or {}
    rows, still, now = (
        int(found.get("rows", 0)),
        int(found.get("still_outside", 0)),
        list(found.get("now_inside") or ()),
    )
    if not rows:
        return []
    one = rows == 1
    others = int(result["coverage"]["rows"]) + int((result.get("bounds") or {}).get("rows", 0))
    apart = others + rows == len(result["rows"])
    said = [
        f"{rows} {'more' if apart else 'of them'} {'is a failure' if one else 'are failures'} known before; "
        + (
            f"{'it is' if one else 'all are'} still outside."
            if still == rows
            else f"{still} of {rows} are still outside."
        )
    ]
    if now:
        names = listed([str(name) for name in now])
        said.append(f"Known failures that now lie inside, and so need a look: {names}.")
    return said


def now_inside(result: Mapping[str, Any]) -> list[str]:
    """Known failures that silently pass now: names of rows, as in the JSON."""
    return [str(name) for name in (result.get("known_failures") or {}).get("now_inside") or ()]
