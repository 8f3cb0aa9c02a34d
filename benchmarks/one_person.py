"""One person's 52-week cascade in this process, after compilation: prints the seconds of each call as JSON.

Times the engine's own call, for one simulated person beside the typical one: drawing them, and 52 weeks of everything.

Run by run.py in a process of its own, so that JAX never counts into the memory of the others.
"""

import json
import sys
import time

from anagen import Patient, Regimen, treatment
from anagen.simulation.run import run_arm


def main(calls: int) -> None:
    patient, drug = Patient(weight_kg=70), treatment("isotretinoin")
    events = Regimen.from_text("20 mg once daily with food for 24 weeks").events(70)

    def once() -> float:
        start = time.perf_counter()
        run_arm(drug, events, patient, weeks=52, people=1, seed=1, assumed=frozenset())
        return time.perf_counter() - start

    once()  # compiles
    once()  # fills what the first call left lazy
    print(json.dumps([once() for _ in range(calls)]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
