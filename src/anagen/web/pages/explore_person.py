"""The person and the run of the explorer's form: what each field shows, and one line of what is set in each group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anagen.treatments.registry import Treatment

USUAL = {
    "weight": "70",
    "height": "",
    "age": "30",
    "sex": "female",
    "seborrheic-dermatitis": "none",
    "pattern-hair-loss": "",
    "ferritin": "",
    "weeks": "",
    "people": "1000",
    "seed": "1",
    "spread": "both",
}
SPREADS = {
    "both": "people differ, and nobody knows the numbers exactly",
    "between": "only how people differ",
    "unknown": "only what nobody knows exactly",
}
EVENTS = {"": "nothing", "fever": "fever", "surgery": "surgery", "crash-diet": "crash diet"}


@dataclass(frozen=True)
class Person:
    """Fields as they were written, right or wrong; `several` are those that may be said more than once."""

    fields: dict[str, str]
    several: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Person:
        """From the pairs of a link.

        >>> Person.of([("weight", "82"), ("sex", "male")]).line
        'male, 30 years, 82 kg'
        """
        pairs = list(pairs)
        fields = {
            name: next((v for k, v in reversed(pairs) if k == name and v), usual) for name, usual in USUAL.items()
        }
        names = ("supplement", "event", "assume")
        return cls(fields, {name: tuple(v for k, v in pairs if k == name) for name in names})

    @property
    def line(self) -> str:
        """Who it is."""
        f = self.fields
        said = [f["sex"], f"{f['age']} years", f"{f['weight']} kg"]
        said += [f"{f['height']} cm"] if f["height"] else []
        said += [f"{f['seborrheic-dermatitis']} dermatitis"] if f["seborrheic-dermatitis"] != "none" else []
        said += ["pattern hair loss"] if f["pattern-hair-loss"] else []
        said += [f"ferritin {f['ferritin']} µg/L"] if f["ferritin"] else []
        return ", ".join(said)

    @property
    def events(self) -> list[tuple[str, str]]:
        """Kind and day of each event, and an empty row to fill."""
        return [(kind, day) for kind, _, day in (text.partition("@") for text in self.several["event"])] + [("", "")]

    @property
    def events_line(self) -> str:
        """What happened."""
        said = [f"{EVENTS.get(kind, kind)} on day {day}" for kind, day in self.events if kind]
        return ", ".join(said) or "nothing"

    def supplements_line(self, treatment: Treatment) -> str:
        """What is taken besides."""
        known = treatment.supplements
        return ", ".join(known[n]["title"] if n in known else n for n in self.several["supplement"]) or "none"

    def assumed_line(self, treatment: Treatment) -> str:
        """What is assumed."""
        known = treatment.hypotheses
        return "; ".join(known[n]["title"] if n in known else n for n in self.several["assume"]) or "none"

    @property
    def run_line(self) -> str:
        """How it is simulated."""
        f = self.fields
        people = f"{int(f['people']):,}" if f["people"].isdecimal() and len(f["people"]) < 10 else f["people"]
        weeks = f"{f['weeks']} weeks" if f["weeks"] else "course and 28 weeks after"
        said = [f"{people} people", weeks]
        said += [f"seed {f['seed']}"] if f["seed"] != USUAL["seed"] else []
        said += [SPREADS.get(f["spread"], f["spread"])] if f["spread"] != USUAL["spread"] else []
        return ", ".join(said)
