"""What an SBML file holds: units on everything, doses when they enter, notes, provenance; and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from anagen.errors import DataError, InputError, PregnancyStop
from anagen.interchange import sbml
from anagen.interchange.sbml import SbmlFile, export_sbml
from anagen.interchange.sbml_events import shares_by_day
from anagen.interchange.sbml_exposure import Compartments
from anagen.interchange.sbml_follicles import Steady
from anagen.interchange.sbml_person import draw
from anagen.interchange.sbml_registry import WRITERS, write_mechanism
from anagen.interchange.sbml_units import factors, published
from anagen.mechanisms.anagen_exit import AnagenExit
from anagen.mechanisms.anchorage import Anchorage
from anagen.mechanisms.disposition import Disposition
from anagen.mechanisms.follicles import Follicles
from anagen.mechanisms.liver_reaction import LiverReaction
from anagen.mechanisms.onset_arrest import OnsetArrest
from anagen.patient.patient import HairEvent, Patient
from anagen.regimen import Regimen
from anagen.simulation.run import _pulse
from anagen.treatments.registry import treatment

libsbml = pytest.importorskip("libsbml")
ONCE_DAILY = "20 mg once daily with food for 4 weeks"


@lru_cache(maxsize=16)
def file_of(
    regimen: str | None = ONCE_DAILY, weeks: int = 8, person: int | str = "typical", **about: object
) -> SbmlFile:
    return export_sbml("isotretinoin", regimen, Patient(**about), person=person, weeks=weeks)


def model_of(file: SbmlFile) -> object:
    document = libsbml.readSBMLFromString(file.text)
    model_of.document = document  # the model lives as long as its document
    return document.getModel()


FILES = {
    "typical": (ONCE_DAILY, 8, "typical", {}),
    "drawn": (ONCE_DAILY, 8, 7, {}),
    "no treatment": (None, 8, "typical", {}),
    "fed and fasted, two brands": (
        "20 mg of Absorica LD once daily fasted for 2 weeks, off 1 week, 10 mg twice daily with food for 2 weeks",
        8,
        2,
        {},
    ),
    "a fever and a crash diet": (
        ONCE_DAILY,
        8,
        "typical",
        {"events": (HairEvent("fever", 3), HairEvent("crash-diet", 10)), "pattern_hair_loss": True},
    ),
    "longer than the cap of hair length": ("20 mg weekly for 4 weeks", 90, "typical", {}),
    "dermatitis, low ferritin, supplement": (
        ONCE_DAILY,
        8,
        "typical",
        {"seborrheic_dermatitis": "severe", "ferritin_ug_per_l": 10.0, "supplements": ("zinc",), "sex": "male"},
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_libsbml_finds_nothing_units_included(name: str) -> None:
    regimen, weeks, person, about = FILES[name]
    assert file_of(regimen, weeks, person, **about).findings == ()


def test_libsbml_would_find_a_wrong_unit() -> None:
    wrong = file_of().text.replace(
        'id="clearance" name="Apparent clearance of the parent" value="8" units="L_per_h"', "@"
    )
    assert wrong.count("@") == 1
    wrong = wrong.replace("@", 'id="clearance" name="Apparent clearance of the parent" value="8" units="L"')
    document = libsbml.readSBMLFromString(wrong)
    document.checkConsistency()
    assert document.getNumErrors() > 0


def test_everything_has_a_unit_and_a_name() -> None:
    model = model_of(file_of())
    for parts in (model.getListOfParameters(), model.getListOfSpecies(), model.getListOfCompartments()):
        for part in parts:
            unit = part.getSubstanceUnits() if part.getTypeCode() == libsbml.SBML_SPECIES else part.getUnits()
            assert unit, part.getId()
            assert part.getName(), part.getId()
    for one in (*model.getListOfReactions(), *model.getListOfEvents()):
        assert one.getName(), one.getId()

    def numbers(tree: object) -> None:
        assert not tree.isNumber() or tree.isSetUnits()
        for i in range(tree.getNumChildren()):
            numbers(tree.getChild(i))

    for rule in model.getListOfRules():
        numbers(rule.getMath())
    for event in model.getListOfEvents():
        for assignment in event.getListOfEventAssignments():
            numbers(assignment.getMath())


def test_numbers_are_those_of_the_parameters() -> None:
    model, p = model_of(file_of()), treatment().parameters
    for name, key in (
        ("clearance", "exposure.clearance"),
        ("intercompartmental_clearance", "exposure.intercompartmental_clearance"),
        ("metabolite_clearance", "exposure.metabolite_clearance"),
        ("absorption_rate_fed", "exposure.absorption_rate"),
        ("sebum_fall_rate", "sebum.fall_rate"),
        ("triglycerides_mg_per_dl_baseline", "laboratory.triglycerides.baseline"),
        ("anagen_duration", "follicles.anagen_duration"),
        ("retinoid_susceptibility", "anagen_exit.retinoid.susceptibility"),
    ):
        assert model.getParameter(name).getValue() == pytest.approx(p[key].value, rel=1e-12), name
    assert model.getCompartment("plasma").getSize() == pytest.approx(p["exposure.central_volume"].value, rel=1e-12)


def test_a_dose_is_an_event_when_it_enters_and_counts_on_its_own_day() -> None:
    p = treatment().parameters
    model = model_of(file_of("10 mg at 00:30 and 23:30 for 2 weeks", 4))
    lag, share = p["exposure.lag_fed"].value, p["exposure.bioavailability.conventional.standard"].value
    event = model.getEvent("dose_1")
    right = event.getTrigger().getMath().getRightChild()
    assert right.getValue() == pytest.approx(lag / 24, rel=1e-12)
    added = event.getEventAssignment("depot_fed").getMath().getRightChild()
    assert (added.getValue(), added.getUnits()) == (pytest.approx(10 * share, rel=1e-12), "mg")
    assert event.getEventAssignment("taken_mg_per_kg") is not None
    # the dose at 23 h from the first enters on the next day, and is counted on its own
    assert model.getEvent("dose_2").getEventAssignment("taken_mg_per_kg") is None
    assert model.getEvent("dose_2_taken").getTrigger().getMath().getRightChild().getValue() == pytest.approx(23 / 24)


def test_doses_after_the_end_are_left_out_and_said() -> None:
    file = file_of(ONCE_DAILY, 1)
    assert file.doses == 7
    assert "21 doses after week 1, where the file ends" in file.left_out
    assert "21 doses after week 1" in model_of(file).getNotesString()


def test_notes_begin_with_the_pregnancy_box_and_name_the_person() -> None:
    for person, said in (("typical", "the typical person"), (7, "simulated person number 7")):
        notes = model_of(file_of(person=person)).getNotesString()
        first = notes[notes.index("<p>") : notes.index("</p>")]
        assert "<strong>Never in pregnancy" in first
        assert "severe birth defects" in first
        assert said in notes
        assert "spikes after hard exercise" in notes
        assert "highest and lowest level of a day" in notes


def test_provenance_is_in_the_file() -> None:
    annotation = model_of(file_of(person=7)).getAnnotationString()
    for part in (treatment().parameter_hash(), "<a:person>7</a:person>", "<a:seed>1</a:seed>", "20 mg once daily"):
        assert part in annotation


def test_the_same_order_gives_the_same_file() -> None:
    again = export_sbml("isotretinoin", ONCE_DAILY, Patient(), weeks=8)
    assert again.text == file_of().text
    assert file_of(person=7).text != file_of(person=8).text


def test_every_mechanism_of_the_treatment_has_a_writer() -> None:
    events = Regimen.from_text(ONCE_DAILY).events(70.0)
    drawn = draw(treatment(), events, Patient(), number=-1, seed=1, assumed=frozenset(), spread="both")
    assert {type(block) for block in drawn.wiring.mechanisms} <= set(WRITERS)
    model = model_of(file_of())
    hair = next(block for block in drawn.wiring.mechanisms if isinstance(block, Follicles))
    steady = Steady.of(hair, drawn.start["anagen_exit"])
    assert steady.births * float(hair.number) == pytest.approx(drawn.start["shed_per_day"], rel=1e-9)
    assert model.getParameter("shed_per_day").getValue() == pytest.approx(drawn.start["shed_per_day"], rel=1e-14)
    # what the follicles hold is everything, and what the young are is the integral of their ages
    assert sum(steady.hairs) + 3 * steady.kenogen == pytest.approx(1, rel=1e-12)
    rate, cap = steady.onward[0], hair.cap
    for i, young in enumerate(steady.young):
        share = quad(lambda a, i=i: math.exp(-(rate + steady.extra) * a) * (rate * a) ** i / math.factorial(i), 0, cap)
        assert young == pytest.approx(steady.births * share[0], rel=1e-9)


def test_an_unknown_mechanism_is_refused() -> None:
    with pytest.raises(InputError, match="the mechanism 'object' has no SBML form"):
        write_mechanism(None, object(), 7)  # type: ignore[arg-type]  # refused before it looks at the model


def test_hypotheses_on_the_cycle_have_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Onset arrest, anchorage and damping, put into the wiring by hand: drawing them anew would need a new program."""
    one = np.float64(1.0)

    def with_them(*arguments: object, **more: object) -> object:
        drawn = draw(*arguments, **more)  # type: ignore[arg-type]
        blocks = list(drawn.wiring.mechanisms)
        place = next(i for i, block in enumerate(blocks) if isinstance(block, Follicles))
        blocks[place:place] = [OnsetArrest(0.15 * one, 0.6 * one, 2 * one), Anchorage(one, 3 * one)]
        blocks = [replace(block, damping=0.9 * one) if isinstance(block, AnagenExit) else block for block in blocks]
        return replace(drawn, wiring=replace(drawn.wiring, mechanisms=tuple(blocks)))

    monkeypatch.setattr(sbml, "draw", with_them)
    file = export_sbml("isotretinoin", ONCE_DAILY, Patient(), weeks=8)
    assert file.findings == ()
    model = model_of(file)
    assert model.getRuleByVariable("kenogen_probability") is not None
    assert model.getRuleByVariable("telogen_speed") is not None


