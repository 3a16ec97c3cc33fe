"""A course bundle is taken in whole or not at all, nothing of it twice, and nothing is dropped."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from ipt_tracker.exchange import course_bundle
from ipt_tracker.exchange.course_bundle import BrokenBundle
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import (
    Account,
    Amendment,
    Assignment,
    ContractChange,
    Course,
    FidelityRating,
    Measure,
    Patient,
    RatingAmendment,
    SessionRecord,
    StaffCode,
    Supervision,
)
from ipt_tracker.persistence.queries.records import measures_of
from ipt_tracker.services.identity.sign_ins import sign_in
from ipt_tracker.services.imports import ImportRefused, Options, import_bundle
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories import bundles
from tests.factories.people import PASSWORD, add_person
from tests.factories.tables import audit_rows, contents

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
DEMO_CASES = ("SYN-01", "SYN-02", "SYN-04", "SYN-06")


def take_in(database, raw, options=None):
    read = course_bundle.read(bundles.text(raw))
    with writing(database, None, NOW) as work:
        return import_bundle(work, read, options)


def all_of(database, model):
    with reading(database, None, NOW) as work:
        return list(work.session.scalars(select(model)))


def only(database, model):
    (found,) = all_of(database, model)
    return found


def test_the_demo_clinics_bundle_is_taken_in_without_a_warning(database):
    report = take_in(database, bundles.demo())

    assert report.added == DEMO_CASES
    assert report.unchanged == report.warnings == ()
    assert sorted(p.code for p in all_of(database, Patient)) == list(DEMO_CASES)
    assert len(all_of(database, SessionRecord)) == 15 + 18 + 7 + 13


def test_the_same_bundle_again_adds_nothing(database):
    take_in(database, bundles.demo())
    before, audited = contents(database), len(audit_rows(database))

    report = take_in(database, bundles.demo())

    assert report.added == ()
    assert report.unchanged == DEMO_CASES
    assert contents(database) == before
    assert len(audit_rows(database)) == audited


def test_the_same_content_written_otherwise_is_still_the_same(database):
    take_in(database, bundles.demo())
    raw = bundles.demo()
    raw["cases"] = [dict(reversed(c.items())) for c in reversed(raw["cases"])]
    for case in raw["cases"]:
        case.pop("expected")  # the figures it should reproduce are not its content

    assert take_in(database, raw).added == ()


def test_a_larger_bundle_adds_only_what_is_new(database):
    take_in(database, bundles.demo())

    raw = bundles.demo()
    raw["cases"].append(bundles.extended_case())
    report = take_in(database, raw)

    assert report.added == ("EXT-1",)
    assert report.unchanged == DEMO_CASES


def test_the_same_id_with_other_content_is_refused_naming_the_difference(database):
    take_in(database, bundles.demo())
    before, audited = contents(database), len(audit_rows(database))
    raw = bundles.demo()
    raw["cases"][1]["sessions"][2]["measures"][0]["total"] += 1
    raw["cases"].insert(0, bundles.extended_case())  # new and sound, and still not taken in

    with pytest.raises(ImportRefused) as refused:
        take_in(database, raw)

    assert "SYN-02" in str(refused.value)
    assert "sessions[2].measures[0].total" in str(refused.value)
    assert "Nothing was imported" in str(refused.value)
    assert contents(database) == before
    assert len(audit_rows(database)) == audited


def test_the_clinic_code_of_a_patient_who_is_here_is_refused(database):
    with writing(database, None, NOW) as work:
        add = {"primary_diagnosis": "ptsd", "precipitating_event": "other"}
        work.session.add(Patient(code="SYN-04", created_at=NOW, **add))
    before = contents(database)

    with pytest.raises(ImportRefused, match="SYN-04 is the clinic code of a patient"):
        take_in(database, bundles.demo())

    assert contents(database) == before


@pytest.mark.parametrize(
    ("break_it", "place"),
    [
        (lambda raw: raw.update(schema="ipt-course-bundle/2"), "schema"),
        (lambda raw: raw.update(cases={}), "cases"),
        (lambda raw: raw["cases"][3].pop("id"), "cases[3].id"),
        (lambda raw: raw["cases"][3].pop("therapist"), "SYN-06 therapist"),
        (lambda raw: raw["cases"][3].pop("sessions"), "SYN-06 sessions"),
        (lambda raw: raw["cases"][3]["sessions"][2].pop("date"), "SYN-06 sessions[2].date"),
        (
            lambda raw: raw["cases"][3]["sessions"][2].update(date="2025-02-30"),
            "SYN-06 sessions[2].date",
        ),
        (lambda raw: raw["cases"][3]["sessions"][2].update(slot=1), "SYN-06 sessions[2].slot"),
        (
            lambda raw: raw["cases"][3]["sessions"][2]["measures"][0].update(total="41"),
            "SYN-06 sessions[2].measures[0].total",
        ),
        (lambda raw: raw["cases"].append(raw["cases"][0]), "cases[4].id"),
    ],
)
def test_broken_structure_is_refused_before_anything_is_written(break_it, place):
    raw = bundles.demo()
    break_it(raw)

    with pytest.raises(BrokenBundle) as refused:
        course_bundle.read(bundles.text(raw))

    assert refused.value.place == place


def test_a_failure_in_the_last_case_keeps_nothing_of_the_first(database):
    before = contents(database)
    read = course_bundle.read(bundles.text(bundles.demo()))

    def take_in_and_fail():
        with writing(database, None, NOW) as work:
            import_bundle(work, read)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_in_and_fail()

    assert contents(database) == before
    assert audit_rows(database) == []


def test_every_unknown_key_is_listed_and_kept_as_text(database):
    raw = bundles.demo()
    marks = []
    for place, found in list(bundles.objects(raw)):
        free = not place or place.startswith(".cases")
        if free and ".expected" not in place and not place.endswith(NAMES_ARE_CODES):
            marks.append(f"mark-{len(marks)}-end")
            found[f"key_{marks[-1]}"] = marks[-1]

    report = take_in(database, raw)

    listed, held = " ".join(report.warnings), str(contents(database))
    assert [m for m in marks if f"key_{m}" not in listed] == []
    assert [m for m in marks if m not in held] == []
    assert len(marks) > 900


NAMES_ARE_CODES = (".phases", ".answers", ".items", ".proscribed")
"""Objects whose keys are codes: an unknown one is a code, not a key."""


def test_every_unknown_code_is_listed_and_stays_as_it_was_written(database):
    odd = bundles.session(
        1,
        1,
        kind="walk",
        phase="interlude",
        attendance="sent_a_friend",
        modality="pigeon",
        focal_area="dragons",
        tasks_done=["B01", "Q99"],
        techniques=["hypnosis"],
        measures=[{"instrument": "XYZ-3", "window": "past_year", "total": 7, "status": "complete"}],
        risk={"asked": True, "result": "unclear", "band": "lilac"},
        note={"status": "burnt"},
        fidelity=[
            {
                "rater": "self",
                "items": {"F99": {"d": 1, "q": 3}},
                "proscribed": {"Z99": 1},
                "basis": "dream",
            }
        ],
    )
    codes = ["walk", "interlude", "sent_a_friend", "pigeon", "dragons", "Q99", "hypnosis", "XYZ-3"]
    codes += ["lilac", "burnt", "F99", "Z99", "dream"]

    report = take_in(database, bundles.bundle(bundles.case("ODD-1", odd)))

    assert report.added == ("ODD-1",)
    assert [code for code in codes if code not in " ".join(report.warnings)] == []
    record = only(database, SessionRecord)
    assert (record.kind, record.phase, record.attendance) == ("walk", "interlude", "sent_a_friend")
    assert (record.modality, record.focal_area, record.note_state) == ("pigeon", "dragons", "burnt")
    assert (record.tasks, record.techniques) == (["B01", "Q99"], ["hypnosis"])
    measure = only(database, Measure)
    assert (measure.instrument, measure.total) == ("XYZ-3", 7)
    rating = only(database, FidelityRating)
    assert "F99" in rating.items
    assert "Z99" in rating.proscribed
    assert rating.basis == "dream"


def test_free_text_about_diagnosis_and_event_stays_text_until_a_clinician_classifies_it(database):
    take_in(database, bundles.demo())

    patient = next(p for p in all_of(database, Patient) if p.code == "SYN-02")
    assert patient.primary_diagnosis == patient.precipitating_event == "not_classified"
    assert patient.primary_diagnosis_text == "PTSD with comorbid MDD"
    assert patient.precipitating_event_text == "assault by a passenger eleven months ago"


@pytest.mark.parametrize("total", [-1, 81])
def test_a_total_that_the_form_does_not_have_is_kept_as_text_and_is_no_score(database, total):
    report = take_in(
        database, bundles.bundle(bundles.case("ODD-1", bundles.session(1, 1, total=total)))
    )

    measure = only(database, Measure)
    assert (measure.total, measure.status) == (None, "unreadable")
    assert measure.extra["total"] == total
    assert any(str(total) in warning for warning in report.warnings)


def test_an_incomplete_form_has_no_total_and_keeps_the_range_it_could_have(database):
    part = {
        "instrument": "PCL-5",
        "window": "past_week",
        "total": None,
        "status": "incomplete",
        "items_missing": 3,
        "sum_of_answered": 30,
    }
    take_in(database, bundles.bundle(bundles.case("INC-1", bundles.session(1, 1, measures=[part]))))

    measure = only(database, Measure)
    assert (measure.status, measure.total, measure.answered) == ("incomplete", None, 17)
    assert (measure.lowest, measure.highest) == (30, 30 + 3 * 4)


def test_numbers_that_cannot_be_are_kept_as_text(database):
    odd = bundles.session(1, 1, mood_0_10=11, duration_min=900, minutes_late=-5)

    report = take_in(database, bundles.bundle(bundles.case("ODD-1", odd)))

    record = only(database, SessionRecord)
    assert (record.mood, record.duration_minutes, record.minutes_late) == (None, None, 0)
    assert [w for n in ("11", "900", "-5") for w in report.warnings if n in w]
    assert {"11", "900", "-5"} <= {str(value) for value in record.extra.values()}


def test_staff_become_accounts_that_cannot_sign_in_until_an_administrator_enables_them(database):
    take_in(database, bundles.demo())

    accounts = all_of(database, Account)
    assert {a.display_name for a in accounts} >= {"TH-01", "TH-04", "SUP-01", "SUP-02"}
    assert [a for a in accounts if a.enabled or a.email or a.password_hash] == []
    assert sign_in(database, "TH-01", PASSWORD, NOW).token is None


def test_a_staff_code_that_is_known_leads_to_the_person_who_has_it(database):
    with writing(database, None, NOW) as work:
        person = add_person(work, "t@clinic.example", "R. Calder", Role.THERAPIST)
        work.session.add(StaffCode(code="TH-09", account_id=person.id))

    take_in(database, bundles.bundle(bundles.extended_case()))

    assert only(database, Assignment).therapist_id == person.id


def test_a_cases_supervisor_supervises_its_therapist_from_the_first_session_on(database):
    take_in(database, bundles.bundle(bundles.rated_case()))

    codes = {s.code: s.account_id for s in all_of(database, StaffCode)}
    tie = only(database, Supervision)
    assert (tie.supervisor_id, tie.supervisee_id) == (codes["SUP-08"], codes["TH-09"])
    assert (tie.started_on, tie.ended_on) == (bundles.ANCHOR, None)


def test_a_course_extended_past_its_contract_keeps_both_the_old_number_and_the_new(database):
    report = take_in(database, bundles.bundle(bundles.extended_case()))

    assert report.warnings == ()
    changes = sorted(all_of(database, ContractChange), key=lambda c: c.at_session)
    assert [(c.at_session, c.kind, c.old, c.new) for c in changes] == [
        (7, "extension", "8", "10"),
        (9, "extension", "10", "12"),
    ]
    with reading(database, None, NOW) as work:
        facts = outline(work, work.session.scalars(select(Course)).one())
        assert facts.course.planned_sessions == 12
        assert facts.position.number == 11
        assert facts.next.number == 12


def test_a_group_course_keeps_the_groups_numbers_and_counts_group_sessions(database):
    report = take_in(database, bundles.bundle(bundles.group_case()))

    assert report.warnings == ()
    records = sorted(all_of(database, SessionRecord), key=lambda r: r.slot)
    assert [(r.kind, r.number) for r in records] == [
        ("individual", 1),
        ("group", 1),
        ("group", 2),
        ("group", None),
        ("group", 3),
        ("individual", 2),
    ]
    with reading(database, None, NOW) as work:
        facts = outline(work, work.session.scalars(select(Course)).one())
        assert facts.course.format == "group"
        assert (facts.next.kind, facts.next.number) == ("group", 4)


def test_several_raters_of_one_session_are_kept_apart(database):
    take_in(database, bundles.bundle(bundles.rated_case()))

    codes = {s.code: s.account_id for s in all_of(database, StaffCode)}
    found = {r.rater: (r.rater_id, r.items["F01"]["q"]) for r in all_of(database, FidelityRating)}
    assert found == {
        "self": (codes["TH-09"], 5),
        "SUP-08": (codes["SUP-08"], 3),
        "SUP-09": (codes["SUP-09"], 2),
        "EX-01": (codes["EX-01"], 4),
    }


def test_dates_are_shifted_by_whole_days_and_the_bundle_is_still_known(database):
    raw = bundles.bundle(bundles.extended_case())
    take_in(database, raw, Options(shifted_days=70))

    first = min(r.held_on for r in all_of(database, SessionRecord))
    assert first == date(2025, 4, 14)
    assert only(database, Course).started_on == first
    assert take_in(database, raw).unchanged == ("EXT-1",)


def test_corrections_in_the_file_stand_beside_the_value_that_counts(database):
    take_in(database, bundles.demo())

    kept = {(a.subject_kind, a.field, a.old, a.new, a.author) for a in all_of(database, Amendment)}
    assert kept == {("measure", "total", 63, 36, "TH-02")}
    (rated,) = all_of(database, RatingAmendment)
    assert (rated.field, rated.old, rated.new, rated.author) == ("items.F09.q", 4, 3, "SUP-01")
    assert 36 in {m.total for m in all_of(database, Measure)}
    assert 63 not in {m.total for m in all_of(database, Measure)}


def test_each_course_taken_in_leaves_one_audit_row(database):
    take_in(database, bundles.demo())

    rows = audit_rows(database)
    courses = {str(c.id): c.patient_id for c in all_of(database, Course)}
    assert {row.event for row in rows} == {"course.imported"}
    assert {row.subject_id: row.patient_id for row in rows} == courses


def taken_in(database, **values):
    """Take in a PHQ-9 with these values, and give it with what was said about it."""
    measures = [{"instrument": "PHQ-9", "status": "complete", **values}]
    one = bundles.case("ITEM-1", bundles.session(1, 1, measures=measures))
    return take_in(database, bundles.bundle(one)).warnings, only(database, Measure)


def test_the_answers_of_a_form_are_scored_and_judged_by_our_own_rules(database):
    warnings, measure = taken_in(database, total=11, items=[2, 3, 1, 1, 1, 1, 1, 0, 1])

    assert warnings == ()
    assert (measure.status, measure.total, measure.answered) == ("complete", 11, 9)
    assert (measure.answers["mood"], measure.answers["self_harm"]) == (3, 1)
    assert measure.findings == {"algorithm": "other", "cut": "met", "band": "moderate"}


def test_answers_with_a_blank_give_a_range_and_no_total(database):
    _, measure = taken_in(database, total=None, items=[2, 3, 1, 1, 1, 1, 1, 0, None])

    assert (measure.status, measure.total, measure.answered) == ("incomplete", None, 8)
    assert (measure.lowest, measure.highest) == (10, 13)


@pytest.mark.parametrize(
    ("items", "complaint"),
    [
        ([2, 3, 1, 1, 1, 1, 1, 0], "9 items, not 8"),
        ([2, 3, 1, 1, 1, 1, 1, 0, 4], "4 is not on the form"),
        ([2, 3, 1, 1, 1, 1, 1, 0, 0], "add up to 10, the total says 11"),
    ],
)
def test_answers_that_are_not_those_of_the_total_are_kept_as_text_beside_it(
    database, items, complaint
):
    warnings, measure = taken_in(database, total=11, items=items)

    assert (measure.total, measure.answers, measure.extra["items"]) == (11, None, items)
    assert [complaint in warning for warning in warnings] == [True]


def test_two_forms_of_one_day_stay_in_the_order_of_the_file(database):
    totals = [40, 20, 60, 10, 50, 30]
    form = {"instrument": "PCL-5", "window": "past_week", "status": "complete"}
    measures = [form | {"total": total} for total in totals]
    take_in(
        database, bundles.bundle(bundles.case("TWO-1", bundles.session(1, 1, measures=measures)))
    )

    (course_id,) = [course.id for course in all_of(database, Course)]
    with reading(database, None, NOW) as work:
        found = measures_of(work.session, [course_id])[course_id]
    assert [row.total for row in found] == totals
