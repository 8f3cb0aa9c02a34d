"""UCUM at the edges: a fixed table of accepted codes, and conversion between them (`docs/units.md`)."""

from .convert import convert
from .table import Unit, substance, unit, units

__all__ = ["Unit", "convert", "substance", "unit", "units"]
