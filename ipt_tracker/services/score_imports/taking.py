"""Taking in what was read, all or nothing, and taking the whole of it back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.judging import Criteria
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.clinical.safety import ASK_FROM
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, ImportedScore, Measure, ScoreImport
from ipt_tracker.persistence.queries.score_imports import (
    changed_since,
    measures_of,
    still_own,
)
from ipt_tracker.services.clinic_settings import criteria_for
from ipt_tracker.services.corrections import WHY, withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measures import DUPLICATE, record_measure
from ipt_tracker.services.score_imports.plan import Becomes, Line, Plan, plan_of
from ipt_tracker.services.score_imports.staging import (
    DONE,
    UNDONE,
    drop_outdated,
    matching_of,
    sheet_of,
    subject_of,
)
from ipt_tracker.services.unit_of_work import UnitOfWork

ODD = "pairs"
ITEM_9 = 8
"""Its place on the PHQ-9, from 0: history shows this answer beside the score."""
SHOWN = 5
NOT_MATCHED = "Say first what the columns are."
WRONG = "Rows are wrong, so nothing was taken in. Mend them in the file and hand it in again."
OTHERWISE = "The records changed since you looked. Look at the rows again; nothing was taken in."
NOTHING_NEW = "There is nothing to take in."
AGAIN = "Say what becomes of the forms that are here already."


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said about what can be right but seldom is. None where it was not said.

    `same` and `other`: whether a form of a day that has one already is taken in as another.
    """

    seal: str
    same: bool | None = None
    other: bool | None = None
    odd: bool = False


@dataclass(frozen=True, slots=True)
class TakenScore:
    """A score that came from a file, as it stands in the record now."""

    row: int
    code: str
    instrument: str
    measure: Measure


def planned(work: UnitOfWork, kept: ScoreImport) -> Plan:
    """Say what would become of each row. RuleBroken before the columns were matched."""
    matching = matching_of(kept)
    if matching is None:
        raise RuleBroken(NOT_MATCHED)
    return plan_of(work, sheet_of(kept), matching)


def take_in(work: UnitOfWork, kept: ScoreImport, answers: Answers) -> int:
    """Record every form as if it were entered by hand now; one that cannot be stops them all.

    Gives how many were recorded.
    """
    drop_outdated(work)
    plan = planned(work, kept)
    chosen = sorted(_chosen(plan, answers), key=lambda line: line.form.entry.taken_on)
    if not chosen:
        raise RuleBroken(NOTHING_NEW)
    courses = {
        course: open_course(work, course, Permission.RECORD_MEASURE)
        for course in sorted({line.course for line in chosen})
    }
    _record_all(work, kept, chosen, courses)
    kept.status, kept.done_at = DONE, work.now
    kept.content, kept.matching = None, None
    work.session.flush()
    counts = {"scores": len(chosen), "patients": len(courses), "left": _left(plan, chosen)}
    work.audit(Event.SCORES_IMPORTED, subject_of(kept), sha256=kept.digest, **counts)
    return len(chosen)


def _record_all(
    work: UnitOfWork, kept: ScoreImport, chosen: list[Line], courses: dict[UUID, Course]
) -> None:
    """Record each form, and from which row it came. A course judges one form in one way."""
    judged_by: dict[tuple[UUID, str], Criteria] = {}
    for line in chosen:
        course, instrument = courses[line.course], line.form.entry.instrument
        place = (course.id, instrument.key)
        if place not in judged_by:
            judged_by[place] = criteria_for(work, course, instrument)
        measure = _record(work, course, line, judged_by[place])
        row = line.form.row
        work.session.add(ImportedScore(measure_id=measure.id, import_id=kept.id, row_number=row))


def _left(plan: Plan, chosen: list[Line]) -> int:
    return len(plan.lines) - len(chosen) + plan.left_out


