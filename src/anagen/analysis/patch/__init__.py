"""A patch of scalp follicle by follicle, through the weeks: single stories whose counts are the model's shares."""

from __future__ import annotations

from .patch import Patch

__all__ = ["Patch"]
