"""The sampling plan of a therapist, edition by edition, and how much of the work was seen."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.codes import Basis
from ipt_tracker.clinical.fidelity.coverage import (
    Cover,
    OnBasis,
    cover,
    cover_by_phase,
    on_each_basis,
)
from ipt_tracker.clinical.fidelity.sampling import Plan, check_plan, quotas
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, SamplingPlan
from ipt_tracker.persistence.queries import sampling as query
from ipt_tracker.services.fidelity.frames import Known, known, seen
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a therapist's plan: it holds until there is a later one."""

    id: UUID
    therapist_id: UUID
    edition: int
    plan: Plan
    reason: str | None
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class PhaseCover:
    """One phase: what was seen of it, and how many sessions the plan asks for."""

    phase: str
    cover: Cover
    wanted: int | None


@dataclass(frozen=True, slots=True)
class TherapistCover:
    """One therapist: what was seen against the plan. `wanted` is None without a plan."""

    therapist_id: UUID
    name: str
    cover: Cover
    edition: Edition | None
    wanted: int | None
    by_phase: tuple[PhaseCover, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sessions rated by another than the therapist, of all that took place in a window.

    In `total`, `by_phase` and `by_basis` a session counts once, also a group session with two
    leaders. `by_therapist` is in order of name.
    """

    first: date
    last: date
    total: Cover
    by_phase: Mapping[str, Cover]
    by_therapist: tuple[TherapistCover, ...]
    by_basis: tuple[OnBasis, ...]


def plan_of(work: UnitOfWork, therapist_id: UUID) -> Edition | None:
    """Give the plan that holds; the caller has come through the door to this therapist."""
    return next(iter(editions_of(work, therapist_id)), None)


def editions_of(work: UnitOfWork, therapist_id: UUID) -> tuple[Edition, ...]:
    """Give every edition of a therapist's plan, the newest first."""
    return tuple(_edition(row, person) for row, person in query.plans(work.session, [therapist_id]))


def set_plan(
    work: UnitOfWork, therapist: Account, plan: Plan, reason: str | None, seen_edition: int | None
) -> Edition:
    """Set a plan from now on. The editions before stay, and each draw names its own.

    Raises RuleBroken for a plan that cannot be kept to, ChangedMeanwhile when the page was filled
    in for another edition than today's.
    """
    before = plan_of(work, therapist.id)
    if (before.edition if before else 0) != seen_edition:
        raise ChangedMeanwhile
    check_plan(plan)
    if before and before.plan == plan:
        raise RuleBroken("Nothing is different from the plan that holds.")
    if before and not reason:
        raise RuleBroken("Say why the plan changes.", "reason")
    row = SamplingPlan(
        therapist_id=therapist.id,
        edition=before.edition + 1 if before else 1,
        content=plan.to_json(),
        reason=reason,
        set_by=work.person.id,
        set_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(
        Event.PLAN_SET,
        Subject("therapist", therapist.id),
        edition=row.edition,
        old=before.plan.to_json() if before else None,
        new=row.content,
        reason=reason,
    )
    return _edition(row, work.person.display_name)


def coverage(work: UnitOfWork, therapists: Mapping[UUID, str], first: date, last: date) -> Coverage:
    """Count what was seen of these therapists' sessions (id to name) between two days.

    Rated means by another than the therapist, whether or not the rating is open to the viewer.
    """
    found = known(work, therapists.keys())
    plans = _newest(work, therapists.keys())
    within = [seen(each) for each in found.sessions if first <= each.held_on <= last]
    names = sorted(therapists, key=lambda each: (therapists[each].casefold(), str(each)))
    return Coverage(
        first,
        last,
        cover(within),
        cover_by_phase(within, [phase.value for phase in Phase]),
        tuple(_of(found, each, therapists[each], plans.get(each), (first, last)) for each in names),
        on_each_basis(within, [basis.value for basis in Basis]),
    )


def _of(
    found: Known, id_: UUID, name: str, edition: Edition | None, window: tuple[date, date]
) -> TherapistCover:
    first, last = window
    own = [seen(each) for each in found.of(id_) if first <= each.held_on <= last]
    wanted: Counter[str] | None = None
    if edition:
        wanted = Counter()
        for quota in quotas(found.frame(id_, edition.plan, first, last), edition.plan, {}):
            wanted[quota.stratum.phase] += quota.wanted
    phases = cover_by_phase(own, [phase.value for phase in Phase])
    return TherapistCover(
        id_,
        name,
        cover(own),
        edition,
        None if wanted is None else wanted.total(),
        tuple(
            PhaseCover(phase, each, None if wanted is None else wanted[phase])
            for phase, each in phases.items()
        ),
    )


def _newest(work: UnitOfWork, therapists: Collection[UUID]) -> dict[UUID, Edition]:
    rows = query.plans(work.session, therapists)
    return {row.therapist_id: _edition(row, person) for row, person in reversed(rows)}


def _edition(row: SamplingPlan, person: str) -> Edition:
    plan = Plan.from_json(row.content)
    return Edition(row.id, row.therapist_id, row.edition, plan, row.reason, person, row.set_at)
