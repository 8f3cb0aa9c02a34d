"""NONMEM-style data: event tables in and out, and typical levels at their records (`docs/nonmem.md`)."""

from .table import EventTable, from_nonmem

__all__ = ["EventTable", "from_nonmem"]
