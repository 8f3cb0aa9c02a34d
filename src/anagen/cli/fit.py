"""`anagen fit`: which effluvium a record shows, for clinicians and research only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import person as options
from .person import Mode

if TYPE_CHECKING:
    from anagen.inference.result import Fit

TITLE = "What the record says of the person (90 of 100 such people lie in the range; causes: where they act)"


def fit_command(
    file: Annotated[Path, typer.Argument(help="A diary as CSV or JSON (`anagen diary export` writes one).")],
    treatment: Annotated[
        str, typer.Option(help="The drug of the doses.", rich_help_panel=options.RUN)
    ] = "isotretinoin",
    weight: Annotated[
        float | None, typer.Option(help="Body weight in kg, where the diary has none.", rich_help_panel=options.PERSON)
    ] = None,
    pregnant: options.Pregnant = False,
    mode: options.ModeOption = Mode.reader,
    forecast: Annotated[
        bool,
        typer.Option(help="Also other courses: without the drug, the same, half, none.", rich_help_panel=options.RUN),
    ] = True,
    chains: Annotated[
        bool,
        typer.Option("--chains", help="Also sample the likeliest class (NUTS); slow.", rich_help_panel=options.RUN),
    ] = False,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    from anagen.errors import PregnancyStop
    from anagen.inference.fit import clinicians_only, fit

    if pregnant:
        raise PregnancyStop("the input says the person is pregnant: nothing is simulated")
    clinicians_only(mode.value)
    from anagen.diary.formats.files import read_file
    from anagen.inference.from_diary import record_of

    from .progress import progress

    record = record_of(read_file(file), weight_kg=weight)
    with progress("Fitting", quiet):
        result = fit(record, treatment=treatment, mode="clinician", forecast=forecast, chains=chains, seed=seed)
    if as_json:
        from .output import print_json

        print_json(result.to_json())
    else:
        _show(result)


def _show(result: Fit) -> None:
    from .notices import show
    from .screen import console

    screen = console()
    show(screen, result.safety, "clinician")

    def line(text: str, style: str = "") -> None:
        screen.print(text, markup=False, highlight=False, style=style or None)

    record, verdict = result.record, result.verdict
    line(f"\nRecord: {len(record.counts)} counts in {record.last - record.first} days.")
    for left in record.left_out:
        line(f"left out: {left}", "yellow")
    line(f"\nVerdict: {verdict.in_words}", "bold")
    for reason in verdict.reasons:
        line(f"  because {reason}")
    line("  By design a verdict is wrong in at most 5 of 100 records, whichever explanation is true.")
    screen.print(_classes(result))
    line("The probabilities rest on assumed base rates.", "dim")
    screen.print(_unknowns(result))
    if result.forecast:
        _show_forecast(result, screen, line)
    if result.causality:
        _show_causality(result, line)
    if result.chains:
        found = result.chains
        worst = max(found.rhat.values())
        line(
            f"\nChains of '{found.name}': {found.z.shape[0]} x {found.z.shape[1]}, largest r-hat {worst:.3f}, "
            f"fewest effective draws {min(found.ess.values()):.0f}, divergences {found.divergences}."
        )
    line("\nAssumed:", "dim")
    for sentence in _assumed():
        line(f"  {sentence}", "dim")


def _classes(result: Fit) -> Any:
    from rich.table import Table

    from anagen.inference.hypotheses import CLASSES

    shown = Table(title="Which effluvium", title_justify="left")
    for column in ("explanation", "likely at", "base rate"):
        shown.add_column(column, justify="left" if column == "explanation" else "right")
    for name in sorted(result.probability, key=lambda name: -result.probability[name]):
        shown.add_row(CLASSES[name], _percent(result.probability[name]), _percent(result.anticipated[name]))
    return shown


def _unknowns(result: Fit) -> Any:
    from rich.table import Table

    shown = Table(
        title=TITLE,
        title_justify="left",
    )
    for column in ("unknown", "middle", "range", "unit"):
        shown.add_column(column, justify="right" if column in ("middle", "range") else "left")
    for name, row in result.unknowns.items():
        low, middle, high = (f"{row[level]:.3g}" for level in ("p05", "p50", "p95"))
        shown.add_row(name.replace("_", " "), middle, f"{low} to {high}", row["unit"])
    return shown


def _show_forecast(result: Fit, screen: Any, line: Any) -> None:
    from rich.table import Table

    found = result.forecast
    assert found is not None

    def three(values: tuple[float, ...]) -> str:
        return f"{values[1]:.1f} ({values[0]:.1f} to {values[2]:.1f})"

    line(
        f"\nIn the record's last four weeks a {found.method} count is expected at {three(found.with_drug)} hairs; "
        f"without the drug at {three(found.without_drug)}; the difference is {three(found.difference)}."
    )
    shown = Table(title="Groups of simulated people who would keep such a record", title_justify="left")
    for column in ("from the last day on", "doses", "after 12 weeks", "after 24 weeks"):
        shown.add_column(column)
    for name, group in found.groups.items():
        if name in ("continued", "halved", "stopped") and group.day.size > 24:
            cells = [three((group.p05[w], group.p50[w], group.p95[w])) for w in (12, 24)]
            shown.add_row(name, group.doses, *cells)
    if shown.row_count:
        screen.print(shown)
        line("Hairs expected at one count; this compares groups and is no advice on a dose.", "dim")


def _show_causality(result: Fit, line: Any) -> None:
    found = result.causality
    assert found is not None
    line(f"\nNaranjo {found.naranjo} ({found.band}); WHO-UMC: {found.who_umc}.")
    latency = f"{found.latency_days} days: " if found.latency_days is not None else ""
    line(f"Latency: {latency}{found.latency}.")
    line(found.base_rate)
    for answer in found.answers:
        line(f"  {answer.points:+d}  {answer.question}: {answer.found}", "dim")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 else "under 0.1 %"


def _assumed() -> tuple[str, ...]:
    from anagen.inference.result import ASSUMED

    return ASSUMED
