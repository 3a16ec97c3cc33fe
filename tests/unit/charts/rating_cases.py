"""Pictures of ratings for the tests: usual, crowded, hardly anything, nothing."""

from dataclasses import replace
from datetime import date, timedelta

from ipt_tracker.charts.bland_altman import BlandAltman, Pair
from ipt_tracker.charts.bland_altman import Limits as Agreement
from ipt_tracker.charts.course_fidelity import By, Fidelity, Mark
from ipt_tracker.charts.coverage import Coverage, Row, Seen
from ipt_tracker.charts.domains import Domain, Domains
from ipt_tracker.charts.model import Provenance, Score, Series, Span, Visit
from ipt_tracker.charts.xmr import Limits, Point, Signal, Xmr

FIRST = date(2025, 1, 6)
SOURCE = Provenance(
    patient_code="",
    instrument="",
    completeness="13 of 16 sessions",
    threshold_source="pass line 3, adherence line 80 %: conventions",
    window="6 Jan 2025 to 7 Apr 2025",
    software="IPT Tracker 0.1",
    newest_recorded="9 Apr 2025",
    therapist="TH-01",
    ratings="ipt-tracker-14@1, full recording, drawn at random",
)
WORDS = ("TH-01: a picture", "What it says in words.", "What must be known about it.")


def _day(after):
    day = FIRST + timedelta(days=after)
    return f"{day.day} {day:%b}"


def xmr(count, limits=None, signals=()):
    points = tuple(
        Point(_day(7 * i), f"session {i % 14 + 1}", 1 + 4 * (i * 7 % 11) / 10) for i in range(count)
    )
    return Xmr(*WORDS, points, limits, signals, SOURCE)


def agreement(count, limits=None):
    pairs = tuple(
        Pair(f"SYN-01, session {i}", 1 + 4 * (i * 5 % 9) / 8, 1 + 4 * (i * 7 % 9) / 8)
        for i in range(count)
    )
    return BlandAltman(*WORDS, pairs, limits, provenance=SOURCE)


def domains(count, name="domain"):
    found = tuple(
        Domain(f"{name} {i}", 13, 1 + i % 5, max(0.5, i % 5), 2 + i % 5, 100 - 7 * i, 4.0, 12)
        for i in range(count)
    )
    return Domains(*WORDS, found, provenance=SOURCE)


def coverage(*counts, ways=tuple(Seen)):
    return Coverage(
        *WORDS, tuple(_row(i, n, ways) for i, n in enumerate(counts)), provenance=SOURCE
    )


