"""What a record may hold, and what it refuses; and the record in a diary."""

from __future__ import annotations

import math

import pytest

from anagen import treatment
from anagen.diary.plain import from_plain
from anagen.errors import InputError, PregnancyStop
from anagen.inference.from_diary import record_of
from anagen.inference.prepared import prepared
from anagen.inference.record import Count, Dose, Happening, Pull, Record, Roots, Value

COUNT = Count(0, 10, "comb")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Count(0, 10, "combing"), "unknown method"),
        (lambda: Count(0, -1, "comb"), "hairs"),
        (lambda: Count(0, 10, "wash", 0.0), "interval"),
        (lambda: Count(0, 10, "wash", 1.0, club=8, broken=4), "clubs"),
        (lambda: Count(0, 10, "wash", 1.0, short=11), "short"),
        (lambda: Pull(0, 60, 55), "came out"),
        (lambda: Roots(0, 90, 20, 100), "resting"),
        (lambda: Dose(0, 5000), "dose"),
        (lambda: Dose(0, 20, "breakfast"), "unknown meal"),
        (lambda: Happening(0, "feever"), "not among the events"),
        (lambda: Value(0, float("nan")), "measured"),
        (lambda: Record(counts=[]), "no count"),
        (lambda: Record(counts=[COUNT], weight_kg=5), "weight"),
        (lambda: Record(counts=[COUNT] * 500), "number of counts"),
        (lambda: Record(counts=[COUNT], pulls=[Pull(0, 1)] * 9), "number of pulls"),
        (lambda: Record(counts=[COUNT, Count(3000, 10, "comb")]), "spans"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_pregnancy_stops_the_record_and_the_diary():
    with pytest.raises(PregnancyStop):
        Happening(0, "pregnancy")
    rows = [
        {"kind": "count", "at": "2026-03-01+00:00", "hairs": 10, "method": "comb"},
        {"kind": "event", "at": "2026-03-04+00:00", "what": "pregnancy"},
    ]
    with pytest.raises(PregnancyStop):
        record_of(map(from_plain, rows))
    with pytest.raises(PregnancyStop):
        record_of([from_plain(rows[0] | {"note": "I am pregnant"})])


def test_a_laboratory_value_long_after_the_last_count_is_within_the_record():
    # It moves the last day, so that the levels on its day are computed; one from long before moves no day.
    doses = [Dose(day, 20) for day in range(10)]
    values = [Value(-400, 90.0), Value(500, 130.0)]
    record = Record(counts=[COUNT], doses=doses, triglycerides=values)
    assert (record.first, record.last) == (0, 500)
    late = prepared(treatment("isotretinoin"), record)
    assert late.data.triglycerides[0] == pytest.approx(math.log(130 / 90))
    assert late.data.triglyceride_rise[0] == late.time.triglyceride_rise[500]


def test_nearest_names_are_offered():
    with pytest.raises(InputError, match="fever"):
        Happening(0, "feever")


def test_a_diary_becomes_a_record():
    def row(kind, day, **said):
        return from_plain({"kind": kind, "at": f"2026-03-{day:02d}+00:00", **said})

    found = record_of(
        [
            row("dose", 3, mg=20, meal="food"),
            row("planned-dose", 4, mg=20),
            row("dose", 5, mg=0),
            row("count", 1, hairs=9, method="comb"),
            row("count", 2, hairs=60, method="wash", interval_h=48),
            row("count", 4, hairs=60, method="wash"),
            row("count", 6, hairs=80, method="wash-modified", short_hairs=9, club=70, tapered=2, broken=1),
            row("count", 7, hairs=80, method="comb", protocol="not-kept"),
            row("pull", 7, hairs=1),
            row("trichogram", 7, anagen=80, telogen=15, catagen=2, dystrophic=3),
            row("lab", 8, name="Ferritin", value=24, unit="ng/mL"),
            row("lab", 8, name="triglycerides", value=1.0, unit="mmol/L"),
            row("level", 9, ng_per_ml=120),
            row("level", 9, ng_per_ml=300, analyte="4-oxo"),
            row("event", 10, what="fever"),
            row("event", 11, what="weight-loss", kg=-2),
            row("weight", 1, kg=62),
            row("symptom", 1, name="dermatitis", grade=2),
        ]
    )
    assert [(c.day, c.hairs, c.method, c.interval_days) for c in found.counts] == [
        (0, 9, "comb", 1.0),
        (1, 60, "wash", 2.0),
        (5, 80, "wash", 5.0),
    ]
    assert (found.counts[2].club, found.counts[2].broken, found.counts[2].short) == (70, 3, 9)
    assert [(d.day, d.mg, d.meal) for d in found.doses] == [(2, 20, "standard")]
    assert (found.roots[0].resting, found.roots[0].dystrophic, found.roots[0].hairs) == (17, 3, 100)
    assert [e.kind for e in found.events] == ["fever"]
    assert found.ferritin[0].value == 24
    assert found.triglycerides[0].value == pytest.approx(88.57)
    assert [v.value for v in found.levels] == [120]
    assert (found.weight_kg, found.severity) == (62, 0.5)
    assert len(found.left_out) == 2  # the wash without its interval, and the count not done by its rules
