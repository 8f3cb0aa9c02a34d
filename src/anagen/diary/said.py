"""An entry in one line of words: for lists, on the terminal and in the browser."""

from __future__ import annotations

from .entries import Entry, Lab, fields_of, required_of, values_of


def said(entry: Entry) -> str:
    """What an entry says, in one line, without its kind and time.

    >>> from .words import read_words
    >>> said(read_words("lab", ["ferritin", "24", "ug/L", "low=15"], "2026-03-01"))
    'ferritin 24 ug/L, low 15'
    """
    kind, plain = type(entry), values_of(entry)
    parts = []
    for name, spec in fields_of(kind).items():
        if name in plain:
            value = plain[name]
            shown = (
                ("yes" if value else "no")
                if isinstance(value, bool)
                else f"{value:g}"
                if isinstance(value, float)
                else value
            )
            unit = f" {spec.unit}" if spec.unit and not (spec.unit == "hairs" and name != "hairs") else ""
            named = name in required_of(kind) and name != "pulled"
            parts.append(f"{shown}{unit}" if named or name in ("note", "text") else f"{name} {shown}{unit}")
    needed = sum(name in required_of(kind) and name in plain for name in fields_of(kind)) if kind is Lab else 0
    return ", ".join([" ".join(parts[:needed]), *parts[needed:]] if needed else parts)
