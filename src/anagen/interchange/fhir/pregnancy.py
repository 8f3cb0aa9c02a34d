"""Whether a FHIR text says that the person is pregnant: then nothing else of it is read. Looks before any other check.

A Condition that holds now, a pregnancy status, a positive pregnancy test, an expected date of delivery. In doubt, yes;
what was entered in error, was ruled out or has ended does not stop. Codes are recalled [unverified] where not marked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from anagen.errors import PregnancyStop
from anagen.pregnancy import says_pregnant

from .json_text import fhir_path, walk
from .spot import Spot

LOINC = "http://loinc.org"
STATUS = frozenset({"82810-3"})  # seen in public code lists
TESTS = frozenset({"2106-3", "2110-5", "2112-1", "2118-8", "80384-1", "80385-8"})  # 2106-3, 2110-5, 2118-8 seen
HOLDS = frozenset({"11778-8", "11779-6", "11780-4", "11884-4", "11885-1", "18185-9", "49051-6"})
"""Expected dates of delivery (the first three are the value set of the International Patient Summary), and gestational
ages (18185-9 seen): stated only of a pregnancy."""
PREGNANT = frozenset({"LA15173-0", "77386006", "146799005", "152231000119106"})  # the first two seen
POSITIVE = frozenset({"10828004", "260373001", "LA6576-8", "LA11882-0", "LA33-6", "POS"})
CONDITIONS = frozenset({"77386006", "72892002", "47200007", "16356006", "65147003", "34801009", "237238006"})
_ICD10 = re.compile(r"O\d[0-9A]|Z33|Z34|Z3A|Z32\.?0?1")
_MORE = re.compile(r"\b(?:gestation(?:al)?|antenatal|gravid|trimester|pr(?:e-?)?eclampsia)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:history of|h/o|previous|past|family|prevention|contracepti\w*|not|no)\b", re.IGNORECASE)
_YES = re.compile(r"\b(?:positive|detected|yes|true|present|pos)\b", re.IGNORECASE)
_NOT_YES = re.compile(r"\b(?:not|no|negative)\b", re.IGNORECASE)
_NO = (None, False, 0, "", "no", "false", "none", "0")


def stop_if_pregnant(spot: Spot) -> None:
    """Refuse a text that says so; `spot` is the whole text.

    Raises:
        PregnancyStop: naming the resource that says it.
    """
    for path, table in walk(spot.text.root):
        said = _says(table) if isinstance(table, dict) else None
        if said:
            where = fhir_path(path, str(spot.text.root.get("resourceType", ""))) or spot.text.name
            raise PregnancyStop(f"{where} says that the person is pregnant: nothing is simulated")
        if said is False:
            spot.note("A pregnancy that has ended, was ruled out or was entered in error is in the record.")


def _says(table: Mapping[str, Any]) -> bool | None:
    """True where an object says pregnant now, False where it speaks of a pregnancy that is not now, else None."""
    if any(str(name).casefold() == "pregnant" and _plain(value) not in _NO for name, value in table.items()):
        return True
    kind = table.get("resourceType")
    if kind == "Condition":
        return _condition(table)
    return _observation(table) if kind == "Observation" else None


def _condition(table: Mapping[str, Any]) -> bool | None:
    words, codes = _concept(table.get("code"))
    # Whatever the system is called, or where it is not named: no other classification has codes of this form.
    icd = any(_ICD10.match(code.strip().upper()) for _, code in codes)
    known = any(code in CONDITIONS for _, code in codes)
    said = any(says_pregnant(word) or (_MORE.search(word) and not _PAST.search(word)) for word in words)
    if not (icd or known or said):
        return None
    ended = any(str(name).startswith("abatement") for name in table)
    clinical = {code for _, code in _concept(table.get("clinicalStatus"))[1]}
    checked = {code for _, code in _concept(table.get("verificationStatus"))[1]}
    past = ended or bool(clinical & {"inactive", "resolved", "remission"})
    return not (past or checked & {"entered-in-error", "refuted"})


def _observation(table: Mapping[str, Any]) -> bool | None:
    """Of an Observation: itself, and each of its components."""
    parts = table.get("component")
    found = [_answer(one) for one in (table, *(parts if isinstance(parts, list) else ())) if isinstance(one, Mapping)]
    if True not in found:
        return None
    return table.get("status") not in ("entered-in-error", "cancelled")


def _answer(table: Mapping[str, Any]) -> bool:
    """Whether a question and its answer, in an Observation or a component, say that the person is pregnant."""
    words, codes = _concept(table.get("code"))
    loinc = {code for system, code in codes if system in (LOINC, "")}
    if loinc & HOLDS:
        return True
    said, coded = _concept(table.get("valueCodeableConcept"))
    answers = {code for _, code in coded}
    told = [*said, *(str(table[name]) for name in ("valueString", "valueBoolean") if name in table)]
    if answers & PREGNANT or any(says_pregnant(word) for word in told):  # whatever was asked
        return True
    named = any(re.search(r"pregnan|schwanger|choriogonadotropin|hcg", word, re.IGNORECASE) for word in words)
    if not (named or loinc & (STATUS | TESTS)):
        return False
    return bool(answers & POSITIVE) or any(_YES.search(word) and not _NOT_YES.search(word) for word in told)


def _concept(value: Any) -> tuple[list[str], list[tuple[str, str]]]:
    """Words and codes of a CodeableConcept that may be written wrongly."""
    words: list[str] = []
    codes: list[tuple[str, str]] = []
    for concept in value if isinstance(value, list) else [value]:
        if not isinstance(concept, Mapping):
            continue
        words.append(str(concept.get("text") or ""))
        codings = concept.get("coding")
        for coding in codings if isinstance(codings, list) else [codings]:
            if isinstance(coding, Mapping):
                words.append(str(coding.get("display") or ""))
                codes.append((str(coding.get("system") or ""), str(coding.get("code") or "")))
    return [word for word in words if word], codes


def _plain(value: Any) -> Any:
    return (
        value.strip().casefold() if isinstance(value, str) else value if isinstance(value, bool | int) else bool(value)
    )
