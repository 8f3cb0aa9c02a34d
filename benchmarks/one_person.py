"""One person's 52-week cascade in this process, after compilation: prints the seconds of each call as JSON.

Run by run.py in a process of its own, so that JAX never counts into the memory of the others.
"""

import json
import sys
import time

import anagen


def main(calls: int) -> None:
    patient = anagen.Patient(weight_kg=70)

    def once() -> float:
        start = time.perf_counter()
        anagen.simulate(
            "isotretinoin", "20 mg once daily with food for 24 weeks", patient, weeks=52, people=1, seed=1
        )
        return time.perf_counter() - start

    once()  # compiles
    once()  # fills what the first call left lazy
    print(json.dumps([once() for _ in range(calls)]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
