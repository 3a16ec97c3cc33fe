"""Groups on their pages: leaders, members, meetings, and what a member's record never says."""

import re

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import (
    GroupMember,
    GroupSession,
    SessionRecord,
    Supervision,
    TherapyGroup,
)
from ipt_tracker.services.groups import change_co_leader
from tests.factories.groups import (
    FIRST_DAY,
    WEEK,
    add_cancelled,
    add_group,
    add_group_course,
    add_meeting,
    opened,
    row,
)
from tests.factories.pages import read, submit
from tests.factories.tables import contents
from tests.factories.walk import of_course, stops

DAY = FIRST_DAY.isoformat()


@pytest.fixture
def group(clinic):
    with clinic.writing(clinic.therapist) as work:
        return add_group(work, 3)


@pytest.fixture
def led_by_two(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, FIRST_DAY)
    return group


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def co_leader(client_of, clinic, led_by_two):
    return client_of(clinic.therapist2)


def at(group, rest=""):
    return f"/groups/{group.id}{rest}"


def field(group, place, name):
    return f"m_{group.members[place].hex}-{name}"


def log(client, group, **typed):
    usual = {"held_on": DAY, "not_asked": "asked at the individual meetings"}
    return submit(client, at(group, "/sessions/new"), **usual | typed)


def kept(clinic, group):
    """Give the members' records, in the order of the members."""
    with clinic.reading() as work:
        found = work.session.scalars(
            select(SessionRecord).where(SessionRecord.course_id.in_(group.courses))
        )
        by_course = {record.course_id: record for record in found}
        return [by_course.get(course) for course in group.courses]


# -- a group


def test_a_group_is_started_with_what_its_protocol_brings(therapist, clinic):
    answer = submit(
        therapist,
        "/groups/new",
        code="G-5",
        started_on="2026-03-04",
        co_leader=str(clinic.therapist2.id),
    )

    page = read(therapist.get(answer.location))
    assert page.h1 == "Group G-5"
    assert "Not started, 16 sessions planned" in page.text
    assert "Co-leader A. Okafor" in page.main
    with clinic.reading() as work:
        made = work.session.scalars(select(TherapyGroup)).one()
        assert (made.planned_sessions, made.session_minutes, made.spacing) == (16, 90, "weekly")


def test_a_second_group_with_the_same_code_is_refused_beside_it(therapist, group):
    answer = submit(therapist, "/groups/new", code="G-1")

    assert answer.status_code == 422
    assert read(answer).errors() == ["Code of the group: Another group has this code."]


def test_the_list_holds_the_groups_that_one_leads_or_supervises(client_of, clinic, group):
    said = {}
    for name in ("therapist", "therapist2", "supervisor"):
        page = read(client_of(getattr(clinic, name)).get("/groups"))
        said[name] = "G-1" in page.main
    assert said == {"therapist": True, "therapist2": False, "supervisor": True}


def test_members_are_taken_in_from_ones_own_group_courses(therapist, clinic, group):
    with clinic.writing(clinic.therapist) as work:
        free = add_group_course(work, "T-900", "Rune Holm").id

    answer = submit(therapist, at(group, "/members/new"), courses=[str(free)])

    assert "Rune Holm" in read(therapist.get(answer.location)).main
    assert "None of your courses" in read(therapist.get(at(group, "/members/new"))).main


def test_a_member_leaves_with_a_reason_and_stays_listed(therapist, group):
    leave = at(group, f"/members/{group.members[0]}/leave")
    refused = submit(therapist, leave)
    answer = submit(therapist, leave, reason="moved away")

    assert read(refused).errors() == ["Why they leave: Say why the member leaves."]
    assert "left: moved away" in read(therapist.get(answer.location)).main


