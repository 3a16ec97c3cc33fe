"""An invented portfolio, as the reports are given it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ipt_tracker.clinical.fidelity.portfolio import (
    Case,
    CaseState,
    Discussion,
    HeldSession,
    Look,
    Meeting,
    Period,
    StratumFigures,
)
from ipt_tracker.clinical.fidelity.portfolio_count import count
from ipt_tracker.clinical.fidelity.summary import clustered, summary_of
from ipt_tracker.clinical.fidelity.words import UNVALIDATED
from ipt_tracker.persistence.models import PortfolioText
from ipt_tracker.persistence.queries.portfolio import TextFound
from ipt_tracker.reports.portfolio import PortfolioFacts

FIRST = date(2025, 1, 6)
WRITTEN = datetime(2025, 6, 2, 9, 30, tzinfo=UTC)
RANDOM, CHOSEN = Look("full_recording", "random"), Look("part_recording", "chosen")
REPORTED = Look("report_in_supervision", "not_stated")
PHASES = ("beginning",) * 4 + ("middle",) * 8 + ("termination",) * 4
REPORT = "Two cases, one of them completed.\n\nThe pace of the ending was talked about often."


def case(code="SYN-01", **other):
    """One completed case of grief."""
    usual = Case(
        owner=code,
        code=code,
        is_group=False,
        state=CaseState.COMPLETED,
        areas=("grief",),
        started_on=FIRST,
        ended_on=date(2025, 5, 5),
    )
    return replace(usual, **other)


def course_of(owner, looks=()):
    """Sixteen weekly sessions; `looks` is which of them, by place, was rated and how."""
    rated = dict(looks)
    return [
        HeldSession(
            owner,
            PHASES[n],
            FIRST + timedelta(weeks=n),
            (rated[n],) if n in rated else (),
            self_rated=n < 3,
        )
        for n in range(16)
    ]


def all_sessions():
    """Thirty sessions of two cases and a group, six of them rated."""
    return (
        *course_of("SYN-01", [(1, RANDOM), (6, RANDOM), (7, CHOSEN), (14, RANDOM)]),
        *course_of("SYN-02", [(2, REPORTED)])[:9],
        *course_of("G-1", [(3, RANDOM)])[:5],
    )


def counted():
    """Three cases and a group, three meetings."""
    group = case("G-1", is_group=True, state=CaseState.OPEN, areas=(), ended_on=None)
    two = case("SYN-02", state=CaseState.OPEN, areas=("dispute", "role_transition"), ended_on=None)
    three = case("SYN-03", state=CaseState.ENDED_EARLY, areas=())
    return count(
        [case(), two, three, group],
        all_sessions(),
        [
            Discussion("SYN-01", FIRST + timedelta(days=2), 20),
            Discussion("SYN-01", FIRST + timedelta(days=60), None),
            Discussion("SYN-02", FIRST + timedelta(days=60), 25),
        ],
        [Meeting(is_group=False, minutes=50), Meeting(is_group=True, minutes=90)],
    )


def figures(basis="full_recording", selection="random", words="Full recording, drawn at random"):
    """Five sessions of three patients, one of them sealed."""
    adherence = {"a": [80.0, 90.0], "b": [70.0, 85.0], "c": [95.0]}
    quality = {"a": [3.2, 3.6], "b": [2.8, 3.1], "c": [4.0]}
    return StratumFigures(
        basis=basis,
        selection=selection,
        words=words,
        sessions=5,
        sealed=1,
        patients=3,
        adherence=summary_of(v for own in adherence.values() for v in own),
        quality=summary_of(v for own in quality.values() for v in own),
        adherence_clustered=clustered(adherence),
        quality_clustered=clustered(quality),
    )


def few_figures():
    """Two sessions of one patient: too few to say anything."""
    return replace(
        figures("part_recording", "chosen", "Part of the recording, chosen"),
        sessions=2,
        sealed=0,
        patients=1,
        adherence=summary_of([80.0, 60.0]),
        quality=summary_of([3.0, 4.0]),
        adherence_clustered=clustered({"a": [80.0, 60.0]}),
        quality_clustered=clustered({"a": [3.0, 4.0]}),
    )


def portfolio(**other):
    """A portfolio of R. Calder."""
    usual = PortfolioFacts(
        name="R. Calder",
        code="TH-01",
        period=Period(),
        counted=counted(),
        figures=(figures(), few_figures()),
        item_sets=(UNVALIDATED,),
        sessions=all_sessions(),
        editions=(TextFound(1, "ISIPT", REPORT, None, "I. Marlowe", WRITTEN),),
        newest=WRITTEN,
        software="IPT Tracker 0.1",
        viewer="I. Marlowe",
        viewer_role="supervisor",
    )
    return replace(usual, **other)


def report_of(clinic, course):
    """Write a report text about whoever has this course, in two editions."""
    therapist = clinic.therapist if course is clinic.course else clinic.therapist2
    with clinic.writing() as work:
        for edition in (1, 2):
            work.session.add(
                PortfolioText(
                    therapist_id=therapist.id,
                    edition=edition,
                    body="ISIPT",
                    text=REPORT,
                    reason="more was seen",
                    written_by=clinic.supervisor.id,
                    written_at=clinic.now,
                )
            )
