"""The two modes, stamped on every page: what may be said to whom (see the intended purpose on the page)."""

from __future__ import annotations

from typing import Literal

Mode = Literal["reader", "clinician"]
