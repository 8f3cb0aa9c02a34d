"""A part of a trial: some tiles one after the other, as the bytes of two files: people, and sums."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.patient.people import People

from .endpoints import left_weeks
from .flow import Flow, on_by_week
from .groups import tile_sums
from .histogram import Histogram, from_arrays, merge_all, to_arrays
from .packed import Arrays, packed, unpacked
from .setting import Setting
from .store import Payload
from .subgroups import level_of
from .sums import Sums, together
from .tile import ArmCourse, Tile

SUMS = "sums.zst"
DOSES = ("taken_share", "mg_per_kg")


@dataclass(eq=False)
class Tally:
    """What is kept of people and adds up: sums of endpoints; of each arm the flow, bands of series and doses; and how
    the people's covariates are spread (`columns`) and how many are in each category (`levels`)."""

    sums: Sums
    flows: list[Flow]
    bands: list[dict[str, Histogram]]
    doses: list[dict[str, Histogram]]
    columns: dict[str, Histogram]
    levels: dict[str, npt.NDArray[np.int64]]

    def merge(self, other: Tally) -> None:
        """Take in another; the order does not matter."""
        self.sums = together([self.sums, other.sums])
        self.flows = [a + b for a, b in zip(self.flows, other.flows, strict=True)]
        for mine, theirs in zip([*self.bands, *self.doses], [*other.bands, *other.doses], strict=True):
            merge_all(mine, theirs)
        merge_all(self.columns, other.columns)
        self.levels = {name: counts + other.levels[name] for name, counts in self.levels.items()}

    def to_bytes(self) -> bytes:
        """As `packed`."""
        found: Arrays = {f"sums/{name}": array for name, array in self.sums.to_arrays().items()}
        for arm, flow in enumerate(self.flows):
            found |= flow.to_arrays(f"flow{arm}/")
        for head, histograms in self._histograms():
            found |= {f"{head}/{name}": array for name, array in to_arrays(histograms).items()}
        found |= {f"levels/{name}": counts for name, counts in self.levels.items()}
        return packed(found)

    @classmethod
    def from_bytes(cls, data: bytes, arms: int) -> Tally:
        """What `to_bytes` made."""
        arrays = unpacked(data)

        def under(head: str) -> Arrays:
            return {name[len(head) + 1 :]: array for name, array in arrays.items() if name.startswith(f"{head}/")}

        return cls(
            sums=Sums.from_arrays(under("sums")),
            flows=[Flow.from_arrays(arrays, f"flow{arm}/") for arm in range(arms)],
            bands=[from_arrays(under(f"bands{arm}")) for arm in range(arms)],
            doses=[from_arrays(under(f"doses{arm}")) for arm in range(arms)],
            columns=from_arrays(under("columns")),
            levels=under("levels"),
        )

    def _histograms(self) -> Iterable[tuple[str, dict[str, Histogram]]]:
        for arm, (bands, doses) in enumerate(zip(self.bands, self.doses, strict=True)):
            yield f"bands{arm}", bands
            yield f"doses{arm}", doses
        yield "columns", self.columns


@dataclass(frozen=True)
class PartWork:
    """Computes a part from its number; can be sent to any process."""

    setting: Setting
    tiles: int
    """Tiles in each part."""

    def __call__(self, part: int) -> Payload:
        first = part * self.tiles
        numbers = range(first, min(first + self.tiles, self.setting.tiles))
        frame, tally = self._tile(numbers[0])
        frames = [frame]
        for number in numbers[1:]:
            frame, found = self._tile(number)
            frames.append(frame)
            tally.merge(found)
        return {"people.parquet": _parquet(frames), SUMS: tally.to_bytes()}

    def _tile(self, number: int) -> tuple[dict[str, npt.NDArray[Any]], Tally]:
        """One tile, whose series are gone before the next one's are made: 25 MB for two arms of a year."""
        tile = Tile(self.setting, number)
        courses = [tile.through(planned) for planned in self.setting.planned]
        return people_columns(self.setting, tile, courses), tally_of(self.setting, tile, courses)


