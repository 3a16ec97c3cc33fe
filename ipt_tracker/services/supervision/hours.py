"""Hours of supervision, individual and in a group apart, with the time spent on own cases."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement

from ipt_tracker.clinical.fidelity.meetings import MeetingSize
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import MeetingAttendee
from ipt_tracker.persistence.queries import meetings as query
from ipt_tracker.persistence.queries.meetings import Attended
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of supervision of one supervisee, and in how many meetings.

    A group meeting counts in full for everybody who was there. `own_cases` are minutes that were
    noted for their own cases, in meetings of either form.
    """

    individual: int = 0
    group: int = 0
    own_cases: int = 0
    meetings: int = 0

    @property
    def minutes(self) -> int:
        """All minutes together."""
        return self.individual + self.group


def hours_of(
    work: UnitOfWork, therapists: Collection[UUID], first: date, last: date
) -> dict[UUID, Hours]:
    """Give the hours of these therapists between two days, whoever held the meetings.

    The caller has come through a door to these therapists.
    """
    return _read(work, MeetingAttendee.therapist_id.in_(therapists), first, last)


def hours_seen(work: UnitOfWork, first: date, last: date) -> dict[UUID, Hours]:
    """Give the hours of the actor: a therapist's own, a supervisor's in meetings they held."""
    if work.person.role is Role.THERAPIST:
        return hours_of(work, [work.person.id], first, last)
    return _read(work, query.seen_by(work.person), first, last)


def _read(
    work: UnitOfWork, people: ColumnElement[bool], first: date, last: date
) -> dict[UUID, Hours]:
    rows = query.attended(work.session, people, first, last)
    return {each: _sum(row for row in rows if row.therapist_id == each) for each in _ids(rows)}


def _ids(rows: Iterable[Attended]) -> set[UUID]:
    return {row.therapist_id for row in rows}


def _sum(rows: Iterable[Attended]) -> Hours:
    own = tuple(rows)
    alone = [row.minutes for row in own if row.form == MeetingSize.INDIVIDUAL]
    together = [row.minutes for row in own if row.form != MeetingSize.INDIVIDUAL]
    return Hours(sum(alone), sum(together), sum(row.of_own_cases for row in own), len(own))
