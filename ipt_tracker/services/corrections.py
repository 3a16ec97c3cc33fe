"""Correcting a measure, taking one back. Nothing is overwritten: all of it is kept."""

from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.judging import Criteria
from ipt_tracker.clinical.outcome.criteria import default_criteria
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure
from ipt_tracker.services.amendments import WITHDRAWN as TAKEN_BACK
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.measure_entries import PLANNED, MeasureEntry, check_day, scored
from ipt_tracker.services.measures import ask_about_doubts, ask_about_duplicate, measure_subject
from ipt_tracker.services.safety import (
    WITHDRAWN,
    answer_changed,
    ask_again,
    close_prompts,
    prompts_of,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork

WHY = "Say why."
BY_KEY = ("answers", "beside")
"""Columns whose values are kept one by one: an amendment names the item."""
DERIVED = frozenset({"answered", "lowest", "highest", "findings"})
"""Columns that follow from the answers: their old values follow from the old answers."""


def correct_measure(  # noqa: PLR0913 -- what is corrected, to what, why, and from which version on
    work: UnitOfWork,
    course: Course,
    measure: Measure,
    entry: MeasureEntry,
    *,
    reason: str | None,
    seen_version: int | None = None,
) -> None:
    """Correct what was entered. Each old value, who, when and why stay, and so do the criteria.

    Raises RuleBroken as recording does, and where nothing changes; AskFirst for what can hardly
    be; ChangedMeanwhile when the measure is no longer the version that the person has seen.
    """
    can_change(measure, reason, seen_version)
    check_day(entry.taken_on, course.started_on, work.today)
    form = {"instrument": _same_form(measure, entry.instrument).key}
    values = scored(entry, _judged_by(measure, entry.instrument)) | entry.how | form
    ask_about_doubts(entry)
    if (entry.taken_on, entry.instrument.key) != (measure.taken_on, measure.instrument):
        ask_about_duplicate(work, course, entry, measure)
    changes = _changes(measure, values)
    if not changes:
        raise RuleBroken("That is how it stands already. Nothing was changed.")
    for name, change in changes.items():
        amend(work, course, measure, name, change, reason=reason)
    if measure.answers and measure.extra:  # a copy of one answer, as history keeps it
        measure.extra = {k: v for k, v in measure.extra.items() if k != "item9"} or None
    for name, value in values.items():
        setattr(measure, name, value)
    subject = measure_subject(course, measure)
    work.audit(Event.MEASURE_CORRECTED, subject, fields=sorted(changes))
    answer_changed(work, course, measure, entry, reason=reason or "", fields=changes)


def can_change(measure: Measure, reason: str | None, seen_version: int | None) -> None:
    """Refuse to change what was withdrawn or only planned, or without a reason (RuleBroken)."""
    if measure.withdrawn_at is not None:
        raise RuleBroken("This measure was withdrawn. Put it back first.")
    if measure.status == PLANNED:
        raise RuleBroken("This measure has not been entered yet.")
    if seen_version is not None and seen_version != measure.version:
        raise ChangedMeanwhile
    if not reason:
        raise RuleBroken(WHY, "reason")


def _same_form(measure: Measure, corrected: Instrument) -> Instrument:
    """Only the time asked about can have been wrong: another form is another measure."""
    before = INSTRUMENTS.get(measure.instrument)
    if before is None or before.family != corrected.family:
        raise RuleBroken("This is another form. Withdraw this one and enter the other.")
    return corrected


def _judged_by(measure: Measure, corrected: Instrument) -> Criteria:
    """Keep what it was judged by; over another time asked about, the rule is that form's own."""
    if corrected.key == measure.instrument:
        return Criteria(measure.rule, measure.cut, measure.band_set, measure.threshold_set)
    own = default_criteria(corrected)
    return Criteria(own.rule, measure.cut, measure.band_set, measure.threshold_set)


def _changes(measure: Measure, values: dict[str, object]) -> dict[str, tuple[object, object]]:
    """Give the old and new value of each field that differs, answers one by one."""
    found: dict[str, tuple[object, object]] = {}
    for name, new in values.items():
        old = getattr(measure, name)
        if name in BY_KEY:
            before, after = old or {}, new if isinstance(new, dict) else {}
            for key in [*before, *(k for k in after if k not in before)]:
                if before.get(key) != after.get(key):
                    found[f"{name}.{key}"] = (before.get(key), after.get(key))
        elif name not in DERIVED and old != new:
            found[name] = (old, new)
    return found


def withdraw_measure(
    work: UnitOfWork, course: Course, measure: Measure, reason: str | None
) -> None:
    """Take back what was entered in error. It stays readable and counts for nothing."""
    can_change(measure, reason, None)
    amend(work, course, measure, TAKEN_BACK, (False, True), reason=reason)
    measure.withdrawn_at, measure.withdrawn_by = work.now, work.person.id
    plan_again(work, course, measure)
    close_prompts(work, course, prompts_of(work, measure.id), WITHDRAWN, reason or "")
    work.audit(Event.MEASURE_WITHDRAWN, measure_subject(course, measure))


def restore_measure(work: UnitOfWork, course: Course, measure: Measure, reason: str | None) -> None:
    """Put back a measure that was withdrawn."""
    if measure.withdrawn_at is None:
        raise RuleBroken("This measure was not withdrawn.")
    if not reason:
        raise RuleBroken(WHY, "reason")
    amend(work, course, measure, TAKEN_BACK, (True, False), reason=reason)
    withdrawn_at, measure.withdrawn_at, measure.withdrawn_by = measure.withdrawn_at, None, None
    _fulfil_again(work, measure)
    work.audit(Event.MEASURE_RESTORED, measure_subject(course, measure))
    ask_again(work, course, measure, withdrawn_at)


def _fulfil_again(work: UnitOfWork, measure: Measure) -> None:
    """Take the place of the planned one that its withdrawal left, unless another has done so."""
    if measure.point is None or measure.status == PLANNED:
        return
    left = select(Measure).where(
        Measure.course_id == measure.course_id,
        Measure.instrument == measure.instrument,
        Measure.point == measure.point,
        Measure.status == PLANNED,
    )
    planned = work.session.scalars(left.order_by(Measure.due_on)).first()
    if planned is not None:
        measure.due_on = planned.due_on
        work.session.delete(planned)


def plan_again(work: UnitOfWork, course: Course, measure: Measure) -> None:
    """What it was thought to have fulfilled is due again, on the day it was due before."""
    if measure.due_on is None:
        return
    work.session.add(
        Measure(
            course_id=course.id,
            instrument=measure.instrument,
            taken_on=measure.due_on,
            due_on=measure.due_on,
            point=measure.point,
            status=PLANNED,
            recorded_by=work.person.id,
            recorded_at=work.now,
        )
    )
    measure.due_on = None
