"""What a command leaves: files, then one JSON object or tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.files.writing import check_writable, write_text

if TYPE_CHECKING:
    from anagen.simulation.result import Simulation


@dataclass(frozen=True)
class Outputs:
    """The files asked for; refused at once where they cannot be written. Starts what draws, where it is wanted."""

    csv: Path | None
    parquet: Path | None
    svg: Path | None
    html: Path | None
    arrow: Path | None = None
    layout: str = "long"
    html_option: str = "--html"

    def __post_init__(self) -> None:
        check_writable(
            {
                "--csv": self.csv,
                "--parquet": self.parquet,
                "--arrow": self.arrow,
                "--svg": self.svg,
                self.html_option: self.html,
            }
        )
        if self.svg or self.html:
            from anagen.analysis.charts.svg import warm_up

            warm_up()

    @property
    def paths(self) -> list[Path]:
        return [path for path in (self.csv, self.parquet, self.arrow, self.svg, self.html) if path]

    def save(self, result: Any, arms: Sequence[Simulation], page: Callable[[], str]) -> None:
        """Write each file whole, with what repeats it."""
        if self.csv or self.parquet or self.arrow:
            from anagen.interchange.results.write import Form, write_result

            wanted: dict[Form, Path | None] = {"csv": self.csv, "parquet": self.parquet, "arrow": self.arrow}
            for form, path in wanted.items():
                if path:
                    write_result(result, form, path, self.layout)
        if self.svg:
            from anagen.analysis import plot, to_svg

            write_text(self.svg, to_svg(plot(list(arms), ())))
        if self.html:
            write_page(self.html, page(), result)


def write_page(path: Path, page: str, result: Any) -> None:
    """Write a page made today, with what repeats it in its head."""
    from datetime import date as Date

    from anagen.interchange.results.page_file import page_with_record
    from anagen.interchange.results.record import record_of

    write_text(path, page_with_record(page, record_of(result, date=Date.today().isoformat())))


def print_result(result: Any, **more: Any) -> None:
    """The object of a result on standard output, with what repeats it under `provenance`; `more` is recorded there."""
    from anagen.interchange.results.json_file import document

    print_json(document(result, **more))


def print_json(table: dict[str, Any]) -> None:
    """One object on standard output."""
    import json

    print(json.dumps(table, ensure_ascii=False, allow_nan=False))
