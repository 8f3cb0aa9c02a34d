"""`python -m anagen.analysis.computed`: compute the numbers of every treatment, and write them into its folder."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from anagen.treatments.registry import treatment, treatment_names

from .spec import specs
from .store import SHIPPED, compute_all, fingerprint, to_text


def main() -> None:
    """Write `numbers.json` beside each `numbers.toml`."""
    for name in treatment_names():
        if not specs(name):
            continue
        made = compute_all(treatment(name), progress=lambda share: print(f"\r{100 * share:3.0f} %", end=""))
        file = Path(str(resources.files(f"anagen.treatments.{name}"))) / SHIPPED
        beside = file.with_suffix(".part")
        beside.write_text(to_text(fingerprint(name), made), "utf-8")
        beside.replace(file)
        print(f"\r{len(made)} numbers of {name} written to {file.name}")


if __name__ == "__main__":
    main()
