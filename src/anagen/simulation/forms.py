"""The methods that every result has for other programs: tables and files. Heavy parts load when first used."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import polars
    import xarray

Layout = Literal["long", "wide", "cdisc"]
Place = str | PathLike[str]


class Forms:
    """What a simulation, a comparison, an analysis and a trial can be turned into.

    >>> from anagen import simulate
    >>> result = simulate("isotretinoin", "20 mg once daily with food for 4 weeks", people=1, weeks=4)
    >>> result.to_polars().columns
    ['series', 'unit', 'day', 'typical', 'p05', 'p50', 'p95']
    """

    def to_polars(self, layout: Layout = "long") -> polars.DataFrame:
        """All series as a table (`docs/results.md` lists the columns of each layout).

        Args:
            layout: "long", a row for each series and day; "wide", a row for each day; "cdisc", a row for each
                simulated person, series and day, with the column names of CDISC.

        Raises:
            InputError: no such layout, or one that this result does not have.
        """
        from anagen.interchange.results.layouts import table

        return table(self, layout)

    def to_pandas(self, layout: Layout = "long") -> pandas.DataFrame:
        """The same table for pandas (`pip install anagen[frames]`); `attrs["anagen"]` holds the provenance.

        Raises:
            InputError: as `to_polars`; or pandas is not installed.
        """
        from anagen.interchange.results.frames import to_pandas

        return to_pandas(self, layout)

    def to_xarray(self, *, people: bool = False) -> xarray.Dataset:
        """All series as variables over regimen, day and statistic, with units (`pip install anagen[frames]`).

        Args:
            people: over every simulated person in the place of the statistics; the typical one is person -1.

        Raises:
            InputError: xarray is not installed.
        """
        from anagen.interchange.results.frames import to_xarray

        return to_xarray(self, people=people)

    def to_csv(self, path: Place, layout: Layout = "long") -> Path:
        """Write the table as CSV, all of it or nothing; two lines that begin with `#` stand first."""
        return self._write("csv", path, layout)

    def to_parquet(self, path: Place, layout: Layout = "long") -> Path:
        """Write the table as Parquet, all of it or nothing; the provenance is in the metadata of the schema."""
        return self._write("parquet", path, layout)

    def to_arrow(self, path: Place, layout: Layout = "long") -> Path:
        """Write the table as an Arrow file (IPC, Feather), all of it or nothing; provenance as in Parquet."""
        return self._write("arrow", path, layout)

    def to_json_file(self, path: Place) -> Path:
        """Write what `--json` prints, all of it or nothing."""
        return self._write("json", path, None)

    def _write(self, form: Any, path: Place, layout: Layout | None) -> Path:
        from anagen.interchange.results.write import write_result

        return write_result(self, form, Path(path), layout)
