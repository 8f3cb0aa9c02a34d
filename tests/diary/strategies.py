"""Any entry that can be, for properties."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from anagen.diary.entries import KINDS, Entry, fields_of, required_of
from anagen.diary.pregnancy import is_pregnancy
from anagen.errors import InputError

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=30)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """One of any kind, with any of its fields, at any time."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    values = {}
    for name, spec in fields_of(kind).items():
        if name not in required_of(kind) and not draw(st.booleans()):
            continue
        if spec.choices:
            values[name] = draw(st.sampled_from([choice for choice in spec.choices if choice != "pregnancy"]))
        elif spec.kind == "flag":
            values[name] = draw(st.booleans())
        elif spec.kind == "text":
            values[name] = draw(WORDS).strip() or "x"
        elif spec.kind == "whole":
            values[name] = draw(st.integers(int(spec.low), int(min(spec.high, 6))))
        else:
            values[name] = draw(st.floats(max(spec.low, -1e6), min(spec.high, 1e6)))
    known = draw(st.booleans())
    naive = draw(st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1))).replace(microsecond=0)
    naive = naive if known else naive.replace(hour=12, minute=0, second=0)
    at = naive.replace(tzinfo=timezone(timedelta(minutes=30 * draw(st.integers(-24, 28)))))
    try:
        entry = kind(at=at, time_known=known, **values)
    except InputError:  # parts that are more than the whole, a range that is upside down
        entry = kind(at=at, time_known=known, **{name: values[name] for name in required_of(kind)})
    from hypothesis import assume

    assume(not is_pregnancy(entry))
    return entry
