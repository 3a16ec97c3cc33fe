"""Keying a paper form a second time without sight of the first, and comparing the two."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.judging import Entered, check_beside, score_entered
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure, SecondKeying
from ipt_tracker.services.measures import measure_subject
from ipt_tracker.services.safety import keyed_again
from ipt_tracker.services.unit_of_work import UnitOfWork


def can_key_again(measure: Measure) -> bool:
    """Say whether there is something to compare with: answers by item, and not withdrawn."""
    return bool(measure.answers) and measure.withdrawn_at is None


def key_again(
    work: UnitOfWork,
    course: Course,
    measure: Measure,
    answers: Mapping[str, int | None],
    beside: Mapping[str, int | bool | None],
) -> SecondKeying:
    """Keep a second keying beside the first and say where they differ. Changes neither.

    An answer on suicide that calls for a question raises a prompt, whichever keying has it.
    Raises RuleBroken for answers that the form does not have, and where there is no first keying.
    """
    if not can_key_again(measure):
        raise RuleBroken("There are no answers by item to compare with.")
    instrument = INSTRUMENTS[measure.instrument]
    entered = Entered(instrument, answers, beside)
    check_beside(entered)
    if not score_entered(entered).answered and not any(v is not None for v in answers.values()):
        raise RuleBroken("Nothing was keyed. Enter the items as they stand on the form.")
    given = {key: answers.get(key) for key in instrument.answer_keys}
    rated = {key: value for key, value in beside.items() if value is not None}
    second = SecondKeying(
        measure_id=measure.id,
        answers=given,
        beside=rated,
        differing=_differing(measure, given, rated),
        keyed_by=work.person.id,
        keyed_at=work.now,
    )
    work.session.add(second)
    work.session.flush()
    subject = measure_subject(course, measure)
    work.audit(Event.MEASURE_KEYED_AGAIN, subject, differing=len(second.differing))
    keyed_again(work, course, measure, given)
    return second


def _differing(
    measure: Measure, given: Mapping[str, object], rated: Mapping[str, object]
) -> list[str]:
    return differing((measure.answers or {}, measure.beside or {}), given, rated)


def differing(
    stands: tuple[Mapping[str, object], Mapping[str, object]],
    given: Mapping[str, object],
    rated: Mapping[str, object],
) -> list[str]:
    """Name the answers and ratings that are not those that stand on the form."""
    first, beside = stands
    keys = [key for key in given if first.get(key) != given[key]]
    return keys + [key for key in {**beside, **rated} if beside.get(key) != rated.get(key)]


def keyings_of(work: UnitOfWork, measure_id: UUID) -> tuple[SecondKeying, ...]:
    """Give the second keyings of a measure, newest first."""
    return tuple(
        work.session.scalars(
            select(SecondKeying)
            .where(SecondKeying.measure_id == measure_id)
            .order_by(SecondKeying.keyed_at.desc())
        )
    )


def keyed_twice(work: UnitOfWork, course: Course) -> dict[UUID, int]:
    """Say for each measure keyed twice in how many answers the newest keying differs by now.

    One statement for a course. A correction since then counts: what it settled no longer differs.
    """
    rows = work.session.execute(
        select(SecondKeying, Measure.answers, Measure.beside)
        .join(Measure, Measure.id == SecondKeying.measure_id)
        .where(Measure.course_id == course.id)
        .order_by(SecondKeying.keyed_at)
    )
    return {
        second.measure_id: len(
            differing((answers or {}, beside or {}), second.answers, second.beside)
        )
        for second, answers, beside in rows
    }
