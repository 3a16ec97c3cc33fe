"""What the pages of sampling say: a plan in words, a session's name, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.codes import Basis
from ipt_tracker.clinical.fidelity.coverage import NOT_STATED, OnBasis
from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.draws import Line
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.plans import Coverage, PhaseCover
from ipt_tracker.web.page import day_year


def plan_words(plan: Plan) -> tuple[str, ...]:
    """Say a plan, one line for each thing that it asks for."""
    known = [phase.value for phase in Phase]
    phases = ", ".join(
        f"{label_of(Phase, phase).lower()} {plan.by_phase[phase]} %"
        for phase in sorted(plan.by_phase, key=known.index)
    )
    said = [f"{plan.share} % of sessions{f' ({phases})' if phases else ''}"]
    said += [_new_words(plan)] if plan.new_extra else []
    said += [f"{plan.off_track_extra} % more of courses off track"] if plan.off_track_extra else []
    said += [f"at least {_sessions(plan.per_course)} of each course"] if plan.per_course else []
    return tuple(said)


def _new_words(plan: Plan) -> str:
    ends = [f"until {day_year(plan.new_until)}"] if plan.new_until else []
    ends += [f"of the first {_sessions(plan.new_first)}"] if plan.new_first else []
    return f"{plan.new_extra} % more {' and '.join(ends)}, while new"


def _sessions(number: int | None) -> str:
    return f"{number} session{'' if number == 1 else 's'}"


def session_name(session: RatedSession) -> str:
    """Name a session: "SYN-02, session 6", "G-1, group session 3"."""
    if session.number is None:
        return f"{session.code}, slot {session.slot}"
    kind = kind_of(session.session_kind)
    short = kind.short(session.number) if kind else str(session.number)
    what = "group session" if session.kind is RatedKind.GROUP else "session"
    return f"{session.code}, {what} {short}"


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One session that was drawn: what it is, and what became of it as a tag."""

    kind: RatedKind
    session: RatedSession
    name: str
    phase: str
    held_on: date
    tag: tuple[str, str]
    why: str | None
    is_open: bool
    """Whether it still waits for the one who was asked."""


def drawn_row(line: Line, reader: object, today: date) -> DrawnRow:
    """Say a drawn session; only the one who was asked is led to the form."""
    asked, session = line.request, line.session
    why = asked.withdrawn_reason if asked else None
    own = asked is not None and asked.rater_id == reader
    waits = asked is not None and asked.withdrawn_at is None and not line.is_rated
    return DrawnRow(
        session.kind,
        session,
        session_name(session),
        label_of(Phase, session.phase),
        session.held_on,
        _tag(line, today),
        why,
        own and waits,
    )


def _tag(line: Line, today: date) -> tuple[str, str]:
    asked = line.request
    if line.is_rated:
        return "done", "Rated"
    if asked is None or asked.withdrawn_at is not None:
        return "lock", "Taken back"
    if asked.due_on and asked.due_on < today:
        return "late", f"{_days((today - asked.due_on).days)} over"
    return "due", f"Until {day_year(asked.due_on)}" if asked.due_on else "To rate"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One phase or basis: what was seen of it, and how much the plan asks for."""

    label: str
    delivered: int | None
    random: int
    chosen: int
    not_stated: int
    wanted: int | None

    @property
    def lacks(self) -> int:
        """How many sessions drawn at random are missing to the plan; others are no sample."""
        return max(0, (self.wanted or 0) - self.random)


def phase_rows(phases: Iterable[PhaseCover]) -> tuple[CoverRow, ...]:
    """Say what was seen of each phase."""
    return tuple(
        CoverRow(
            label_of(Phase, each.phase),
            each.cover.delivered,
            each.cover.random,
            each.cover.chosen,
            each.cover.not_stated,
            each.wanted,
        )
        for each in phases
    )


def basis_rows(found: Coverage) -> tuple[CoverRow, ...]:
    """Say on which bases it was seen."""
    return tuple(
        CoverRow(_basis(each), None, each.random, each.chosen, each.not_stated, None)
        for each in found.by_basis
    )


def _basis(each: OnBasis) -> str:
    return "Basis not stated" if each.basis == NOT_STATED else label_of(Basis, each.basis)
