"""An example of a study file with a row of every kind: shown in `docs/validation.md`, read and simulated by a test."""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).with_name("example.toml").read_text(encoding="utf-8")
