"""The trial file: TOML in, a `Trial` out. Every fault is told with the file, the line, and what was expected.

The file's keys are in `schema.py`; the rule language in `rules.py`; both are described in `docs/trials.md`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from anagen.errors import nearest
from anagen.files.reading import Reading
from anagen.files.text import text_of
from anagen.treatments.registry import table, treatment_names
from anagen.trial.arms import arms, names
from anagen.trial.measures import endpoints, net_benefit, subgroups
from anagen.trial.plan import Dropouts, Trial, undivided
from anagen.trial.schema import TrialTable
from anagen.trial.vocabulary import vocabulary

EXAMPLE = Path(__file__).with_name("example.toml").read_text(encoding="utf-8")
"""A trial file that runs as it is: what `anagen trial --example` prints."""
EVERY_WEEKS = 4
Population = Literal["name", "file", "table"]
"""How a trial file says who its people are."""
ENDINGS = {"file": (".toml",), "table": (".csv", ".parquet")}


def read_trial(path: Path) -> Trial:
    """The trial that a file describes.

    Raises:
        InputError: the file cannot be read; or a key is unknown, missing, of a wrong type or impossible. Names the
            file and the line, and the nearest valid choice.
        RegimenError: the regimen of an arm cannot be read; with the line, and the place inside the regimen.
        PregnancyStop: the file says that people are pregnant.
    """
    text = text_of(path, "a trial file (TOML); `anagen trial --example` prints one")
    return parse_trial(text, path.name, path.parent)


def parse_trial(text: str, name: str = "trial.toml", folder: Path | None = Path(), sent: str = "") -> Trial:
    """The trial that a text describes; raises as `read_trial`. The file of people that it names is looked for in
    `folder`; with None, where a text comes from somewhere else, it may only be the one `sent` along, by its name.

    >>> trial = parse_trial(EXAMPLE)
    >>> trial.against, len(trial.arms), trial.visits[:3]
    ('no treatment', 3, (4, 8, 12))
    """
    reading = Reading(text, name, TrialTable)
    tables = reading.tables()
    reading.one_of(("treatment",), "treatment", tables.treatment, treatment_names())
    _check_replicates(reading, tables)
    visits = _visits(reading, tables)
    made = arms(reading, tables, visits)
    measured = endpoints(reading, tables)
    against = made[0].name
    if tables.contrast:
        against = reading.one_of(("contrast", "against"), "arm", tables.contrast.against, [arm.name for arm in made])
    return Trial(
        title=tables.title,
        treatment=tables.treatment,
        people=tables.people,
        seed=tables.seed,
        follow_up_weeks=tables.follow_up_weeks,
        visits=visits,
        assume=names(reading, ("assume",), "hypothesis", tables.assume, table(tables.treatment, "hypotheses.toml")),
        uncertainty=tables.uncertainty,
        replicates=tables.replicates,
        after_leaving=tables.after_leaving,
        precision=tables.precision,
        population=(
            _population_sent(reading, tables, sent) if folder is None else _population(reading, tables, folder)
        ),
        arms=made,
        dropouts=_dropouts(reading, tables, visits),
        endpoints=measured,
        net_benefit=net_benefit(reading, tables.net_benefit, measured),
        subgroups=subgroups(reading, tables.subgroups),
        against=against,
        text=text,
    )


def json_schema() -> dict[str, Any]:
    """The JSON schema of a trial file.

    >>> json_schema()["required"]
    ['title', 'population', 'arms']
    """
    return TrialTable.model_json_schema()


def _check_replicates(reading: Reading[Any], tables: TrialTable) -> None:
    if tables.people % tables.replicates:
        said = undivided(tables.people, tables.replicates)
        raise reading.error(("replicates",), said["message"], said["expected"], said["nearest"])
    if tables.replicates > 1 and tables.uncertainty != "shared":
        raise reading.error(
            ("replicates",),
            f'{tables.replicates:,} replicates, but uncertainty is "{tables.uncertainty}"',
            'uncertainty = "shared" where there are replicates: one draw for all people of each',
        )


def _visits(reading: Reading[Any], tables: TrialTable) -> tuple[int, ...]:
    """The weeks of the visits, rising and within the follow-up."""
    weeks, every = tables.follow_up_weeks, tables.visits_every_weeks
    if tables.visits is None:
        if every is not None and every > weeks:
            raise reading.error(
                ("visits_every_weeks",),
                f"a visit every {every} weeks is after the follow-up of {weeks} weeks",
                f"at most {weeks}",
                str(weeks),
            )
        return tuple(range(every or EVERY_WEEKS, weeks + 1, every or EVERY_WEEKS))
    if every is not None:
        raise reading.error(("visits",), "visits are said twice", "visits or visits_every_weeks", key=True)
    for i, week in enumerate(tables.visits):
        if not 1 <= week <= weeks:
            near = str(min(max(week, 1), weeks))
            raise reading.error(
                ("visits", i), f"a visit in week {week}, outside the follow-up", f"weeks from 1 to {weeks}", near
            )
        if i and week <= tables.visits[i - 1]:
            message = f"the visit in week {week} does not follow that in week {tables.visits[i - 1]}"
            raise reading.error(("visits", i), message, "weeks that rise", str(sorted(set(tables.visits))))
    return tuple(tables.visits)


def _population(reading: Reading[Any], tables: TrialTable, folder: Path) -> tuple[Population, str | Path]:
    kind, value = _population_said(reading, tables)
    if kind == "name":
        return kind, value
    path, endings = folder / value, ENDINGS[kind]
    if path.suffix.lower() not in endings:
        raise reading.error(
            ("population", kind), f"'{value}' is not a {kind}", f"a name that ends in {' or '.join(endings)}"
        )
    if not path.is_file():
        near: tuple[str, ...] = ()
        if path.parent.is_dir():
            near = nearest(path.name, sorted(f.name for f in path.parent.iterdir() if f.suffix.lower() in endings))
        raise reading.error(("population", kind), f"there is no file {path}", "a file beside the trial file", near)
    return kind, path


def _population_sent(reading: Reading[Any], tables: TrialTable, sent: str) -> tuple[Population, str]:
    """The same where no file of this machine is looked for."""
    kind, value = _population_said(reading, tables)
    wanted: Population = "name" if not sent else "file" if sent.lower().endswith(ENDINGS["file"]) else "table"
    if kind == wanted and (not sent or value == sent):
        return kind, value
    if sent:
        raise reading.error(
            ("population", kind),
            f"{kind} = '{value}', but the file of people that was sent is '{sent}'",
            "the name of the file that was sent, or no such file",
            f'{wanted} = "{sent}"',
            key=True,
        )
    raise reading.error(
        ("population", kind),
        f"'{value}' was not sent, and a path in a trial file is not read here",
        "that file sent along, and named without a folder; or a population that comes with Anagen",
        'name = "adults"',
        key=True,
    )


def _population_said(reading: Reading[Any], tables: TrialTable) -> tuple[Population, str]:
    entry = tables.population
    kinds: tuple[Population, ...] = ("name", "file", "table")
    given = [kind for kind in kinds if getattr(entry, kind) is not None]
    if len(given) != 1:
        message = f"the population is said {len(given)} times" if given else "the population is not said"
        raise reading.error(("population",), message, 'one of name, file and table, such as name = "adults"', key=True)
    return given[0], str(getattr(entry, given[0]))


def _dropouts(reading: Reading[Any], tables: TrialTable, visits: tuple[int, ...]) -> Dropouts | None:
    entry = tables.dropouts
    if entry is None:
        return None
    if not visits:
        raise reading.error(("dropouts",), "people leave at visits, and there are none", "at least one visit", key=True)
    symptoms = vocabulary(tables.treatment).symptoms
    known = {name: name for name in symptoms.values()} | dict(symptoms)
    factors: dict[str, float] = {}
    for word, factor in entry.factor_when.items():
        path = ("dropouts", "factor_when", word)
        symptom = known[reading.one_of(path, "symptom", word, known, key=True)]
        if symptom in factors:
            raise reading.error(path, f"{symptom} stands twice", "each symptom once", key=True)
        factors[symptom] = factor
    return Dropouts(entry.per_year, factors)
