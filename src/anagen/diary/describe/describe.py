"""`describe`: all that a record shows, as numbers with intervals. Page, terminal and JSON are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, get_args

from anagen.diary.entries import Entry
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.errors import unknown
from anagen.patient.patient import Patient
from anagen.safety import notices, pregnancy_notice
from anagen.simulation.result import Mode, Simulation
from anagen.treatments.registry import treatment

from .change import Baseline
from .counted import Counted, counted
from .counts import Counts
from .doses import DRUG, Doses, doses_of, weights_of
from .group import LabSeen, LevelSeen, labs_seen, levels_seen, simulated
from .more import Needed, baseline_needed, counts_needed
from .rule import standard_false_alarms
from .scatter import Scatter
from .timeline import Happened, timeline

PEOPLE = 1000


@dataclass(frozen=True, eq=False)
class Description(Counted):
    """What the record shows: the counts, and all else. Parts are None where the diary cannot say, and `why` tells the
    reason, by part."""

    today: date
    mode: Mode
    entries: tuple[Entry, ...]
    safety: tuple[Mapping[str, str], ...]
    patient: Patient
    rise: date | None
    standard: tuple[float, float] | None
    needed: Needed | None
    baseline_wanted: int | None
    doses: Doses | None
    result: Simulation | None
    labs: tuple[LabSeen, ...]
    levels: tuple[LevelSeen, ...]
    happened: tuple[Happened, ...]
    why: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """What `anagen diary report --json` prints, without the sentences; the person's own words are left out."""
        counts = self.counts
        return {
            "mode": self.mode,
            "safety": [dict(notice) for notice in self.safety],
            "today": self.today.isoformat(),
            "first_dose": self.first.isoformat() if self.first else None,
            "entries": len(self.entries),
            "counts": _plain(
                {
                    "method": counts.method,
                    "unit": counts.unit,
                    "number": int(counts.hairs.size),
                    "left_out": counts.left_out,
                    "phi": self.scatter.phi if self.scatter else None,
                    "phi_assumed": self.scatter.assumed if self.scatter else None,
                    "baseline": asdict(self.baseline) if self.baseline else None,
                    "weeks": [asdict(week) for week in self.weeks],
                    "latest": asdict(self.latest) if self.latest else None,
                    "rule": asdict(self.rule) if self.rule else None,
                    "rise_since": self.rise,
                    "more": asdict(self.needed) if self.needed else None,
                }
                if counts
                else None
            ),
            "doses": _plain(asdict(self.doses) if self.doses else None),
            "exposure": {name: float(f"{value:.4g}") for name, value in self.result.exposure.items()}
            if self.result
            else {},
            "labs": [_plain(asdict(lab)) for lab in self.labs],
            "levels": [_plain(asdict(level)) for level in self.levels],
            "timeline": [_plain(asdict(one)) for one in self.happened],
            "cannot_say": dict(self.why),
            "provenance": dict(self.result.provenance) if self.result else {},
        }


def describe(
    entries: Iterable[Entry],
    patient: Patient | None = None,
    *,
    today: date | None = None,
    method: str | None = None,
    mode: Mode = "reader",
    people: int = PEOPLE,
) -> Description:
    """Describe a record.

    Args:
        entries: of a diary, in any order.
        patient: who it is; with the weight of the diary where it has one. A typical adult where left out.
        today: the day of the report; entries after it are left out.
        method: the counts that are described; those of which there are most where left out.
        mode: "reader" or "clinician"; stamped on what is made of it.
        people: simulated people beside whom doses and laboratory values are shown.

    Raises:
        PregnancyStop: the record says that the person is pregnant.
        InputError: an unknown method or mode, or doses that cannot be simulated.
    """
    listed = sorted(entries, key=lambda entry: entry.at)
    stop_if_pregnant(listed)
    if mode not in get_args(Mode):
        raise unknown("mode", mode, get_args(Mode))
    today = today or date.today()
    listed = [entry for entry in listed if entry.day <= today]
    patient = _weighed(patient or Patient(), listed)
    why: dict[str, str] = {}
    seen = counted(listed, today, method)
    first, counts, scatter, baseline, rule = seen.first, seen.counts, seen.scatter, seen.baseline, seen.rule
    if counts is None:
        why["counts"] = "No counts of shed hairs that can be compared are in the diary."
    elif baseline is None:
        before = int(counts.before.sum())
        why["change"] = (
            f"No baseline, no change since the start: {before} {'count' if before == 1 else 'counts'} from before the "
            "first dose, at least 3 are needed. Nothing can make up for that later."
        )
    elif first is None:
        why["change"] = "No dose was written as taken yet: all counts so far are the baseline."
    elif not counts.after.any():
        why["change"] = "There are no counts from after the first dose yet."
    if scatter is not None and scatter.assumed:
        why["phi"] = f"Too few counts to say how far they scatter: a value of {scatter.phi:g} is assumed."
    rise = first + timedelta(days=7 * (rule.since - 1)) if rule and rule.since and first else None
    result = simulated(listed, patient, today, people=people, mode=mode)
    if result is None:
        why["doses"] = "No dose was written as taken: nothing was simulated."
    safety = result.safety if result else notices(treatment(DRUG), None, patient, ())
    if not any(notice["id"] == "pregnancy" for notice in safety):
        safety = (pregnancy_notice(), *safety)
    return Description(
        **vars(seen),
        today=today,
        mode=mode,
        entries=tuple(listed),
        safety=tuple(safety),
        patient=patient,
        rise=rise,
        standard=standard_false_alarms(scatter.phi) if scatter else None,
        needed=_needed(counts, scatter, baseline),
        baseline_wanted=baseline_needed(baseline.rate, scatter.phi) if baseline and scatter else None,
        doses=doses_of(listed),
        result=result,
        labs=labs_seen(listed, result, first),
        levels=levels_seen(listed, result, first),
        happened=timeline(listed, rise),
        why=why,
    )


def _needed(counts: Counts | None, scatter: Scatter | None, baseline: Baseline | None) -> Needed | None:
    if counts is None or scatter is None or baseline is None:
        return None
    over = float(counts.exposure[counts.before].mean())
    return counts_needed(baseline.rate * over, scatter.phi, baseline.counts, int(counts.after.sum()))


def _weighed(patient: Patient, entries: Sequence[Entry]) -> Patient:
    """The patient with the newest weight of the diary, where it has one."""
    from dataclasses import replace

    weights = weights_of(entries)
    return replace(patient, weight_kg=weights[-1][1]) if weights else patient


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(f"{value:.6g}") if isinstance(value, float) else value
