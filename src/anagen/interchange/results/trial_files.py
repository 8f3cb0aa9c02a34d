"""The files beside the parts of a trial: its text, its numbers and its page, as texts that a door writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date as Date
from typing import TYPE_CHECKING

from .json_file import document
from .page_file import page_with_record
from .record import record_of

if TYPE_CHECKING:
    from anagen.trial.plan import Trial
    from anagen.trial.result import TrialResult


def trial_files(trial: Trial, result: TrialResult, *, page: bool = True) -> dict[str, Callable[[], str]]:
    """File name → what gives its text; the page last, as it is made of the numbers and takes longest."""
    texts: dict[str, Callable[[], str]] = {
        "trial.toml": lambda: trial.text,
        "trial.json": lambda: json.dumps(document(result), ensure_ascii=False, allow_nan=False, indent=1) + "\n",
    }
    if page:
        from anagen.analysis.trial_page import trial_page

        record = record_of(result, date=Date.today().isoformat())
        texts["trial.html"] = lambda: page_with_record(trial_page(result.to_json()), record)
    return texts
