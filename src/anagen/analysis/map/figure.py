"""The mechanism map as a figure of the page: its drawing, its words, and its table."""

from __future__ import annotations

from anagen.analysis.figure import Figure

from .drawing import map_svg
from .mechanism_map import MechanismMap
from .text import map_table, rests, sentences, title, words


def map_figure(drawn: MechanismMap, key: str = "mechanism-map") -> Figure:
    """The map as a figure: drawing, two sentences, and every arrow in a table.

    >>> from anagen import simulate
    >>> from anagen.analysis.map.mechanism_map import mechanism_map
    >>> map_figure(mechanism_map(simulate("isotretinoin", "20 mg once daily for 16 weeks", people=1))).table.head[:3]
    ['From', 'To', 'Direction']
    """
    return Figure(
        key, title(drawn), sentences(drawn), map_svg(drawn), map_table(drawn), rests(drawn), words=words(drawn)
    )
