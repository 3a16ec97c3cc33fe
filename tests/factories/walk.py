"""Every address of the application, with example values for what stands in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.persistence.models import (
    AssessmentRequest,
    ContactTask,
    EmergencyAccess,
    GroupMember,
    LegalHold,
    SafetyPrompt,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.services.contact_tasks import AttemptEntry, record_contact
from ipt_tracker.services.doors import open_course
from tests.factories.appointments import appointment_in
from tests.factories.assessments import add_request
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef, add_measure, measure
from tests.factories.emergencies import add_emergency
from tests.factories.evidence import evidence_of
from tests.factories.groups import add_group, add_meeting
from tests.factories.inventory import add_to, event_in
from tests.factories.meetings import supervised
from tests.factories.notes import thread_of
from tests.factories.people import Person, add_person
from tests.factories.report_batches import batch_in
from tests.factories.sampling import draw_of
from tests.factories.score_files import import_in
from tests.factories.sheets import goal_of

METHODS = ("GET", "POST")
FRAMEWORK = {"static", "bootstrap.static"}


@dataclass(frozen=True, slots=True)
class Stop:
    """One address and method of the walk. `of_a_course`, `of_a_record`: what it names."""

    endpoint: str
    method: str
    url: str
    policy: object
    of_a_course: bool
    of_a_record: bool
    is_tied: bool
    """Whether what it names belongs to somebody: only these people reach it."""


def stops(app: Flask, examples: dict[str, Any]) -> Iterator[Stop]:
    """Give every address and method; KeyError names what has no example value yet."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FRAMEWORK:
            continue
        for values in _values(rule, examples):
            for method in METHODS:
                if method in (rule.methods or ()):
                    yield Stop(
                        rule.endpoint,
                        method,
                        addresses.build(rule.endpoint, values, method=method),
                        getattr(app.view_functions[rule.endpoint], "policy", None),
                        "course_id" in rule.arguments,
                        bool(rule.arguments & RECORDS),
                        bool(rule.arguments & TIED),
                    )


LISTED = re.compile(r"<any\(([^)]*)\):(\w+)>")
TIED = {
    *("course_id", "group_id", "therapist_id", "rated_id", "meeting_id"),
    *("emergency_id", "request_id", "batch_id", "import_id"),
}
RECORDS = TIED | {"account_id", "supervision_id", "set_id", "trial_id", "hold_id"}


