"""What a record shows: doses, laboratory values, windows, and the words that reader mode must never say."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import numpy as np
import pytest
from tests.diary.examples import START, TODAY, a_rise, at, counts, doses, no_baseline, no_rise

from anagen.analysis.diary_page import diary_page
from anagen.analysis.diary_sentences import sentences
from anagen.analysis.diary_tables import lab_rows
from anagen.diary.describe.describe import Description, describe
from anagen.diary.describe.doses import as_regimen, doses_of
from anagen.diary.describe.group import band_at
from anagen.diary.describe.timeline import season, timeline, windows
from anagen.diary.entries import KINDS, DoseTaken, Event, Lab, Note, Weight, fields_of
from anagen.errors import InputError, PregnancyStop
from anagen.evidence import load_sources
from anagen.patient.patient import Patient
from anagen.safety import pregnancy_notice
from anagen.simulation.simulate import simulate

DIARIES = {"a rise": a_rise, "no rise": no_rise, "no baseline": no_baseline, "nothing": list, "doses": doses}
_FOUND: dict[str, Description] = {}


def found(name: str) -> Description:
    if name not in _FOUND:
        _FOUND[name] = describe(DIARIES[name](), Patient(weight_kg=70), today=TODAY, people=100)
    return _FOUND[name]


# --- what must not be said

FORBIDDEN = [
    r"caus(e|ed|es|ing)\b",
    r"due to\b",
    r"because of\b",
    r"triggered by\b",
    r"respons?ible\b",
    r"(most|more|less) likely\b",
    r"likely (cause|reason)\b",
    r"prob(able|ably|ability)\b",
    r"you (have|had|suffer|are suffering)\b",
    r"effluvium\b",
    r"alopecia\b",
    r"androgen",
    r"pattern (hair )?loss",
    r"diagnos",
    r"(should|must|need to|ought to)\b",
    r"stop (taking|the|your|it)\b",
    r"(continue|switch|lower|reduce|raise|increase|skip|halve|double) (the|your|to|taking|with)\b",
    r"recommend",
    r"advis",
    r"optimal\b",
    r"best dose",
    r"safe(ly|r)?\b",
    r"harmless",
    r"dangerous",
    r"alert\b",
    r"alarm(ing)?\b",
    r"worry|worri",
    r"abnormal",
    r"too (high|low)\b",
    r"deficien",
    r"intoxicat|toxic",
    r"naranjo|who-umc",
    r"target (dose )?reached",
    r"score\b",
]
"""Causes, diagnoses, kinds of hair loss, advice on a dose, verdicts on health, alarms, causality scores."""


def text_of_page(page: str) -> str:
    """What a page says without the fixed notices, whose words are the same everywhere, and its fixed questions, sources
    and limits of the model."""
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r'<aside class="box.*?</aside>', "", page, flags=re.DOTALL)
    page = re.sub(r'<p class="purpose fixed">.*?</p>', "", page, flags=re.DOTALL)
    page = re.sub(r'<section id="(questions|sources)".*?</section>', "", page, flags=re.DOTALL)
    page = re.sub(r"<li>Levels and values of simulated people.*?</li>", "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", page)


def said(words: str) -> list[str]:
    return [pattern for pattern in FORBIDDEN if re.search(pattern, words, re.IGNORECASE)]


def test_the_list_would_find_them():
    for words in (
        "Isotretinoin caused it",
        "You have telogen effluvium",
        "Switch to 10 mg every other day",
        "Stop taking the drug",
        "Your liver is intoxicated",
        "Safe",
        "Fever is the most likely reason",
        "You should see a doctor",
    ):
        assert said(words), words


@pytest.mark.parametrize("name", DIARIES)
def test_reader_mode_never_says_them(name):
    one = found(name)
    spoken = " ".join([*sentences(one), *one.why.values(), *(window["text"] for window in windows().values())])
    assert said(spoken) == []
    told = one.to_json()
    rest = {key: value for key, value in told.items() if key not in ("safety", "provenance")}
    assert said(json.dumps(rest, ensure_ascii=False)) == []
    assert said(text_of_page(diary_page(one))) == []


@pytest.mark.parametrize("name", DIARIES)
def test_the_command_never_says_them(name, tmp_path, monkeypatch, capsys):
    from anagen.cli.diary.report import _show

    monkeypatch.setenv("COLUMNS", "400")
    _show(found(name), None)
    text = capsys.readouterr().out
    for notice in found(name).safety:
        text = " ".join(text.replace("│", " ").split()).replace(" ".join(notice["text"].split()), "")
    assert said(text) == []
    assert "Mode: reader" in text


def test_no_field_or_kind_of_the_diary_says_them():
    words = " ".join(f"{kind} {name} {spec.says}" for kind, c in KINDS.items() for name, spec in fields_of(c).items())
    assert said(words) == []


def test_things_are_by_date_and_not_ranked():
    happened = found("a rise").happened
    assert [one.day for one in happened] == sorted(one.day for one in happened)
    backwards = timeline(list(reversed(a_rise())), found("a rise").rise)
    assert backwards == happened
    page = diary_page(found("a rise"))
    assert page.index("Fever (4 days") < page.index("First dose of isotretinoin") < page.index("Weight loss (30 days")


# --- the box

BOX = pregnancy_notice()


@pytest.mark.parametrize("name", DIARIES)
@pytest.mark.parametrize("mode", ["reader", "clinician"])
def test_the_box_is_first_everywhere(name, mode):
    one = (
        describe(DIARIES[name](), Patient(weight_kg=70), today=TODAY, people=100, mode=mode)
        if mode != "reader"
        else found(name)
    )
    assert one.safety[0]["id"] == "pregnancy"
    assert one.to_json()["safety"][0]["text"] == BOX["text"]
    body = diary_page(one).split("<body", 1)[1]
    assert body.index(BOX["text"]) < (body.index(" mg") if " mg" in body else len(body))
    assert "<details" not in body[: body.index(BOX["text"])]
    assert ("Clinician and research mode" in body) == (mode == "clinician")


@pytest.mark.parametrize(
    "entry",
    [
        Event(at=at(3), what="pregnancy"),
        Note(at=at(3), text="I am pregnant"),
        DoseTaken(at=at(3), mg=20.0, note="pregnant"),
    ],
)
def test_a_diary_that_says_pregnant_stops_before_anything_is_computed(entry, monkeypatch):
    monkeypatch.setattr("anagen.diary.describe.describe.simulated", lambda *a, **k: pytest.fail("it was simulated"))
    with pytest.raises(PregnancyStop):
        describe([*doses(), entry], today=TODAY)


# --- doses and levels


def test_doses_by_hand():
    written = [
        Weight(at=at(0), kg=70.0),
        *[DoseTaken(at=at(day, 20), mg=20.0) for day in range(10)],
        DoseTaken(at=at(10, 20), mg=0.0),
        Weight(at=at(11), kg=50.0),
        *[DoseTaken(at=at(day, 20), mg=10.0, time_known=False) for day in range(12, 17)],
    ]
    told = doses_of(written)
    assert told is not None
    assert (told.taken, told.mg, told.left_out, told.untimed, told.meal_unsaid) == (15, 250.0, 1, 5, 15)
    assert told.mg_per_kg == pytest.approx(200 / 70 + 50 / 50)
    assert told.mean_mg_a_day == pytest.approx(250 / 17)
    assert told.largest_day_mg == 20.0
    assert doses_of([Weight(at=at(0), kg=70.0)]) is None


def test_planned_doses_never_count_as_taken():
    told = found("a rise").doses
    assert told is not None
    assert (told.taken, told.mg, told.planned, told.planned_mg) == (84, 1680.0, 1, 20.0)
    assert told.plans == ("20 mg once daily with food for 24 weeks",)


def test_doses_as_taken_are_simulated_as_the_same_regimen():
    """One dose a day as taken gives the levels of the same regimen in words: the engine is one and the same."""
    patient = Patient(weight_kg=70)
    taken = as_regimen(doses(84))
    assert taken is not None
    regimen = simulate("isotretinoin", "20 mg once daily with food for 12 weeks", patient, weeks=21, people=100)
    own = simulate("isotretinoin", taken, patient, weeks=21, people=100)
    for name in ("isotretinoin_ng_per_ml", "shed_per_day", "triglycerides_mg_per_dl"):
        np.testing.assert_allclose(own.series(name).people, regimen.series(name).people, rtol=2e-3)
    assert own.exposure["cavg_ng_per_ml"] == pytest.approx(regimen.exposure["cavg_ng_per_ml"], rel=1e-6)


def test_doses_at_one_moment_are_added_and_spans_are_bounded():
    taken = as_regimen(
        [DoseTaken(at=at(0), mg=10.0), DoseTaken(at=at(0), mg=20.0), DoseTaken(at=at(1), mg=5.0, meal="fasted")]
    )
    assert taken is not None
    assert taken.doses == ((0.0, 30.0, "standard", "conventional"), (24.0, 5.0, "fasted", "conventional"))
    with pytest.raises(InputError, match="the doses spread"):
        as_regimen([DoseTaken(at=at(0), mg=10.0), DoseTaken(at=at(3000), mg=20.0)])
    with pytest.raises(InputError, match="mg/kg were taken in 24 hours"):
        describe([DoseTaken(at=at(0), mg=900.0)], today=TODAY)


# --- laboratory values


def test_labs_beside_range_and_group():
    labs = {(lab.name, lab.day): lab for lab in found("a rise").labs}
    before = labs["triglycerides", START - timedelta(days=7)]
    after = labs["triglycerides", START + timedelta(days=28)]
    assert (before.place, after.place) == ("within", "above")
    assert before.group is not None
    assert before.group == before.group_before
    result = found("a rise").result
    assert result is not None
    band = band_at(result, "triglycerides_mg_per_dl", 28)
    assert band is not None
    assert after.group is not None
    assert after.group.middle == pytest.approx(band.middle / 88.57)  # in mmol/L, as on the sheet
    series = result.series("triglycerides_mg_per_dl")
    assert band.middle == pytest.approx(float(np.median(series.people[4])))
    assert labs["ferritin", START + timedelta(days=28)].group is None


def test_lab_places():
    rows = [
        (10.0, 5.0, 15.0, "within"),
        (5.0, 5.0, 15.0, "within"),
        (4.9, 5.0, None, "below"),
        (16.0, None, 15.0, "above"),
        (1.0, None, None, ""),
    ]
    for value, low, high, place in rows:
        (lab,) = describe([Lab(at=at(0), name="x", value=value, unit="u", low=low, high=high)], today=TODAY).labs
        assert lab.place == place


# --- windows


def test_every_event_of_the_diary_has_an_entry_and_every_source_exists():
    choices = set(fields_of(Event)["what"].choices) - {"pregnancy"}
    assert set(windows()) == choices | {"drug"}
    known = load_sources()
    for window in windows().values():
        assert set(window["source"]) <= set(known)
        assert ("days" in window) == bool(window["source"])
        if "days" in window:
            low, high = window["days"]
            assert 0 <= low < high <= 366
    assert set(season()[1]) <= set(known)


def test_windows_hold_the_rise_or_not():
    rise = START + timedelta(days=56)
    told = {one.what.split(" (")[0]: one for one in timeline(a_rise(), rise)}
    assert told["First dose of isotretinoin"].fits is True
    assert told["Fever"].fits is True  # 96 days before: within 30 to 120
    assert told["Weight loss"].fits is False  # 46 days before: 60 to 150
    assert told["Low iron"].fits is None
    assert all(one.fits is None for one in timeline(a_rise(), None))


# --- the whole


def test_it_says_when_it_cannot_say():
    assert "No baseline, no change" in found("no baseline").why["change"]
    assert found("no baseline").weeks == ()
    assert found("nothing").why.keys() == {"counts", "doses"}
    assert (
        "all counts so far are the baseline" in describe(counts([-9, -8, -7], lambda _: 9.0), today=TODAY).why["change"]
    )
    few = describe([*counts([-9, -8, -7, 1, 2], lambda _: 9.0), *doses(3)], today=TODAY, people=100)
    assert few.scatter is not None
    assert few.scatter.assumed
    assert "assumed" in few.why["phi"]


def test_entries_after_the_day_of_the_report_are_left_out():
    early = describe(a_rise(), today=START + timedelta(days=20), people=100)
    assert max(entry.day for entry in early.entries) <= START + timedelta(days=20)
    assert early.rise is None


def test_the_weight_of_the_diary_is_the_persons():
    assert found("a rise").patient.weight_kg == 68.5
    assert found("doses").patient.weight_kg == 70.0


def test_what_is_refused():
    with pytest.raises(InputError, match="unknown mode"):
        describe([], today=TODAY, mode="doctor")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="unknown way of counting"):
        describe([], today=TODAY, method="cmob")


def test_words_stay_out_of_the_page_unless_asked_for():
    page, with_words = (diary_page(found("a rise"), with_words=told) for told in (False, True))
    for word in ("Dr X", "new pillow", "album 3"):
        assert word not in page
        assert word in with_words
    assert "3 texts in the person" in page
    assert not any(word in json.dumps(found("a rise").to_json()) for word in ("Dr X", "pillow", "album"))


def test_the_page_is_one_file_that_asks_for_nothing():
    page = diary_page(found("a rise"), date=date(2026, 5, 26))
    assert "<script" not in page
    assert "26 May 2026" in page
    assert not re.search(r'(src|href)="(?!#|https?://)', page)
    assert not re.search(r"<(img|link|iframe)", page)


def test_what_happened_is_said_without_a_dose():
    """No figure is drawn then, whose weeks are from the first dose."""
    early = describe([Event(at=at(-40), what="fever", days=4)], today=TODAY)
    assert "Fever (4 days), 26 November 2025." in sentences(early)
    assert "26 November 2025" in diary_page(early)


def test_one_of_a_thing_is_said_as_one():
    one = " ".join(sentences(describe([DoseTaken(at=at(0), mg=20.0, time_known=False)], today=TODAY, people=100)))
    assert "1 dose on 5 January 2026, 20 mg in all" in one
    assert "1 dose has no time of day (noon is taken) and 1 dose has no meal" in one


def test_a_table_that_is_cut_says_so():
    written = [Lab(at=at(day), name="ferritin", value=20.0 + day, unit="ug/L") for day in range(15)]
    few = describe(written, today=TODAY)
    rows, every = lab_rows(few), lab_rows(few, most=None)
    assert rows is not None
    assert every is not None
    assert (len(rows.rows), len(every.rows)) == (12, 15)
    assert "the newest 12 of 15" in rows.caption
    assert "newest" not in every.caption


def test_a_value_of_nought_stands_beside_the_group_too():
    written = [*doses(3), Lab(at=at(7), name="triglycerides", value=0.0, unit="mmol/L")]
    (lab,) = describe(written, today=TODAY, people=100).labs
    assert lab.group is not None
    assert 0.2 < lab.group.middle < 5  # mmol/L