def test_the_co_leader_is_changed_by_the_leader_alone(therapist, co_leader, clinic, led_by_two):
    assert co_leader.get(at(led_by_two, "/leaders")).status_code == 404
    assert at(led_by_two, "/leaders") not in read(co_leader.get(at(led_by_two))).links()

    answer = submit(therapist, at(led_by_two, "/leaders"), co_leader="")

    assert answer.status_code == 303
    assert co_leader.get(at(led_by_two)).status_code == 404


def test_norms_are_added_and_the_group_is_ended(therapist, group):
    answer = submit(
        therapist, at(group, "/edit"), more_norms="We start on time.", ended_on="2026-03-10"
    )

    page = read(therapist.get(answer.location))
    assert "What is said here stays here. 11 Mar 2026: We start on time." in page.main
    assert "group ended 10 Mar" in page.text
    assert not any("sessions/new" in link for link in page.links())


def test_the_next_session_is_booked_for_the_group(therapist, group):
    answer = submit(therapist, at(group, "/appointments/new"), starts_at="17:30")

    assert "11 Mar, 17:30, 90 minutes" in read(therapist.get(answer.location)).main


# -- a meeting


def test_a_session_with_one_absent_and_one_late_is_kept_from_one_page(therapist, clinic, group):
    answer = log(
        therapist,
        group,
        theme="Losing a role",
        tasks=["R02"],
        note="Careful.",
        **{
            field(group, 0, "note"): "spoke of work",
            field(group, 1, "attendance"): "attended_late",
            field(group, 1, "minutes_late"): "15",
            field(group, 2, "attendance"): "no_show",
        },
    )

    page = read(therapist.get(answer.location))
    assert page.h1 == "Group session 1"
    assert "Session 1 of 16, beginning phase." in page.main
    assert "Losing a role" in page.main
    first, late, away = kept(clinic, group)
    assert (first.note, first.number) == ("spoke of work", 1)
    assert (late.attendance, late.minutes_late) == ("attended_late", 15)
    assert (away.attendance, away.number) == ("no_show", 1)
    shown = read(therapist.get(at(group)))
    assert "Session 1 of 16, beginning phase" in shown.text
    assert "0 % (0 of 1)" in shown.main


def test_what_a_member_said_about_risk_reads_as_sentences(therapist, group):
    said = {"risk": "asked_present", "risk_detail": "thoughts of dying, seen through."}
    told = {"told_who": "I. Marlowe", "told_on": DAY}
    fields = {field(group, 0, name): value for name, value in (said | told).items()}

    answer = log(therapist, group, **fields)

    page = read(therapist.get(answer.location))
    assert "Risk: asked, present. Thoughts of dying, seen through." in page.main
    assert "through.." not in page.main


def test_what_is_wrong_stands_beside_the_member_and_nothing_is_lost(therapist, clinic, group):
    before = contents(clinic.database)
    answer = log(
        therapist,
        group,
        theme="Losing a role",
        **{
            field(group, 0, "note"): "spoke of work",
            field(group, 1, "mood"): "14",
            field(group, 2, "risk"): "asked_present",
        },
    )

    page = read(answer)
    assert answer.status_code == 422
    assert page.errors() == [
        "Mood, 0 to 10, G-1-2: Mood goes from 0 to 10, not 14.",
        "What was asked, found and done, G-1-3: Say in a few words what was found and done.",
    ]
    values = page.form().values
    assert values["theme"] == ["Losing a role"]
    assert values[field(group, 0, "note")] == ["spoke of work"]
    assert contents(clinic.database) == before


def test_every_error_and_question_of_the_page_is_said_at_once(therapist, group):
    typed = {
        field(group, 0, "note"): "as Petra said",
        field(group, 0, "mood"): "14",
        field(group, 0, "risk"): "asked_present",
        field(group, 1, "plan"): "ask Ylva",
    }
    page = read(log(therapist, group, theme="What Oskar lost", note="Petra spoke", **typed))

    named = "stands here, as in the name or code of"
    again = "Write it without; if it only looks like one, say so."
    assert page.errors() == [
        f"Theme: “Oskar” {named} a member. {again}",
        f"How the group worked: “Petra” {named} a member. {again}",
        f"Note, G-1-1: “Petra” {named} another member. {again}",
        "Mood, 0 to 10, G-1-1: Mood goes from 0 to 10, not 14.",
        "What was asked, found and done, G-1-1: Say in a few words what was found and done.",
        f"Plan for next time, G-1-2: “Ylva” {named} another member. {again}",
    ]