def _values(rule: Rule, examples: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the values of an address: every format of a file, and what is in its own lists."""
    found = {name: examples[name] for name in rule.arguments}
    listed = {name: re.split(r",\s*", values) for values, name in LISTED.findall(rule.rule)}
    for name, values in listed.items():
        if found[name] not in values:
            found[name] = values[0]
    if "fmt" not in found:
        return [found]
    return [found | {"fmt": fmt} for fmt in listed.get("fmt", examples["fmt"])]


def of_course(clinic: Clinic, course: CourseRef) -> dict[str, Any]:
    """Give the values that lead to a course and what belongs to it."""
    return {
        "course_id": course.id,
        "slot": course.slots[0],
        "spell_id": course.spells[0],
        "measure_id": course.measures[-1],
        "prompt_id": prompt_of(clinic, course),
        "task_id": contact_of(clinic, course),
        "thread": thread_of(clinic, course),
        "field": "plan",
        "goal_id": goal_of(clinic, course),
        "person_id": add_to(clinic, course.id),
        "event_id": event_in(clinic, course.id),
        "sheet": "formulation",
        **group_of(clinic, course),
        "account_id": clinic.therapist2.id,
        "supervision_id": clinic.people.supervision,
        "hold_id": hold_of(clinic, course),
        "appointment_id": appointment_in(clinic, course),
        "instrument": "pcl5_week",
        "fmt": ("svg", "png", "pdf"),
        "chart": "quality",
        "plot": "within",
        "picture_of": "forest",
        "kind": "session",
        "rated_id": rated_in(clinic, course),
        "therapist_id": therapist_of(clinic, course).id,
        **supervised(clinic, course),
        "draw_id": draw_of(clinic, therapist_of(clinic, course)),
        **evidence_of(clinic),
        "emergency_id": emergency_in(clinic, course),
        "request_id": request_in(clinic, course),
        "batch_id": batch_in(clinic, course),
        "import_id": import_in(clinic, course),
    }


def therapist_of(clinic: Clinic, course: CourseRef) -> Person:
    """Give whose course it is."""
    return clinic.therapist if course is clinic.course else clinic.therapist2


def rated_in(clinic: Clinic, course: CourseRef) -> UUID:
    """Give the first session of a course: it took place, so it can be rated."""
    first = select(SessionRecord.id).where(SessionRecord.course_id == course.id)
    with clinic.reading() as work:
        return work.session.scalars(first.order_by(SessionRecord.slot)).first()


def group_of(clinic: Clinic, course: CourseRef) -> dict[str, UUID]:
    """Give a group of the course's therapist with one member, and one session at slot 1.

    The course itself is no member: it follows a protocol for one patient.
    """
    owner = therapist_of(clinic, course)
    code = f"W-{course.code}"
    own = select(GroupMember).join(TherapyGroup).where(TherapyGroup.code == code)
    with clinic.writing(owner) as work:
        found = work.session.scalars(own).first()
        if found is None:
            ref = add_group(work, 1, code=code)
            add_meeting(work, ref, clinic.today, theme="Losing a role")
            return {"group_id": ref.id, "member_id": ref.members[0]}
        return {"group_id": found.group_id, "member_id": found.id}


def prompt_of(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a question on suicide that stands open in the course; a PHQ-9 raises the first."""
    wanted = select(SafetyPrompt.id).where(SafetyPrompt.course_id == course.id)
    with clinic.reading() as work:
        found = work.session.scalars(wanted).first()
    if found is not None:
        return found
    owner = clinic.therapist if course is clinic.course else clinic.therapist2
    with clinic.writing(owner) as work:
        opened = open_course(work, course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, opened, measure("phq9", clinic.today, answers=answers))
        return work.session.scalars(wanted).one()


def contact_of(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a request for contact in the course, about its newest slot, with one attempt."""
    own = select(ContactTask.id).where(ContactTask.course_id == course.id)
    with clinic.reading() as work:
        found = work.session.scalars(own).first()
    if found is not None:
        return found
    owner = clinic.therapist if course is clinic.course else clinic.therapist2
    with clinic.writing(owner) as work:
        opened = open_course(work, course.id, Permission.RECORD_SESSION)
        wanted = select(SessionRecord.id).where(SessionRecord.course_id == opened.id)
        newest = wanted.order_by(SessionRecord.slot.desc()).limit(1)
        task = ContactTask(
            course_id=opened.id,
            session_id=work.session.scalars(newest).one(),
            because="Risk was present when asked.",
            raised_at=work.now,
        )
        work.session.add(task)
        work.session.flush()
        record_contact(work, opened, task, AttemptEntry("phone", reached=False, what="rang"), None)
        return task.id


def hold_of(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a legal hold of the course's patient that is running."""
    running = select(LegalHold).where(LegalHold.lifted_at.is_(None))
    with clinic.writing() as work:
        found = work.session.scalar(running.where(LegalHold.patient_id == course.patient_id))
        if found is None:
            found = LegalHold(
                patient_id=course.patient_id,
                reason="A court asked for them.",
                set_by=clinic.admin.id,
                set_at=work.now,
            )
            work.session.add(found)
            work.session.flush()
        return found.id


def emergency_in(clinic: Clinic, course: CourseRef) -> UUID:
    """Give an emergency access to a record, by the other therapist, that ended long ago."""
    own = select(EmergencyAccess.id).where(EmergencyAccess.patient_id == course.patient_id)
    with clinic.writing() as work:
        found = work.session.scalars(own).first()
        if found is not None:
            return found
        other = clinic.therapist2 if course is clinic.course else clinic.therapist
        begun = clinic.now - timedelta(days=2)
        return add_emergency(work, other, course, started_at=begun)


def request_in(clinic: Clinic, course: CourseRef) -> UUID:
    """Give an assessment that was asked of the clinic's assessor, or of another one."""
    own = select(AssessmentRequest.id).where(AssessmentRequest.course_id == course.id)
    with clinic.writing(therapist_of(clinic, course)) as work:
        found = work.session.scalars(own).first()
        if found is not None:
            return found
        who = clinic.assessor
        if course is not clinic.course:
            who = add_person(work, "assessor2@clinic.example", "H. Vesely", Role.ASSESSOR)
        return add_request(work, course, who)


def of_nothing() -> dict[str, Any]:
    """Give values of the same shape that lead nowhere."""
    ids = (
        "course_id",
        "spell_id",
        "measure_id",
        "prompt_id",
        "task_id",
        "thread",
        "goal_id",
        "person_id",
        "event_id",
        "group_id",
        "member_id",
        "account_id",
        "supervision_id",
        "appointment_id",
        "rated_id",
        "therapist_id",
        "meeting_id",
        "action_id",
        "draw_id",
        "set_id",
        "trial_id",
        "hold_id",
        "emergency_id",
        "request_id",
        "batch_id",
        "import_id",
    )
    return {name: uuid4() for name in ids} | {
        "kind": "session",
        "slot": 1,
        "field": "plan",
        "sheet": "formulation",
        "instrument": "pcl5_week",
        "fmt": ("svg", "png", "pdf"),
        "chart": "quality",
        "plot": "within",
        "picture_of": "forest",
    }
