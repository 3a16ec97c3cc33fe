"""Drawing a sample for rating, and repeating a draw that was made."""

import secrets
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.clinical.fidelity.sampling import (
    Drawn,
    Plan,
    Quota,
    check_seed,
    draw,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, RatingRequest, SampleDraw
from ipt_tracker.persistence.queries import sampling as query
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.frames import from_stored, key_of, known, stored
from ipt_tracker.services.fidelity.plans import Edition, editions_of, plan_of
from ipt_tracker.services.fidelity.requests import ask_for_rating
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

NOTHING_LEFT = "Nothing is left to draw between these days: the plan is met."
NOTHING_HELD = "No session took place between these days: there is nothing to draw from."
NOT_LOOKED_AT = (
    "You have not looked at what these days and this seed draw, or it has changed since. It stands "
    "below. Draw again to take it."
)


@dataclass(frozen=True, slots=True)
class DrawEntry:
    """Between which days, with which seed, and until when the sessions are to be rated.

    `looked_at` is the mark of the preview that the actor saw; None draws without one.
    """

    first: date
    last: date
    seed: int
    due_on: date | None
    looked_at: int | None = None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One stratum: what the plan asks of it, and how many would be drawn."""

    quota: Quota
    for_share: int
    for_course: int


@dataclass(frozen=True, slots=True)
class Preview:
    """How many a seed would draw from what; which ones is known only after the draw."""

    rows: tuple[PreviewRow, ...]
    short: int
    """Courses with too few sessions to reach the plan's fewest."""
    mark: int
    """Names these sessions without giving them away, so that the draw takes them or none."""

    @property
    def total(self) -> int:
        """How many sessions would be drawn."""
        return sum(each.for_share + each.for_course for each in self.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One session that was drawn, what was asked, and whether the one asked has rated it."""

    session: RatedSession
    request: RatingRequest | None
    is_rated: bool


@dataclass(frozen=True, slots=True)
class StoredDraw:
    """One draw as it was made, and as it comes out today from what was stored."""

    row: SampleDraw
    drawn_by: str
    edition: Edition
    again: Drawn
    lines: tuple[Line, ...]

    @property
    def is_the_same(self) -> bool:
        """Whether the stored frame, plan and seed give the stored sessions."""
        return list(self.again.keys) == list(self.row.drawn)


@dataclass(frozen=True, slots=True)
class DrawMade:
    """One entry in the list of draws."""

    id: UUID
    row: SampleDraw
    drawn_by: str
    edition: int


def propose_seed() -> int:
    """Propose a seed of six digits that nobody could foresee."""
    return 100_000 + secrets.randbelow(900_000)


def preview(
    work: UnitOfWork, therapist: Account, plan: Plan, days: tuple[date, date], seed: int
) -> Preview:
    """Say how many sessions of which strata a draw would take."""
    found = known(work, [therapist.id])
    frame = found.frame(therapist.id, plan, *days)
    before, chosen = found.already(therapist.id), found.chosen(therapist.id)
    drawn = draw(frame, plan, before, seed, chosen)
    rows = (PreviewRow(t.quota, len(t.for_share), len(t.for_course)) for t in drawn.taken)
    return Preview(tuple(rows), len(drawn.short), _mark(drawn))


def draw_sample(work: UnitOfWork, therapist: Account, entry: DrawEntry) -> SampleDraw:
    """Draw by the plan that holds, keep all that the draw hangs on, and ask for each rating.

    Raises RuleBroken without a plan, for days that cannot be, when nothing is left to draw, and
    when other sessions would be drawn than those of the preview that the actor saw.
    """
    edition = plan_of(work, therapist.id)
    if edition is None:
        raise RuleBroken("There is no plan to draw by. Set one first.")
    _check(work, entry)
    found = known(work, [therapist.id])
    frame = found.frame(therapist.id, edition.plan, entry.first, entry.last)
    already, chosen = found.already(therapist.id), found.chosen(therapist.id)
    drawn = draw(frame, edition.plan, already, entry.seed, chosen)
    if not drawn.keys:
        raise RuleBroken(NOTHING_LEFT if frame else NOTHING_HELD)
    if entry.looked_at not in {None, _mark(drawn)}:
        raise RuleBroken(NOT_LOOKED_AT)
    row = SampleDraw(
        therapist_id=therapist.id,
        plan_id=edition.id,
        seed=entry.seed,
        window_from=entry.first,
        window_to=entry.last,
        frame=stored(frame, already, chosen),
        drawn=list(drawn.keys),
        drawn_by=work.person.id,
        drawn_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _ask(work, row, entry.due_on)
    subject = Subject("therapist", therapist.id)
    work.audit(Event.SAMPLE_DRAWN, subject, draw=str(row.id), seed=row.seed, drawn=row.drawn)
    return row


def _mark(drawn: Drawn) -> int:
    """Give a number that two draws share only if they take the same sessions for the same reasons.

    It is made of the sessions alone, so that it says nothing of them to whoever reads the page.
    """
    reasons = [(sorted(each.for_share), sorted(each.for_course)) for each in drawn.taken]
    return int.from_bytes(sha256(repr(reasons).encode()).digest()[:6])


def draws_of(work: UnitOfWork, therapist: Account) -> tuple[DrawMade, ...]:
    """List a therapist's draws, the newest first."""
    rows = query.draws(work.session, therapist.id)
    return tuple(DrawMade(row.id, row, person, edition) for row, person, edition in rows)


def stored_draw(work: UnitOfWork, therapist: Account, draw_id: UUID) -> StoredDraw:
    """Give a draw and repeat it from what was stored; AccessDenied if it is not of this one."""
    made = next((each for each in draws_of(work, therapist) if each.id == draw_id), None)
    if made is None:
        raise AccessDenied(Permission.SUPERVISE)
    editions = {each.id: each for each in editions_of(work, therapist.id)}
    edition = editions[made.row.plan_id]
    frame, already, chosen = from_stored(made.row.frame)
    again = draw(frame, edition.plan, already, made.row.seed, chosen)
    return StoredDraw(made.row, made.drawn_by, edition, again, _lines(work, therapist, made.row))


def _lines(work: UnitOfWork, therapist: Account, row: SampleDraw) -> tuple[Line, ...]:
    sessions = {key_of(each): each for each in known(work, [therapist.id]).of(therapist.id)}
    asked = {each.session_id or each.group_session_id: each for each in _requests(work, row)}
    rated = query.answered(work.session, row.id)
    found = (sessions[key] for key in row.drawn if key in sessions)
    lines = ((each, asked.get(each.id)) for each in found)
    return tuple(
        Line(each, request, request is not None and (each.id, request.rater_id) in rated)
        for each, request in lines
    )


def _requests(work: UnitOfWork, row: SampleDraw) -> tuple[RatingRequest, ...]:
    return query.requests_of(work.session, row.id)


def _check(work: UnitOfWork, entry: DrawEntry) -> None:
    check_seed(entry.seed)
    if entry.last > work.today:
        raise RuleBroken("The last day lies ahead: only sessions that took place.", "last")
    if entry.first > entry.last:
        raise RuleBroken("The first day is after the last.", "first")
    if entry.due_on and entry.due_on < work.today:
        raise RuleBroken("This day is past.", "due_on")


def _ask(work: UnitOfWork, row: SampleDraw, due_on: date | None) -> None:
    """Ask the one who draws to rate each session."""
    for key in row.drawn:
        kind, _, id_ = key.partition(":")
        rated = open_rated(work, RatedKind(kind), UUID(id_), Permission.SUPERVISE)
        role, how, own = RaterRole.SUPERVISOR, Selection.RANDOM, work.person.id
        ask_for_rating(work, rated, own, role, how, None, due_on, draw_id=row.id)