def test_a_second_record_of_a_day_is_asked_about_in_both_forms(therapist, group):
    log(therapist, group)
    cancelled = {"held_on": DAY, "cancel_reason": "snow"}
    url = at(group, "/sessions/cancelled")

    refused = [log(therapist, group), submit(therapist, url, **cancelled)]

    asked = "Group session 1 of 7 Jan 2026 is logged already. Is this another one that day?"
    assert [read(answer).errors() for answer in refused] == [[asked]] * 2
    meant = submit(therapist, url, **cancelled, another_that_day="y")
    assert meant.status_code == 303
    assert log(therapist, group, another_that_day="y").status_code == 303


def test_a_record_entered_in_error_stays_readable_and_counts_nowhere(therapist, clinic, group):
    log(therapist, group, theme="Loss")
    url = at(group, "/sessions/1")
    refused = submit(therapist, f"{url}/error")
    answer = submit(therapist, f"{url}/error", reason="the group did not meet")

    assert read(refused).errors() == ["What was wrong: Say what was wrong with it."]
    page = read(therapist.get(answer.location))
    assert page.h1 == "Session of 7 Jan, entered in error"
    assert "Why the group did not meet" in page.main
    assert "Session number 1" in page.main
    assert "Theme Loss" in page.main
    assert not any(link.endswith(("/edit", "/error")) for link in page.links())
    shown = read(therapist.get(at(group)))
    assert "Not started, 16 sessions planned" in shown.text
    assert "Entered in error" in shown.main
    assert {(r.attendance, r.number) for r in kept(clinic, group)} == {("entered_in_error", None)}
    assert read(therapist.get(f"{url}/edit")).h1 == page.h1
    again = log(therapist, group)
    assert read(therapist.get(again.location)).h1 == "Group session 1"


def test_a_supervisor_of_the_co_leader_alone_reads_codes(client_of, clinic, led_by_two):
    with clinic.writing() as work:
        held = work.session.scalars(select(Supervision)).all()
        for each in held:
            each.supervisee_id = clinic.therapist2.id
    log(client_of(clinic.therapist), led_by_two)
    supervisor = client_of(clinic.supervisor)

    for rest in ("", "/sessions/1"):
        page = read(supervisor.get(at(led_by_two, rest)))
        assert not any(name in page.text for name in led_by_two.names)
        assert led_by_two.codes[0] in page.main


def test_the_page_says_who_reads_what_counts_and_when_it_began(therapist, group):
    log(therapist, group)

    shown, met = (read(therapist.get(at(group, rest))).main for rest in ("", "/sessions/1"))
    assert "Started 7 Jan 2026." in shown
    assert "of group sessions, cancelled ones left out" in shown
    assert "of group sessions, own absences alone" in shown
    readers = "read by the leaders of the group, their supervisors, and the member's own therapist"
    assert readers in met


def test_a_co_leader_may_do_what_the_page_offers(co_leader, therapist, clinic, led_by_two):
    page = read(co_leader.get(at(led_by_two)))
    leave = at(led_by_two, f"/members/{led_by_two.members[0]}/leave")

    assert {leave, at(led_by_two, "/members/new")} <= set(page.links())
    assert submit(co_leader, leave, reason="moved away").status_code == 303


def test_a_group_that_ended_without_members_offers_no_way_in(therapist, clinic):
    with clinic.writing(clinic.therapist) as work:
        empty = add_group(work, 0, code="G-8")
    submit(therapist, at(empty, "/edit"), ended_on="2026-03-10")

    assert at(empty, "/members/new") not in read(therapist.get(at(empty))).links()


