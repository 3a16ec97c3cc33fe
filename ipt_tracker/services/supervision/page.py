"""The supervisor's start page: what waits, who is at risk, and how the therapy is done."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.clinical.fidelity.coverage import Cover, cover
from ipt_tracker.clinical.fidelity.lines import Lines
from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries import day
from ipt_tracker.persistence.queries import meetings as meetings_query
from ipt_tracker.persistence.queries import supervision as query
from ipt_tracker.persistence.queries.meetings import ActionRow
from ipt_tracker.persistence.queries.open_notes import OpenNote, open_notes
from ipt_tracker.persistence.queries.sampling import plans
from ipt_tracker.persistence.queries.supervision import Origin, Supervisee
from ipt_tracker.services.clinic_settings import fidelity_lines
from ipt_tracker.services.day import Asked as RiskAsked
from ipt_tracker.services.day import open_risk
from ipt_tracker.services.fidelity.agreement_figures import (
    RaterAgreement,
    SelfAgreement,
    rater_agreement,
    self_agreement,
)
from ipt_tracker.services.fidelity.facts import (
    BY_OTHERS,
    RatedSession,
    sessions_of,
)
from ipt_tracker.services.fidelity.feedback import FeedbackDue, feedback_to_give
from ipt_tracker.services.fidelity.figures import TherapistFigures, figures_of, item_sets_of
from ipt_tracker.services.fidelity.frames import seen
from ipt_tracker.services.fidelity.requests import Asked, open_requests
from ipt_tracker.services.fidelity.strata import (
    Choice,
    Stratum,
    StratumCount,
    chosen_stratum,
    strata,
)
from ipt_tracker.services.off_track import Fired, fired
from ipt_tracker.services.sudden_gain_list import Gained, recent_gains
from ipt_tracker.services.supervision.meeting_page import MeetingLine, line_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork
from ipt_tracker.services.watched import watched

LOOKED_AT = timedelta(days=365)
MEETINGS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the supervisor. `origins` says of each request whose session it is."""

    to_rate: tuple[Asked, ...]
    to_cosign: tuple[OpenNote, ...]
    to_answer: tuple[FeedbackDue, ...]
    overdue: tuple[ActionRow, ...]
    origins: Mapping[UUID, Origin]

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(map(len, (self.to_rate, self.to_cosign, self.to_answer, self.overdue)))

    def ratings_over(self, today: date) -> int:
        """Count the ratings that are over their date."""
        return sum(each.due_on is not None and each.due_on < today for each in self.to_rate)


@dataclass(frozen=True, slots=True)
class TherapistRow:
    """How one supervisee's therapy is done. `share`: the plan's, in percent; None without one."""

    person: Supervisee
    cover: Cover
    share: float | None
    is_even: bool
    """Whether the plan has one share for every session."""
    figures: TherapistFigures


@dataclass(frozen=True, slots=True)
class StartPage:
    """All that the supervisor's start page says, of the twelve months up to `last`."""

    first: date
    last: date
    people: tuple[Supervisee, ...]
    queue: Queue
    risk: tuple[RiskAsked, ...]
    off_track: tuple[Fired, ...]
    gains: tuple[Gained, ...]
    holders: Mapping[UUID, str]
    """Whose each course is of which a note or a risk task waits, also of one that is closed."""
    counts: tuple[StratumCount, ...]
    stratum: Stratum | None
    rows: tuple[TherapistRow, ...]
    lines: Lines
    own: SelfAgreement
    raters: RaterAgreement
    meetings: tuple[MeetingLine, ...]
    actions: tuple[ActionRow, ...]

    @property
    def sealed(self) -> int:
        """How many sessions of the stratum are left out until the actor has rated them."""
        return sum(each.sealed for each in self.counts if each.stratum == self.stratum)


