"""What is said in an SBML file beside its equations: the safety notices first, then where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from .sbml_model import Model

XHTML = "http://www.w3.org/1999/xhtml"
OWN = "urn:anagen:provenance:1"
TWO_KINDS = (
    "Time is in days from the first dose. Levels, blood values, nutrients and hairs change at every moment. What the "
    "model settles once a day (sebum, dermatitis, side effects, means and sheds of a day) changes at the end of each "
    "day, in the event end_of_day, and holds until the next."
)


def write_notes(
    model: Model, safety: Sequence[Mapping[str, str]], heading: str, facts: Sequence[str], left_out: Sequence[str]
) -> None:
    """The notes of the model, as XHTML."""
    paragraphs = []
    for notice in safety:
        strong = notice["level"] == "stop"
        title = f"{escape(notice['title'])}. " if notice.get("title") else ""
        text = f"{title}{escape(notice['text'])}"
        paragraphs.append(f"<p><strong>{text}</strong></p>" if strong else f"<p>{text}</p>")
    body = "".join(paragraphs) + f"<h1>{escape(heading)}</h1>"
    body += "".join(f"<p>{escape(fact)}</p>" for fact in (*facts, TWO_KINDS))
    if left_out:
        body += "<h2>Left out</h2><ul>" + "".join(f"<li>{escape(text)}</li>" for text in left_out) + "</ul>"
    _checked(model, model.model.setNotes(f'<body xmlns="{XHTML}">{body}</body>'), "notes")


def write_provenance(model: Model, provenance: Mapping[str, Any]) -> None:
    """The annotation from which the file can be made again."""
    rows = []
    for name, value in provenance.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        rows += [f"<a:{name}>{escape(str(one))}</a:{name}>" for one in values]
    text = f'<a:provenance xmlns:a="{OWN}">{"".join(rows)}</a:provenance>'
    _checked(model, model.model.setAnnotation(text), "annotation")


def _checked(model: Model, code: int, what: str) -> None:
    if code != model.library.LIBSBML_OPERATION_SUCCESS:
        raise ValueError(f"{what}: {model.library.OperationReturnValue_toString(code)}")
