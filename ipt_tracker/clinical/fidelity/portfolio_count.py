"""How a therapist's portfolio is counted, each count with the rule that it follows.

Bodies that accredit ask for different things and change what they ask for, so nothing here decides
whether a requirement is met.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.codes import Basis, Selection
from ipt_tracker.clinical.fidelity.portfolio import (
    AreaCount,
    Case,
    CaseCount,
    Counted,
    Discussion,
    HeldSession,
    Meeting,
    PhaseCount,
    SupervisionCount,
)

TALKED_ABOUT_WITHIN = timedelta(days=28)
"""How long after a session a meeting about its case can still be about that session: our own
rule, from supervision at least once in four weeks."""
RECORDINGS = frozenset({Basis.FULL_RECORDING, Basis.PART_RECORDING})
PICKED_FIRST = (Selection.RANDOM, Selection.CHOSEN)
USUAL_PHASES = (Phase.BEGINNING, Phase.MIDDLE, Phase.TERMINATION)
RATED_RULE = "Rated: the supervisor of the case submitted a rating of the session, on any basis."
TALKED_ABOUT_RULE = (
    "Talked about: the case was discussed in a supervision meeting on the day of the session or "
    f"within {TALKED_ABOUT_WITHIN.days} days after it (our own rule)."
)
SUPERVISED_RULE = "Either: rated, talked about, or both; each session counts once as supervised."
RECORDING_RULE = (
    "Recordings are sessions that the supervisor rated from a full or part recording, each once. "
    "One of which any such rating came from a random draw counts as drawn."
)
AREA_RULE = (
    "A case with two focal areas stands under both and counts once in all. A group has no focal "
    "area of its own; the cases of its members have."
)


def count(
    cases: Sequence[Case],
    sessions: Iterable[HeldSession],
    discussions: Collection[Discussion],
    meetings: Iterable[Meeting],
) -> Counted:
    """Count a portfolio from what lies in its period; cases come out in the order they came in."""
    held = tuple(sessions)
    about = {case.owner: [d for d in discussions if d.owner == case.owner] for case in cases}
    counted = tuple(
        _of_case(case, [s for s in held if s.owner == case.owner], about[case.owner])
        for case in cases
    )
    return Counted(
        cases=counted,
        areas=_areas(cases),
        phases=_phases(held),
        other_bases=_other_bases(held),
        supervision=_supervision(tuple(meetings), discussions),
        held=sum(each.held for each in counted),
        rated=sum(each.rated for each in counted),
        talked_about=sum(each.talked_about for each in counted),
        supervised=sum(each.supervised for each in counted),
        self_rated=sum(each.self_rated for each in held),
    )


def is_talked_about(session: HeldSession, discussions: Iterable[Discussion]) -> bool:
    """Say whether a meeting about its case came soon enough after a session."""
    latest = session.held_on + TALKED_ABOUT_WITHIN
    return any(session.held_on <= each.held_on <= latest for each in discussions)


def picked_how(session: HeldSession) -> str | None:
    """Say how a session with a rated recording was picked; None where it has none.

    Drawn at random comes before chosen, and either before not stated.
    """
    found = [look.selection for look in session.looks if look.basis in RECORDINGS]
    if not found:
        return None
    return next((code for code in PICKED_FIRST if code in found), found[0])


def _of_case(
    case: Case, held: Sequence[HeldSession], discussions: Sequence[Discussion]
) -> CaseCount:
    talked = [is_talked_about(each, discussions) for each in held]
    supervised = [s for s, t in zip(held, talked, strict=True) if s.looks or t]
    picked = [how for how in map(picked_how, held) if how is not None]
    return CaseCount(
        case=case,
        held=len(held),
        rated=sum(bool(each.looks) for each in held),
        talked_about=sum(talked),
        supervised=len(supervised),
        phases=frozenset(each.phase for each in supervised),
        recordings=len(picked),
        recordings_drawn=picked.count(Selection.RANDOM),
        meetings=len(discussions),
        minutes=sum(each.minutes or 0 for each in discussions),
        untimed=sum(each.minutes is None for each in discussions),
    )


def _areas(cases: Sequence[Case]) -> tuple[AreaCount, ...]:
    """Count by area, in the order of their codes; cases without one come last, groups nowhere."""
    single = [case for case in cases if not case.is_group]
    named = {area for case in single for area in case.areas}
    found = [(area, [case for case in single if area in case.areas]) for area in sorted(named)]
    without = [case for case in single if not case.areas]
    rows = [*found, *([(None, without)] if without else [])]
    return tuple(AreaCount(area, len(own), Counter(c.state for c in own)) for area, own in rows)


def _phases(held: Sequence[HeldSession]) -> tuple[PhaseCount, ...]:
    """Count recordings by phase: the phases of a treatment always, others where there are any."""
    found = Counter((each.phase, picked_how(each)) for each in held if picked_how(each))
    rows = []
    for phase in in_order({*USUAL_PHASES, *(phase for phase, _ in found)}):
        drawn, chosen = (found[phase, how] for how in PICKED_FIRST)
        every = sum(n for (of, _), n in found.items() if of == phase)
        rows.append(PhaseCount(phase, drawn, chosen, every - drawn - chosen))
    return tuple(rows)


def in_order(phases: Collection[str]) -> tuple[str, ...]:
    """Give phases in the order of a treatment; those of another clinic come last."""
    known = [phase.value for phase in Phase if phase in phases]
    return (*known, *sorted(set(phases) - set(known)))


def _other_bases(held: Sequence[HeldSession]) -> Mapping[str | None, int]:
    """Count the sessions that were rated and of which no recording was, under each basis."""
    without = (each for each in held if each.looks and picked_how(each) is None)
    return Counter(basis for each in without for basis in {look.basis for look in each.looks})


def _supervision(
    meetings: Sequence[Meeting], discussions: Collection[Discussion]
) -> SupervisionCount:
    alone = [each.minutes for each in meetings if not each.is_group]
    together = [each.minutes for each in meetings if each.is_group]
    return SupervisionCount(
        individual=len(alone),
        individual_minutes=sum(alone),
        group=len(together),
        group_minutes=sum(together),
        own_case_minutes=sum(each.minutes or 0 for each in discussions),
        untimed=sum(each.minutes is None for each in discussions),
    )
