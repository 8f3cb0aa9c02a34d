"""The same in Python: what a person would write to repeat what a page shows."""

from __future__ import annotations

from dataclasses import fields

from .state import State


def as_python(state: State, treatment: str = "isotretinoin") -> str:
    """Lines of Python that give the result of a state, with what differs from the defaults.

    >>> print(as_python(State(regimens=("20 mg once daily",))))
    from anagen import simulate
    <BLANKLINE>
    result = simulate("isotretinoin", "20 mg once daily")
    """
    usual = State()
    verb = "compare" if len(state.regimens) > 1 else "simulate"
    person = _changed(state.patient, usual.patient)
    events = "HairEvent(" in "".join(person)
    names = sorted([*(["HairEvent"] if events else []), *(["Patient"] if person else []), verb], key=str.lower)
    texts = [_quoted(text) for text in state.regimens]
    regimens = texts[0] if len(texts) == 1 else "[\n        " + ",\n        ".join(texts) + ",\n    ]"
    arguments = [f'"{treatment}"', regimens, *([f"Patient({', '.join(person)})"] if person else [])]
    arguments += _changed(state.run, usual.run)
    short = ", ".join(arguments)
    call = short if len(short) < 80 and "\n" not in short else "\n    " + ",\n    ".join(arguments) + ",\n"
    return f"from anagen import {', '.join(names)}\n\nresult = {verb}({call})"


def _changed(one: object, usual: object) -> list[str]:
    """`name=value` of each field that is not the usual."""
    found = []
    for field in fields(one):  # type: ignore[arg-type]  # a dataclass
        value = getattr(one, field.name)
        if value != getattr(usual, field.name):
            found.append(f"{field.name}={_quoted(value) if isinstance(value, str) else repr(value)}")
    return found


def _quoted(text: str) -> str:
    return '"' + repr(text)[1:-1].replace('"', '\\"') + '"' if '"' not in text else repr(text)
