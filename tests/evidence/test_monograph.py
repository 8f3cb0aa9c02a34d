"""The monograph of isotretinoin: codes that are well formed, statements with a source and a day, and a rule on
pregnancy that nothing softens."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest

from anagen.errors import DataError
from anagen.evidence import monograph, source
from anagen.evidence.monograph import FILE, Interaction, Monograph, Programme, Stated, load_monograph
from anagen.evidence.records import checked

MONOGRAPH = load_monograph("isotretinoin")
LOOKED_AT = date(2026, 11, 25)  # the day on which the whole of it was last checked
DALTON = {"C": 12.011, "H": 1.008, "O": 15.999}  # standard atomic weights
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def codes(system: str) -> list[str]:
    return [entry.code for entry in MONOGRAPH.identifiers if entry.system.startswith(system)]


def statements() -> Iterator[Stated]:
    for group in (MONOGRAPH.indications, MONOGRAPH.contraindications, MONOGRAPH.interactions, MONOGRAPH.monitoring):
        yield from group
    yield from MONOGRAPH.evidence_on_pregnancy
    for programme in MONOGRAPH.pregnancy_programmes:
        yield from programme.points


def texts() -> Iterator[str]:
    yield from (statement.text for statement in statements())
    yield from (form.text for form in MONOGRAPH.forms)
    yield from (programme.status for programme in MONOGRAPH.pregnancy_programmes)


def programme(where: str) -> Programme:
    (found,) = [entry for entry in MONOGRAPH.pregnancy_programmes if entry.where == where]
    return found


def interaction(name: str) -> Interaction:
    (found,) = [entry for entry in MONOGRAPH.interactions if name in entry.other]
    return found


def test_cas_number_has_its_check_digit() -> None:
    (cas,) = codes("CAS")
    assert re.fullmatch(r"\d{2,7}-\d\d-\d", cas)
    *digits, check = (int(c) for c in cas if c.isdigit())
    assert sum(place * digit for place, digit in enumerate(reversed(digits), 1)) % 10 == check


def test_unii_has_its_check_character() -> None:
    (unii,) = codes("UNII")
    assert re.fullmatch("[0-9A-Z]{10}", unii)
    assert ALPHABET[sum(ALPHABET.index(c) for c in unii[:-1]) % 36] == unii[-1]


@pytest.mark.parametrize(
    ("system", "form", "number"),
    [
        ("ATC", r"[A-Z]\d\d[A-Z]{2}\d\d", 2),
        ("DrugBank", r"DB\d{5}", 1),
        ("ChEMBL", r"CHEMBL[1-9]\d*", 1),
        ("PubChem", r"[1-9]\d*", 1),
        ("ChEBI", r"[1-9]\d*", 1),
        ("KEGG", r"D\d{5}", 1),
        ("IUPHAR", r"[1-9]\d*", 1),
        ("RxNorm", r"[1-9]\d{1,6}", 7),
    ],
)
def test_codes_have_their_form(system: str, form: str, number: int) -> None:
    assert len(set(codes(system))) == number
    assert all(re.fullmatch(form, code) for code in codes(system))


def test_the_two_routes_have_their_codes() -> None:
    assert codes("ATC, by mouth") == ["D10BA01"]
    assert codes("ATC, on the skin") == ["D10AD04"]


def test_molar_mass_is_that_of_the_formula() -> None:
    atoms = re.findall(r"([A-Z][a-z]?)(\d*)", MONOGRAPH.formula)
    mass = sum(DALTON[element] * int(count or 1) for element, count in atoms)
    assert MONOGRAPH.molar_mass_g_per_mol == pytest.approx(mass, abs=0.01)


def test_what_was_recalled_is_marked() -> None:
    """A statement that rests on sources of which none was verified says so."""
    stated = [*statements(), *MONOGRAPH.forms, *MONOGRAPH.identifiers]
    assert [s for s in stated if not s.unverified and not any(source(key).verified for key in s.source)] == []
    recalled = {"interactions-recalled", "biotin-immunoassay", "phenytoin-volunteers", "aad-2024-monitoring"}
    recalled |= {"ipledge-core", "ipledge-2026-headline", "fetal-ultrasound-page", "rxnorm-ingredient"}
    assert [s for s in stated if recalled & set(s.source) and not s.unverified] == []


def test_every_statement_was_looked_at_and_not_in_the_future() -> None:
    days = [*(s.checked for s in statements()), *(p.checked for p in MONOGRAPH.pregnancy_programmes)]
    assert all(LOOKED_AT <= day <= date.today() for day in days)


def test_every_programme_was_looked_at_after_its_last_change() -> None:
    for entry in MONOGRAPH.pregnancy_programmes:
        last = max([*(p.since for p in entry.points), *(p.until for p in entry.points)])
        assert entry.checked.isoformat() > last


def test_programmes_of_the_us_the_eu_and_the_uk() -> None:
    assert {"US", "EU", "UK"} <= {entry.where for entry in MONOGRAPH.pregnancy_programmes}
    assert all(point.where == entry.where for entry in MONOGRAPH.pregnancy_programmes for point in entry.points)
    assert [p.since for p in programme("US").points if p.since] == ["2021-12", "2023-11", "2026-02-09"]
    assert "current status" in programme("US").status
    assert "8 August 2026" in programme("US").status
    (two,) = [point for point in programme("UK").points if point.until]
    assert (two.since, two.until) == ("2023-10-31", "2026-01-22")
    whole = " ".join(point.text for point in programme("EU").points)
    assert all(words in whole for words in ("1 month before", "1 month after", "5 weeks after", "30 days", "7 days"))


def test_the_us_date_is_180_days_after_the_approval() -> None:
    assert date(2026, 2, 9) + timedelta(days=180) == date(2026, 8, 8)


def test_nothing_softens_the_rule_on_pregnancy() -> None:
    assert MONOGRAPH.teratogenic
    first = MONOGRAPH.contraindications[0]
    assert first.text.startswith("Pregnancy. Any amount, even for a short time")
    assert not first.unverified
    whole = " ".join(texts())
    assert "1.04" not in whole  # the later, selected figure of Choi 2021
    assert not re.search(r"\b(safe|safely|harmless|low risk|small risk|no risk)\b", whole, re.IGNORECASE)
    pooled = next(s.text for s in MONOGRAPH.evidence_on_pregnancy if "choi-2021" in s.source)
    assert "cannot be used to call the risk lower" in pooled


def test_published_numbers_on_pregnancy() -> None:
    by_source = {s.source[0]: s.text for s in MONOGRAPH.evidence_on_pregnancy}
    assert all(number in by_source["lammer-1985"] for number in ("36 pregnancies", "8 ended", "5 babies", "11 to 58"))
    assert all(number in by_source["choi-2021"] for number in ("15 of 100", "four times"))
    assert all(number in by_source["crijns-2010"] for number in ("2 to 10 in 10,000", "65 to 87", "6 to 26"))


@pytest.mark.parametrize("name", ["tetracyclines", "vitamin A", "other retinoids"])
def test_forbidden_together(name: str) -> None:
    assert interaction(name).level == "forbidden"
    assert not interaction(name).unverified


@pytest.mark.parametrize("name", ["progestogen", "methotrexate", "St John's wort", "alcohol", "steroids", "biotin"])
def test_recalled_interactions_say_so(name: str) -> None:
    assert interaction(name).level == "caution"
    assert interaction(name).unverified


def test_soya_is_told_by_product() -> None:
    soya = " ".join(s.text for s in MONOGRAPH.contraindications if "soya" in s.text.lower())
    assert all(name in soya for name in ("Roaccutane 10 mg", "Absorica", "Contracne", "Neotrex"))


def test_licensed_for_severe_acne_only() -> None:
    assert {entry.use for entry in MONOGRAPH.indications if entry.standing == "licensed"} == {"severe acne"}
    off = {entry.use for entry in MONOGRAPH.indications if entry.standing == "off label"}
    assert off == {"seborrheic dermatitis", "hair loss"}


def test_forms_are_those_of_the_regimen_language() -> None:
    from anagen.regimen import FORMULATIONS

    oral = [form.formulation for form in MONOGRAPH.forms if form.route == "oral"]
    assert sorted(oral) == sorted(FORMULATIONS)
    assert [form.formulation for form in MONOGRAPH.forms if form.route == "topical"] == [""]


def test_texts_give_no_advice_and_have_short_sentences() -> None:
    for text in texts():
        assert not re.search(r"\b(you|your|should|must)\b", text, re.IGNORECASE), text
        assert all(len(sentence.split()) <= 32 for sentence in re.split(r"[.:;] ", text)), text


def _set(*path: Any, value: object) -> Callable[[dict[str, Any]], None]:
    def edit(table: Any) -> None:
        for step in path[:-1]:
            table = table[step]
        table[path[-1]] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_set("formla", value="C"), "monograph.toml: formla is not a key that belongs here"),
        (_set("identifiers", value=[]), "monograph.toml: identifiers is"),
        (_set("identifiers", 2, "source", value=[]), r"identifiers\[3\].source"),
        (_set("identifiers", 2, "source", value=["infobx"]), "(?s)infobx.*nearest: infobox"),
        (_set("forms", 0, "route", value="rectal"), r"(?s)forms\[1\].route.*'oral' or 'topical'"),
        (_set("interactions", 0, "level", value="cautoin"), '(?s)level is "cautoin".*nearest: caution'),
        (_set("indications", 0, "standing", value=""), r"indications\[1\].standing"),
        (_set("monitoring", 0, "when", value=" "), r"monitoring\[1\].when"),
        (_set("monitoring", 0, "checked", value=date(2999, 1, 1)), "(?s)checked.*a day that has not come yet"),
        (_set("pregnancy_programmes", 0, "points", value=[]), r"pregnancy_programmes\[1\].points"),
        (_set("pregnancy_programmes", 0, "points", 2, "since", value="12/2021"), r"points\[3\].since is \"12/2021\""),
        (_set("pregnancy_programmes", 0, "points", 2, "until", value="2020-01"), "cannot end"),
    ],
)
def test_a_bad_edit_is_refused(edit: Callable[[dict[str, Any]], None], message: str) -> None:
    tables = tomllib.loads(resources.files("anagen.treatments.isotretinoin").joinpath(FILE).read_text("utf-8"))
    edit(tables)
    with pytest.raises(DataError) as caught:
        checked(tables, FILE, Monograph)
    assert re.search(message, str(caught.value))


def test_a_treatment_without_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monograph, "FILE", "no-such.toml")
    with pytest.raises(DataError, match=r"the treatment isotretinoin has no no-such\.toml"):
        load_monograph.__wrapped__("isotretinoin")
