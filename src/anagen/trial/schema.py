"""The trial file as pydantic sees it: every key, its type and its limits, with what is expected in words.

Only for reading: `file.py` turns it into the frozen values of `plan.py`. Strict: nothing is converted.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from anagen.trial.plan import MOST_PEOPLE

LONGEST_WEEKS = 312
Text = Annotated[str, Field(min_length=1, max_length=200)]
Share = Annotated[float, Field(ge=0, le=0.95)]
Spread = Annotated[float, Field(ge=0, le=3)]


class Table(BaseModel):
    """No key that the schema does not know, no number that is a text, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class PopulationTable(Table):
    """Exactly one of the three."""

    name: Text | None = Field(None, description="the name of a population that comes with Anagen")
    file: Text | None = Field(None, description="a population file (TOML), beside the trial file")
    table: Text | None = Field(None, description="a table of people (CSV or Parquet), beside the trial file")


class AdherenceTable(Table):
    process: Literal["independent", "clustered", "weekend", "full"] = Field(
        "independent", description="independent, clustered, weekend or full"
    )
    missed_share: Share | None = Field(None, description="a share of the doses, from 0 to 0.95")
    spread: Spread = Field(0.5, description="the SD of the logit between people, from 0 to 3")
    break_days: float = Field(4.0, ge=1, le=28, description="a mean length in days, from 1 to 28")
    weekend_factor: float = Field(3.0, ge=0.1, le=20, description="a factor from 0.1 to 20")


class MealsTable(Table):
    with_food_share: float = Field(ge=0, le=1, description="a share of the doses, from 0 to 1")
    spread: Spread = Field(0.5, description="the SD of the logit between people, from 0 to 3")


class DropoutsTable(Table):
    per_year: float = Field(ge=0, le=50, description="a hazard per year, from 0 to 50")
    factor_when: dict[str, Annotated[float, Field(ge=0, le=100)]] = Field(
        default_factory=dict, description="symptoms with a factor from 0 to 100, such as { cheilitis = 1.5 }"
    )


class ArmTable(Table):
    name: Text = Field(description="a name, at most 200 characters")
    regimen: str = Field(description='a regimen, such as "20 mg once daily with food for 24 weeks", or "none"')
    product: Text | None = Field(None, description="a brand name")
    supplements: list[Text] = Field(default_factory=list, description="a list of supplements")
    rules: list[str] = Field(default_factory=list, max_length=20, description="a list of at most 20 rules")
    adherence: AdherenceTable | None = Field(None, description="a table, as [adherence]")
    meals: MealsTable | None = Field(None, description="a table, as [meals]")


class EndpointTable(Table):
    outcome: Text | None = Field(None, description="an outcome of the treatment by name")
    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)] | None = Field(
        None, description="a name of letters, digits and _, such as tg_200"
    )
    title: Text | None = Field(None, description="a title")
    series: Text | None = Field(None, description="a series of the treatment")
    statistic: Text | None = Field(None, description="a statistic")
    limit: float | None = Field(None, description="a number")
    week: int | None = Field(None, ge=0, le=LONGEST_WEEKS, description="a whole number of weeks")
    unit: Text | None = Field(None, description="a unit")
    same: float | None = Field(None, ge=0, description="a difference, 0 or more, that counts as none")


class NetBenefitTable(Table):
    title: Text = Field("Net benefit", description="a title")
    unit: Text = Field("points", description="a unit")
    weights: dict[str, float] = Field(min_length=1, description="endpoints with a number each")


class SubgroupTable(Table):
    covariate: Text = Field(description="a column of the population")
    edges: list[float] = Field(default_factory=list, max_length=20, description="a list of rising numbers")


class ContrastTable(Table):
    against: Text = Field(description="the name of an arm")


class TrialTable(Table):
    """A trial file."""

    title: Text = Field(description="a title, at most 200 characters")
    treatment: Text = Field("isotretinoin", description="the name of a treatment")
    people: int = Field(10_000, ge=1, le=MOST_PEOPLE, description=f"a whole number from 1 to {MOST_PEOPLE:,}")
    seed: int = Field(1, ge=0, le=2**32 - 1, description="a whole number from 0 to 4,294,967,295")
    follow_up_weeks: int = Field(52, ge=1, le=LONGEST_WEEKS, description=f"a whole number from 1 to {LONGEST_WEEKS}")
    visits_every_weeks: int | None = Field(None, ge=1, description="a whole number of weeks, at least 1")
    visits: list[int] | None = Field(None, description="a list of weeks, such as [2, 4, 8, 12]")
    assume: list[Text] = Field(default_factory=list, description="a list of hypotheses by name")
    uncertainty: Literal["each", "shared", "none"] = Field("each", description="each, shared or none")
    replicates: int = Field(1, ge=1, description="a whole number, at least 1")
    after_leaving: Literal["last", "left-out", "as-if-seen"] = Field("last", description="last, left-out or as-if-seen")
    precision: Literal["single", "double"] = Field("single", description="single or double")
    population: PopulationTable = Field(description='a table with one of name, file and table, such as name = "adults"')
    arms: list[ArmTable] = Field(min_length=1, max_length=8, description="1 to 8 tables, each begun by [[arms]]")
    adherence: AdherenceTable | None = Field(None, description="a table, begun by [adherence]")
    meals: MealsTable | None = Field(None, description="a table, begun by [meals]")
    dropouts: DropoutsTable | None = Field(None, description="a table, begun by [dropouts]")
    endpoints: list[EndpointTable] = Field(default_factory=list, max_length=50, description="tables of [[endpoints]]")
    net_benefit: NetBenefitTable | None = Field(None, description="a table, begun by [net_benefit]")
    subgroups: list[SubgroupTable] = Field(default_factory=list, max_length=20, description="tables of [[subgroups]]")
    contrast: ContrastTable | None = Field(None, description="a table, begun by [contrast]")
