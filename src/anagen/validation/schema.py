"""The study file as pydantic sees it: every key, its type and its limits, with what is expected in words.

Only for reading: `study.py` turns it into frozen values. Strict: nothing is converted, nothing unknown is passed over.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=300)]
Number = Annotated[float, Field(description="a number")]
Kind = Literal["exposure", "concentration", "sebum", "score", "laboratory", "share", "complaint", "hair", "timing"]
Design = Literal["crossover", "parallel", "before-after", "cross-sectional", "case-series", "pooled"]
LONGEST_WEEKS = 312.0
Week = Annotated[float, Field(ge=0, le=LONGEST_WEEKS)]
_WEEKS = f"a number of weeks from 0 to {LONGEST_WEEKS:g} after the first dose"


class Table(BaseModel):
    """No key that the schema does not know, no number that is a text, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class EventTable(Table):
    kind: Literal["fever", "surgery", "crash-diet"] = Field(description="fever, surgery or crash-diet")
    day: int = Field(0, ge=0, le=1826, description="a whole number of days after the first dose, from 0")
    fraction: float | None = Field(None, gt=0, le=0.9, description="a share of growing hairs, above 0 and to 0.9")


class PeopleTable(Table):
    weight_kg: float | None = Field(None, ge=30, le=250, description="a mean weight in kg, from 30 to 250")
    sex: Literal["female", "male", "mixed"] | None = Field(None, description="female, male or mixed")
    age: float | None = Field(None, ge=18, le=100, description="a mean age in years, from 18 to 100: adults only")
    dermatitis: Literal["none", "mild", "moderate", "severe"] | None = Field(
        None, description="none, mild, moderate or severe"
    )
    pattern_hair_loss: bool = Field(False, description="true or false")
    ferritin_ug_per_l: float | None = Field(None, ge=0, le=5000, description="ug/L, from 0 to 5000")
    events: list[EventTable] = Field(default_factory=list, description='a list such as [{ kind = "fever", day = 0 }]')


class ArmTable(Table):
    name: Text = Field(description="a name, at most 300 characters")
    n: int = Field(ge=1, le=10_000_000, description="the number of people measured, a whole number from 1")
    regimen: str = Field(description='a regimen, such as "20 mg once daily with food for 24 weeks", or "none"')
    supplements: list[Text] = Field(default_factory=list, description="a list of supplements")
    people: PeopleTable = Field(
        default_factory=lambda: PeopleTable.model_validate({}), description="a table, begun by [arms.people]"
    )
    assumed: list[Text] = Field(default_factory=list, description="a list of what the study does not say")


class BaselineTable(Table):
    mean: float = Field(gt=0, description="the mean before the first dose, above 0")
    sd: float = Field(gt=0, description="the SD between people before the first dose, above 0")


class AgainstTable(Table):
    """What the row is compared with: what is left out is as in the row itself."""

    arm: Text | None = Field(None, description="the name of an arm")
    quantity: Text | None = Field(None, description="a quantity of the same kind")
    analyte: Text | None = Field(None, description="parent or metabolite")
    at_week: Week | None = Field(None, description=_WEEKS)
    at_day: float | None = Field(None, ge=0, le=2184, description="a number of days after the first dose, from 0")
    at_hours: float | None = Field(None, ge=0, le=2000, description="a number of hours after the dose, from 0")


