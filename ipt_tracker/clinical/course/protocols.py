"""The protocols that a course can follow, each with its own phase map and where that comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.phases import Phase, PhaseMap, PhaseSpan
from ipt_tracker.clinical.rules import RuleBroken

LONGEST_CONTRACT = 104
"""Two years of weekly sessions: more than this is a typing mistake, or maintenance."""


class Format(Code):
    """Whether patients are seen alone or together."""

    INDIVIDUAL = "individual", "Individual"
    GROUP = "group", "Group"


class Spacing(Code):
    """How far apart sessions are planned."""

    WEEKLY = "weekly", "Weekly"
    WEEKLY_THEN_MONTHLY = "weekly, then monthly", "Weekly, then monthly"
    TWICE_WEEKLY = "twice weekly", "Twice weekly"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Monthly"


class Certainty(StrEnum):
    """How sure a stated fact is."""

    READ = "read in the source"
    PARTLY_READ = "read in part or second-hand"
    COMMON_USE = "common use, not checked in a source"
    OWN = "set by this project"


@dataclass(frozen=True, slots=True)
class Protocol:
    """A way of giving IPT: how many sessions, how long, how far apart, and in which phases.

    `session_minutes` is the usual length. `engagement_sessions` come before session 1 and
    `maintenance_planned` after the last; both have counters of their own.
    """

    key: str
    name: str
    format: Format
    planned_sessions: int
    session_minutes: int
    spacing: Spacing
    phase_map: PhaseMap
    source: str
    certainty: Certainty
    for_ptsd: bool = False
    engagement_sessions: int = 0
    maintenance_planned: int = 0


def phase_map(beginning_to: int, middle_to: int, termination_to: int) -> PhaseMap:
    """Make the map of the three counted phases from the last session of each."""
    return PhaseMap(
        (
            PhaseSpan(Phase.BEGINNING, 1, beginning_to),
            PhaseSpan(Phase.MIDDLE, beginning_to + 1, middle_to),
            PhaseSpan(Phase.TERMINATION, middle_to + 1, termination_to),
        )
    )


def custom_phase_map(planned: int) -> PhaseMap:
    """Propose a map for any number of planned sessions; the therapist may change it.

    The common model, 1-3 / 4 to n-3 / last three (CPA Bulletin 2003 for the beginning, common use
    for the rest), with shorter outer phases in shorter courses: two sessions each under twelve
    (as brief IPT has with eight), one each under six. Raises RuleBroken outside 1 to 104.
    """
    if not 1 <= planned <= LONGEST_CONTRACT:
        raise RuleBroken(
            f"{planned} sessions cannot be planned, it must be 1 to {LONGEST_CONTRACT}.",
            field="planned_sessions",
        )
    if planned == 1:
        return PhaseMap((PhaseSpan(Phase.BEGINNING, 1, 1),))
    if planned == 2:  # noqa: PLR2004 -- two sessions have no middle
        return PhaseMap((PhaseSpan(Phase.BEGINNING, 1, 1), PhaseSpan(Phase.TERMINATION, 2, 2)))
    outer = 1 if planned < 6 else 2 if planned < 12 else 3  # noqa: PLR2004 -- said above
    return phase_map(outer, planned - outer, planned)


BRIEF_WITH_MAINTENANCE = PhaseMap(
    (
        PhaseSpan(Phase.ENGAGEMENT, 0, 0),
        *phase_map(2, 6, 8).spans,
        PhaseSpan(Phase.MAINTENANCE, 9, 11),
    )
)

CUSTOM = "custom"

_ALL = (
    Protocol(
        key="IPT-PTSD-14",
        name="IPT-PTSD, 14 sessions",
        format=Format.INDIVIDUAL,
        planned_sessions=14,
        session_minutes=50,
        spacing=Spacing.WEEKLY,
        phase_map=phase_map(3, 11, 14),
        source="Markowitz et al. 2015 (14 weekly sessions of 50 minutes); phases by common use",
        certainty=Certainty.COMMON_USE,
        for_ptsd=True,
    ),
    Protocol(
        key="IPT-PTSD-16",
        name="IPT-PTSD, 16 sessions",
        format=Format.INDIVIDUAL,
        planned_sessions=16,
        session_minutes=50,
        spacing=Spacing.WEEKLY,
        phase_map=phase_map(3, 13, 16),
        source="The common model, 1-3 / 4 to n-3 / last 3, at 16 sessions (CPA Bulletin 2003)",
        certainty=Certainty.COMMON_USE,
        for_ptsd=True,
    ),
    Protocol(
        key="IPT-16",
        name="IPT, 16 sessions",
        format=Format.INDIVIDUAL,
        planned_sessions=16,
        session_minutes=50,
        spacing=Spacing.WEEKLY,
        phase_map=phase_map(4, 12, 16),
        source="UK outline, iptuk.net stages of IPT: 1-4 / 5-12, last part inferred as 13-16",
        certainty=Certainty.PARTLY_READ,
    ),
    Protocol(
        key="IPT-G-PTSD-16",
        name="IPT-G for PTSD, 16 group sessions",
        format=Format.GROUP,
        planned_sessions=16,
        session_minutes=90,
        spacing=Spacing.WEEKLY,
        phase_map=phase_map(4, 13, 16),
        source="Group IPT after interpersonal trauma, 16 over 4 months (Althobaiti 2020; NIH "
        "R21-MH058220); phases and length of a session by common use",
        certainty=Certainty.COMMON_USE,
        for_ptsd=True,
    ),
    Protocol(
        key="IPT-B-8-maintenance",
        name="Brief IPT, 8 sessions and maintenance",
        format=Format.INDIVIDUAL,
        planned_sessions=8,
        session_minutes=45,
        spacing=Spacing.WEEKLY_THEN_MONTHLY,
        phase_map=BRIEF_WITH_MAINTENANCE,
        source="Swartz et al. 2014 (8 sessions after one engagement visit, 1-2 / 3-6; end by "
        "common use); monthly maintenance: CPA Bulletin 2003",
        certainty=Certainty.PARTLY_READ,
        engagement_sessions=1,
        maintenance_planned=3,
    ),
    Protocol(
        key=CUSTOM,
        name="Custom",
        format=Format.INDIVIDUAL,
        planned_sessions=12,
        session_minutes=50,
        spacing=Spacing.WEEKLY,
        phase_map=custom_phase_map(12),
        source="Number of sessions and phases set by the therapist; acute IPT has 12 to 16 weekly "
        "sessions (CPA Bulletin 2003)",
        certainty=Certainty.OWN,
    ),
)

PROTOCOLS: Mapping[str, Protocol] = MappingProxyType({protocol.key: protocol for protocol in _ALL})
"""Every protocol by its key, in the order in which a form offers them."""
