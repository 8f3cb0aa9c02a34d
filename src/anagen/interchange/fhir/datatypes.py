"""Data types of FHIR R4 that regimens and results need, as strict pydantic models. Field names are FHIR's own.

An element of R4 that is not used here is named in `passed`; any other name is refused. Whether a value makes sense is
asked by the files that use it.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MOST_ENTRIES = 10_000
Code = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s]+( [^\s]+)*$")]
Text = Annotated[str, Field(min_length=1, max_length=100_000)]
Uri = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^\S+$")]
Decimal = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e15, le=1e15)]
PositiveInt = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
UnsignedInt = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Flag = Annotated[bool, Field(strict=True)]
UnitOfTime = Literal["s", "min", "h", "d", "wk", "mo", "a"]
DayOfWeek = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Element(BaseModel):
    """What all have. `passed`: elements of R4 that may stand here and are not read."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    passed: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            raise PydanticCustomError("no_object", "is no object")
        for name in data:
            # `_name` holds the id and extensions of a primitive; FHIR lets a reader leave extensions aside.
            plain = name.removeprefix("_")
            if plain not in cls.model_fields and plain not in cls.passed and plain not in ("id", "extension"):
                raise PydanticCustomError("unknown_element", "{name}", {"name": name})
        return data


class Coding(Element):
    passed = frozenset({"version", "userSelected"})
    system: Uri | None = None
    code: Code | None = None
    display: Text | None = None


class CodeableConcept(Element):
    coding: tuple[Coding, ...] = Field(default=(), strict=False)
    text: Text | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that is said in words: the text, then the displays."""
        return tuple(word for word in (self.text, *(coding.display for coding in self.coding)) if word)

    def codes(self, system: str) -> tuple[str, ...]:
        """The codes of one system."""
        return tuple(coding.code for coding in self.coding if coding.system == system and coding.code)


class Reference(Element):
    passed = frozenset({"identifier"})
    reference: Uri | None = None
    type: Uri | None = None
    display: Text | None = None


class Quantity(Element):
    value: Decimal | None = None
    comparator: Literal["<", "<=", ">=", ">"] | None = None
    unit: Text | None = None
    system: Uri | None = None
    code: Code | None = None


class Range(Element):
    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Element):
    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Period(Element):
    start: Text | None = None
    end: Text | None = None


class Repeat(Element):
    boundsDuration: Quantity | None = None
    boundsRange: Range | None = None
    boundsPeriod: Period | None = None
    count: PositiveInt | None = None
    countMax: PositiveInt | None = None
    duration: Decimal | None = None
    durationMax: Decimal | None = None
    durationUnit: UnitOfTime | None = None
    frequency: PositiveInt | None = None
    frequencyMax: PositiveInt | None = None
    period: Decimal | None = None
    periodMax: Decimal | None = None
    periodUnit: UnitOfTime | None = None
    dayOfWeek: tuple[DayOfWeek, ...] = Field(default=(), strict=False)
    timeOfDay: tuple[Text, ...] = Field(default=(), strict=False)
    when: tuple[Code, ...] = Field(default=(), strict=False)
    offset: UnsignedInt | None = None


class Timing(Element):
    event: tuple[Text, ...] = Field(default=(), strict=False, max_length=MOST_ENTRIES)
    repeat: Repeat | None = None
    code: CodeableConcept | None = None
    passed = frozenset({"modifierExtension"})


class DoseAndRate(Element):
    type: CodeableConcept | None = None
    doseRange: Range | None = None
    doseQuantity: Quantity | None = None
    rateRatio: Ratio | None = None
    rateRange: Range | None = None
    rateQuantity: Quantity | None = None


class Dosage(Element):
    passed = frozenset({"site", "method", "modifierExtension"})
    sequence: Annotated[int, Field(strict=True)] | None = None
    text: Text | None = None
    additionalInstruction: tuple[CodeableConcept, ...] = Field(default=(), strict=False)
    patientInstruction: Text | None = None
    timing: Timing | None = None
    asNeededBoolean: Flag | None = None
    asNeededCodeableConcept: CodeableConcept | None = None
    route: CodeableConcept | None = None
    doseAndRate: tuple[DoseAndRate, ...] = Field(default=(), strict=False)
    maxDosePerPeriod: Ratio | None = None
    maxDosePerAdministration: Quantity | None = None
    maxDosePerLifetime: Quantity | None = None
