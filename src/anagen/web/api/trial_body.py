"""What the calls of trials take: JSON, or a form with the same names, which a file of people can come along with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.datastructures import UploadFile

from ..settings import Settings
from ..trial_bounds import LONGEST_TEXT, decoded
from ..trial_order import MOST_SIZES, order_of
from ..trial_population import SentPopulation
from ..trial_process import Order
from .bodies import Body

FORM = "multipart/form-data"
POPULATION = {
    "type": "string",
    "format": "binary",
    "description": "The file of people that the trial file names (CSV, Parquet or TOML), sent under that name",
}


class TrialBody(Body):
    """A trial file as text (`anagen trial --example` prints one); `people` and `seed` in the place of the file's."""

    trial: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    people: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    power: Annotated[list[Annotated[int, Field(ge=2, le=10_000_000)]], Field(max_length=MOST_SIZES)] = Field(default=[])
    mode: Literal["reader", "clinician"] = "reader"

    def order(self, settings: Settings, sent: SentPopulation | None) -> Order:
        """The order, within what this server allows.

        Raises:
            InputError, RegimenError, PregnancyStop: as `order_of`.
        """
        power = tuple(sorted(set(self.power)))
        return order_of(
            self.trial, settings, people=self.people, seed=self.seed, power=power, mode=self.mode, sent=sent
        )


def described() -> dict[str, Any]:
    """Both forms of the body, for the OpenAPI document."""
    body = TrialBody.model_json_schema()
    form = {**body, "title": "TrialForm", "properties": {**body["properties"], "population": POPULATION}}
    return {"required": True, "content": {"application/json": {"schema": body}, FORM: {"schema": form}}}


async def read_body(request: Request) -> tuple[TrialBody, SentPopulation | None]:
    """The body that was sent, and the file of people that came along.

    Raises:
        RequestValidationError: a field is missing, unknown, or holds what it may not.
        InputError: the file of people is none, or the trial file is no text.
    """
    try:
        if not request.headers.get("content-type", "").startswith(FORM):
            return TrialBody.model_validate_json(await request.body()), None
        async with request.form(max_files=2, max_fields=50, max_part_size=4 * LONGEST_TEXT) as form:
            given = {name: form.getlist(name) for name in form}
            sent, (trial, *more) = None, given.get("trial", [None])
            if isinstance(trial, UploadFile):
                given["trial"] = [decoded(await trial.read(), "trial.toml"), *more]
            if isinstance(file := form.get("population"), UploadFile):
                sent = SentPopulation.of(file.filename or "", await file.read())
                given["population"].pop()
        fields = {name: them if name == "power" or len(them) > 1 else them[0] for name, them in given.items() if them}
        return TrialBody.model_validate(fields), sent
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None
