"""What the clinic chooses to judge by: from now on, for new courses, kept and audited."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.criteria import default_criteria
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import course_bundle
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import AuditEntry, ClinicSetting, Course, Measure
from ipt_tracker.services.clinic_settings import (
    change_settings,
    chosen,
    criteria_for,
    first_criteria,
    in_force,
    shows_estimates,
    version,
)
from ipt_tracker.services.corrections import withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.imports import import_bundle
from ipt_tracker.services.outline import outline
from ipt_tracker.services.progress import ChartChoice, read_progress
from ipt_tracker.services.setting_list import families, read_settings
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, writing
from tests.factories import bundles
from tests.factories.audit import broken_audit
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.stores import on_every_engine

SET, CUT = "threshold_set.PCL-5", "cut.PCL-5"
STRICTER, OTHER_CUT = "marx2022_s2_pcl5@1", "cut_31@1"


def choose(clinic, name, value, later=0):
    actor = clinic.admin.actor()
    at = clinic.now + timedelta(minutes=later)
    with writing(clinic.database, actor, at, clinic.today) as work:
        return change_settings(work, {name: value}, version(work))


def progress(clinic):
    with clinic.reading(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.OPEN_COURSE)
        return read_progress(work, course, ChartChoice(), "1")[1]


def rows_of(clinic, course_id):
    with clinic.reading() as work:
        wanted = select(Measure).where(Measure.course_id == course_id)
        return list(work.session.scalars(wanted.order_by(Measure.taken_on, Measure.instrument)))


def settings_rows(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(ClinicSetting)))


def new_course(clinic, *entries):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, FIRST_DAY, code="N-1", name="Nova Ames")
        for entry in entries:
            add_measure(work, course, entry)
        return course.id


@on_every_engine
def test_nothing_of_a_course_under_way_changes_and_a_new_one_takes_the_choice(clinic):
    before, words = rows_of(clinic, clinic.course.id), progress(clinic)

    choose(clinic, SET, STRICTER)
    choose(clinic, CUT, OTHER_CUT)
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        going_on = add_measure(work, course, measure("pcl5_week", clinic.today, 32))
        assert (going_on.threshold_set, going_on.cut) == ("marx2022_s1_pcl5@1", "cut_33@1")
        assert going_on.findings["cut"] == "not_met"
    started = new_course(clinic, measure("pcl5_month", FIRST_DAY, 32))

    columns = ("threshold_set", "cut", "band_set", "rule", "findings", "total", "version")
    after = [r for r in rows_of(clinic, clinic.course.id) if r.taken_on < clinic.today]
    assert [[getattr(r, c) for c in columns] for r in after] == [
        [getattr(r, c) for c in columns] for r in before
    ]
    assert progress(clinic).judgements[0].thresholds == words.judgements[0].thresholds
    (first,) = rows_of(clinic, started)
    assert (first.threshold_set, first.cut) == (STRICTER, OTHER_CUT)
    assert first.findings["cut"] == "met"


def test_a_course_goes_on_with_its_own_set_whatever_is_chosen_later(clinic):
    choose(clinic, SET, STRICTER)
    started = new_course(clinic, measure("pcl5_month", FIRST_DAY, 60))
    choose(clinic, SET, "older_pcl5@1", later=1)

    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, started)
        later = add_measure(work, course, measure("pcl5_week", clinic.today, 40))
        assert later.threshold_set == STRICTER


def test_a_form_that_was_not_done_does_not_bind_a_course(clinic):
    started = new_course(clinic, measure("pcl5_week", FIRST_DAY, not_done="declined"))
    choose(clinic, SET, STRICTER)

    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, started)
        assert criteria_for(work, course, INSTRUMENTS["pcl5_week"]).threshold_set == STRICTER


def test_a_form_that_was_withdrawn_does_not_bind_a_course(clinic):
    started = new_course(clinic, measure("pcl5_week", FIRST_DAY, 40))
    choose(clinic, SET, STRICTER)

    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, started)
        (form,) = work.session.scalars(select(Measure).where(Measure.course_id == started))
        withdraw_measure(work, course, form, "of somebody else")
        work.session.flush()
        assert criteria_for(work, course, INSTRUMENTS["pcl5_week"]).threshold_set == STRICTER


@on_every_engine
def test_every_choice_is_kept_and_audited_with_what_it_was_before(clinic):
    assert choose(clinic, SET, STRICTER) == (SET,)
    assert choose(clinic, SET, "marx2022_s1_pcl5@1", later=1) == (SET,)
    assert choose(clinic, SET, "marx2022_s1_pcl5@1", later=2) == ()

    with clinic.reading(clinic.admin) as work:
        audited = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "setting.changed").order_by(AuditEntry.id)
        ).all()
        assert [(a.subject_id, a.details["old"], a.details["new"]) for a in audited] == [
            (SET, "marx2022_s1_pcl5@1", STRICTER),
            (SET, STRICTER, "marx2022_s1_pcl5@1"),
        ]
        assert {a.actor_id for a in audited} == {clinic.admin.id}
        history = read_settings(work).changes
    assert [(c.by, c.what, c.old, c.new) for c in history] == [
        ("S. Lindqvist", "PCL-5, reliable change", "Marx 2022, sample 2", "Marx 2022, sample 1"),
        ("S. Lindqvist", "PCL-5, reliable change", "Marx 2022, sample 1", "Marx 2022, sample 2"),
    ]


def test_a_choice_that_cannot_be_audited_is_not_kept(clinic):
    with broken_audit(clinic.database), pytest.raises(Exception, match="audit"):
        choose(clinic, SET, STRICTER)

    assert settings_rows(clinic) == []


@pytest.mark.parametrize("name", ["therapist", "supervisor"])
def test_only_administrators_see_and_change_settings(clinic, name):
    person = getattr(clinic, name)
    with pytest.raises(AccessDenied), clinic.writing(person) as work:
        change_settings(work, {SET: STRICTER}, 0)
    with pytest.raises(AccessDenied), clinic.reading(person) as work:
        read_settings(work)

    assert settings_rows(clinic) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (SET, "marx2022_s1_caps5@1"),
        (SET, "marx2022_s1_pcl5"),
        (SET, None),
        (CUT, "cut_44@1"),
        ("band_set.PCL-5", "common@1"),
        ("rule.PCL-5", "pcl5_provisional@1"),
        ("threshold_set.Unknown", "marx2022_s1_pcl5@1"),
        ("phq9_estimate", "yes"),
    ],
)
def test_what_is_not_published_for_an_instrument_cannot_be_chosen(clinic, setting, value):
    with pytest.raises(RuleBroken):
        choose(clinic, setting, value)

    assert settings_rows(clinic) == []


def test_a_page_filled_in_before_another_change_saves_nothing(clinic):
    choose(clinic, SET, STRICTER)

    actor = clinic.admin.actor()
    with (
        pytest.raises(ChangedMeanwhile),
        writing(clinic.database, actor, clinic.now, clinic.today) as work,
    ):
        change_settings(work, {CUT: OTHER_CUT}, 0)

    assert len(settings_rows(clinic)) == 1


def test_a_stored_choice_that_this_version_does_not_know_gives_way_to_the_default(clinic):
    with clinic.writing() as work:
        work.session.add(
            ClinicSetting(name=SET, value="new@9", set_by=clinic.admin.id, set_at=work.now)
        )

    with clinic.reading(clinic.admin) as work:
        assert first_criteria(work)["pcl5_week"].threshold_set == "marx2022_s1_pcl5@1"
        assert read_settings(work).changes[0].new == "new@9"


def test_without_a_choice_the_defaults_hold(clinic):
    with clinic.reading() as work:
        judged = first_criteria(work)

    assert judged == {key: default_criteria(one) for key, one in INSTRUMENTS.items()}


@on_every_engine
def test_estimates_are_off_until_somebody_switches_them_on(clinic):
    def shown():
        with clinic.reading() as work:
            return shows_estimates(work)

    assert not shown()
    choose(clinic, "phq9_estimate", value=True)
    assert shown()
    choose(clinic, "phq9_estimate", value=False, later=1)
    assert not shown()


def test_every_option_says_where_it_comes_from_and_how_sure_we_are():
    listed = families(in_force({}))

    assert {f.name for f in listed} == {one.family for one in INSTRUMENTS.values()}
    for setting in (s for family in listed for s in family.settings):
        assert setting.value == setting.options[0].ref
        assert len({o.ref for o in setting.options}) == len(setting.options)
        assert all(o.name and o.says and o.source and o.certainty for o in setting.options)
        assert not any("never shown as a result" in o.certainty for o in setting.options)


@on_every_engine
def test_imported_results_say_by_what_they_are_judged_and_what_that_says(clinic):
    choose(clinic, SET, STRICTER)
    partial = {
        "instrument": "PCL-5",
        "window": "past_week",
        "total": None,
        "status": "incomplete",
        "items_missing": 3,
        "sum_of_answered": 30,
    }
    declined = {"instrument": "PCL-5", "window": "past_week", "total": None, "status": "declined"}
    phq9 = {"instrument": "PHQ-9", "total": 12, "item9": 1, "status": "complete"}
    other = {"instrument": "IES-R", "total": 30, "status": "complete"}
    sessions = [
        bundles.session(1, 1, total=40),
        bundles.session(2, 2, measures=[partial]),
        bundles.session(3, 3, measures=[declined, phq9, other]),
    ]
    asked = []
    engine = clinic.database.engine
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    with clinic.writing() as work:
        import_bundle(
            work, course_bundle.read(bundles.text(bundles.bundle(bundles.case("J-1", *sessions))))
        )

    with clinic.reading() as work:
        course = work.session.scalars(select(Course).where(Course.case_id == "J-1")).one()
    found = {(r.instrument, r.status): r for r in rows_of(clinic, course.id)}
    full = found["pcl5_week", "complete"]
    assert (full.threshold_set, full.cut, full.findings) == (STRICTER, "cut_33@1", {"cut": "met"})
    assert found["pcl5_week", "incomplete"].findings == {"cut": "indeterminate"}
    assert found["pcl5_week", "declined"].threshold_set is None
    assert found["phq9", "complete"].findings == {"cut": "met", "band": "moderate"}
    assert found["IES-R", "complete"].findings is None
    assert sum("FROM clinic_setting" in statement for statement in asked) == 1


def test_an_imported_course_under_way_is_judged_by_what_it_came_with(clinic):
    with clinic.writing() as work:
        sessions = [bundles.session(1, 1, total=50), bundles.session(2, 2, total=33)]
        import_bundle(
            work, course_bundle.read(bundles.text(bundles.bundle(bundles.case("J-2", *sessions))))
        )
    choose(clinic, SET, STRICTER)

    with clinic.reading() as work:
        course = work.session.scalars(select(Course).where(Course.case_id == "J-2")).one()
        kept = criteria_for(work, course, INSTRUMENTS["pcl5_week"])
        assert kept.threshold_set == "marx2022_s1_pcl5@1"
        assert outline(work, course).slots
        assert chosen(work) == {SET: STRICTER}


def test_each_course_is_shown_by_what_judged_it_whatever_is_set_today(clinic):
    choose(clinic, CUT, OTHER_CUT)
    choose(clinic, SET, STRICTER, later=1)
    started = new_course(clinic, measure("pcl5_week", FIRST_DAY, 40))
    choose(clinic, SET, "older_pcl5@1", later=2)

    with clinic.reading(clinic.therapist) as work:
        course = open_course(work, started, Permission.OPEN_COURSE)
        new = read_progress(work, course, ChartChoice(), "1")[1]
    old = progress(clinic)

    cuts = [each.picture.main.references[0] for each in (old, new)]
    assert [(line.at, line.label[:10]) for line in cuts] == [
        (32.5, "33 or more"),
        (30.5, "31 or more"),
    ]
    assert old.judgements[0].recorded == "Marx 2022, sample 1"
    assert new.judgements[0].recorded == "Marx 2022, sample 2"
    assert (old.band, new.band) == (15, 18)
