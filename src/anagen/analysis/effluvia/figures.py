"""The two effluvia as figures: hairs lost by root, visible hairs and volume, and the follicles by phase."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.analysis.charts.density import Line, density_chart
from anagen.analysis.charts.phases import NAMES, Panel, phases_chart
from anagen.analysis.charts.shed_roots import Shed, shed_roots_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure, Table
from anagen.analysis.numbers import count_of, number

from .courses import PHASES, RESTING_SHARE, STRUCK_SHARE, Course, Effluvia, Floats
from .features import Features, day_and_week

BEFORE_WEEKS = 4
SHED_WEEKS, WEEKS = 28, 56
TABLE_DAYS = (0, 7, 14, 21, 28, 42, 60, 90, 120, 150, 180, 240, 300, 360)
RESTS = (
    f"The size of each event ({count_of(RESTING_SHARE)} and {count_of(STRUCK_SHARE)} growing hairs) is chosen for "
    "teaching. The time to break and to recover is fitted to chemotherapy."
)
FOLLICLES = "Follicles (each can hold a hair)"
ROOTS = (
    "A club root is the small bulb of a hair that rested and falls whole; a broken shaft has a thin, tapered end "
    "and no bulb."
)


def shedding_figure(both: Effluvia) -> Figure:
    """Hairs lost a day, split into club roots and broken shafts; each kind has its own scale."""
    anagen, telogen = Features.of(both.anagen), Features.of(both.telogen)
    usual = anagen.usual_per_day
    panels = [
        _shed(
            both.anagen,
            [f"Anagen effluvium: up to {number(anagen.peak_per_day)} a day"],
            [
                (anagen.peak_day / 7 + 1.4, 0.8 * anagen.peak_per_day, "broken shafts", "paper"),
                (8, 0.14 * anagen.peak_per_day, "club roots: the thin strip below", "paper"),
            ],
        ),
        _shed(
            both.telogen,
            [
                f"Telogen effluvium: up to {number(telogen.peak_per_day)} a day",
                f"(scale {number(anagen.peak_per_day / telogen.peak_per_day)} times finer)",
            ],
            [
                (telogen.peak_day / 7 - 2.6, 0.5 * telogen.peak_per_day, "club roots", "club"),
                (0.6, 1.6 * usual, f"usual: {number(usual)}", "paper"),
            ],
        ),
    ]
    return Figure(
        key="effluvia-shedding",
        title=(
            f"Anagen effluvium peaks on {day_and_week(anagen.peak_day)} with broken shafts, "
            f"telogen effluvium on {day_and_week(telogen.peak_day)} with club roots"
        ),
        sentences=[
            f"Shedding passes 1.5 times the usual {number(usual)} hairs a day on day {anagen.raised_first_day} in the "
            f"anagen kind and on day {telogen.raised_first_day} in the telogen kind; "
            f"at its highest it is {number(anagen.peak_ratio)} and {number(telogen.peak_ratio)} times the usual.",
            f"Of the hairs lost on top of the usual, {count_of(anagen.broken_percent / 100)} are broken shafts in the "
            f"anagen kind and {count_of(telogen.broken_percent / 100)} in the telogen kind. {ROOTS}",
        ],
        svg=draw(shed_roots_chart(panels, usual, "Hairs lost a day; each panel has its own scale")),
        table=Table(
            "Hairs lost a day",
            ["Day", "Anagen: broken shafts", "Anagen: club roots", "Telogen: broken shafts", "Telogen: club roots"],
            [
                [
                    str(day),
                    number(both.anagen.broken_per_day[day]),
                    number(both.anagen.club_shed_per_day[day]),
                    number(both.telogen.broken_per_day[day]),
                    number(both.telogen.club_shed_per_day[day]),
                ]
                for day in TABLE_DAYS
            ],
        ),
        rests=RESTS,
    )


def density_figure(both: Effluvia) -> Figure:
    """Visible hairs and hair volume, in percent of the start."""
    anagen, telogen = Features.of(both.anagen), Features.of(both.telogen)
    kinds = (("telogen", both.telogen), ("anagen", both.anagen))

    def lines(name: str) -> list[Line]:
        return [Line(kind, *_before(course, WEEKS, getattr(course, name))) for kind, course in kinds]

    return Figure(
        key="effluvia-density",
        title=(
            f"Visible hairs fall to {number(telogen.density_least_percent)}\u202f% of the start in the telogen kind "
            f"and to {number(anagen.density_least_percent)}\u202f% in the anagen kind"
        ),
        sentences=[
            f"The fewest hairs are seen on {day_and_week(telogen.density_least_day)} in the telogen kind and on "
            f"{day_and_week(anagen.density_least_day)} in the anagen kind; over 95\u202f% are back "
            f"{_from(telogen.density_back_day)} and {_from(anagen.density_back_day)}.",
            f"Volume also counts how long the hairs are (up to 10 cm), so it falls more and later: to "
            f"{number(telogen.volume_least_percent)}\u202f% and {number(anagen.volume_least_percent)}\u202f%, "
            f"and is back over 95\u202f% {_from(telogen.volume_back_day)} and {_from(anagen.volume_back_day)}. "
            "Where it passes 100\u202f%, more hairs than usual grow at the same time.",
        ],
        svg=draw(
            density_chart(
                [("Visible hairs", lines("density_percent")), ("Hair volume", lines("volume_percent"))],
                "Two kinds of effluvium, % of the start",
            )
        ),
        table=Table(
            "Visible hairs and hair volume, % of the start",
            ["Day", "Telogen: hairs", "Telogen: volume", "Anagen: hairs", "Anagen: volume"],
            [
                [
                    str(day),
                    *(
                        number(series[day])
                        for _, course in kinds
                        for series in (course.density_percent, course.volume_percent)
                    ),
                ]
                for day in TABLE_DAYS
            ],
        ),
        rests=RESTS + " That a new hair is seen after 15 days is assumed.",
    )


def phases_figure(both: Effluvia) -> Figure:
    """The follicles by phase: left alone, and in both kinds."""
    scalps = (
        ("Usual scalp", "no event", both.healthy),
        ("Telogen effluvium", f"{count_of(RESTING_SHARE)} growing hairs are sent to rest in week 0", both.telogen),
        ("Anagen effluvium", f"{count_of(STRUCK_SHARE)} growing hairs are struck in week 0", both.anagen),
    )
    panels = []
    for heading, under, course in scalps:
        week, *shares = _before(course, WEEKS, *(course.phases[name] for name in PHASES))
        phases = dict(zip(PHASES, shares, strict=True))
        panels.append(Panel(heading, under, week, phases, event=course is not both.healthy))
    healthy, telogen, anagen = (100 * course.phases["anagen"] for *_, course in scalps)
    empty = 100 * (both.anagen.phases["repair"] + both.anagen.phases["kenogen"])
    return Figure(
        key="effluvia-phases",
        title=(
            f"Of 100 follicles {number(healthy[0])} grow a hair; the telogen kind leaves {number(telogen.min())} "
            f"growing, the anagen kind {number(anagen.min())}"
        ),
        sentences=[
            "In the telogen kind the hairs go to rest and stay in place for weeks: at most "
            f"{number(100 * (both.telogen.phases['telogen'] + both.telogen.phases['exogen']).max())} of 100 follicles "
            f"hold a club root, on day {int(both.telogen.club_percent.argmax())}, before they fall.",
            "In the anagen kind the struck hairs break within weeks: at most "
            f"{number(empty.max())} of 100 follicles have no hair, on day {int(empty.argmax())}, and then grow again.",
        ],
        svg=draw(phases_chart(panels, f"{FOLLICLES}, % in each phase", weeks="week after the event")),
        table=phases_table([(heading, course) for heading, _, course in scalps]),
        rests=RESTS,
    )


def phases_table(scalps: list[tuple[str, Course]]) -> Table:
    """Percent of the follicles in each phase, for the days of the table that a course has."""
    return Table(
        "Follicles in each phase, %",
        ["Scalp and day", *(NAMES[name].short for name in PHASES)],
        [
            [f"{name}, day {day}", *(number(100 * course.phases[phase][day]) for phase in PHASES)]
            for name, course in scalps
            for day in TABLE_DAYS
            if day < course.day.size
        ],
    )


def _shed(course: Course, heading: Sequence[str], notes: Sequence[tuple[float, float, str, str]]) -> Shed:
    week, club, broken = _before(course, SHED_WEEKS, course.club_shed_per_day, course.broken_per_day)
    return Shed(heading, week, club, broken, notes)


def _before(course: Course, weeks: int, *series: Floats) -> tuple[Floats, ...]:
    """Weeks, from some before the event on, and the series with their first value there."""
    rows = slice(0, 7 * weeks + 1)
    return (
        np.concatenate([[-float(BEFORE_WEEKS)], course.day[rows] / 7]),
        *(np.concatenate([values[:1], values[rows]]) for values in series),
    )


def _from(day: int | None) -> str:
    return "not within the time drawn" if day is None else f"from day {day}"
