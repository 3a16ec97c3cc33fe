"""A therapist's portfolio for accreditation: read, written about, and handed out as a file."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Literal
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.portfolio import (
    Case,
    Discussion,
    HeldSession,
    Look,
    Meeting,
    Period,
    StratumFigures,
    state_of,
)
from ipt_tracker.clinical.fidelity.portfolio_count import count
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account
from ipt_tracker.persistence.queries import portfolio as query
from ipt_tracker.persistence.queries.portfolio import AreaFound, CaseFound
from ipt_tracker.persistence.queries.rated import staff_codes
from ipt_tracker.reports.portfolio import PortfolioFacts, as_pdf
from ipt_tracker.reports.portfolio_file import as_csv
from ipt_tracker.services.fidelity.facts import (
    EVER,
    RatedSession,
    RatingFact,
    SealedFact,
    sessions_of,
)
from ipt_tracker.services.fidelity.figures import (
    TherapistFigures,
    figures_of,
    item_sets_of,
    strata,
)
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

Format = Literal["pdf", "csv"]


def read_portfolio(
    work: UnitOfWork, therapist: Account, period: Period, software: str
) -> PortfolioFacts:
    """Read what a portfolio holds of a period. The caller has come through a door to them."""
    session, own = work.session, therapist.id
    given = sessions_of(work, [own], period.first or EVER)
    held = tuple(each for each in given if each.held_on in period)
    meetings = [each for each in query.meetings(session, own) if each.held_on in period]
    talks = [each for each in query.discussions(session, own) if each.held_on in period]
    editions, sets = query.texts(session, own), item_sets_of(work, held)
    seen = [_held(each, own) for each in held]
    return PortfolioFacts(
        name=therapist.display_name,
        code=staff_codes(session).get(own, ""),
        period=period,
        counted=count(
            _cases(work, own, held, period),
            seen,
            [Discussion(each.owner, each.held_on, each.minutes) for each in talks],
            [Meeting(each.form == "group", each.minutes) for each in meetings],
        ),
        figures=tuple(_stratum(figures_of(own, held, c.stratum, sets)) for c in strata(held)),
        item_sets=tuple(dict.fromkeys(each.notice for each in sets.values())),
        sessions=tuple(seen),
        editions=editions,
        newest=_newest(
            held,
            [each.recorded_at for each in meetings] + [each.written_at for each in editions],
        ),
        software=software,
        viewer=work.person.display_name,
        viewer_role=work.person.role.value,
    )


def portfolio_file(
    work: UnitOfWork, therapist: Account, facts: PortfolioFacts, fmt: Format
) -> bytes:
    """Make the file, after what it is was written down."""
    content = as_pdf(facts) if fmt == "pdf" else as_csv(facts)
    work.audit(
        Event.PORTFOLIO_DOWNLOADED,
        Subject("therapist", therapist.id),
        format=fmt,
        first=_plain(facts.period.first),
        last=_plain(facts.period.last),
        cases=len(facts.counted.cases),
        sha256=sha256(content).hexdigest(),
    )
    return content


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _held(session: RatedSession, therapist_id: UUID) -> HeldSession:
    every: tuple[RatingFact | SealedFact, ...] = (*session.ratings, *session.sealed)
    return HeldSession(
        owner=session.owner,
        phase=session.phase,
        held_on=session.held_on,
        looks=tuple(Look(r.basis, r.selection) for r in every if r.by_case_supervisor),
        self_rated=any(
            r.role == RaterRole.SELF and r.rater_id in {therapist_id, None} for r in every
        ),
    )


def _cases(
    work: UnitOfWork, therapist_id: UUID, held: Iterable[RatedSession], period: Period
) -> list[Case]:
    """Give the cases that were the therapist's in the period: courses, then groups, by code."""
    seen = {each.owner for each in held}
    areas = query.areas(work.session, therapist_id)
    found = []
    for rows, is_group in (
        (query.courses(work.session, therapist_id), False),
        (query.groups(work.session, therapist_id), True),
    ):
        stretches: dict[UUID, list[CaseFound]] = {}
        for row in rows:
            stretches.setdefault(row.owner, []).append(row)
        found += [
            _case(own, areas, period, is_group=is_group)
            for owner, own in stretches.items()
            if owner in seen or any(_overlaps(each, period) for each in own)
        ]
    return found


def _overlaps(row: CaseFound, period: Period) -> bool:
    begun = period.last is None or row.own_from <= period.last
    return begun and (period.first is None or row.own_until is None or row.own_until > period.first)


def _case(
    stretches: list[CaseFound], areas: Iterable[AreaFound], period: Period, *, is_group: bool
) -> Case:
    row = stretches[0]
    ends = [each.own_until for each in stretches if each.own_until is not None]
    own_until = max(ends) if len(ends) == len(stretches) else None
    taken_up = (
        each.area
        for each in areas
        if each.owner == row.owner and not period.ends_before(each.started_on)
    )
    ended_on = row.ended_on if row.ended_on and not period.ends_before(row.ended_on) else None
    return Case(
        owner=row.owner,
        code=row.code,
        is_group=is_group,
        state=state_of(row.status, row.ended_on, own_until, period),
        areas=tuple(dict.fromkeys(taken_up)),
        started_on=row.started_on,
        ended_on=ended_on,
    )


def _stratum(found: TherapistFigures) -> StratumFigures:
    stratum = found.stratum
    if stratum is None:
        raise ValueError("figures of a stratum were asked for")
    return StratumFigures(
        basis=stratum.basis,
        selection=stratum.selection,
        words=stratum.words,
        sessions=found.rated,
        sealed=found.sealed,
        patients=found.patients,
        adherence=found.adherence,
        quality=found.quality,
        adherence_clustered=found.adherence_clustered,
        quality_clustered=found.quality_clustered,
    )


def _newest(held: Iterable[RatedSession], moments: Iterable[datetime]) -> datetime | None:
    """Give the newest entry of all: it dates the document, so equal records print equal bytes."""
    days = [each.held_on for each in held]
    days += [r.rated_on for each in held for r in each.ratings if r.rated_on]
    begun = [datetime.combine(day, time(), UTC) for day in days]
    return max([*begun, *moments], default=None)