def tally_of(setting: Setting, tile: Tile, courses: list[ArmCourse]) -> Tally:
    """What is kept of one tile."""
    layout, valid = setting.layout, tile.valid
    left = [left_weeks(course.status) for course in courses]
    anyone = any(weeks is not None for weeks in left)
    stayed = np.full(valid.size, np.inf)
    levels = [
        level_of(_in_words(tile.people, s.covariate), s.edges, tile.people.levels.get(s.covariate, ()))
        for s in setting.trial.subgroups
    ]
    values = np.stack([course.endpoints for course in courses])
    sums = tile_sums(
        layout, tile.number, values, np.stack([stayed if w is None else w for w in left]) if anyone else None,
        levels, valid,
    )  # fmt: skip
    signals = {name: table.get("signal", name) for name, table in setting.treatment.series.items()}
    weeks = setting.trial.follow_up_weeks
    return Tally(
        sums=sums,
        flows=[Flow.of(course.status, _on(course, weeks), valid) for course in courses],
        bands=[
            {name: Histogram.of(course.series[signal], valid) for name, signal in signals.items()} for course in courses
        ],
        doses=[
            {name: Histogram.of(values[None], valid) for name, values in _doses(tile, course).items()}
            for course in courses
        ],
        columns={
            name: Histogram.of(column[None], valid)
            for name, column in tile.people.columns.items()
            if name not in tile.people.levels
        },
        levels={
            name: np.bincount(tile.people.columns[name][valid].astype(int), minlength=len(names)).astype(np.int64)
            for name, names in tile.people.levels.items()
        },
    )


def _on(course: ArmCourse, weeks: int) -> npt.NDArray[np.bool_]:
    """Who takes doses in the week after each week: what ends within a block of weeks ends in its own week."""
    return on_by_week(course.statuses, weeks) & (np.arange(weeks + 1)[:, None] < course.over_week)


def _doses(tile: Tile, course: ArmCourse) -> dict[str, npt.NDArray[np.float64]]:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(course.planned_mg > 0, course.taken_mg / course.planned_mg, np.nan)
    return {"taken_share": share, "mg_per_kg": course.taken_mg / tile.weight_kg}


def people_columns(setting: Setting, tile: Tile, courses: list[ArmCourse]) -> dict[str, npt.NDArray[Any]]:
    """One row for each person: number, covariates, and for each arm endpoints, mg taken and what rules did."""
    valid = tile.valid
    columns: dict[str, npt.NDArray[Any]] = {"person": tile.people.numbers[valid]}
    columns |= _covariates(tile.people, valid)
    for arm, course in zip(setting.trial.arms, courses, strict=True):
        status = course.status
        for endpoint, values in zip(setting.layout.endpoints, course.endpoints, strict=True):
            columns[f"{arm.name}/{endpoint.name}"] = values[valid]
        columns[f"{arm.name}/mg_taken"] = course.taken_mg[valid]
        for name in ("stop_week", "left_week", "first_hold_week", "first_reduction_week", "held_weeks"):
            columns[f"{arm.name}/{name}"] = np.asarray(getattr(status, name))[valid]
    return columns


def _covariates(people: People, valid: npt.NDArray[np.bool_]) -> Mapping[str, npt.NDArray[Any]]:
    return {name: _in_words(people, name)[valid] for name in people.columns}


def _in_words(people: People, name: str) -> npt.NDArray[Any]:
    """A covariate of each person, categories by their names."""
    column = people.columns[name]
    return np.array(people.levels[name])[column.astype(int)] if name in people.levels else column


def _parquet(frames: list[dict[str, npt.NDArray[Any]]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    joined = {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}
    file = io.BytesIO()
    words = [name for name, column in joined.items() if column.dtype.kind == "U"]
    table = pa.Table.from_arrays([_arrow(column) for column in joined.values()], names=list(joined))
    pq.write_table(table, file, compression="zstd", use_dictionary=words)
    return file.getvalue()


def _arrow(column: npt.NDArray[Any]) -> Any:
    """A column as an Arrow array. By way of its bytes, because `pyarrow.array` imports pandas where that is installed:
    half a second and 50 MB in every worker."""
    import pyarrow as pa

    assert column.dtype.kind in "fiuU"
    if column.dtype.kind != "U":
        return pa.Array.from_buffers(pa.from_numpy_dtype(column.dtype), column.size, [None, pa.py_buffer(column)])
    words, which = np.unique(column, return_inverse=True)
    encoded = [str(word).encode() for word in words]
    ends = np.cumsum(np.array([0, *(len(word) for word in encoded)], np.int32)[1:][which], dtype=np.int32)
    offsets = np.concatenate([np.zeros(1, np.int32), ends])
    text = b"".join([encoded[i] for i in which])
    return pa.StringArray.from_buffers(column.size, pa.py_buffer(offsets), pa.py_buffer(text))
