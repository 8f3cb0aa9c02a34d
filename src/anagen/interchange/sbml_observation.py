"""What is counted, in SBML: expected counts in a comb, a wash and a pull."""

from __future__ import annotations

from anagen.mechanisms.observation import Observation

from .sbml_model import Model


def write_observation(model: Model, block: Observation) -> None:
    """Counts as rules of the day's sheds and of exogen."""
    for name in ("comb", "wash"):
        capture = float(getattr(block, f"{name}_capture"))
        model.constant(f"{name}_capture", capture, "d", f"Share of the day's sheds in a {name}")
        shown = "comb_count_60s" if name == "comb" else "wash_count"
        model.shown(shown, f"{name}_capture * shed_per_day", "hairs", f"Hairs expected in a {name}")
    model.constant("pull_hairs", float(block.pull_hairs), "hairs", "Hairs pulled at")
    hundred = f"100 {model.unit('%')}"
    model.shown("pull_test_count", f"pull_hairs * exogen_percent / ({hundred})", "hairs", "Hairs that come with a pull")