def _chosen(plan: Plan, answers: Answers) -> list[Line]:
    """Check that all was answered, and leave out what is to be left out."""
    if plan.problems:
        raise RuleBroken(WRONG)
    if plan.seal != answers.seal:
        raise RuleBroken(OTHERWISE)
    said = {Becomes.NEW: True, Becomes.SAME: answers.same, Becomes.OTHER: answers.other}
    for name, lines, answer in (
        ("same", plan.same, answers.same),
        ("other", plan.other, answers.other),
    ):
        if lines and answer is None:
            raise RuleBroken(AGAIN, name)
    chosen = [line for line in plan.lines if said[line.becomes]]
    if any(line.is_odd for line in chosen) and not answers.odd:
        raise RuleBroken("Say whether these answers stand so on the forms.", "odd")
    return chosen


def _record(work: UnitOfWork, course: Course, line: Line, judged_by: Criteria) -> Measure:
    confirmed = frozenset({DUPLICATE, ODD})
    entry = replace(line.form.entry, confirmed=confirmed, is_history=not line.asks)
    measure = record_measure(work, course, entry, criteria=judged_by)
    if not line.asks and (line.answer or 0) >= ASK_FROM and _is_item9(line):
        measure.extra = {**(measure.extra or {}), "item9": line.answer}
    return measure


def _is_item9(line: Line) -> bool:
    one = line.form.entry.instrument
    item = one.suicidality_item
    return item is not None and one.items.index(one.item(item)) == ITEM_9


def taken(work: UnitOfWork, kept: ScoreImport) -> list[TakenScore]:
    """Give what came of a spreadsheet, as far as the actor may still see it."""
    found = measures_of(work.session, kept.id)
    own = _own(work, found)
    return [
        TakenScore(number, code, _form(measure), measure)
        for measure, number, code in found
        if measure.course_id in own
    ]


def _form(measure: Measure) -> str:
    return INSTRUMENTS[measure.instrument].version


def _own(work: UnitOfWork, found: list[tuple[Measure, int, str]]) -> set[UUID]:
    ids = {measure.course_id for measure, _, _ in found}
    return still_own(work.session, work.person, work.today, ids)


def undo(work: UnitOfWork, kept: ScoreImport, reason: str | None) -> int:
    """Withdraw all that came of a spreadsheet as entered in error; give how many.

    RuleBroken, naming them, where something was changed since, or is in others' hands now.
    """
    if kept.status != DONE:
        raise RuleBroken("This was not taken in, or is undone already.")
    if not reason:
        raise RuleBroken(WHY, "reason")
    found = measures_of(work.session, kept.id)
    _refuse_changed(work, kept, found)
    courses: dict[UUID, Course] = {}
    for measure, _, _ in found:
        course = courses.get(measure.course_id)
        if course is None:
            course = open_course(work, measure.course_id, Permission.RECORD_MEASURE)
            courses[measure.course_id] = course
        withdraw_measure(work, course, measure, reason)
    kept.status, kept.undone_at, kept.undone_by = UNDONE, work.now, work.person.id
    kept.undone_why = reason
    work.session.flush()
    work.audit(Event.SCORES_IMPORT_UNDONE, subject_of(kept), scores=len(found))
    return len(found)


def _refuse_changed(
    work: UnitOfWork, kept: ScoreImport, found: list[tuple[Measure, int, str]]
) -> None:
    own = _own(work, found)
    away = sum(measure.course_id not in own for measure, _, _ in found)
    if away:
        raise RuleBroken(
            f"{away} of these scores {'is' if away == 1 else 'are'} in records that are no longer "
            "yours, so the whole cannot be undone."
        )
    changed = changed_since(work.session, kept.id)
    names = list(_named(found, changed))
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise RuleBroken(
            "Since then these were corrected, moved, withdrawn or keyed again: "
            f"{'; '.join(names[:SHOWN])}{more}. Withdraw the others one by one."
        )


def _named(found: list[tuple[Measure, int, str]], changed: set[UUID]) -> Iterator[str]:
    for measure, number, code in found:
        if measure.id in changed:
            day = f"{measure.taken_on.day} {measure.taken_on:%b %Y}"
            yield f"row {number}, {code}, {_form(measure)} of {day}"
