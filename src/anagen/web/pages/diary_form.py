"""Forms of the diary: the fields of each kind of entry, with unit and range, as the diary itself knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from anagen.diary.entries import Entry, fields_of, required_of
from anagen.diary.moment import write_moment

from ..links import state_of
from ..render import page

TITLES = {
    "dose": "Dose taken",
    "planned-dose": "Planned dose",
    "plan": "Regimen as prescribed",
    "count": "Hair count",
    "pull": "Pull test",
    "trichogram": "Trichogram",
    "scale": "Shedding scale",
    "symptom": "Symptom",
    "lab": "Blood value",
    "level": "Drug level",
    "event": "Event",
    "weight": "Weight",
    "photo": "Photograph",
    "note": "Note",
}
LABELS = {
    "mg": "Amount",
    "meal": "Taken",
    "method": "Test",
    "interval_h": "Hours since",
    "combed_s": "Combed for",
    "club": "White clubs",
    "tapered": "Tapered ends",
    "broken": "Broken ends",
    "unknown": "Not looked at",
    "pulled": "Hairs held",
    "kg": "Weight",
    "ng_per_ml": "Concentration",
    "temperature_c": "Highest temperature",
    "low": "Range from",
    "high": "Range to",
    "note": "Remark",
    "kept_at": "Where it lies",
}
CHOICES = {
    "food": "with food",
    "high-fat": "with a high-fat meal",
    "fasted": "without food",
    "comb": "60-second comb",
    "wash": "wash, all hairs",
    "wash-refined": "refined wash test",
    "wash-modified": "modified wash test",
    "day": "all hairs of a day",
    "kept": "done by the rules",
    "not-kept": "not by the rules",
    "sinclair": "Sinclair, 1 to 6",
    "hsvs": "Hair Shedding Visual Scale, 1 to 9",
}


KEPT = "typed-"
"""Before the names of what was typed into a form while the diary locked itself."""


def locked(request: Request, form: Mapping[str, str], error: Exception | None = None) -> Response:
    """The page that asks for the passphrase. It takes along what was typed, and where: `then` and KEPT fields."""
    typed = {name: value for name, value in form.items() if name == "then" or name.startswith(KEPT)}
    return to_page(request, "diary_locked.html.j2", {"error": error, "typed": typed}, 422 if error else 200)


async def form_of(request: Request) -> Mapping[str, str]:
    """The texts of a form; files and what is said twice are left alone."""
    async with request.form(max_files=1, max_fields=60) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def shown_field(kind: type[Entry], name: str, value: object) -> dict[str, object]:
    """What the template needs of a field; `value` as it stands in the form."""
    spec = fields_of(kind)[name]
    choices = ("yes", "no") if spec.kind == "flag" else spec.choices
    return {
        "name": name,
        "label": LABELS.get(name, name.replace("_", " ").capitalize()),
        "help": spec.says,
        "kind": spec.kind,
        "unit": "" if spec.unit == "hairs" else {"d": "days", "degrees C": "°C"}.get(spec.unit, spec.unit),
        "low": f"{spec.low:g}" if spec.low > float("-inf") else "",
        "high": f"{spec.high:.10g}" if spec.high < float("inf") else "",
        "choices": [(choice, CHOICES.get(choice, choice.replace("-", " "))) for choice in choices],
        "required": name in required_of(kind),
        "free": spec.free,
        "value": value,
    }


def all_fields(kind: type[Entry], form: Mapping[str, object]) -> list[dict[str, object]]:
    """Every field of a kind of entry, what must be said first."""
    fields = [shown_field(kind, name, form.get(name, "")) for name in fields_of(kind)]
    return sorted(fields, key=lambda field: not field["required"])


def as_form(entry: Entry) -> dict[str, object]:
    """The fields of a form that says an entry again."""
    texts: dict[str, object] = {}
    for name in fields_of(type(entry)):
        value = getattr(entry, name)
        if value is None:
            continue
        texts[name] = (
            ("yes" if value else "no")
            if isinstance(value, bool)
            else f"{value:.15g}"
            if isinstance(value, float)
            else value
        )
    return texts | {"at": write_moment(entry.at, entry.time_known)}


def to_page(request: Request, template: str, shown: Mapping[str, Any], status: int = 200) -> Response:
    """A page of the diary, in the mode and with the state of its link."""
    state = state_of(request)
    return page(request, template, mode=state.run.mode, query=state.query, status=status, **shown)
