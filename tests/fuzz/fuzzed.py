"""How the readers are fuzzed: `ANAGEN_FUZZ_EXAMPLES` sets how many inputs each test tries (40 where it is not set).

A longer run: `make fuzz CASES=4000`, or of one reader
`ANAGEN_FUZZ_EXAMPLES=50000 python -m pytest tests/fuzz/test_fuzz_fhir.py`.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("ANAGEN_FUZZ_EXAMPLES", "40"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
