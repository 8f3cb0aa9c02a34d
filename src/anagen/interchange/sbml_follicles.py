"""The chain of follicles in SBML: 26 states as rate rules, continuous in time, with what hairs carry and what is seen.

The engine steps this chain day by day to second order; here it is the chain itself. Two things are delays, and SBML
has no delay that simulators agree on: hairs are visible after some days, and stop being counted longer at the cap.
Both are rings of daily births (`sbml_rings`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from anagen.errors import InputError
from anagen.mechanisms.follicles import Follicles
from anagen.mechanisms.pools import ANAGEN, CATAGEN, EXOGEN, KENOGEN, TELOGEN

from .sbml_exit import EXIT
from .sbml_model import Model
from .sbml_rings import write_capped, write_unseen

RESTING = (
    *(("catagen", i) for i in range(1, CATAGEN + 1)),
    *(("telogen", i) for i in range(1, TELOGEN + 1)),
    *(("exogen", i) for i in range(1, EXOGEN + 1)),
)
GROWING = tuple(f"anagen_{i}" for i in range(1, ANAGEN + 1))


@dataclass(frozen=True)
class Steady:
    """The chain in balance under an exit of 1 or more: daily `births`, and by stage hairs, lengths (d) and the young
    (below the cap); `extra`, early exit in 1/d; `onward`, 1/d, of anagen and of the resting stages."""

    births: float
    extra: float
    onward: tuple[float, ...]
    hairs: tuple[float, ...]
    kenogen: float
    young: tuple[float, ...]
    length: tuple[float, ...]

    @classmethod
    def of(cls, block: Follicles, exit_multiplier: float) -> Steady:
        """By Little's law: what a stage holds is what flows through it times how long it stays."""
        extra = max(exit_multiplier - 1, 0.0) / float(block.anagen)
        onward = (
            *(ANAGEN / float(block.anagen),) * ANAGEN,
            *(CATAGEN / float(block.catagen),) * CATAGEN,
            *(TELOGEN / float(block.telogen),) * TELOGEN,
            *(EXOGEN / float(block.exogen),) * EXOGEN,
        )
        young = _young(onward[0], extra, block.cap)
        hairs, length = [1 / (onward[0] + extra)], [young[0] / (onward[0] + extra)]
        for i in range(1, ANAGEN):
            hairs.append(hairs[-1] * onward[i - 1] / (onward[i] + extra))
            length.append((young[i] + onward[i - 1] * length[-1]) / (onward[i] + extra))
        carried = onward[ANAGEN - 1] * length[-1] + extra * sum(length)
        hairs += [1 / rate for rate in onward[ANAGEN:]]
        length += [carried / rate for rate in onward[ANAGEN:]]
        kenogen = float(block.kenogen_probability) * float(block.kenogen) / KENOGEN
        births = 1 / (sum(hairs) + KENOGEN * kenogen)
        return cls(
            births,
            extra,
            onward,
            tuple(births * x for x in hairs),
            births * kenogen,
            tuple(births * x for x in young),
            tuple(births * x for x in length),
        )


def _young(rate: float, extra: float, cap: float) -> list[float]:
    """Hairs of each stage younger than `cap`, per daily birth: the integral of their age's Poisson chances."""
    out, stages, factor, tail, term = rate + extra, [], 1.0, 0.0, 0.0
    for i in range(ANAGEN):
        term = math.exp(-out * cap) if i == 0 else term * out * cap / i
        tail += term
        factor = factor * rate / out if i else 1 / out
        stages.append(factor * (1 - tail))
    return stages


def write_follicles(model: Model, block: Follicles, days: int) -> None:
    """States, lengths, rings, and what is seen of them.

    Raises:
        InputError: the toxic branch (hypothesis), which has no SBML form.
    """
    if block.toxic:
        raise InputError(
            "the toxic branch of the hair cycle has no SBML form", expected="follicles without the toxic branch"
        )
    steady = Steady.of(block, model.start["anagen_exit"])
    for name in ("anagen", "catagen", "telogen", "exogen"):
        model.constant(f"{name}_duration", float(getattr(block, name)), "d", f"Mean duration of {name}")
    model.constant("kenogen_duration", float(block.kenogen), "d", "Mean duration of kenogen")
    if not model.has("kenogen_probability"):  # a hypothesis moves it
        title = "Share of cycles with kenogen"
        model.constant("kenogen_probability", float(block.kenogen_probability), "1", title)
    model.constant("follicle_number", float(block.number), "hairs", "Follicles of the scalp")
    model.constant("scalp_area", float(block.area), "cm2", "Area of the scalp")
    _rates(model)
    _chain(model, steady)
    model.rate("survival", "-early_exit_rate * survival", 1.0, "1", "Share of anagen not lost to early exit so far")
    model.of_day("births_today", "birth_rate", "1", "Hairs born today, as a fraction of follicles")
    capped = write_capped(model, block.cap, days, steady.births, steady.extra, steady.onward[0])
    _lengths(model, steady, capped)
    unseen = write_unseen(model, block.visible_after, steady.births, steady.extra)
    _seen(model, steady, unseen)


def _rates(model: Model) -> None:
    """How fast stages are left."""
    for name, stages in (("catagen", CATAGEN), ("exogen", EXOGEN)):
        model.rule(f"{name}_rate", f"{stages} / {name}_duration", "1/d", f"From each stage of {name} to the next")
    speed = " * telogen_speed" if model.has("telogen_speed") else ""
    model.rule("telogen_rate", f"{TELOGEN} / telogen_duration{speed}", "1/d", "From each stage of telogen to the next")
    longer = " / kenogen_factor" if model.has("kenogen_factor") else ""
    model.rule("kenogen_rate", f"{KENOGEN} / kenogen_duration{longer}", "1/d", "From each stage of kenogen to the next")
    model.rule("anagen_rate", f"{ANAGEN} / anagen_duration", "1/d", "From each stage of anagen to the next")
    model.rule("last_anagen_rate", f"anagen_rate * min({EXIT}, 1)", "1/d", "From the last stage of anagen to catagen")
    model.rule("early_exit_rate", f"max({EXIT} - 1, 0) / anagen_duration", "1/d", "From any stage of anagen to catagen")