@pytest.mark.parametrize(("onset", "duration", "spared"), [(5, 4.0, False), (6, 2.5, False), (20, 3.0, True)])
def test_a_liver_reaction_is_that_of_the_mechanism(
    monkeypatch: pytest.MonkeyPatch, onset: int, duration: float, spared: bool
) -> None:
    """Put into the wiring by hand, as it is drawn for few; on the drug for a week, so that one of them is spared."""
    from .simulators import roadrunner_table

    days, one = 28, np.float64(1.0)
    block = LiverReaction(onset * one, duration * one, 6 * one)

    def with_it(*arguments: object, **more: object) -> object:
        drawn = draw(*arguments, **more)  # type: ignore[arg-type]
        blocks = tuple(block if isinstance(x, LiverReaction) else x for x in drawn.wiring.mechanisms)
        return replace(drawn, wiring=replace(drawn.wiring, mechanisms=blocks))

    monkeypatch.setattr(sbml, "draw", with_it)
    file = export_sbml("isotretinoin", "20 mg once daily with food for 1 week", Patient(), weeks=days // 7)
    assert file.findings == ()
    assert [text for text in file.left_out if text.startswith("liver reaction: ")]
    pytest.importorskip("roadrunner")
    found = roadrunner_table(file.text, ["liver_reaction", "alt_u_per_l", "concentration_mean"], days)
    at_noon = found["liver_reaction"][1::2]
    on_drug = found["concentration_mean"][1::2] > model_of(file).getParameter("off_drug_level").getValue()
    state, wanted = np.float64(0.0), []
    for day in range(days):
        state, shown = block.step(state, None, {"day": np.float64(day), "on_drug": np.float64(on_drug[day])})
        wanted.append(float(shown["liver_reaction"]))
    np.testing.assert_allclose(at_noon[:days], wanted)
    assert (max(wanted) == 0) == spared
    rise = found["alt_u_per_l"].max() / found["alt_u_per_l"][0]
    assert (rise < 1.2) if spared else (rise > 2)


@settings(deadline=None)
@given(
    *[st.floats(0.5, 50) for _ in range(2)],
    *[st.floats(5, 200) for _ in range(2)],
    st.floats(0.5, 20),
    st.floats(10, 100),
    st.floats(0.5, 2),
)
def test_compartments_come_back_from_the_modes(cl, q, central, peripheral, cl_own, own, factor) -> None:
    one = [jnp.array([x]) for x in (cl, central, q, peripheral, 0.28, cl_own, own)]
    names = ("clearance", "central_volume", "intercompartmental_clearance", "peripheral_volume", "absorption")
    kinds = (*names, "metabolite_clearance", "metabolite_volume")
    whole = Disposition.from_clearances(**dict(zip(kinds, one, strict=True)), mass_factor=factor)
    flat = replace(whole, **{name: np.asarray(getattr(whole, name))[..., 0] for name in vars(whole)})
    found = Compartments.of(flat)
    expected = (cl, central, q, peripheral, cl_own, own, factor)
    assert (
        found.clearance,
        found.central_volume,
        found.intercompartmental_clearance,
        found.peripheral_volume,
        found.metabolite_clearance,
        found.metabolite_volume,
        found.mass_factor,
    ) == pytest.approx(expected, rel=1e-6)


def test_shares_of_a_day_are_those_of_the_engine() -> None:
    kinds = {"fever": 1, "surgery": 2, "crash-diet": 28}
    sizes = {"fever": 0.2, "surgery": 0.1, "crash-diet": 0.3}
    events = (HairEvent("fever", 5), HairEvent("crash-diet", 3), HairEvent("surgery", 5), HairEvent("surgery", 40, 0.4))
    patient = Patient(events=events)
    stated = np.array([0.2, 0.4, 0.3])  # a stated share holds for all events of the kind
    engine = 1 - np.exp(_pulse(patient, kinds, 0) @ np.log1p(-stated))
    found = shares_by_day(patient, kinds, sizes)
    ours = np.array([found.get(day, 0.0) for day in range(engine.size)])
    np.testing.assert_allclose(ours, engine, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("unit", "kinds"),
    [
        ("1", []),
        ("mg/kg/d", [("gram", 1, -3), ("gram", -1, 3), ("second", -1, 0)]),
        ("U/L", [("mole", 1, -6), ("second", -1, 0), ("litre", -1, 0)]),
        ("hairs/cm2", [("item", 1, 0), ("metre", -2, -2)]),
        ("%", [("dimensionless", 1, -2)]),
    ],
)
def test_units(unit: str, kinds: list[tuple[str, int, int]]) -> None:
    assert [(factor.kind, factor.exponent, factor.scale) for factor in factors(unit)] == kinds


def test_an_unknown_unit_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match="unknown 'mgg'"):
        factors("mgg/L")


@pytest.mark.parametrize("unit", ["pg/mL", "IU", "g", "nmol/L"])
def test_an_output_in_an_unknown_unit_is_not_written_without_one(unit: str) -> None:
    with pytest.raises(DataError, match="has no SBML form"):
        published(unit)


def test_units_of_all_outputs_have_a_form() -> None:
    events = Regimen.from_text(ONCE_DAILY).events(70.0)
    drawn = draw(treatment(), events, Patient(), number=-1, seed=1, assumed=frozenset(), spread="both")
    for block in drawn.wiring.mechanisms:
        for unit in block.outputs.values():
            factors(published(unit))


@pytest.mark.parametrize("person", [-1, 2**31, True, 1.5, "somebody"])
def test_a_person_who_cannot_be_is_refused(person: object) -> None:
    with pytest.raises(InputError, match="there is no person"):
        export_sbml("isotretinoin", ONCE_DAILY, person=person)  # type: ignore[arg-type]


def test_pregnancy_stops_before_anything() -> None:
    with pytest.raises(PregnancyStop):
        export_sbml("isotretinoin", ONCE_DAILY, Patient(pregnant=True))