def test_each_member_needs_a_word_on_risk_and_the_common_one_is_enough(therapist, group):
    answer = log(therapist, group, not_asked="")

    assert read(answer).errors() == [
        f"Was risk asked about?, {code}: Say whether you asked. "
        "“Not asked” with a reason is an answer."
        for code in group.codes
    ]


def test_another_members_name_is_asked_about_and_passes_when_it_is_meant(therapist, group):
    name = {field(group, 0, "note"): "as Petra, the city"}
    answer = log(therapist, group, **name)

    assert answer.status_code == 422
    assert read(answer).errors()[0].startswith("Note, G-1-1: “Petra” stands here, as in")
    assert log(therapist, group, **name, **{field(group, 0, "names"): "y"}).status_code == 303


def test_a_members_name_in_the_groups_record_is_asked_about(therapist, group):
    refused = log(therapist, group, note="Ylva led the others")
    kept = log(therapist, group, note="Ylva led the others", names="y")

    assert (refused.status_code, kept.status_code) == (422, 303)


def test_a_member_of_an_earlier_day_gets_a_row_and_is_never_taken_as_present(
    therapist, clinic, group
):
    leave = at(group, f"/members/{group.members[0]}/leave")
    submit(therapist, leave, left_on="2026-03-04", reason="moved")
    page = read(therapist.get(at(group, "/sessions/new")))
    assert field(group, 0, "attendance") not in page.form().values

    answer = log(therapist, group, held_on=DAY)

    assert "Ylva Brandt, G-1-1: Say whether they came." in read(answer).errors()
    assert field(group, 0, "attendance") in read(answer).form().values
    assert kept(clinic, group) == [None] * 3


def test_what_was_typed_about_somebody_who_was_no_member_is_not_dropped(therapist, clinic, group):
    with clinic.writing() as work:
        late = work.session.get(GroupMember, group.members[2])
        late.joined_on = clinic.today
    answer = log(therapist, group, **{field(group, 2, "note"): "came as a guest"})

    assert "Not a member on that day." in read(answer).errors()[0]
    assert read(answer).form().values[field(group, 2, "note")] == ["came as a guest"]
    assert log(therapist, group).status_code == 303


def test_a_form_that_is_sent_twice_is_kept_once(therapist, clinic, group):
    form = read(therapist.get(at(group, "/sessions/new"))).form()
    data = form.but(held_on=DAY, not_asked="later")

    first, second = (therapist.post(form.action, data=data) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 422)
    with clinic.reading() as work:
        assert len(work.session.scalars(select(GroupSession)).all()) == 1


def test_a_course_with_fewer_sessions_agreed_is_asked_about_once_for_everybody(
    therapist, clinic, group
):
    with clinic.writing(clinic.therapist) as work:
        for number in range(2):
            add_meeting(work, group, FIRST_DAY + number * WEEK)
        for member in opened(work, group.id).members:
            member.course.planned_sessions = 2
    later = (FIRST_DAY + 2 * WEEK).isoformat()

    refused = log(therapist, group, held_on=later)
    meant = log(therapist, group, held_on=later, for_all="y")

    assert "This is session 3 of 2 agreed." in " ".join(read(refused).errors())
    assert meant.status_code == 303


def test_a_whole_group_cancellation_is_a_slot_without_a_number_for_everybody(
    therapist, clinic, group
):
    refused = submit(therapist, at(group, "/sessions/cancelled"), held_on=DAY)
    answer = submit(
        therapist, at(group, "/sessions/cancelled"), held_on=DAY, cancel_reason="heavy snow"
    )

    assert "Say why the session was cancelled." in read(refused).errors()[0]
    assert "heavy snow" in read(therapist.get(answer.location)).main
    assert {(r.attendance, r.number) for r in kept(clinic, group)} == {("group_cancelled", None)}
    assert "Not started, 16 sessions planned" in read(therapist.get(at(group))).text


