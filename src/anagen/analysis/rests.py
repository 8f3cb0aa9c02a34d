"""On what a number rests: said wherever that is an assumption or a claim, and counted for the whole page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.evidence import Trust, weakest
from anagen.patient.parameters import Parameter
from anagen.simulation.result import Simulation
from anagen.treatments.registry import Treatment

SAID = {
    Trust.MEASURED: "measured in people",
    Trust.FITTED: "fitted to measurements in people",
    Trust.CLASS_EFFECT: "seen with a relative of the drug",
    Trust.IN_VITRO: "seen in the laboratory dish",
    Trust.ASSUMED: "assumed: nobody measured it",
    Trust.CLAIMED: "claimed: someone says so, evidence does not support it",
}
HYPOTHESES = "hypotheses."


def series_trust(treatment: Treatment, name: str) -> Trust:
    """The weakest evidence under a series, or under the signal of an outcome; unknown ones count as assumed."""
    table = treatment.series.get(name)
    if table is None:
        table = next((t for t in treatment.series.values() if t.get("signal") == name), {})
    return Trust(table.get("trust", "assumed"))


def rests_on(arm: Simulation, trust: Trust) -> str:
    """The sentence that must stand beside a number, or nothing."""
    trusts = [trust, *(Trust(arm.treatment.hypothesis(name)["status"]) for name in arm.assumed)]
    least = weakest(trusts)
    if arm.assumed:
        names = ", ".join(arm.assumed)
        return f"Rests on {least.value} numbers, and on what was assumed for this page: {names}."
    return f"Rests on {least.value} numbers." if least.must_be_said else ""


def outcome_rests(arm: Simulation, outcome: str) -> str:
    """The same for an outcome."""
    signal = arm.treatment.outcomes[outcome]["series"]
    trust = Trust.FITTED if signal.startswith(("concentration", "metabolite")) else series_trust(arm.treatment, signal)
    return rests_on(arm, trust)


@dataclass(frozen=True)
class Basis:
    """How many numbers the model rests on, by how they were come by; the most important of the weak ones."""

    total: int
    counted: Sequence[tuple[str, int, str]]
    important: Sequence[Parameter]
    unused: int
    all_weak: Sequence[Parameter]


def basis(arm: Simulation, content: Mapping[str, Any]) -> Basis:
    """Walks the parameters; those of hypotheses count only where the hypothesis is switched on."""
    used = [p for p in arm.treatment.parameters.values() if _used(p.name, arm.assumed)]
    counts = Counter(Trust(p.status) for p in used)
    weak = [p for p in used if Trust(p.status).must_be_said]
    named = content.get("important", ())
    switched = [p for p in weak if p.name.startswith(HYPOTHESES)]
    important = [*switched, *(p for name in named for p in weak if p.name == name)]
    return Basis(
        total=len(used),
        counted=[(trust.value, counts[trust], SAID[trust]) for trust in Trust if counts[trust]],
        important=important,
        unused=len(arm.treatment.parameters) - len(used),
        all_weak=weak,
    )


def _used(name: str, assumed: Sequence[str]) -> bool:
    if not name.startswith(HYPOTHESES):
        return True
    return name.removeprefix(HYPOTHESES).split(".")[0].replace("_", "-") in assumed
