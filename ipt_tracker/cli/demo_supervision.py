"""What the demo's supervisors have done: plans, a draw, blind ratings, feedback, a meeting."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.fidelity.codes import Basis, RaterRole, Selection
from ipt_tracker.clinical.fidelity.item_set import OWN_SET, own_item_set
from ipt_tracker.clinical.fidelity.marks import Marks, mark
from ipt_tracker.clinical.fidelity.sampling_plan import Plan
from ipt_tracker.governance.access import Actor, Permission, Role
from ipt_tracker.persistence.models import Account, Supervision
from ipt_tracker.services.fidelity.doors import Rated, open_rated
from ipt_tracker.services.fidelity.draws import DrawEntry, draw_sample
from ipt_tracker.services.fidelity.facts import RatedSession, sessions_of
from ipt_tracker.services.fidelity.feedback import FeedbackEntry, send_feedback
from ipt_tracker.services.fidelity.plans import set_plan
from ipt_tracker.services.fidelity.ratings import (
    RatingEntry,
    may_be_recorded,
    submit_rating,
)
from ipt_tracker.services.fidelity.requests import ask_for_rating
from ipt_tracker.services.supervision.entries import (
    ActionEntry,
    AttendeeEntry,
    CaseEntry,
    MeetingEntry,
)
from ipt_tracker.services.supervision.meetings import record_meeting
from ipt_tracker.services.unit_of_work import UnitOfWork

SEED = 2207
DRAWN_FROM, DUE_IN = timedelta(weeks=3), timedelta(days=10)
"""From which sessions the demo's draw is made, and until when they are to be rated."""
SELF_FIRST = 2
"""So many of the newest sessions are rated by their therapist and by the supervisor."""
SUPERVISED = 4


def supervise(work: UnitOfWork) -> None:
    """Let the first supervisor plan, draw, rate, give feedback and hold a meeting."""
    first, second = _people(work, Role.SUPERVISOR)[:2]
    own = _as(work, first)
    for place, therapist in enumerate(_people(work, Role.THERAPIST)[:2]):
        set_plan(own, therapist, Plan(share=25, per_course=place), None, 0)
        sessions = [s for s in sessions_of(own, {therapist.id}) if s.held_on <= work.today]
        if not sessions:
            continue
        _rate(work, own, therapist, sessions)
        days = (work.today - DRAWN_FROM, work.today)
        draw_sample(own, therapist, DrawEntry(*days, SEED + place, work.today + DUE_IN))
        if place:
            _ask_second(own, second, sessions)
        else:
            _meet(own, therapist, sessions)


def _people(work: UnitOfWork, role: Role) -> list[Account]:
    """Give those who can sign in, the one without a number in their address first."""
    wanted = select(Account).where(Account.role == role, Account.enabled)
    return sorted(
        work.session.scalars(wanted), key=lambda each: (len(each.email or ""), each.email)
    )


def _as(work: UnitOfWork, person: Account) -> UnitOfWork:
    led = select(Supervision.supervisee_id).where(Supervision.supervisor_id == person.id)
    people = frozenset(work.session.scalars(led))
    return replace(work, actor=Actor(person.id, Role(person.role), person.display_name, people))


def _rate(
    work: UnitOfWork, own: UnitOfWork, therapist: Account, sessions: list[RatedSession]
) -> None:
    """Rate the newest sessions that nobody has rated; feedback goes to the older of them."""
    untouched = [s for s in sessions if not s.ratings and not s.sealed]
    recorded = [s for s in untouched if may_be_recorded(own, _opened(own, s))]
    for place, session in enumerate(recorded[-SELF_FIRST:]):
        for rater, basis in ((_as(work, therapist), Basis.RECALL), (own, Basis.FULL_RECORDING)):
            entry = RatingEntry(OWN_SET, _marks(basis, place))
            rating = submit_rating(rater, _opened(rater, session), entry)
        if place == 0:
            words = FeedbackEntry("You stayed with the feeling.", "Say how many sessions are left.")
            send_feedback(own, _opened(own, session), rating.id, words)


def _marks(basis: Basis, place: int) -> Marks:
    """Mark every item as a person would: most delivered, one in part, one not applicable."""
    codes = [item.code for item in own_item_set().items]
    step = int(basis is Basis.RECALL)
    found = {
        code: mark(1, 3 + step + (i + place) % 2 - (i % 5 == 0)) for i, code in enumerate(codes)
    }
    found |= {codes[1 + place]: mark(0.5, 3), codes[-3]: mark(None)}
    return Marks(found, {}, 3 + step, 4, basis)


def _opened(work: UnitOfWork, session: RatedSession) -> Rated:
    return open_rated(work, session.kind, session.id, Permission.RATE_SESSION)


def _ask_second(own: UnitOfWork, second: Account, sessions: list[RatedSession]) -> None:
    """Ask the other supervisor, who does not supervise this therapist, to rate one session."""
    rated = _opened(own, sessions[-1])
    due = own.today + DUE_IN
    ask_for_rating(
        own, rated, second.id, RaterRole.INDEPENDENT, Selection.CHOSEN, "Do we rate alike?", due
    )


def _meet(own: UnitOfWork, therapist: Account, sessions: list[RatedSession]) -> None:
    courses = dict.fromkeys(s.owner for s in reversed(sessions) if s.kind == "session")
    cases = tuple(CaseEntry(each, 20) for each in list(courses)[:2])
    action = ActionEntry("Name what remains of the time limit each session.", own.today + DUE_IN)
    person = AttendeeEntry(therapist.id, "Good pace; the focus holds.", cases, (action,))
    held = own.today - timedelta(days=SUPERVISED)
    record_meeting(own, MeetingEntry(held, 50, "individual", Modality.IN_PERSON, None, (person,)))