def test_a_cancellation_is_changed_on_its_own_page(therapist, clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_cancelled(work, group, FIRST_DAY, "snow")

    answer = submit(therapist, at(group, "/sessions/1/edit"), cancel_reason="ice")

    page = read(therapist.get(answer.location))
    assert "Why it was cancelled snow" in page.main


def test_a_change_says_what_stood_there_before(therapist, clinic, group):
    log(therapist, group, theme="Loss", **{field(group, 0, "note"): "quiet"})

    answer = submit(
        therapist,
        at(group, "/sessions/1/edit"),
        theme="Losses",
        **{field(group, 0, "note"): "quiet, then spoke"},
    )

    assert "Theme Loss R. Calder" in read(therapist.get(answer.location)).main
    assert kept(clinic, group)[0].note == "quiet, then spoke"


def test_two_leaders_at_one_record_keep_both_texts_in_sight(therapist, co_leader, group):
    log(therapist, group, theme="Loss")
    edit = at(group, "/sessions/1/edit")
    form = read(therapist.get(edit)).form()
    submit(co_leader, edit, theme="Grief", **{field(group, 0, "note"): "lively"})

    mine = form.but(theme="Change", **{field(group, 0, "note"): "tired"})
    answer = therapist.post(form.action, data=mine)

    page = read(answer)
    assert answer.status_code == 409
    assert page.form().values["theme"] == ["Change"]
    assert "Theme: The record now says: Grief." in page.errors()
    assert "Note, G-1-1: The record now says: lively." in page.errors()
    again = therapist.post(form.action, data=page.form().but())
    assert again.status_code == 303
    assert "Change" in read(therapist.get(again.location)).main


# -- signing


def test_a_leader_signs_the_record_and_their_notes_in_one_act(therapist, clinic, group):
    log(therapist, group)
    url = at(group, "/sessions/1")
    assert "Sign the group record and the 3 notes that are yours" in read(therapist.get(url)).main

    answer = submit(therapist, url, form="/sign")

    page = read(therapist.get(answer.location))
    assert "Signed: the group's record and 3 notes." in page.text
    assert {record.note_state for record in kept(clinic, group)} == {"signed"}
    assert read(therapist.get(f"{url}/edit")).h1 == "Group session 1 is signed"


def test_a_co_leader_signs_the_record_and_no_note_of_somebody_else(co_leader, clinic, group):
    log(co_leader, group)
    url = at(group, "/sessions/1")

    answer = submit(co_leader, url, form="/sign")

    assert "Signed: the group's record." in read(co_leader.get(answer.location)).text
    assert {record.note_state for record in kept(clinic, group)} == {"unsigned"}


def test_what_was_changed_since_it_was_read_is_not_signed(therapist, clinic, group):
    log(therapist, group)
    form = read(therapist.get(at(group, "/sessions/1"))).form("/sign")
    submit(therapist, at(group, "/sessions/1/edit"), theme="Loss")

    answer = therapist.post(form.action, data=form.but())

    assert "Somebody changed this record" in read(therapist.get(answer.location)).text
    with clinic.reading() as work:
        assert work.session.scalars(select(GroupSession)).one().signed_at is None


# -- who sees what


def test_a_co_leader_reads_the_group_and_its_notes_and_nothing_else(
    app, co_leader, therapist, clinic, led_by_two
):
    log(therapist, led_by_two, **{field(led_by_two, 0, "note"): "spoke of work"})
    shown = read(co_leader.get(at(led_by_two, "/sessions/1")))
    assert "spoke of work" in shown.main
    assert "Ylva Brandt" in shown.main

    pages = [shown, read(co_leader.get(at(led_by_two)))]
    assert [link for page in pages for link in page.links() if "/courses/" in link] == []
    values = of_course(clinic, clinic.course)
    for course_id in led_by_two.courses:
        mine = [s for s in stops(app, values | {"course_id": course_id}) if s.of_a_course]
        assert mine
        for stop in mine:
            token = read(co_leader.get("/groups")).token
            answer = co_leader.open(stop.url, method=stop.method, data={"csrf_token": token})
            assert answer.status_code == 404, stop.url


def test_a_supervisor_reads_the_group_with_names_and_cannot_change_it(client_of, clinic, group):
    log(client_of(clinic.therapist), group)
    supervisor = client_of(clinic.supervisor)

    pages = [read(supervisor.get(at(group, rest))) for rest in ("", "/sessions/1")]

    for page in pages:
        assert group.names[0] in page.main
        assert group.codes[0] in page.main
        assert not any(link.endswith(("/new", "/edit", "/cancelled")) for link in page.links())
    for rest in ("/sessions/new", "/sessions/1/edit", "/members/new", "/edit", "/leaders"):
        assert supervisor.get(at(group, rest)).status_code == 404


def test_no_page_print_or_chart_of_a_member_names_another(app, therapist, clinic, group):
    typed = {field(group, place, "note"): f"note of {place}" for place in range(3)}
    log(therapist, group, theme="Losing a role", note="They spoke to each other.", **typed)
    submit(therapist, at(group, "/sessions/1"), form="/sign")

    seen, others = [], (*group.codes[1:], *group.names[1:], "note of 1", "They spoke to")
    values = of_course(clinic, clinic.course) | {"course_id": group.courses[0], "slot": 1}
    for stop in stops(app, values):
        if stop.method == "GET" and stop.of_a_course:
            answer = therapist.get(stop.url)
            seen.append((stop.url, answer.status_code))
            named = [word for word in others if word.encode() in answer.data]
            assert named == [], stop.url
    assert len([url for url, status in seen if status == 200]) > 10
    assert (f"/courses/{group.courses[0]}/sessions/1", 200) in seen


def test_a_members_record_shows_their_note_the_number_and_the_theme(therapist, clinic, group):
    log(therapist, group, theme="Losing a role", **{field(group, 0, "note"): "spoke of work"})
    page = read(therapist.get(f"/courses/{group.courses[0]}/sessions/1"))

    assert "spoke of work" in page.main
    assert "Group session 1" in page.main
    assert "Theme Losing a role" in page.main
    assert at(group, "/sessions/1") in page.links()


# -- from the course


def test_a_course_in_a_group_starts_with_the_individual_meeting(therapist, clinic, group):
    url = f"/courses/{group.courses[0]}/sessions/new"
    page = read(therapist.get(url))
    assert page.h1 == "Log individual meeting"
    assert page.form().values["kind"] == ["pre_group_individual"]
    assert at(group) in page.links()

    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, FIRST_DAY, row(group.members[0]))
    assert read(therapist.get(url)).form().values["kind"] == ["mid_group_individual"]


def test_logging_a_group_session_by_hand_is_asked_about(therapist, clinic, group):
    url = f"/courses/{group.courses[0]}/sessions/new"
    typed = {"kind": "group", "held_on": DAY, "risk": "asked_none"}

    refused = submit(therapist, url, **typed)
    meant = submit(therapist, url, **typed, by_hand="y")

    assert "This course belongs to group G-1." in read(refused).errors()[0]
    assert meant.status_code == 303


def test_another_members_name_on_the_page_of_a_course_is_asked_about(therapist, clinic, group):
    url = f"/courses/{group.courses[0]}/sessions/new"
    typed = {"held_on": DAY, "risk": "asked_none", "note": "afraid of Oskar"}

    refused = submit(therapist, url, **typed)
    meant = submit(therapist, url, **typed, names="y")

    assert "“Oskar” stands in the text" in read(refused).errors()[0]
    assert meant.status_code == 303


def test_the_group_page_says_which_individual_meetings_were_held(therapist, group):
    url = f"/courses/{group.courses[0]}/sessions/new"
    submit(therapist, url, held_on=DAY, risk="asked_none")

    main = read(therapist.get(at(group))).main
    assert len(re.findall(r"\bheld\b", main)) == 1
