"""What the pages of figures show, each read in a fixed number of statements."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.fidelity.lines import Lines
from ipt_tracker.clinical.fidelity.profile import DomainProfile
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, Course
from ipt_tracker.persistence.queries.rated import staff_codes
from ipt_tracker.persistence.visibility import visible_to
from ipt_tracker.services.clinic_settings import fidelity_lines
from ipt_tracker.services.fidelity.agreement_figures import (
    RaterAgreement,
    SelfAgreement,
    rater_agreement,
    self_agreement,
)
from ipt_tracker.services.fidelity.facts import RatedSession, sessions_of
from ipt_tracker.services.fidelity.figures import TherapistFigures, figures_of
from ipt_tracker.services.fidelity.profiles import item_sets_of, own_domains
from ipt_tracker.services.fidelity.rated_pairs import pair_strata
from ipt_tracker.services.fidelity.strata import (
    Choice,
    Stratum,
    StratumCount,
    chosen_stratum,
    strata,
)
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

AGREEMENT = Subject("list", "agreement")


@dataclass(frozen=True, slots=True)
class TherapistPage:
    """One therapist's figures in one stratum, and how many sessions each stratum has.

    `code` is how files name the therapist, where there is one. `own_domains` are of the
    therapist's own ratings of the same sessions; `held` are all sessions that took place;
    `open_courses` are the cases that the viewer may open today.
    """

    therapist_id: UUID
    name: str
    code: str
    counts: tuple[StratumCount, ...]
    figures: TherapistFigures
    own: SelfAgreement
    own_domains: tuple[DomainProfile, ...]
    held: tuple[RatedSession, ...]
    lines: Lines
    open_courses: frozenset[UUID]

    @property
    def called(self) -> str:
        """How a picture names the therapist: files leave the building."""
        return self.code or self.name

    @property
    def stratum(self) -> Stratum | None:
        """What is shown; None while no session was rated by a supervisor."""
        return self.figures.stratum


@dataclass(frozen=True, slots=True)
class Supervisee:
    """One of the actor's supervisees, and how many of the pairs are of their sessions."""

    id: UUID
    name: str
    own_pairs: int


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """How far self and supervisor, and two supervisors, agree over the actor's supervisees."""

    counts: tuple[StratumCount, ...]
    stratum: Stratum | None
    own: SelfAgreement
    raters: RaterAgreement
    supervisees: tuple[Supervisee, ...]


def therapist_subject(therapist: Account) -> Subject:
    """Name a therapist for the audit."""
    return Subject("therapist", therapist.id)


def therapist_page(work: UnitOfWork, therapist: Account, choice: Choice) -> TherapistPage:
    """Read the figures of a therapist who was opened to be looked at."""
    sessions = sessions_of(work, {therapist.id})
    counts = strata(sessions)
    stratum = chosen_stratum(counts, choice.basis, choice.selection)
    figures = figures_of(therapist.id, sessions, stratum, item_sets_of(work, sessions))
    own = self_agreement(sessions, stratum, therapist.id)
    seen = [each.session for each in figures.sessions]
    return TherapistPage(
        therapist_id=therapist.id,
        name=therapist.display_name,
        code=staff_codes(work.session).get(therapist.id, ""),
        counts=counts,
        figures=figures,
        own=own,
        own_domains=own_domains(seen, figures.profile, own.own_basis, therapist.id),
        held=sessions,
        lines=fidelity_lines(work),
        open_courses=_open_courses(work, figures),
    )


def agreement_page(work: UnitOfWork, choice: Choice) -> AgreementPage:
    """Read how far raters agree on the sessions of the actor's supervisees."""
    work.require(Permission.SUPERVISE)
    work.audit(Event.FIDELITY_LISTED, AGREEMENT)
    people = work.person.supervisees
    sessions = sessions_of(work, people)
    counts = pair_strata(sessions)
    stratum = chosen_stratum(counts, choice.basis, choice.selection)
    own = self_agreement(sessions, stratum)
    named = select(Account.id, Account.display_name).where(Account.id.in_(people))
    rows = work.session.execute(named.order_by(Account.display_name, Account.id))
    pairs = Counter(pair.therapist_id for pair in own.pairs)
    return AgreementPage(
        counts=counts,
        stratum=stratum,
        own=own,
        raters=rater_agreement(sessions, stratum),
        supervisees=tuple(Supervisee(row[0], row[1], pairs[row[0]]) for row in rows),
    )


def _open_courses(work: UnitOfWork, figures: TherapistFigures) -> frozenset[UUID]:
    cases = [each.owner for each in figures.cases if not each.is_group]
    seen = select(Course.id).where(Course.id.in_(cases), visible_to(work.person, work.today))
    return frozenset(work.session.scalars(seen))
