"""Sheets of a course: each save is another edition, and no edition is ever changed."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.course.worksheets.fields import Value
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Worksheet
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.merging import NOT_TAKEN
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

SAME = "Nothing differs from the edition before, so nothing was saved."
NO_REASON = "Say why there is another edition. The one before stays readable."


def newest(work: UnitOfWork, course_id: UUID, kind: str) -> Worksheet | None:
    """Give the newest edition of one sheet of a course, or None."""
    return work.session.scalars(
        select(Worksheet)
        .where(Worksheet.course_id == course_id, Worksheet.kind == kind)
        .order_by(Worksheet.edition.desc())
        .limit(1)
    ).first()


def record_sheet(  # noqa: PLR0913, PLR0917 -- a sheet, over what it was filled in, why
    work: UnitOfWork,
    course: Course,
    kind: str,
    content: Mapping[str, Value],
    seen_edition: int | None,
    reason: str | None,
    *,
    confirmed: frozenset[str] = frozenset(),
) -> Worksheet:
    """Keep another edition of a sheet; the first needs no reason.

    `seen_edition` is the newest one that the person had before them, 0 for none: with any other
    in the record ChangedMeanwhile is raised. A course that has ended still takes sheets: an
    ending is often written down after it.
    """
    before = newest(work, course.id, kind)
    number = before.edition if before else 0
    if seen_edition != number:
        raise ChangedMeanwhile(f"edition {number} was saved meanwhile")
    kept = dict(content)
    if before is not None and before.content == kept:
        raise RuleBroken(SAME)
    sheet_kind, stood = SHEETS[kind], before.content if before else {}
    sheet_kind.check_days(stood, kept, work.today, course.started_on)
    sheet_kind.check(kept, work.today, confirmed)
    if before is not None and not reason:
        raise RuleBroken(NO_REASON, "reason")
    sheet = Worksheet(
        course_id=course.id,
        kind=kind,
        edition=number + 1,
        content=kept,
        reason=reason,
        recorded_by=work.person.id,
        recorded_at=work.now,
    )
    work.session.add(sheet)
    work.session.flush()
    subject = Subject("worksheet", sheet.id, course.patient_id)
    work.audit(Event.SHEET_RECORDED, subject, kind=kind, edition=sheet.edition)
    return sheet


def keep_not_taken(
    work: UnitOfWork, course: Course, sheet: Worksheet, texts: Mapping[str, str]
) -> None:
    """Keep texts that were left for another edition's, beside the edition that was saved."""
    for name, text in texts.items():
        amend(work, course, sheet, name, (text, sheet.content.get(name)), reason=NOT_TAKEN)
