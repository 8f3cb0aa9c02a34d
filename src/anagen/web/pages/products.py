"""Products: what a brand name is; found or asked about, never guessed, and a list that can be filtered."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.products import strengths_said
from anagen.analysis.references import listed
from anagen.errors import InputError
from anagen.safety import pregnancy_notice
from anagen.treatments.look_up import FLAGS, Found, flags_of, look_up, matching
from anagen.treatments.products import load_products, product_named

from ..api.products import LONGEST, no_such_product
from ..links import state_of
from ..problems import answer
from ..render import is_part, page, part
from ..state import State

router = APIRouter()
FORMS = (("", "any form"), ("capsule", "capsule"), ("gel", "gel, on the skin"))


@router.get("/products")
def products(request: Request) -> Response:
    """The list, or the part of it that follows what is typed."""
    sent = request.query_params
    state = State.of(sent.multi_items())
    treatment = request.app.state.engine.treatment.name
    name, form, country = sent.get("q", "").strip()[:LONGEST], sent.get("form", ""), sent.get("country", "")
    known = load_products(treatment)
    held = matching(name, treatment) if name else sorted(known, key=lambda p: p.name.casefold())
    shown: dict[str, Any] = {
        "asked_for": name,
        "question": _question(name, treatment) if name and not held else None,
        "found": [p for p in held if form in ("", p.form) and country in ("", *p.country)],
        "total": len(known),
        "query": state.query,
        "strengths": strengths_said,
        "flags_of": flags_of,
    }
    if is_part(request):
        return part("products_found.html.j2", mode=state.run.mode, stop=[pregnancy_notice(treatment)], **shown)
    countries = [("", "any country"), *((c, c) for c in sorted({c for p in known for c in p.country}))]
    more: dict[str, Any] = {
        "pairs": state.pairs,
        "forms": FORMS,
        "form": form,
        "countries": countries,
        "country": country,
    }
    return page(request, "products.html.j2", mode=state.run.mode, **more, **shown)


@router.get("/products/{name}")
def product(request: Request, name: str) -> Response:
    """One product, by its key or by any way of writing its name."""
    state = state_of(request)
    treatment = request.app.state.engine.treatment.name
    found = product_named(name[:LONGEST], treatment)
    if found is None:
        return answer(request, no_such_product(name, treatment))
    shown: dict[str, Any] = {
        "product": found,
        "strengths": strengths_said(found),
        "flags": [(flag, FLAGS[flag]) for flag in flags_of(found)],
        "references": listed(found.sources),
    }
    return page(request, "product.html.j2", mode=state.run.mode, query=state.query, **shown)


def _question(name: str, treatment: str) -> Found | InputError:
    """What to ask about a name that no product has: which one was meant, or what was expected."""
    try:
        return look_up(name, treatment)
    except InputError as error:
        return error
