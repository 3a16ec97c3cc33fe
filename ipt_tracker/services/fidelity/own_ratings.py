"""What one person is to rate, has begun, and has handed in: of others' ratings nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.governance.access import Permission, RatedTies, Role, allows
from ipt_tracker.persistence.models import Draft
from ipt_tracker.persistence.queries import rated as rated_query
from ipt_tracker.persistence.queries import requests as query
from ipt_tracker.persistence.queries.requests import NamedSession
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import RatedSession, sessions_of
from ipt_tracker.services.fidelity.requests import Asked, is_rateable, open_requests
from ipt_tracker.services.fidelity.whose import holding, leading_on
from ipt_tracker.services.unit_of_work import UnitOfWork

FORMS = "/fidelity/"
FORM_ENDS = "/rate"
RECENT = timedelta(weeks=4)
LAST = 15


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft of a rating that can still be handed in."""

    kind: RatedKind
    of: NamedSession
    url: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    """A rating that was handed in; `is_open` while its comparison can still be reached."""

    kind: RatedKind
    of: NamedSession
    role: str
    submitted_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class OwnRatings:
    """The ratings of one person, as their own list shows them."""

    asked: tuple[Asked, ...]
    begun: tuple[Begun, ...]
    unrated: tuple[RatedSession, ...]
    """A therapist's own sessions of the last weeks without a self-rating, the newest first."""
    submitted: tuple[Submitted, ...]


def own_ratings(work: UnitOfWork) -> OwnRatings:
    """Read what the actor is to rate, has begun, and has handed in last."""
    asked = open_requests(work, work.person.id)
    drafts = _drafts(work)
    last = query.handed_in(work.session, work.person.id, LAST)
    named = query.named_sessions(work.session, {*drafts, *(each.of for each in last)})
    reach = _reachable(work, named.values())
    settled = _settled(work)
    waiting = {each.rated_id for each in asked}
    return OwnRatings(
        asked,
        tuple(
            Begun(_kind(of), of, draft.address, draft.saved_at)
            for id_, draft in drafts.items()
            if (of := named.get(id_)) and id_ not in settled and (id_ in reach or id_ in waiting)
        ),
        _unrated(work, settled),
        tuple(
            Submitted(_kind(of), of, each.role, each.submitted_at, of.id in reach)
            for each in last
            if (of := named.get(each.of)) is not None
        ),
    )


def _drafts(work: UnitOfWork) -> dict[UUID, Draft]:
    """Give the actor's drafts of ratings by the session that their address names."""
    found = {}
    for draft in query.drafts_below(work.session, work.person.id, FORMS):
        kind, _, rest = draft.address.removeprefix(FORMS).partition("/")
        if kind in set(RatedKind) and rest.endswith(FORM_ENDS):
            found[UUID(rest.removesuffix(FORM_ENDS))] = draft
    return found


def _settled(work: UnitOfWork) -> frozenset[UUID]:
    own = work.person.id
    return rated_query.rated_by(work.session, own) | rated_query.given_up(work.session, own)


def _unrated(work: UnitOfWork, settled: Collection[UUID]) -> tuple[RatedSession, ...]:
    if work.person.role is not Role.THERAPIST:
        return ()
    since: date = work.today - RECENT
    own = sessions_of(work, [work.person.id], since, [RaterRole.SELF])
    return tuple(each for each in reversed(own) if each.id not in settled)


def _reachable(work: UnitOfWork, sessions: Iterable[NamedSession]) -> frozenset[UUID]:
    """Give those of these sessions that were given and whose form the actor can still open."""
    given = [each for each in sessions if is_rateable(each)]
    people = _therapists(work, given)
    asked = query.asked_of(work.session, work.person.id)
    me = work.person
    return frozenset(
        each.id
        for each in given
        if allows(
            me,
            Permission.RATE_SESSION,
            RatedTies(people[each.id], frozenset({me.id} if each.id in asked else ())),
        )
    )


def _therapists(
    work: UnitOfWork, sessions: Collection[NamedSession]
) -> dict[UUID, frozenset[UUID]]:
    """Give who gave each session: the therapist of the day, or the leaders of the day."""
    owners = {each.owner for each in sessions}
    assigned, led = query.ties_of(work.session, owners)
    found = {}
    for each in sessions:
        if each.is_group:
            found[each.id] = leading_on(led.get(each.owner, ()), each.held_on)
        else:
            held = holding(assigned.get(each.owner, ()), each.held_on)
            found[each.id] = frozenset({held.therapist_id} if held else ())
    return found


def _kind(of: NamedSession) -> RatedKind:
    return RatedKind.GROUP if of.is_group else RatedKind.SESSION
