"""`anagen product`: what a brand name is. Loads no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from anagen.treatments.product import Product


def product_command(
    name: Annotated[list[str], typer.Argument(help="A brand name; case, accents and hyphens do not matter.")],
    treatment: Annotated[str, typer.Option(help="The drug.")] = "isotretinoin",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    from anagen.safety import pregnancy_notice
    from anagen.treatments.look_up import look_up
    from anagen.treatments.registry import known_treatment

    found = look_up(" ".join(name), known_treatment(treatment))
    if as_json:
        from anagen.analysis.products import look_up_json

        from .output import print_json

        print_json(look_up_json(" ".join(name), treatment))
        return
    from .notices import pregnancy_box
    from .screen import console

    pregnancy_box(dict(pregnancy_notice(treatment)))
    screen = console()
    if found.question:
        screen.print(f'There is no "{" ".join(name)}" in our list. {found.question}', markup=False, highlight=False)
    for product in found.products:
        _show(product, screen)


def _show(product: Product, screen: Any) -> None:
    from anagen.evidence import cite, source
    from anagen.treatments.look_up import FLAGS, flags_of

    seen = ", ".join(f"{mg:g}" for mg in product.strengths_mg)
    recalled = ", ".join(f"{mg:g}" for mg in product.unverified_strengths_mg)
    gel = f"{product.strength_percent:g} %" if product.strength_percent else ""
    rows = {
        "form": f"{product.form}, {product.route}",
        "formulation": product.formulation,
        "strengths": " mg; ".join(part for part in (seen, f"not verified: {recalled}" if recalled else "") if part)
        + (" mg" if seen or recalled else gel),
        "countries": ", ".join(product.country),
        "holder": product.holder,
        "status": product.status,
        "note": product.note,
        "also written": ", ".join(product.aliases),
    }
    screen.print(f"\n{product.name}", style="bold", markup=False, highlight=False)
    for flag in flags_of(product):
        screen.print(f"⚠ {flag}: {FLAGS[flag]}", style="yellow", highlight=False)
    for head, text in rows.items():
        if text:
            screen.print(f"{head:13} {text}", markup=False, highlight=False)
    for key in product.sources:
        screen.print(f"{'source':13} {cite(source(key))}", style="dim", markup=False, highlight=False)