def _onward(i: int) -> str:
    """The rate at which anagen stage i (from 1) is left for the next."""
    return "last_anagen_rate" if i == ANAGEN else "anagen_rate"


def _chain(model: Model, steady: Steady) -> None:
    model.rule("shed_rate", "exogen_rate * exogen_1", "1/d", "Hairs shed, as a fraction of follicles")
    born = f"(1 - kenogen_probability) * shed_rate + kenogen_rate * kenogen_{KENOGEN}"
    model.rule("birth_rate", born, "1/d", "Hairs born, as a fraction of follicles")
    ended = " + ".join(GROWING)
    model.rule(
        "ending_rate", f"last_anagen_rate * anagen_{ANAGEN} + early_exit_rate * ({ended})", "1/d", "Anagen ended"
    )
    for i, name in enumerate(GROWING, 1):
        inflow = "birth_rate" if i == 1 else f"anagen_rate * anagen_{i - 1}"
        formula = f"{inflow} - ({_onward(i)} + early_exit_rate) * {name}"
        model.rate(name, formula, steady.hairs[i - 1], "1", f"Fraction of follicles in anagen, stage {i}")
    before = "ending_rate"
    for at, (phase, i) in enumerate(RESTING, ANAGEN):
        name = f"{phase}_{i}"
        model.rate(
            name,
            f"{before} - {phase}_rate * {name}",
            steady.hairs[at],
            "1",
            f"Fraction of follicles in {phase}, stage {i}",
        )
        before = f"{phase}_rate * {name}"
    before = "kenogen_probability * shed_rate"
    for i in range(1, KENOGEN + 1):
        name = f"kenogen_{i}"
        model.rate(name, f"{before} - kenogen_rate * {name}", steady.kenogen, "1", f"Follicles in kenogen, stage {i}")
        before = f"kenogen_rate * {name}"


def _lengths(model: Model, steady: Steady, capped: list[str]) -> None:
    """`young_i`: hairs of a stage that still grow towards the cap; `grown_i`, `rested_i`: length in days of growth."""
    for i in range(1, ANAGEN + 1):
        inflow = "birth_rate" if i == 1 else f"anagen_rate * young_{i - 1}"
        formula = f"{inflow} - ({_onward(i)} + early_exit_rate) * young_{i} - {capped[i - 1]}"
        model.rate(f"young_{i}", formula, steady.young[i - 1], "1", f"Anagen hairs of stage {i} below the length cap")
        arrived = "" if i == 1 else f" + anagen_rate * grown_{i - 1}"
        formula = f"young_{i}{arrived} - ({_onward(i)} + early_exit_rate) * grown_{i}"
        model.rate(f"grown_{i}", formula, steady.length[i - 1], "d", f"Length in anagen stage {i}, in days of growth")
    total = " + ".join(f"grown_{i}" for i in range(1, ANAGEN + 1))
    before = f"last_anagen_rate * grown_{ANAGEN} + early_exit_rate * ({total})"
    for at, (phase, i) in enumerate(RESTING, ANAGEN):
        name = f"rested_{phase}_{i}"
        model.rate(name, f"{before} - {phase}_rate * {name}", steady.length[at], "d", f"Length in {phase} stage {i}")
        before = f"{phase}_rate * {name}"


def _seen(model: Model, steady: Steady, unseen: str) -> None:
    """What is published: the day's sheds settled at its end, the rest at every moment."""
    shed = model.of_day("shed_today", "shed_rate", "1", "Hairs shed today, as a fraction of follicles")
    formula = f"follicle_number * {shed} / one_day"
    model.daily("shed_per_day", formula, "hairs/d", "Hairs shed on the day that ended last")
    resting = [f"{phase}_{i}" for phase, i in RESTING]
    clubs = " + ".join(resting[CATAGEN:])
    growing, all_resting = " + ".join(GROWING), " + ".join(resting)
    model.rule("hairs", f"{growing} + {all_resting}", "1", "Follicles with a hair")
    model.rule("visible_hairs", f"hairs - {unseen}", "1", "Follicles with a hair that can be seen")
    hundred = f"100 {model.unit('%')}"
    for name, part, whole, title in (
        ("telogen_percent", all_resting, "visible_hairs", "Catagen, telogen and exogen, of visible hairs"),
        ("club_percent", clubs, "hairs", "Telogen and exogen, of hairs"),
        ("exogen_percent", "exogen_1", "visible_hairs", "Exogen, of visible hairs"),
        ("anagen_percent", growing, "1", "Anagen, of follicles"),
    ):
        model.shown(name, f"{hundred} * ({part}) / {whole}", "%", title)
    model.shown("density_per_cm2", "follicle_number * visible_hairs / scalp_area", "hairs/cm2", "Visible hairs")
    lengths = [f"grown_{i}" for i in range(1, ANAGEN + 1)] + [f"rested_{phase}_{i}" for phase, i in RESTING]
    model.constant("length_at_start", sum(steady.length), "d", "All hair at the start, in days of growth")
    model.shown("volume_fraction", f"({' + '.join(lengths)}) / length_at_start", "1", "Hair volume, of the start")
