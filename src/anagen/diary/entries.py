"""Everything that can stand in a diary: one frozen dataclass for each kind of entry. The first stage of the diary.

Times are aware: local time with its offset from UTC, so that a day is the person's own day. A field that is None was
not said. Ranges here are what is possible; what is doubtful is asked by `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from anagen.errors import InputError

from .entry import Entry, fields_of, free_text_of, required_of, values_of
from .field import flag, number, one_of, text, whole

__all__ = [
    "KINDS",
    "DosePlanned",
    "DoseTaken",
    "Entry",
    "Event",
    "Lab",
    "Level",
    "Note",
    "Photo",
    "Plan",
    "PullTest",
    "ShedCount",
    "ShedScale",
    "Symptom",
    "Trichogram",
    "Weight",
    "fields_of",
    "free_text_of",
    "required_of",
    "values_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dose(Entry):
    mg: float = number("amount of the drug; 0 where a dose was left out", "mg", 0, 1000, required=True)
    meal: str | None = one_of("what it is taken with", "food", "high-fat", "fasted")
    product: str = text("brand, such as roaccutane")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseTaken(_Dose):
    """A dose as it was taken, in mg of isotretinoin; `mg=0` says that a dose was left out."""

    kind: ClassVar[str] = "dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePlanned(_Dose):
    """One dose as it is meant to be taken; never counted as taken."""

    kind: ClassVar[str] = "planned-dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Entry):
    """A regimen as prescribed, in the regimen language, from `at` on; never counted as taken."""

    kind: ClassVar[str] = "plan"
    regimen: str = text('such as "20 mg once daily with food for 24 weeks"', required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roots(Entry):
    club: int | None = whole("of these hairs, roots that are white clubs", "hairs", 0, 100_000)
    tapered: int | None = whole("of these hairs, ends that are tapered", "hairs", 0, 100_000)
    broken: int | None = whole("of these hairs, ends that are broken", "hairs", 0, 100_000)
    unknown: int | None = whole("of these hairs, roots that were not looked at", "hairs", 0, 100_000)


def _no_more(parts: Mapping[str, int | None], whole_name: str, whole_value: int) -> None:
    total = sum(value or 0 for value in parts.values())
    if total > whole_value:
        named = " + ".join(f"{name} {value}" for name, value in parts.items() if value)
        raise InputError(
            f"{named} are {total}, more than {whole_name} ({whole_value})", expected=f"at most {whole_value} in all"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShedCount(_Roots):
    """Hairs counted: at a 60-second `comb`, at a `wash` (plain, `wash-refined`, `wash-modified`), or all of a `day`.

    `interval_h` is the time since the last wash (wash) or comb, or the hours collected (day); `short_hairs` those under
    the length of the modified wash test (3 cm).
    """

    kind: ClassVar[str] = "count"
    hairs: int = whole("hairs counted", "hairs", 0, 100_000, required=True)
    method: str = one_of("how", "comb", "wash", "wash-refined", "wash-modified", "day", required=True)
    interval_h: float | None = number("time since the last wash, or hours collected", "h", 0.01, 24 * 60)
    combed_s: float | None = number("how long the comb was used", "s", 1, 3600)
    short_hairs: int | None = whole("of these hairs, those under 3 cm", "hairs", 0, 100_000)
    protocol: str | None = one_of("whether the test was done by its rules", "kept", "not-kept")

    def __post_init__(self) -> None:
        # A slotted dataclass is made anew, which breaks the short form of super.
        super(ShedCount, self).__post_init__()
        roots = {"club": self.club, "tapered": self.tapered, "broken": self.broken, "unknown": self.unknown}
        _no_more(roots, "hairs", self.hairs)
        _no_more({"short_hairs": self.short_hairs}, "hairs", self.hairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullTest(_Roots):
    """Hairs that came out (`hairs`) of those held (`pulled`, usually 50 to 60)."""

    kind: ClassVar[str] = "pull"
    hairs: int = whole("hairs that came out", "hairs", 0, 200, required=True)
    pulled: int = whole("hairs held", "hairs", 1, 200, default=55)
    days_since_wash: float | None = number("days since the last wash", "d", 0, 60)

    def __post_init__(self) -> None:
        super(PullTest, self).__post_init__()
        _no_more({"hairs": self.hairs}, "pulled", self.pulled)
        roots = {"club": self.club, "tapered": self.tapered, "broken": self.broken, "unknown": self.unknown}
        _no_more(roots, "hairs", self.hairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trichogram(Entry):
    """Plucked or photographed hairs, counted by phase; `telogen` are clubs, `dystrophic` are tapered or broken."""

    kind: ClassVar[str] = "trichogram"
    anagen: int = whole("hairs in anagen", "hairs", 0, 10_000, required=True)
    telogen: int = whole("hairs in telogen", "hairs", 0, 10_000, required=True)
    catagen: int | None = whole("hairs in catagen", "hairs", 0, 10_000)
    dystrophic: int | None = whole("tapered or broken hairs", "hairs", 0, 10_000)
    site: str = text("where on the scalp")

    @property
    def hairs(self) -> int:
        """All hairs counted."""
        return self.anagen + self.telogen + (self.catagen or 0) + (self.dystrophic or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShedScale(Entry):
    """A visual grade of shedding: `sinclair` 1 to 6, or the Hair Shedding Visual Scale `hsvs` 1 to 9."""

    kind: ClassVar[str] = "scale"
    scale: str = one_of("which scale", "sinclair", "hsvs", required=True)
    grade: int = whole("grade", "", 1, 9, required=True)

    def __post_init__(self) -> None:
        super(ShedScale, self).__post_init__()
        if self.scale == "sinclair" and self.grade > 6:
            raise InputError(f"grade is {self.grade}", expected="1 to 6 on the sinclair scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom(Entry):
    """Something felt or seen, graded 0 (none) to 4 (worst): dermatitis, itch, dry lips, ..."""

    kind: ClassVar[str] = "symptom"
    name: str = one_of(
        "what",
        *("dermatitis", "itch", "scalp-pain", "oily-scalp", "dry-lips", "dry-skin", "dry-eyes", "nosebleed"),
        *("back-pain", "joint-pain", "headache", "tiredness", "low-mood", "acne", "thinning", "other"),
        required=True,
    )
    grade: int = whole("0 none, 1 slight, 2 moderate, 3 marked, 4 worst", "", 0, 4, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab(Entry):
    """A laboratory value with its unit, and the range printed beside it, in the same unit."""

    kind: ClassVar[str] = "lab"
    name: str = text("what was measured, such as ferritin or triglycerides", required=True)
    value: float = number("the value", "", 0, 1e9, required=True)
    unit: str = text("as on the sheet, such as ug/L", required=True)
    low: float | None = number("lower end of the laboratory's range", "", 0, 1e9)
    high: float | None = number("upper end of the laboratory's range", "", 0, 1e9)
    fasting: bool | None = flag("whether blood was drawn fasting")

    def __post_init__(self) -> None:
        super(Lab, self).__post_init__()
        if not self.name.strip() or not self.unit.strip():
            raise InputError("a laboratory value without its name or unit", expected="such as: lab ferritin 24 ug/L")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise InputError(f"low is {self.low:g} and high is {self.high:g}", expected="low below high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Entry):
    """Drug in the blood, in ng/mL."""

    kind: ClassVar[str] = "level"
    ng_per_ml: float = number("concentration", "ng/mL", 0, 100_000, required=True)
    analyte: str | None = one_of("which substance; isotretinoin where not said", "isotretinoin", "4-oxo")
    hours_after_dose: float | None = number("time since the last dose", "h", 0, 24 * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Entry):
    """Something that happened: `what`, how many `days` it lasted, `kg` for a change of weight (negative where lost)."""

    kind: ClassVar[str] = "event"
    what: str = one_of(
        "what happened",
        *("fever", "infection", "surgery", "crash-diet", "weight-loss", "weight-gain", "birth", "stress", "low-iron"),
        *("bleeding", "blood-donation", "new-drug", "drug-stopped", "supplement", "supplement-stopped"),
        *("hair-treatment", "thyroid", "other", "pregnancy"),
        required=True,
    )
    days: float | None = number("how long it lasted", "d", 0, 3660)
    kg: float | None = number("change of weight; negative where lost", "kg", -150, 150)
    temperature_c: float | None = number("highest temperature", "degrees C", 34, 43)
    name: str = text("which drug, supplement, illness or operation", free=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Entry):
    """Body weight in kg."""

    kind: ClassVar[str] = "weight"
    kg: float = number("body weight", "kg", 20, 400, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo(Entry):
    """That a photograph was taken, and where it lies; the picture itself is never read or kept."""

    kind: ClassVar[str] = "photo"
    view: str | None = one_of("what it shows", "part-line", "crown", "temples", "hairline", "other")
    kept_at: str = text("where the picture lies", free=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Entry):
    """Words only."""

    kind: ClassVar[str] = "note"
    text: str = text("the words", required=True, free=True)


KINDS: Mapping[str, type[Entry]] = {
    entry.kind: entry
    for entry in (
        *(DoseTaken, DosePlanned, Plan, ShedCount, PullTest, Trichogram, ShedScale, Symptom),
        *(Lab, Level, Event, Weight, Photo, Note),
    )
}
"""Every kind of entry by the word that commands and files use."""
