"""The one read model of all fidelity figures: sessions that took place, and the ratings of them.

What a viewer has not opened by submitting or waiving their own rating is never handed over: of a
sealed rating its existence alone is known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from ipt_tracker.clinical.course.attendance import was_delivered
from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.rating import Rating, as_first_submitted, rating_of
from ipt_tracker.persistence.models import RatingAmendment
from ipt_tracker.persistence.queries import rated as query
from ipt_tracker.persistence.queries.rated import Held, RatingFound, SlotFound
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.whose import holding, leading_on, supervisors_of
from ipt_tracker.services.unit_of_work import UnitOfWork

EVER = date.min
NOT_STATED = "not_stated"
"""The stratum of ratings of which a file does not say how their session was picked."""
ALL_ROLES = tuple(RaterRole)
BY_OTHERS = (RaterRole.SUPERVISOR, RaterRole.INDEPENDENT, RaterRole.CONSENSUS)

Values = Mapping[str, Any]
"""What a rater marked: items, proscribed, global_competence, alliance."""


@dataclass(frozen=True)
class RatingFact:
    """One rating that is open to the viewer: `now` after amendments, `first` as submitted.

    `by_case_supervisor`: its rater supervised the course on the day of the session or of the
    rating. `code` is how reports name the rater.
    """

    id: UUID
    role: str
    rater_id: UUID | None
    rater_name: str
    code: str
    by_case_supervisor: bool
    basis: str | None
    selection: str
    item_set: str
    rated_on: date | None
    now: Values
    first: Values

    @cached_property
    def rating(self) -> Rating:
        """The rating as it stands, for adherence and quality."""
        return rating_of(self.now["items"], self.now["proscribed"].values())

    @cached_property
    def first_rating(self) -> Rating:
        """The rating as it was submitted, for agreement."""
        if self.first is self.now:
            return self.rating
        return rating_of(self.first["items"], self.first["proscribed"].values())

    @property
    def stratum(self) -> tuple[str | None, str]:
        """Basis and selection: figures never pool two of them."""
        return self.basis, self.selection


@dataclass(frozen=True, slots=True)
class SealedFact:
    """A rating that the viewer must not see yet: that it is there, and nothing of what it says."""

    id: UUID
    role: str
    rater_id: UUID | None
    by_case_supervisor: bool
    basis: str | None
    selection: str


@dataclass(frozen=True, slots=True)
class RatedSession:
    """One session that took place, whoever rated it. `owner` is the course, or the group.

    `ref` names the course as the imported file does, else by its id. `therapists` are those of
    the day of the session.
    """

    kind: RatedKind
    id: UUID
    owner: UUID
    ref: str
    code: str
    slot: int
    number: int | None
    session_kind: str
    phase: str
    held_on: date
    therapists: frozenset[UUID]
    ratings: tuple[RatingFact, ...] = ()
    sealed: tuple[SealedFact, ...] = ()

    @property
    def order(self) -> tuple[object, ...]:
        """Date, then course, then slot: the order of every series."""
        return self.held_on, self.ref, self.slot

    @property
    def seen_by_case_supervisor(self) -> bool:
        """Whether the course's supervisor rated it, open to the viewer or not."""
        every: tuple[RatingFact | SealedFact, ...] = (*self.ratings, *self.sealed)
        return any(each.by_case_supervisor for each in every)


def sessions_of(
    work: UnitOfWork,
    therapists: Collection[UUID],
    since: date = EVER,
    roles: Collection[str] = ALL_ROLES,
    rated_by: Collection[str] | None = None,
) -> tuple[RatedSession, ...]:
    """Give the sessions that these therapists gave, with their ratings as the actor may see them.

    `since` is the first day looked at; `roles` limits which ratings are read; `rated_by` leaves
    out sessions that nobody rated in one of these roles. In order of date, course and slot. The
    caller has come through a door to these therapists.
    """
    found = _Reader(work, frozenset(therapists), since, tuple(roles), rated_by).sessions()
    return tuple(each for each in found if each.therapists & frozenset(therapists))


def every_session(work: UnitOfWork) -> tuple[RatedSession, ...]:
    """Give every session of the clinic with every rating, for the operator's own reports."""
    return _Reader(work, None, EVER, ALL_ROLES).sessions()


