"""What a fit gives: the verdict, probabilities, the unknowns, other courses, and scores; as objects and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from anagen.safety import pregnancy_notice
from anagen.treatments.registry import Treatment

from .causality import Causality
from .chains import Chains
from .forecast import Forecast
from .hypotheses import CLASSES, Thresholds
from .record import Record
from .verdict import SURE, WRONG, Verdict

ASSUMED = (
    "The person was in a steady state when the record began, save for an unrecorded trigger up to 150 days before.",
    "The doses of a day are taken together at 08:00; the power of the level is held at 0.6.",
    "Pattern loss grows over two years; seasons are not in the model.",
    "Base rates, dispersion and the size of triggers are assumed (priors.toml).",
)


@dataclass(frozen=True)
class Fit:
    """A record fitted. For clinicians and research only.

    `verdict` says a class or "cannot tell"; `unknowns` (name -> unit, p05, p50, p95); `forecast` and `chains` where
    asked for; `causality` where the drug was taken; `laplace` by class, the log likelihood by the Gaussian alone.
    """

    treatment: Treatment
    record: Record
    verdict: Verdict
    unknowns: Mapping[str, Mapping[str, Any]]
    thresholds: Thresholds
    laplace: Mapping[str, float]
    probability: Mapping[str, float]
    anticipated: Mapping[str, float]
    forecast: Forecast | None
    causality: Causality | None
    chains: Chains | None
    provenance: Mapping[str, Any]

    @property
    def safety(self) -> tuple[Mapping[str, str], ...]:
        """The pregnancy box, which stands first wherever a dose is named."""
        return (pregnancy_notice(self.treatment.name),)

    @property
    def drug_takes_part(self) -> float:
        """Probability, with base rates, that the drug raised shedding by half or more, alone or with something else."""
        return sum(value for name, value in self.probability.items() if "drug" in name or name == "anagen")

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        says = self.verdict
        return {
            "mode": "clinician",
            "safety": [dict(notice) for notice in self.safety],
            "verdict": {
                "says": says.says,
                "in_words": says.in_words,
                "reasons": list(says.reasons),
                "remaining": list(says.remaining),
                "wrong_at_most": WRONG,
                "least_probability": SURE,
            },
            "classes": {
                name: {
                    "in_words": CLASSES[name],
                    "probability": self.probability[name],
                    "anticipated": self.anticipated[name],
                    "log_likelihood": self.laplace[name],
                }
                for name in self.probability
            },
            "drug_takes_part": self.drug_takes_part,
            "unknowns": {name: dict(row) for name, row in self.unknowns.items()},
            "forecast": _forecast(self.forecast),
            "causality": asdict(self.causality) if self.causality else None,
            "chains": _chains(self.chains),
            "record": {
                "counts": len(self.record.counts),
                "days": self.record.last - self.record.first,
                "left_out": list(self.record.left_out),
            },
            "assumed": list(ASSUMED),
            "provenance": dict(self.provenance),
        }


def _forecast(found: Forecast | None) -> dict[str, Any] | None:
    if found is None:
        return None
    groups = {
        name: {
            "doses": group.doses,
            "unit": "hairs of one count",
            **{what: getattr(group, what).tolist() for what in ("day", "p05", "p50", "p95")},
        }
        for name, group in found.groups.items()
    }
    three = {what: dict(zip(("p05", "p50", "p95"), getattr(found, what), strict=True)) for what in _THREE}
    return {"method": found.method, "groups": groups, "last_four_weeks": three}


_THREE = ("with_drug", "without_drug", "difference")


def _chains(found: Chains | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "class": found.name,
        "chains": found.z.shape[0],
        "draws": found.z.shape[1],
        "rhat": found.rhat,
        "ess": found.ess,
        "divergences": found.divergences,
    }
