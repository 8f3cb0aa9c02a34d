"""Two simulators that are not ours, run on the text of an SBML file: libRoadRunner (CVODE) and COPASI (LSODAR).

Both give a row at noon and midnight of every day. What the file settles at the end of a day holds until the next, so
that it is read at the noon after; what changes at every moment is read at midnight.
"""

from __future__ import annotations

import contextlib
import io
import locale
from collections.abc import Sequence

import numpy as np

RELATIVE, ABSOLUTE = 1e-8, 1e-11
Table = dict[str, np.ndarray]


def changed(text: str, parameter: str, value: float) -> str:
    """The file with another value of one parameter."""
    import libsbml

    document = libsbml.readSBMLFromString(text)
    document.getModel().getParameter(parameter).setValue(value)
    return str(libsbml.writeSBMLToString(document))


def roadrunner_table(text: str, names: Sequence[str], days: int) -> Table:
    """Half-daily rows of libRoadRunner."""
    import roadrunner

    roadrunner.Logger.disableLogging()
    model = roadrunner.RoadRunner(text)
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = RELATIVE, ABSOLUTE
    model.integrator.maximum_num_steps = 100_000
    rows = np.array(model.simulate(0, days + 0.5, 2 * days + 2, ["time", *names]))
    return {name: rows[:, i + 1] for i, name in enumerate(names)}


def copasi_table(text: str, names: Sequence[str], days: int) -> Table:
    """Half-daily rows of COPASI."""
    known = locale.setlocale(locale.LC_ALL)
    import basico

    locale.setlocale(locale.LC_ALL, known)  # COPASI changes it for all that runs in this process
    said = io.StringIO()  # COPASI says each time that no report file was asked for
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        model = basico.load_model_from_string(text)
        try:
            rows = basico.run_time_course(
                start_time=0,
                duration=days + 0.5,
                intervals=2 * days + 1,
                use_sbml_id=True,
                r_tol=RELATIVE,
                a_tol=ABSOLUTE,
                max_steps=100_000,
            )
        finally:
            basico.remove_datamodel(model)
            locale.setlocale(locale.LC_ALL, known)
    assert len(rows) == 2 * days + 2, said.getvalue()
    return {name: rows[name].to_numpy() for name in names}


SIMULATORS = {"libRoadRunner": roadrunner_table, "COPASI": copasi_table}


def difference(ours: np.ndarray, theirs: np.ndarray, nightly: bool) -> float:
    """Largest difference on any day, as a part of the series' largest value; `ours` daily, `theirs` half-daily."""
    read = theirs[1::2] if nightly else theirs[0::2]
    largest = np.abs(ours).max()
    return float(np.abs(read[: ours.size] - ours).max() / largest) if largest else float(np.abs(read).max())
