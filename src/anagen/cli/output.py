"""What a command leaves: files, then one JSON object or tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .writing import check_writable, write, write_text

if TYPE_CHECKING:
    from anagen.simulation.compare import Comparison
    from anagen.simulation.result import Simulation


@dataclass(frozen=True)
class Outputs:
    """The files asked for; refused at once where they cannot be written. Starts what draws, where it is wanted."""

    csv: Path | None
    parquet: Path | None
    svg: Path | None
    html: Path | None

    def __post_init__(self) -> None:
        check_writable({"--csv": self.csv, "--parquet": self.parquet, "--svg": self.svg, "--html": self.html})
        if self.svg or self.html:
            from anagen.analysis.charts.svg import warm_up

            warm_up()

    @property
    def paths(self) -> list[Path]:
        return [path for path in (self.csv, self.parquet, self.svg, self.html) if path]

    def save(self, result: Simulation | Comparison, arms: Sequence[Simulation], page: Callable[[], str]) -> None:
        """Write each file whole."""
        if self.csv:
            write(self.csv, lambda file: result.frame().write_csv(file))
        if self.parquet:
            write(self.parquet, lambda file: result.frame().write_parquet(file))
        if self.svg:
            from anagen.analysis import plot, to_svg

            write_text(self.svg, to_svg(plot(list(arms), ())))
        if self.html:
            write_text(self.html, page())


def print_json(table: dict[str, Any]) -> None:
    """One object on standard output."""
    import json

    print(json.dumps(table, ensure_ascii=False, allow_nan=False))