class RowTable(Table):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)] = Field(
        description="letters, digits, - and _, such as sebum-16-weeks"
    )
    title: Text | None = Field(None, description="a title")
    kind: Kind = Field(description="exposure, concentration, sebum, score, laboratory, share, complaint, hair, timing")
    quantity: Text | None = Field(
        None, description="what was measured, such as cmax, triglycerides, cheilitis, density"
    )
    of: Text | None = Field(None, description="the hair quantity whose time is meant; shedding where left out")
    arm: Text | None = Field(None, description="the name of an arm")
    arms: list[Text] | None = Field(None, min_length=1, description="a list of arms, with one observed value each")
    n: int | None = Field(None, ge=1, description="the number of people in this figure, where it is not the arm's n")
    observed: float | list[float] = Field(description="a number, or a list with one number for each arm or time")
    unit: Text = Field(description="a unit that fits the quantity")
    se: float | list[float] | None = Field(None, description="standard error of the observed value, 0 or more")
    sd: float | list[float] | None = Field(None, description="standard deviation between people, 0 or more")
    ci: list[float] | None = Field(
        None, min_length=2, max_length=2, description="95 % interval of the observed value: [lower, upper]"
    )
    at_week: Week | list[Week] | None = Field(None, description=_WEEKS)
    at_day: float | list[float] | None = Field(None, description="a number of days after the first dose, from 0")
    at_hours: float | list[float] | None = Field(None, description="a number of hours after the dose, from 0")
    after: Literal["first dose", "last dose"] | None = Field(None, description="first dose or last dose")
    analyte: Text | None = Field(None, description="parent (also where left out) or metabolite")
    auc_hours: float | None = Field(None, gt=0, le=2000, description="hours after the dose up to which the area goes")
    half_life_hours: list[float] | None = Field(
        None, min_length=2, max_length=2, description="hours after the dose, [from, to]; 36 to 96 where left out"
    )
    bound: Literal["at most", "at least"] | None = Field(
        None, description="at most or at least, where the study gives only a bound of the figure"
    )
    mean: Literal["arithmetic", "geometric", "median"] = Field(
        "arithmetic", description="arithmetic, geometric or median"
    )
    measure: Literal["level", "change", "percent change"] | None = Field(
        None, description="level, change or percent change"
    )
    change_of: Literal["means", "people"] = Field("means", description="means or people")
    baseline: BaselineTable | None = Field(None, description="a table such as { mean = 87.0, sd = 48.3 }")
    limit: float | None = Field(None, gt=0, description="a number above 0, with limit_unit")
    limit_unit: Text | None = Field(None, description="the unit of limit")
    limit_uln: float | None = Field(None, gt=0, description="a multiple of the upper limit of normal, above 0")
    side: Literal["above", "below"] = Field("above", description="above or below")
    among: Literal["all", "normal before"] = Field("all", description="all or normal before")
    visits: list[Week] | None = Field(None, min_length=1, description="a list of weeks; above the limit at any of them")
    when: Literal["at", "by"] | None = Field(None, description='"at" (that week) or "by" (at any time up to it)')
    times_usual: float | None = Field(None, gt=0, description="a multiple of the person's own usual value, above 0")
    background: list[float] | None = Field(
        None, min_length=2, max_length=2, description="share who complain without the drug, [lowest, highest], 0 to 1"
    )
    follow_up_weeks: float | None = Field(None, gt=0, le=LONGEST_WEEKS, description="a number of weeks, above 0")
    instrument: Text | None = Field(None, description="how it was measured")
    factor: float | None = Field(None, gt=0, description="what the predicted value is multiplied by, above 0")
    molar_mass: float | None = Field(None, gt=0, description="g/mol, above 0; for units with moles")
    compare: Literal["ratio", "difference", "percent difference"] | None = Field(
        None, description="ratio, difference or percent difference, with the key against"
    )
    against: AgainstTable | None = Field(None, description='a table such as { arm = "control" }, with the key compare')
    known_failure: str | None = Field(None, description="the reason, in a sentence")
    source: list[Text] = Field(min_length=1, description="a list of source keys")
    assumed: list[Text] = Field(default_factory=list, description="a list of what the study does not say")


class StudyTable(Table):
    """A study file."""

    study: Text = Field(description="the key of its source, such as goldstein-1982")
    title: Text = Field(description="a title, at most 300 characters")
    treatment: Text = Field(description="the name of a treatment, such as isotretinoin")
    design: Design = Field(description="crossover, parallel, before-after, cross-sectional, case-series or pooled")
    checked: datetime.date = Field(description="the day on which the rows were checked, such as 2026-11-25")
    assume: list[Text] = Field(default_factory=list, description="a list of hypotheses by name")
    arms: list[ArmTable] = Field(min_length=1, max_length=12, description="1 to 12 tables, each begun by [[arms]]")
    rows: list[RowTable] = Field(min_length=1, max_length=100, description="1 to 100 tables, each begun by [[rows]]")