def read_start(work: UnitOfWork, choice: Choice) -> StartPage:
    """Read the start page: a fixed number of statements, however many supervisees and patients."""
    work.require(Permission.SUPERVISE)
    work.audit(Event.FIDELITY_LISTED, Subject("list", "supervision"))
    session, person, today = work.session, work.person, work.today
    first = today - LOOKED_AT
    people = query.supervisees(session, person.supervisees)
    ids = frozenset(each.id for each in people)
    sessions = sessions_of(work, ids, first, rated_by=BY_OTHERS)
    counts = strata(sessions)
    stratum = chosen_stratum(counts, choice.basis, choice.selection)
    courses = day.open_courses(session, person, today)
    judged = watched(courses, day.totals(session, person, today))
    actions = meetings_query.open_actions(session, person)
    queue, risk = _queue(work, actions), open_risk(work)
    waiting = {n.course_id for n in queue.to_cosign} | {each.task.course_id for each in risk}
    return StartPage(
        first=first,
        last=today,
        people=people,
        queue=queue,
        risk=risk,
        off_track=fired(judged),
        gains=recent_gains(judged, today),
        holders=query.holders_of(session, waiting),
        counts=counts,
        stratum=stratum,
        rows=_rows(work, people, sessions, stratum, given_to(work, ids, first)),
        lines=fidelity_lines(work),
        own=self_agreement(sessions, stratum),
        raters=rater_agreement(sessions, stratum),
        meetings=_meetings(work),
        actions=actions,
    )


def _queue(work: UnitOfWork, actions: Iterable[ActionRow]) -> Queue:
    to_rate = open_requests(work, work.person.id)
    waiting = [NoteState.AWAITING_COSIGN]
    return Queue(
        to_rate=to_rate,
        to_cosign=open_notes(work.session, work.person, work.today, waiting),
        to_answer=feedback_to_give(work),
        overdue=tuple(each for each in actions if each.due_on and each.due_on < work.today),
        origins=query.origins_of(work.session, [each.request_id for each in to_rate]),
    )


def given_to(
    work: UnitOfWork, people: Collection[UUID], first: date
) -> Mapping[UUID, Mapping[str, int]]:
    """Count the sessions that each person gave, phase by phase."""
    found: dict[UUID, Counter[str]] = {each: Counter() for each in people}
    for row in query.given(work.session, people, first):
        number = 1 if row.has_number else None
        if was_delivered(row.kind, number, row.attendance):
            found[row.therapist_id][row.phase] += row.count
    return found


def _rows(
    work: UnitOfWork,
    people: Iterable[Supervisee],
    sessions: Collection[RatedSession],
    stratum: Stratum | None,
    given: Mapping[UUID, Mapping[str, int]],
) -> tuple[TherapistRow, ...]:
    found, item_sets = tuple(people), item_sets_of(work, sessions)
    edits = reversed(plans(work.session, [each.id for each in found]))
    newest = {row.therapist_id: Plan.from_json(row.content) for row, _ in edits}
    rows = []
    for each in found:
        plan, own = newest.get(each.id), [s for s in sessions if each.id in s.therapists]
        rated, delivered = cover(seen(s) for s in own), sum(given[each.id].values())
        rows.append(
            TherapistRow(
                person=each,
                cover=replace(rated, delivered=delivered),
                share=_share(plan, given[each.id]),
                is_even=plan is None
                or not (plan.by_phase or plan.new_extra or plan.off_track_extra),
                figures=figures_of(each.id, own, stratum, item_sets),
            )
        )
    return tuple(rows)


def _share(plan: Plan | None, given: Mapping[str, int]) -> float | None:
    """Give the share that a plan asks for over these sessions, by their phases, in percent."""
    if plan is None:
        return None
    asked = sum(plan.by_phase.get(phase, plan.share) * n for phase, n in given.items())
    return asked / sum(given.values()) if any(given.values()) else float(plan.share)


def _meetings(work: UnitOfWork) -> tuple[MeetingLine, ...]:
    last, first = work.today, work.today - LOOKED_AT
    rows = meetings_query.meetings(work.session, work.person, first, last, most=MEETINGS_SHOWN)
    return tuple(line_of(work, row, "") for row in rows if row.struck_at is None)
