"""The verb of this room: fit the model to one person's record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, get_args

from anagen.errors import InputError, unknown
from anagen.simulation.provenance import provenance
from anagen.simulation.result import Mode
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .causality import causality
from .chains import chains as sample
from .forecast import forecast as other_courses
from .judged import judged
from .laplace import laplace
from .posterior import summary
from .prepared import prepared
from .record import Record
from .result import Fit

if TYPE_CHECKING:
    from anagen.diary.entries import Entry

PREPARED, FOUND, JUDGED = 0.2, 0.85, 0.9
"""Shares of the time at which a fit is so far, as measured, without chains."""


def fit(
    record: Record | Iterable[Entry],
    *,
    treatment: str | Treatment = "isotretinoin",
    mode: Mode = "reader",
    forecast: bool = True,
    chains: bool = False,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Fit:
    """Which effluvium a record shows, what it says of the person, and how sure that is. Clinicians and research only.

    Args:
        record: a `Record`, or the entries of a diary.
        treatment: the drug of the doses.
        mode: must be "clinician": naming causes from a person's record is not for readers.
        forecast: also the counterfactual and the groups that continue, halve or stop.
        chains: also sample the posterior of the likeliest class (NUTS).
        seed: of chains and of the people in forecasts.
        progress: called with about the share done, 0 to 1; what it raises ends the fit.

    Raises:
        InputError: reader mode; a record without counts, too long, or with a value that cannot be.
        PregnancyStop: the record says that the person is pregnant.
        ChainsError: chains that do not agree.

    >>> from anagen.inference.record import Count, Record
    >>> few = Record(counts=[Count(7 * i, 10, "comb") for i in range(4)])
    >>> fit(few, mode="clinician", forecast=False).verdict.says
    'cannot tell'
    """
    clinicians_only(mode)
    drug = treatment if isinstance(treatment, Treatment) else find_treatment(treatment)
    if not isinstance(record, Record):
        from .from_diary import record_of

        record = record_of(record)
    tell = progress or (lambda share: None)
    ready = prepared(drug, record)
    tell(PREPARED)
    found = laplace(ready.data, ready.classes.parts)
    tell(FOUND)
    says = judged(ready, found)
    tell(JUDGED)
    likeliest = max(says.probability, key=lambda name: says.probability[name])
    courses = other_courses(ready, says.drawn, seed=seed) if forecast else None
    sampled = sample(ready, found, likeliest, seed=seed) if chains else None
    tell(1.0)
    return Fit(
        treatment=drug,
        record=record,
        verdict=says.verdict,
        unknowns=summary(ready, says.drawn),
        thresholds=ready.classes.thresholds,
        laplace=says.likelihood,
        probability=says.probability,
        anticipated=ready.classes.anticipated,
        forecast=courses,
        causality=causality(record),
        chains=sampled,
        provenance=provenance(
            drug, [], seed=seed, people=1, weeks=ready.time.size // 7, tile=1, spread="both", assumed=(), daily=True
        ),
    )


def clinicians_only(mode: str) -> None:
    """Refuse reader mode.

    Raises:
        InputError: in reader mode, or for an unknown one.
    """
    if mode not in get_args(Mode):
        raise unknown("mode", mode, get_args(Mode))
    if mode != "clinician":
        raise InputError(
            "fit weighs the explanations of one person's record: it is for clinicians and research, not for readers",
            expected="--mode clinician, where a clinician reads the result; `anagen diary report` describes the record",
        )
