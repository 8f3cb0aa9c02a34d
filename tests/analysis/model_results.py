"""Made-up results about a model, of the form that a calibration and a validation write: nothing is computed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

HALF_90 = 1.6448536269514722
FEVER = [90 + 90 * math.exp(-(((day - 110) / 40) ** 2)) for day in range(0, 366, 7)]
QUANTITIES = (
    ("king-1982", "Levels after one dose", "cmax", "Highest level", "80 mg once with a high-fat meal", "ng/mL", 800.0),
    ("farrell-1980", "Skin oil in 14 people", "sebum", "Skin oil at week 12", "0.5 mg/kg once daily", "%", -60.0),
    ("kerr-1982", "High doses", "tg", "Triglycerides above 150 mg/dL", "8 mg/kg once daily", "fraction", 0.3),
    ("lytvyn-2022", "After a fever", "shed", "Hairs shed in a day", "fever on day 0", "hairs/d", 180.0),
    ("colburn-1983-food", "Meals", "ratio", "Fasted to fed", "fasted against fed", "ratio", 0.4),
)


def validation_result(rows: int = 20, known: Sequence[int] = (7, 13), passing: Sequence[int] = ()) -> dict[str, Any]:
    """A validation of `rows` rows; those of the numbers `known` failed before, and `passing` of these pass now."""
    chance = random.Random(3)
    made = [_validated(i, chance.gauss(0, 1), i in known, i in passing) for i in range(rows)]
    fair = [row for row in made if not row["known_failure"]]
    failures = [row for row in made if row["known_failure"]]
    inside = sum(row["inside"] for row in fair)
    return {
        "treatment": "isotretinoin",
        "people_per_study": "the study's own number, at most 64 simulated in each replicate",
        "replicates": 200,
        "rows": made,
        "coverage": {
            "rows": len(fair),
            "inside": inside,
            "share": inside / len(fair) if fair else None,
            "expected": 0.9,
            "p05": 0.78 if fair else None,
            "p95": 1.0 if fair else None,
        },
        "known_failures": {
            "rows": len(failures),
            "still_outside": sum(not row["inside"] for row in failures),
            "now_inside": [f"{row['study']}/{row['row']}" for row in failures if row["inside"]],
        },
        "provenance": {"anagen": "0.1.0", "parameters": "0123456789abcdef", "seed": 1, "files": ["a.toml", "b.toml"]},
    }


def _validated(i: int, off: float, known: bool, passes: bool) -> dict[str, Any]:
    study, about, quantity, title, arm, unit, middle = QUANTITIES[i % len(QUANTITIES)]
    half = 0.25 * abs(middle)
    z = 3.0 if known and not passes else max(-1.6, min(1.6, off)) if i % 6 else 2.5
    course = None
    if quantity == "shed":
        course = {
            "day": list(range(0, 366, 7)),
            "p05": [0.7 * level for level in FEVER],
            "p50": FEVER,
            "p95": [1.5 * level for level in FEVER],
            "observed": [[110, middle + z * half / HALF_90], [200, 100.0]],
        }
    return {
        "study": study,
        "row": f"{quantity}-{i}",
        "kind": quantity,
        "quantity": quantity,
        "title": f"{about}: {title}, part {i}",
        "arm": arm,
        "n": 20 + i,
        "observed": middle + z * half / HALF_90,
        "unit": unit,
        "observed_se": half / 6 if i % 2 else None,
        "predicted_p50": middle,
        "p05": middle - half,
        "p95": middle + half,
        "inside": abs(z) <= HALF_90,
        "z": round(z, 2),
        "known_failure": "The model takes absorption as linear." if known else None,
        "course": course,
        "source": [study, "assumed"] if i % 4 == 0 else [study],
        "assumed": ["what was eaten"] if i % 3 == 0 else [],
    }


def calibration_result(blocks: int = 2) -> dict[str, Any]:
    """A calibration of at most two blocks: four parameters and one of the studies; ten parameters that are alike."""
    return {
        "treatment": "isotretinoin",
        "made": {"seed": 1, "chains": 2, "warmup": 500, "draws": 1000},
        "blocks": [_levels(), _side_effects()][:blocks],
        "uninformed": ["exposure.lag_fasted", "dermatitis.relapse_hazard", "exposure.clearance:between"],
    }


def sensitivity_result() -> dict[str, Any]:
    """A sensitivity analysis of two doses, an outcome of hair and one of skin, and three unknowns."""
    shares = {"shed": (0.1, 0.7, 0.3), "oil": (0.9, 0.05, 0.0)}
    names = ("exposure.clearance", "anagen_exit.susceptibility", "follicles.telogen + follicles.exogen")
    return {
        "treatment": "isotretinoin",
        "parameters": "0123456789abcdef",
        "made": {"seed": 1, "base": 64},
        "kinds": {"unknown": "What nobody knows", "between": "How people differ"},
        "cases": [
            {"name": "low", "title": "5.4 mg daily", "regimen": "5.4 mg once daily with food for 24 weeks"},
            {"name": "usual", "title": "20 mg daily", "regimen": "20 mg once daily with food for 24 weeks"},
        ],
        "outcomes": [
            {"name": "shed", "title": "Extra hairs shed", "unit": "hairs", "group": "hair"},
            {"name": "oil", "title": "Fall of skin oil", "unit": "%", "group": "skin"},
        ],
        "inputs": {"unknown": [{"name": name, "meaning": f"meaning of {name}", "members": []} for name in names]},
        "results": [
            {
                "kind": kind,
                "case": case,
                "outcome": outcome,
                "indices": sorted(
                    (
                        {
                            "input": name,
                            "first": {"value": share, "low": share, "high": share},
                            "total": {"value": share, "low": share - 0.05, "high": share + 0.05},
                        }
                        for name, share in zip(names, found, strict=True)
                    ),
                    key=lambda index: -index["total"]["value"],
                ),
            }
            for kind in ("unknown", "between")
            for case in ("low", "usual")
            for outcome, found in shares.items()
        ]
        + [{"kind": "unknown", "case": "low", "outcome": "oil", "indices": []}],
    }


def _levels() -> dict[str, Any]:
    parameters = [
        _parameter("exposure.clearance", "apparent oral clearance of isotretinoin", "L/h", 8.0, 1.5, 0.8),
        _parameter("exposure.central_volume", "apparent central volume", "L", 25.7, 3.0, 0.4),
        _parameter("exposure.lag_fasted", "delay before absorption, fasted", "h", 0.5, 2.0, 0.03),
        _parameter("exposure.clearance:between", "spread between people: clearance", "SD", 0.35, 1.5, 0.6),
        _parameter("exposure.gain", "how high the laboratory reads", "1", 1.0, 1.2, 0.5) | {"nuisance": True},
    ]
    names = [parameter["name"] for parameter in parameters]
    matrix = [[1.0 if i == j else 0.0 for j in names] for i in names]
    matrix[0][1] = matrix[1][0] = 0.72
    matrix[2][0] = matrix[0][2] = -0.1
    values = (("auc", "ng h/mL", 10004.0, 0.1), ("auc", "ng h/mL", 3703.0, -0.4), ("cmax", "ng/mL", 862.0, 2.4))
    return {
        "name": "exposure",
        "title": "Levels in the blood",
        "divergences": 0,
        "parameters": parameters,
        "correlation": {"names": names, "matrix": matrix},
        "between_study": {"auc": {"p05": 0.02, "p50": 0.1, "p95": 0.3}},
        "rows": [_row(i, "us-label-2024", f"Label, {o} {i}", o, u, v, z) for i, (o, u, v, z) in enumerate(values)],
    }


def _side_effects() -> dict[str, Any]:
    parameters = [
        _parameter(f"side_effects.p{k}", f"odds of effect {k}", "1", 3.0, 6.0, 0.1 * k, "linear") for k in range(10)
    ]
    rows = [_row(i, "rademaker-2010", f"Dry lips {i}", "cheilitis", "share", 0.2 + 0.05 * i, 0.3) for i in range(12)]
    return {
        "name": "side_effects",
        "title": "Side effects",
        "divergences": 2,
        "parameters": parameters,
        "correlation": {"names": [parameters[0]["name"]], "matrix": [[1.0]]},
        "between_study": {},
        "rows": [rows[0] | {"limit": "at most", "se_assumed": True, "note": "up to"}, *rows[1:]],
    }


def _parameter(
    name: str, meaning: str, unit: str, median: float, factor: float, contraction: float, scale: str = "log"
) -> dict[str, Any]:
    left = factor ** (1 - contraction)
    return {
        "name": name,
        "meaning": meaning,
        "unit": unit,
        "scale": scale,
        "nuisance": False,
        "prior": {"median": median, "lower": median / factor, "upper": median * factor},
        "posterior": {"median": median, "lower": median / left, "upper": median * left},
        "written": median,
        "contraction": contraction,
        "informed": contraction >= 0.1,
        "rhat": 1.002,
        "ess": 812,
        "source": [],
    }


def _row(i: int, study: str, title: str, outcome: str, unit: str, value: float, z: float) -> dict[str, Any]:
    fitted = value * (1 - 0.05 * z)
    return {
        "id": f"{outcome}-{i}",
        "study": study,
        "title": title,
        "dose": "80 mg once with a high-fat meal",
        "meal": "high-fat",
        "meal_assumed": i % 2 == 0,
        "time_weeks": 4.0 * (i % 3),
        "outcome": outcome,
        "unit": unit,
        "n": 20 + i,
        "observed": value,
        "lower": 0.9 * value,
        "upper": 1.1 * value,
        "limit": None,
        "fitted": {"p05": 0.9 * fitted, "p50": fitted, "p95": 1.1 * fitted},
        "z": z,
        "source": [study],
    }
