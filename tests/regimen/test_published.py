"""The published language: every form in the document's tables and examples can be read."""

import re
from pathlib import Path

import pytest

from anagen.regimen import Regimen

PAGE = Path(__file__).parents[2] / "docs" / "regimen-language.md"


def forms() -> list[str]:
    texts = []
    section = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        section = line.strip("# ") if line.startswith("#") else section
        if line.startswith("| `"):
            for form in re.findall(r"`([^`]+)`", line.split("|")[1]):
                texts.append(
                    {
                        "Dose": form if " day" in form or "/day" in form else f"{form} once daily",
                        "How often": f"20 mg {form}"
                        if form != "four" and form != "five"
                        else f"20 mg {form} times a week",
                    }.get(section, f"20 mg once daily {form}")
                )
        elif line.startswith("    20 mg once") or line.startswith("    40 mg"):
            texts.append(line.strip())
    return texts


@pytest.mark.parametrize("text", forms())
def test_published_form(text: str) -> None:
    regimen = Regimen.from_text(text)
    assert Regimen.from_text(regimen.text) == regimen
