"""How a course ends, how one that ended goes on, and what non-response asks for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ipt_tracker.clinical.course.attendance import TOOK_PLACE
from ipt_tracker.clinical.course.nonresponse import asks_for_a_way_on
from ipt_tracker.clinical.course.records import CourseStatus, Disposition
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, FocalAreaSpell, SessionRecord
from ipt_tracker.persistence.queries.records import measures_of
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.caseload import standing_of
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.outline import outline
from ipt_tracker.services.schedules import replan
from ipt_tracker.services.scores import scores_of
from ipt_tracker.services.unit_of_work import UnitOfWork

AFTER_COMPLETION = frozenset(
    {
        Disposition.ENDED,
        Disposition.ENDED_WITH_BOOSTER_OFFER,
        Disposition.ENDED_AFTER_MAINTENANCE,
        Disposition.MAINTENANCE,
    }
)
"""Decisions that only somebody who stayed to the end can have taken part in."""
GOES_ELSEWHERE = frozenset({Disposition.SEQUENCED, Disposition.REFERRED, Disposition.TRANSFERRED})
"""Decisions that name a treatment or a service which goes on."""
COMPLETED = frozenset({CourseStatus.COMPLETED, CourseStatus.COMPLETED_WITH_MAINTENANCE})
NOTHING_HELD = "nothing_held"
"""The question that a course ended as completed without a session asks."""
WITH_COURSE = "the course ended"
"""Why an area was left that nobody left: it opens again when the course does."""
OF_THE_END = ("ended_on", "status", "disposition", "outcome_reason", "outcome_destination")


@dataclass(frozen=True, slots=True)
class EndEntry:
    """How a course ended."""

    ended_on: date
    status: str
    disposition: str
    reason: str | None
    destination: str | None = None
    confirmed: frozenset[str] = frozenset()


def end_course(work: UnitOfWork, course: Course, entry: EndEntry) -> None:
    """Close a course. Open focal areas close with it; a drop-out's outcome stays unknown.

    Raises AskFirst for one that is called completed while no session was held.
    """
    if course.ended_on is not None:
        raise RuleBroken("This course has ended already.")
    if not course.started_on <= entry.ended_on <= work.today:
        raise RuleBroken("The day must lie between the start and today.", "ended_on")
    _check_last_session(work, course, entry)
    if entry.status == CourseStatus.DROPPED_OUT and entry.disposition in AFTER_COMPLETION:
        raise RuleBroken(
            "A patient who left did not complete. Choose another decision.", "disposition"
        )
    ends_so = entry.status in COMPLETED and entry.disposition in AFTER_COMPLETION
    if ends_so and not entry.reason and falls_short(work, course):
        raise RuleBroken(
            "From the first to the last score there is no reliable improvement. Say why the course "
            "ends here, or decide to extend, re-evaluate or sequence.",
            "reason",
        )
    if entry.disposition in GOES_ELSEWHERE and not entry.destination:
        raise RuleBroken("Say which treatment or service goes on.", "destination")
    for spell in course.focal_areas:
        if spell.ended_on is None:
            spell.ended_on, spell.open_place = max(entry.ended_on, spell.started_on), None
            spell.end_reason = WITH_COURSE
    course.ended_on, course.status = entry.ended_on, entry.status
    course.disposition, course.outcome_reason = entry.disposition, entry.reason
    course.outcome_destination = entry.destination
    replan(work, course)
    work.audit(Event.COURSE_ENDED, course_subject(course), status=entry.status)


def falls_short(work: UnitOfWork, course: Course) -> bool:
    """Say whether the end is near and the scores have not reliably improved."""
    facts = outline(work, course)
    measures = measures_of(work.session, [course.id]).get(course.id, ())
    standing = standing_of(facts, scores_of(measures, facts.slots))
    change = standing.judged.change if standing else None
    return asks_for_a_way_on(facts.next.phase, change.klass if change else None)


def _check_last_session(work: UnitOfWork, course: Course, entry: EndEntry) -> None:
    last = work.session.scalar(
        select(func.max(SessionRecord.held_on)).where(
            SessionRecord.course_id == course.id, SessionRecord.attendance.in_(sorted(TOOK_PLACE))
        )
    )
    if last is None and entry.status in COMPLETED and NOTHING_HELD not in entry.confirmed:
        raise AskFirst(
            "No session of this course was held. Is it really completed?", "status", NOTHING_HELD
        )
    if last is not None and last > entry.ended_on:
        raise RuleBroken(
            f"The last session was later, on {last.day} {last:%b %Y}. Choose that day or a later.",
            "ended_on",
        )


def reopen_course(work: UnitOfWork, course: Course, reason: str | None) -> None:
    """Let a course that ended go on. How it had ended stays readable as an amendment.

    Focal areas that closed with it open again, as far as the end closed them.
    """
    if course.ended_on is None:
        raise RuleBroken("This course goes on already.")
    if not reason:
        raise RuleBroken("Say why the course goes on.", "reason")
    ended_on = course.ended_on
    fresh = dict.fromkeys(OF_THE_END) | {"status": CourseStatus.ACTIVE.value}
    for name, value in fresh.items():
        if getattr(course, name) != value:
            amend(work, course, course, name, (getattr(course, name), value), reason=reason)
            setattr(course, name, value)
    _open_again(work, [s for s in course.focal_areas if s.ended_on == ended_on and s.end_reason])
    replan(work, course)
    work.audit(Event.COURSE_REOPENED, course_subject(course))


def _open_again(work: UnitOfWork, spells: list[FocalAreaSpell]) -> None:
    own = [spell for spell in spells if spell.end_reason == WITH_COURSE]
    for place, spell in enumerate(own, 1):
        spell.ended_on, spell.open_place, spell.end_reason = None, place, None
    work.session.flush()