def _row(place, count, ways):
    """Squares in a mixed order; every ninth of the rated ones was rated by two."""
    sessions = tuple(ways[(j * j + j // 3) % 7 % len(ways)] for j in range(count))
    rated = [j for j, seen in enumerate(sessions) if seen is not Seen.NOT]
    plan = 0.25 * place if place < 4 else None
    return Row(f"Therapist {place}", sessions, plan, tuple(rated[::9]))


def course(count, gap=7, scores=None):
    days = [FIRST + timedelta(days=gap * i) for i in range(count)]
    marks = tuple(
        Mark(
            day,
            by,
            f"session {i + 1}",
            100 * ((i * 3) % 11) / 10,
            1 + 4 * ((i * 7) % 9) / 8,
            i == 3,
        )
        for i, day in enumerate(days)
        for by in By
        if i % 3 == 0 or by is By.SELF
    )
    visits = tuple(Visit(day, f"{i + 1}", scored=i % 3 == 0) for i, day in enumerate(days))
    end = days[-1] if days else FIRST
    middle = FIRST + (end - FIRST) / 2
    phases = (Span("Beginning", FIRST, middle, ("Beg",)), Span("Middle", middle, end, ("Mid",)))
    return Fidelity(*WORDS, marks, visits, phases if count else (), 80, 3, scores, SOURCE)


PCL5 = Series(
    "PCL-5, past week", 80, tuple(Score(FIRST + timedelta(7 * i), 58 - 2 * i) for i in range(14))
)
INSIDE = Limits(3.0, 1.5, 4.5, 0.56, 1.84)
OUTSIDE = Limits(3.0, -2.3, 8.3, 2.0, 6.5)
FLAT = Limits(3.0, 3.0, 3.0, 0.0, 0.0)
AGREED = Agreement(0.35, -0.46, 1.16, (0.1, 0.6), (-0.8, -0.1), (0.8, 1.5))
EQUAL = Agreement(0.0, 0.0, 0.0, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
WIDE = Agreement(1.0, -6.0, 8.0, (-1.0, 3.0), (-9.0, -3.0), (5.0, 11.0))
CASES = {
    "xmr, nothing": xmr(0),
    "xmr, one": xmr(1),
    "xmr, five": xmr(5),
    "xmr, eight": xmr(8, INSIDE),
    "xmr, forty": xmr(40, INSIDE, tuple(Signal(i, "beyond a limit") for i in range(9))),
    "xmr, limits off the scale": xmr(14, OUTSIDE),
    "xmr, two hundred": xmr(200, INSIDE),
    "xmr, a run in forty": xmr(
        40, INSIDE, tuple(Signal(i, "part of a run of eight") for i in range(9, 21))
    ),
    "xmr, more signals than are named": xmr(
        40, INSIDE, tuple(Signal(i, "beyond a limit") for i in range(0, 40, 2))
    ),
    "xmr, one value throughout": replace(
        xmr(40), points=tuple(Point(_day(7 * i), "session", 3.0) for i in range(40)), limits=FLAT
    ),
    "agreement, nothing": agreement(0),
    "agreement, four": agreement(4),
    "agreement, fifteen": agreement(15, AGREED),
    "agreement, one": agreement(1),
    "agreement, forty": agreement(40, AGREED),
    "agreement, one spot": replace(
        agreement(0), pairs=(Pair("a session", 3.0, 3.0),) * 40, limits=EQUAL
    ),
    "agreement, beyond the scale": agreement(20, WIDE),
    "domains, nothing": domains(0),
    "domains, five": domains(5),
    "domains, too few": Domains(
        *WORDS, (Domain("focus", 2, None, own_n=1), Domain("safety", 4, 3.5, 1.0, 5.0, 80, 3.5, 4))
    ),
    "domains, a word without a place to break": domains(2, "Donaudampfschifffahrt" * 3),
    "domains, twelve with long names": domains(12, "use of the therapeutic relationship"),
    "coverage, nothing": coverage(),
    "coverage, no session": coverage(0),
    "coverage, three": coverage(12, 44, 3),
    "coverage, without a plan for some": coverage(*range(3, 60, 8)),
    "coverage, not stated nowhere": coverage(16, 44, ways=tuple(Seen)[:3]),
    "coverage, long names": Coverage(
        *WORDS, (replace(_row(0, 90, tuple(Seen)), name="Therapist of a very long name " * 3),)
    ),
    "coverage, five hundred": coverage(500, 1),
    "course, nothing": course(0),
    "course, one": course(1),
    "course, fourteen": course(14),
    "course, forty": course(40, 3),
    "course, five hundred": course(500, 1),
    "course, of a therapist": replace(course(40, 9), is_numbered=False, phases=()),
    "course, all on one day": course(9, 0),
    "course, all equal": replace(
        course(40), marks=tuple(replace(m, adherence=80, quality=3) for m in course(40).marks)
    ),
    "course, every session flagged": replace(
        course(40, 3), marks=tuple(replace(m, flagged=True) for m in course(40, 3).marks)
    ),
    "course, no values": replace(
        course(9), marks=tuple(replace(m, adherence=None, quality=None) for m in course(9).marks)
    ),
    "course, lines at the ends": replace(course(14), adherence_line=100, quality_line=1),
    "course, with scores": course(14, scores=PCL5),
}
NAMELESS = {name: replace(data, provenance=None) for name, data in CASES.items()}
