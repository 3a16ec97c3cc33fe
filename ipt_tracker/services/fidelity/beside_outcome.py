"""How the sessions of one course were done, beside the scores of the same weeks. It shows no cause.

It belongs to supervision: nothing of it goes into the patient's chart, notes or exports.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.summary import Summary, summary_of
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Administration
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Course, GroupLeader, GroupSession, SessionRecord
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import RatedSession, sessions_of
from ipt_tracker.services.fidelity.figures import BY_SUPERVISORS, SessionFigure, session_figures
from ipt_tracker.services.fidelity.strata import (
    Choice,
    Stratum,
    StratumCount,
    chosen_stratum,
    strata,
)
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.progress_facts import Facts, facts_of, read_scores
from ipt_tracker.services.unit_of_work import UnitOfWork

RATED_FROM = 3
"""Fewer rated sessions of a course are not set beside its scores."""


@dataclass(frozen=True, slots=True)
class PhaseBeside:
    """One phase: its sessions, how they were rated, and how the score moved in it.

    `first` is the last score before the phase, or its own first where there is none before; `last`
    is the last score in it. So the changes of all phases add up to the change of the course.
    """

    label: str
    delivered: int
    adherence: Summary
    quality: Summary
    rated: int
    first: Administration | None
    last: Administration | None

    @property
    def change(self) -> int | None:
        """How far the score moved in this phase, in points; None without two scores."""
        if self.first is None or self.last is None or self.first is self.last:
            return None
        return (self.last.total or 0) - (self.first.total or 0)


@dataclass(frozen=True, slots=True)
class CourseBeside:
    """One course: the rated sessions of one stratum, the scores, and both phase by phase.

    `delivered` are the sessions whose therapist the viewer may see; `elsewhere` those of others.
    """

    course: Course
    facts: Facts | None
    where: Outline
    counts: tuple[StratumCount, ...]
    stratum: Stratum | None
    sealed: int
    delivered: int
    elsewhere: int
    sessions: tuple[SessionFigure, ...]
    scores: tuple[Administration, ...]
    phases: tuple[PhaseBeside, ...]

    @property
    def is_shown(self) -> bool:
        """Whether there are sessions enough to set beside the scores."""
        return len(self.sessions) >= RATED_FROM

    @property
    def instrument(self) -> Instrument | None:
        """What the scores are of."""
        return self.facts.main if self.facts else None


def course_beside(work: UnitOfWork, course: Course, choice: Choice) -> CourseBeside:
    """Read one course that was opened to look at how it was done."""
    where = outline(work, course)
    facts = facts_of(where, read_scores(work, where))
    mine = _sessions(work, course)
    counts = strata(mine)
    stratum = chosen_stratum(counts, choice.basis, choice.selection)
    rated = session_figures(mine, stratum)
    scores = facts.scores.series(facts.main.key, of_treatment=True).complete if facts else ()
    given = [s for s in where.slots if was_delivered(s.kind, s.number, s.attendance)]
    return CourseBeside(
        course=course,
        facts=facts,
        where=where,
        counts=counts,
        stratum=stratum,
        sealed=sum(each.sealed for each in counts if each.stratum == stratum),
        delivered=len(mine),
        elsewhere=len(given) - len(mine),
        sessions=rated,
        scores=scores,
        phases=_phases(where, mine, rated, scores),
    )


def _sessions(work: UnitOfWork, course: Course) -> tuple[RatedSession, ...]:
    """Give the sessions of a course, and of its group, whose therapist the actor may see."""
    person = work.person
    seen = {person.id} if person.role is Role.THERAPIST else person.supervisees
    met, leaders = _of_groups(work, course)
    people = seen & ({each.therapist_id for each in course.assignments} | leaders)
    if not people:
        return ()
    own: dict[RatedKind, set[UUID]] = {RatedKind.SESSION: {course.id}, RatedKind.GROUP: met}
    found = sessions_of(work, people, roles=BY_SUPERVISORS)
    return tuple(
        each
        for each in found
        if (each.owner if each.kind is RatedKind.SESSION else each.id) in own[each.kind]
    )


def _of_groups(work: UnitOfWork, course: Course) -> tuple[set[UUID], set[UUID]]:
    """Give the group sessions that this course is recorded in, and who ever led these groups."""
    rows = work.session.execute(
        select(GroupSession.id, GroupLeader.account_id)
        .join(SessionRecord, SessionRecord.group_session_id == GroupSession.id)
        .join(GroupLeader, GroupLeader.group_id == GroupSession.group_id)
        .where(SessionRecord.course_id == course.id)
    )
    found = [*rows]
    return {row[0] for row in found}, {row[1] for row in found}


def _phases(
    where: Outline,
    delivered: Sequence[RatedSession],
    rated: Sequence[SessionFigure],
    scores: Sequence[Administration],
) -> tuple[PhaseBeside, ...]:
    """Go through the phases in the order in which the course first came to each."""
    found = []
    before: Administration | None = None
    for phase in dict.fromkeys(slot.phase for slot in where.slots):
        inside = [each for each in scores if _phase_on(where, each) == phase]
        own = [each for each in rated if each.session.phase == phase]
        found.append(
            PhaseBeside(
                label=label_of(Phase, phase),
                delivered=sum(each.phase == phase for each in delivered),
                adherence=summary_of(each.adherence for each in own),
                quality=summary_of(each.quality for each in own),
                rated=len(own),
                first=before or next(iter(inside), None),
                last=inside[-1] if inside else None,
            )
        )
        before = inside[-1] if inside else before
    return tuple(found)


def _phase_on(where: Outline, score: Administration) -> str:
    """Give the phase of the last appointment up to the day; before the first one, that first one's.

    A score on the day of an appointment belongs to it: it was filled in before or after it.
    """
    begun: Iterable[str] = [s.phase for s in where.slots if s.held_on <= score.taken_on]
    return [*begun][-1] if begun else where.slots[0].phase
