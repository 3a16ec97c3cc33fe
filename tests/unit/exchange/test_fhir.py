"""A course as FHIR: read by the models of fhir.resources, and held to what R4 itself asks."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fhir.resources.R4B.bundle import Bundle

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.exchange import fhir_codes
from ipt_tracker.exchange.fhir import bundle, fhir_bytes
from ipt_tracker.exchange.fhir_codes import LOINC, SNOMED, URN, Named
from ipt_tracker.exchange.fhir_facts import Course, Focus, Form, Person, Slot
from tests.factories.fhir import SEEN, broken_rules, of_type, resources

DAY = date(2026, 1, 7)
SLOT = Slot(
    id="s1",
    held_on=DAY,
    kind=Named("individual", "Individual session"),
    attendance=Named("attended", "Attended"),
    phase=Named("beginning", "Beginning"),
    focal_area=Named("grief", "Grief"),
    number=1,
    minutes=50,
    is_remote=False,
    took_place=True,
    is_error=False,
    mood=4,
)
FORM = Form(
    id="m1",
    instrument=INSTRUMENTS["phq9"],
    name="phq9",
    slot="s1",
    taken_on=DAY,
    status="complete",
    total=9,
    lowest=9,
    highest=9,
    answers=dict.fromkeys(INSTRUMENTS["phq9"].answer_keys, 1),
    beside={},
    recorded_at=datetime(2026, 1, 7, 9, 30, 12, 500, tzinfo=UTC),
    is_withdrawn=False,
    is_corrected=False,
)
COURSE = Course(
    id="c1",
    patient=Person("p1", "T-101", "Ana <Þórsdóttir>", date(1990, 5, 4), "30 to 39"),
    protocol=Named("IPT-PTSD-14", "IPT for PTSD"),
    planned_sessions=14,
    started_on=DAY,
    ended_on=None,
    therapist="R. Calder",
    focus=(Focus(Named("grief", "Grief"), DAY, None),),
    slots=(SLOT,),
    forms=(FORM,),
    software="IPT Tracker 1.0",
    made_at=datetime(2026, 3, 11, 10, tzinfo=UTC),
    without_names=False,
)


def blank_of(key):
    """Give a form of an instrument with its first answer given and all others blank."""
    instrument = INSTRUMENTS[key]
    first = instrument.answer_items[0]
    answers = dict.fromkeys(instrument.answer_keys) | {first.key: first.high}
    numbers = {"total": None, "lowest": first.high, "highest": instrument.highest}
    return replace(
        FORM,
        id=f"blank {key}",
        instrument=instrument,
        name=key,
        status="incomplete",
        answers=answers,
        **numbers,
    )


def full_of(key):
    instrument = INSTRUMENTS[key]
    beside = {each.key: None for each in instrument.beside}
    answers = {item.key: item.high for item in instrument.answer_items}
    numbers = {"total": instrument.highest, "answers": answers, "beside": beside}
    return replace(FORM, id=f"full {key}", instrument=instrument, name=key, **numbers)


def one_form(form):
    return bundle(replace(COURSE, forms=(form,)))


def total_of(form):
    return next(o for o in of_type(one_form(form), "Observation") if o["id"] != _mood_id())


def _mood_id():
    return of_type(bundle(replace(COURSE, forms=())), "Observation")[0]["id"]


MANY = replace(
    COURSE,
    forms=(
        *(full_of(key) for key in INSTRUMENTS),
        *(blank_of(key) for key in INSTRUMENTS),
        replace(FORM, id="total alone", answers=None),
        *(replace(FORM, id=f"all {n}", answers=dict.fromkeys(FORM.answers, n)) for n in range(4)),
        replace(FORM, id="declined", status="declined", total=None, answers=None),
        replace(FORM, id="withdrawn", is_withdrawn=True),
        replace(FORM, id="corrected", is_corrected=True),
        replace(FORM, id="unknown", instrument=None, name="BDI-II", answers=None),
    ),
    slots=(
        SLOT,
        replace(SLOT, id="s2", took_place=False, number=None, mood=None, focal_area=None),
        replace(SLOT, id="s3", is_error=True, phase=Named(None, "Our own phase")),
        replace(SLOT, id="s4", is_remote=True, minutes=None),
    ),
)


def test_every_resource_of_every_instrument_is_read_by_the_models_and_comes_back_the_same():
    made = bundle(MANY)

    read = Bundle.model_validate(made)

    again = json.loads(read.model_dump_json(exclude_none=True))
    assert len(again["entry"]) == len(made["entry"])
    for before, after in zip(made["entry"], again["entry"], strict=True):
        assert set(after["resource"]) == set(before["resource"])


@pytest.mark.parametrize("course", [COURSE, MANY, replace(COURSE, ended_on=DAY)])
def test_what_r4_asks_beyond_the_models_is_kept(course):
    assert broken_rules(bundle(course)) == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("Encounter", {"class": {"coding": [{"code": "AMB"}]}}),
        ("Encounter", {"status": "completed"}),
        ("EpisodeOfCare", {"status": "completed"}),
        ("QuestionnaireResponse", {"questionnaire": "the PHQ-9"}),
        ("Observation", {"dataAbsentReason": {"text": "unknown"}}),
        ("Observation", {"subject": {"reference": "urn:uuid:elsewhere"}}),
        ("CarePlan", {"activity": [{"detail": {}}]}),
        ("Patient", {"name": []}),
        ("Patient", {"birthDate": "7 Jan 2026"}),
    ],
)
def test_the_check_of_r4_finds_each_thing_that_is_wrong(kind, change):
    made = bundle(COURSE)
    of_type(made, kind)[0].update(change)

    assert broken_rules(made)


def test_only_codes_that_were_seen_are_written():
    written = {
        (code["system"], code["code"])
        for code in _codings(bundle(MANY))
        if code["system"] in {LOINC, SNOMED}
    }

    assert written == SEEN - {(LOINC, "69722-7"), (LOINC, "55758-7"), (LOINC, "LL382-3")}


def test_a_pcl_for_dsm_iv_is_never_said_to_be_the_civilian_form():
    made = one_form(full_of("pcl4"))

    assert of_type(made, "Observation")[1]["component"]
    assert {code["system"] for code in _codings(made) if "pcl4" in code["code"]}
    assert not [code for code in _codings(made) if code["system"] == LOINC]


def test_every_code_of_ours_is_under_its_own_name_and_without_spaces():
    ours = [code for code in _codings(bundle(MANY)) if code["system"].startswith(URN)]

    assert ours
    assert all(re.fullmatch(r"\S+( \S+)*", code["code"]) for code in ours)


def test_a_total_is_a_quantity_in_points_and_names_its_time_window():
    weekly, monthly = (total_of(replace(full_of(k), answers=None)) for k in _windows())

    assert weekly["valueQuantity"] == {
        "value": 80,
        "unit": "points",
        "system": "http://unitsofmeasure.org",
        "code": "{score}",
    }
    assert weekly["code"]["text"] == "PCL-5, past week, total"
    assert weekly["code"]["coding"][0] == monthly["code"]["coding"][0]
    assert weekly["code"]["coding"][-1] != monthly["code"]["coding"][-1]


def _windows():
    return "pcl5_week", "pcl5_month"


def test_an_incomplete_form_has_blanks_no_total_and_the_range_it_could_have_had():
    made = one_form(blank_of("pcl5_week"))
    response = of_type(made, "QuestionnaireResponse")[0]
    total = of_type(made, "Observation")[-1]

    assert response["status"] == "stopped"
    assert [("answer" in item) for item in response["item"]] == [True] + [False] * 19
    assert "valueQuantity" not in total
    assert total["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert [part["valueQuantity"]["value"] for part in total["component"]] == [4, 80]


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("declined", "asked-declined"),
        ("not_returned", "asked-unknown"),
        ("not_administered", "not-performed"),
        ("missing", "unknown"),
    ],
)
def test_a_form_that_was_not_done_says_why(status, why):
    form = replace(FORM, status=status, total=None, lowest=None, highest=None, answers=None)
    total = total_of(form)

    assert total["dataAbsentReason"]["coding"][0]["code"] == why
    assert "component" not in total


def test_a_withdrawn_form_is_marked_as_entered_in_error_everywhere():
    made = one_form(replace(FORM, is_withdrawn=True))
    kinds = ("QuestionnaireResponse", "Observation")
    statuses = [each["status"] for kind in kinds for each in of_type(made, kind)]

    assert statuses == ["entered-in-error", "final", "entered-in-error", "entered-in-error"]


def test_coded_answers_carry_their_points():
    answer = of_type(one_form(FORM), "QuestionnaireResponse")[0]["item"][0]["answer"][0]

    assert answer["valueCoding"]["code"] == "LA6569-3"
    assert answer["valueCoding"]["extension"][0]["valueDecimal"] == 1


def test_an_item_that_was_not_assessed_is_no_number():
    form = full_of("hamd17")
    form = replace(form, answers=dict(form.answers) | {"weight": 3})
    made = one_form(form)
    weight = INSTRUMENTS["hamd17"].answer_keys.index("weight")

    assert INSTRUMENTS["hamd17"].item("weight").not_assessed == 3
    part = of_type(made, "Observation")[1]["component"][weight]
    assert part["dataAbsentReason"]["coding"][0]["code"] == "not-performed"


def test_the_same_course_gives_the_same_bytes_and_the_same_ids():
    ids = [each["id"] for each in resources(bundle(COURSE))]
    later = replace(COURSE, made_at=datetime(2027, 1, 1, tzinfo=UTC))

    assert fhir_bytes(COURSE) == fhir_bytes(COURSE)
    assert [each["id"] for each in resources(bundle(later))] == ids


def test_each_entry_is_found_under_its_own_address():
    made = bundle(MANY)

    for entry in made["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"


def test_no_code_is_seen_that_stands_among_the_wrong_ones():
    wrong = {"71969-0", "96843-5", "89244-8", "44262-4"}
    text = json.dumps(bundle(MANY))

    assert not [code for code in wrong if code in text]
    assert fhir_codes.TOTALS["PHQ-9"][0] == (LOINC, "44261-6")


def _codings(value):
    if isinstance(value, dict):
        if {"system", "code"} <= set(value):
            yield value
        for each in value.values():
            yield from _codings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _codings(each)
