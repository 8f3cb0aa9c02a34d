"""The follicles of a regimen's typical person by phase: the engine's own block, driven by the simulation's signals.

The simulation gives a row a week or a day. Between weekly rows the signals are interpolated; hair events are placed on
their days. Where hairs are struck (a hypothesis) a week is too coarse: the typical person is simulated again, daily.
A test holds the result to the engine's own anagen percent.
"""

from __future__ import annotations

import numpy as np

from anagen.analysis.charts.phases import Panel, phases_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure
from anagen.analysis.numbers import number
from anagen.analysis.rests import rests_on, series_trust
from anagen.simulation.result import Simulation
from anagen.simulation.simulate import simulate

from .courses import Course, Floats, driven, typical_follicles
from .figures import FOLLICLES, phases_table

STRUCK = "hit_fraction"
READ = ("anagen_exit", STRUCK, "toxic_exposure", "kenogen_probability", "kenogen_factor", "telogen_speed")
"""What the follicles read of the signals that a wiring may publish."""
ROOM = 5
"""The axis begins at a multiple of so many percent, below the fewest growing."""


def regimen_course(simulation: Simulation) -> Course:
    """The typical person's scalp day by day, from the start of the regimen to the end of the simulation.

    >>> from anagen import simulate
    >>> course = regimen_course(simulate("isotretinoin", "20 mg once daily", people=1, weeks=4))
    >>> round(100 * float(course.phases["anagen"][0]), 1), course.day.size
    (89.3, 29)
    """
    if STRUCK in simulation.signals and not np.all(np.diff(simulation.days) == 1):
        simulation = _daily(simulation)
    follicles, sizes = typical_follicles(simulation.treatment, simulation.patient, simulation.assumed)
    days = int(simulation.days[-1])
    evenings = np.arange(1.0, days + 1)  # the row of day d is what the step of the day before left behind
    typical = {name: simulation.signals[name][:, 0] for name in READ if name in simulation.signals}
    signals = {name: np.interp(evenings, simulation.days, values)[:, None] for name, values in typical.items()}
    signals["pulse_fraction"] = _pulses(simulation, sizes, days)[:, None]
    return driven(follicles, typical["anagen_exit"][:1], signals)[0]


def regimen_phases_figure(simulation: Simulation, letter: str = "") -> Figure:
    """The picture of `effluvia_figures.phases_figure` for the typical person of a regimen; `letter` as in the page.

    The axis is cut below the growing follicles, so that small changes are seen.
    """
    return course_phases_figure(
        regimen_course(simulation),
        simulation.label,
        key=f"phases{'-' + letter if letter else ''}",
        rests=rests_on(simulation, series_trust(simulation.treatment, "telogen_percent")),
    )


def course_phases_figure(course: Course, heading: str, *, key: str, rests: str = "") -> Figure:
    """The same picture of any course of the typical person; `heading` stands above the panel."""
    growing = 100 * course.phases["anagen"]
    lowest = max(0.0, ROOM * np.floor(growing.min() / ROOM) - ROOM)
    fewest, club = int(growing.argmin()), 100 * (course.phases["telogen"] + course.phases["exogen"])
    week = course.day / 7
    return Figure(
        key=key,
        title=(
            f"Of 100 follicles of the typical person {_one(growing[0])} grow a hair at the start, "
            f"{_one(growing[fewest])} at the fewest (week {number(week[fewest])})"
        ),
        sentences=[
            f"Follicles that hold a club root go from {_one(club[0])} to at most {_one(club.max())} of 100, in week "
            f"{number(week[int(club.argmax())])}.",
            f"The axis begins at {number(lowest)}\u202f%, so that small parts are seen; the last week drawn has "
            f"{_one(growing[-1])} of 100 growing.",
        ],
        svg=draw(
            phases_chart(
                [Panel(heading, "typical person", week, course.phases, event=False)],
                f"{FOLLICLES}, % in each phase; axis from {number(lowest)} %",
                lowest=float(lowest),
            )
        ),
        table=phases_table([("typical person", course)]),
        rests=rests,
    )


def _daily(simulation: Simulation) -> Simulation:
    """The same, a row a day; the typical person depends on no seed and no number of people."""
    return simulate(
        simulation.treatment,
        simulation.regimen,
        simulation.patient,
        weeks=int(simulation.days[-1]) // 7,
        people=1,
        assume=simulation.assumed,
        mode=simulation.mode,
        daily=True,
    )


def _pulses(simulation: Simulation, sizes: Floats, days: int) -> Floats:
    """Share of the growing hairs that the person's events (fever, say) send to rest on each day."""
    kinds = simulation.treatment.model.event_days(simulation.treatment.parameters)
    spared = np.zeros(days)
    for event in simulation.patient.events:
        share = float(sizes[list(kinds).index(event.kind), 0]) if event.fraction is None else event.fraction
        spared[event.day : event.day + kinds[event.kind]] += np.log1p(-share) / kinds[event.kind]
    return np.asarray(-np.expm1(spared))


def _one(percent: float) -> str:
    return f"{percent:.1f}"