@dataclass
class _Reader:
    """One reading of sessions and ratings; `people` None reads the whole clinic, unsealed."""

    work: UnitOfWork
    people: frozenset[UUID] | None
    since: date
    roles: tuple[str, ...]
    rated_by: Collection[str] | None = None

    def sessions(self) -> tuple[RatedSession, ...]:
        session, since = self.work.session, self.since
        one = query.slots(session, self._slots, since)
        whole = query.meetings(session, self._meetings, since)
        given = (each for each in one if was_delivered(each.kind, each.number, each.attendance))
        found = [self._session(each) for each in given] + [self._meeting(each) for each in whole]
        return tuple(sorted(found, key=lambda each: each.order))

    @cached_property
    def _courses(self) -> ColumnElement[bool]:
        return query.courses_of(self.people)

    @cached_property
    def _groups(self) -> ColumnElement[bool]:
        return query.groups_of(self.people)

    @property
    def _slots(self) -> ColumnElement[bool]:
        if self.rated_by is None:
            return self._courses
        return self._courses & query.slots_rated_by(self.rated_by)

    @property
    def _meetings(self) -> ColumnElement[bool]:
        if self.rated_by is None:
            return self._groups
        return self._groups & query.meetings_rated_by(self.rated_by)

    @cached_property
    def _assignments(self) -> dict[UUID, list[Held]]:
        rows = query.assignments(self.work.session, self._courses)
        return _by(rows, lambda row: row.course_id)

    @cached_property
    def _leaders(self) -> dict[UUID, list[Any]]:
        return _by(query.leaders(self.work.session, self._groups), lambda row: row.group_id)

    @cached_property
    def _ratings(self) -> dict[UUID, list[RatingFound]]:
        session = self.work.session
        rows = [
            *query.ratings_of_slots(session, self._slots, self.roles, self.since),
            *query.ratings_of_meetings(session, self._meetings, self.roles, self.since),
        ]
        return _by(sorted(rows, key=_by_day), lambda row: row.of)

    @cached_property
    def _amendments(self) -> dict[UUID, list[RatingAmendment]]:
        rows = query.amendments(self.work.session, self._courses, self._groups)
        return _by(rows, lambda row: row.rating_id)

    @cached_property
    def _codes(self) -> dict[UUID, str]:
        return query.staff_codes(self.work.session)

    @cached_property
    def _opened(self) -> frozenset[UUID]:
        """The sessions whose ratings are open to the viewer."""
        session, own = self.work.session, self.work.person.id
        return query.rated_by(session, own) | query.given_up(session, own)

    def _open(self, of: UUID) -> bool:
        return self.people is None or of in self._opened

    def _session(self, row: SlotFound) -> RatedSession:
        assigned = self._assignments.get(row.owner, [])
        held = holding(assigned, row.held_on)
        return self._filled(row, RatedKind.SESSION, {held.therapist_id} if held else set())

    def _meeting(self, row: SlotFound) -> RatedSession:
        led = leading_on(self._leaders.get(row.owner, ()), row.held_on)
        return self._filled(row, RatedKind.GROUP, led)

    def _filled(
        self, row: SlotFound, kind: RatedKind, therapists: Collection[UUID]
    ) -> RatedSession:
        every = self._ratings.get(row.id, ())
        is_open = self._open(row.id)
        return RatedSession(
            kind=kind,
            id=row.id,
            owner=row.owner,
            ref=row.case_id or str(row.owner),
            code=row.code,
            slot=row.slot,
            number=row.number,
            session_kind=row.kind,
            phase=row.phase,
            held_on=row.held_on,
            therapists=frozenset(therapists),
            ratings=tuple(self._fact(each, row, kind) for each in every if is_open),
            sealed=tuple(self._sealed(each, row, kind) for each in every if not is_open),
        )

    def _by_case_supervisor(self, rating: RatingFound, row: SlotFound, kind: RatedKind) -> bool:
        if rating.role in {RaterRole.SELF, RaterRole.CONSENSUS}:
            return False
        if kind is RatedKind.GROUP:
            return rating.role == RaterRole.SUPERVISOR
        assigned = self._assignments.get(row.owner, [])
        return rating.rater_id in supervisors_of(assigned, row.held_on, rating.rated_on)

    def _sealed(self, rating: RatingFound, row: SlotFound, kind: RatedKind) -> SealedFact:
        return SealedFact(
            rating.id,
            rating.role,
            rating.rater_id,
            self._by_case_supervisor(rating, row, kind),
            rating.basis,
            rating.selection or NOT_STATED,
        )

    def _fact(self, rating: RatingFound, row: SlotFound, kind: RatedKind) -> RatingFact:
        now = MappingProxyType(
            {
                "items": rating.items,
                "proscribed": rating.proscribed,
                "global_competence": rating.global_competence,
                "alliance": rating.alliance,
            }
        )
        changes = self._amendments.get(rating.id, ())
        own_code = self._codes.get(rating.rater_id) if rating.rater_id else None
        imported = rating.submitted_at is None and rating.role != RaterRole.SELF
        return RatingFact(
            id=rating.id,
            role=rating.role,
            rater_id=rating.rater_id,
            rater_name=rating.rater_name or rating.rater,
            code=rating.rater if imported else own_code or str(rating.rater_id),
            by_case_supervisor=self._by_case_supervisor(rating, row, kind),
            basis=rating.basis,
            selection=rating.selection or NOT_STATED,
            item_set=rating.item_set,
            rated_on=rating.rated_on,
            now=now,
            first=as_first_submitted(now, changes) if changes else now,
        )


def _by(rows: Iterable[Any], key: Any) -> dict[UUID, list[Any]]:  # noqa: ANN401 -- rows of any kind
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _by_day(rating: RatingFound) -> tuple[object, ...]:
    """Order one session's ratings: by the day, then by the rater's code; a missing day first."""
    return rating.rated_on or date.min, rating.rater, str(rating.id)
