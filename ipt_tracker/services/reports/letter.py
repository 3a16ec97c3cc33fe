"""The page for the patient: read, disguised where it has to be, and put into plain words."""

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.records import CourseStatus, Disposition
from ipt_tracker.clinical.outcome.series import change_over
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.models import Course
from ipt_tracker.reports.document import Document
from ipt_tracker.reports.letter import LetterFacts, Scores, document_of
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.reports.disguised import disguised
from ipt_tracker.services.reports.rows import CourseRows, read_rows
from ipt_tracker.services.unit_of_work import UnitOfWork

NO_LETTER = "The record says that this patient has died, so there is no letter to make."


def letter_of(
    work: UnitOfWork, course: Course, software: str, disguise: Disguise | None = None
) -> Document:
    """Give the page for the patient of a course that was opened.

    Raises RuleBroken where the patient has died.
    """
    if course.disposition == Disposition.DECEASED:
        raise RuleBroken(NO_LETTER)
    rows = read_rows(work, course)
    if disguise is not None:
        rows = disguised(rows, disguise)
    return document_of(facts_of_letter(rows, software))


def facts_of_letter(rows: CourseRows, software: str) -> LetterFacts:
    """Put the rows of a course into what the page says; no word that was typed is among it."""
    course = rows.course
    return LetterFacts(
        code=course.patient.code,
        name="" if rows.is_disguised else course.patient.name or "",
        therapist=rows.therapist,
        held=sum(took_place(slot.attendance) for slot in rows.slots),
        started_on=course.started_on,
        ended_on=course.ended_on,
        has_left=course.status == CourseStatus.DROPPED_OUT,
        areas=tuple(spell.area for spell in course.focal_areas),
        scores=_scores(rows.facts),
        newest=rows.newest,
        software=software,
    )


def _scores(facts: Facts | None) -> Scores | None:
    if facts is None:
        return None
    one, thresholds = facts.main, facts.threshold_of(facts.main)
    judged = change_over(facts.scores.series(one.key, of_treatment=True), thresholds)
    first, last = judged.first, judged.last
    return Scores(
        name=one.name,
        family=one.family,
        is_form=one.self_report,
        lowest=one.lowest,
        highest=one.highest,
        first=(first.taken_on, first.total or 0) if first else None,
        newest=(last.taken_on, last.total or 0) if last and last is not first else None,
        points=judged.points,
        change=judged.change,
    )
