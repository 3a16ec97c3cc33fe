"""Pictures of evidence and of a caseload for the tests: usual, crowded, nothing."""

from dataclasses import replace

from ipt_tracker.charts.caseload_change import CaseloadChange
from ipt_tracker.charts.forest import Forest, ForestRow
from ipt_tracker.charts.funnel import Funnel, FunnelPoint
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.nested_bands import ArmRow, NestedBands, Range
from ipt_tracker.charts.within_change import WithinChange, WithinRow

SOURCE = Provenance(
    patient_code="",
    instrument="",
    completeness="10 comparisons",
    threshold_source="",
    window="search to November 2018",
    software="IPT Tracker 0.1",
    newest_recorded="",
    evidence="an invented review",
)
WORDS = ("A picture of trials", "What it says in words.")
LONG = "A group with a name that nobody shortened, from a very long report"
WORD = "Donaudampfschifffahrt" * 3


def study(place, label="Study", *, weight=None, note=""):
    estimate = -0.4 + (place * 7 % 11 - 5) / 6
    half = 0.3 + (place * 5 % 7) / 10
    ends = estimate - half, estimate + half
    return ForestRow(f"{label} {place}", "study", estimate, *ends, note, weight=weight)


PUBLISHED = (
    ForestRow("All 10 comparisons", "overall", -0.44, -0.69, -0.19, scenario=(-1.16, 0.28)),
    ForestRow("Control group", "heading", note="difference: p = 0.15"),
    ForestRow("Waiting list or usual care", "subgroup", -0.62, -0.97, -0.27),
    ForestRow("Active control", "subgroup", -0.25, -0.61, 0.10, "6 comparisons"),
    ForestRow("Precipitating event", "heading", note="difference: p = 0.53"),
    ForestRow("Disaster, mass violence", "subgroup", -0.70, -1.68, 0.23, "limits do not agree"),
    ForestRow("Perinatal", "missing", note="no value in the text"),
)


def forest(*rows):
    return Forest(*WORDS, tuple(rows), provenance=SOURCE)


def studies(count, label="Study", **more):
    pooled = ForestRow("All together", "overall", -0.4, -0.6, -0.2, scenario=(-1.2, 0.4))
    rows = (study(i, label, weight=(i % 9 + 1) / 100, **more) for i in range(count))
    return forest(*rows, pooled)


def funnel(count, label="Study"):
    points = tuple(
        FunnelPoint(
            f"{label} {i}", -0.44 + (i * 7 % 11 - 5) / 6, 0.1 + (i * 5 % 13) / 20, i % 3 > 0
        )
        for i in range(count)
    )
    return Funnel(*WORDS, points, -0.44, SOURCE)


TRIALS = (
    WithinRow("16 arms pooled", "waiting", 421, 0.40, 0.30, 0.50, "about 6 weeks"),
    WithinRow("4 arms pooled", "ipt", 112, 1.30, 1.05, 1.55, "partly open"),
    WithinRow("Krupnick 2008", "ipt", 32, 1.54),
)
OWN = (
    WithinRow("Everyone who started", "caseload", 34, 0.81, 0.49, 1.13),
    WithinRow("With an end score", "caseload", 22, 1.12, 0.66, 1.58),
)


def within(rows, raw=()):
    return WithinChange(*WORDS, rows, raw, SOURCE)


def caseload(count, unknown, reliable=10):
    changes = tuple((i * 7919 % 61) - 42 for i in range(count))
    return CaseloadChange(
        *WORDS, changes, unknown, reliable, -50, 30, "PCL-5, change in points", SOURCE
    )


RANGES = (
    Range("single patients", -62.7, 19.5),
    Range("mean of one new setting", -45.9, 2.7),
    Range("interval of the mean", -30.2, -13.0),
)
ARMS = (
    ArmRow("Bleiberg 2005, individual IPT", 13, -42.0, note="No SD is printed."),
    ArmRow("Krupnick 2008, group IPT", 20, -24.54, 16.92, -32.5, -16.6, "about 9 of 20"),
    ArmRow("Krupnick 2008, waiting list", 7, -5.78, 12.23, -17.1, 5.5, "1 of 20", waiting=True),
)


def nested(change, arms=ARMS, error=14):
    return NestedBands(*WORDS, "CAPS-IV points", change, error, -21.6, RANGES, arms, SOURCE)


CASES = {
    "nested, three arms": nested(-26),
    "nested, no arm and no error": nested(-12, (), None),
    "nested, worse": nested(30),
    "nested, far": nested(-136),
    "nested, no change": nested(0),
    "forest, nothing": forest(),
    "forest, published": forest(*PUBLISHED),
    "forest, one": forest(study(1)),
    "forest, one without an interval": forest(ForestRow("Study", "study", -0.4)),
    "forest, weighted": studies(8, note="PTSD"),
    "forest, sixty": studies(60),
    "forest, sixty with long names and notes": studies(60, LONG, note=LONG),
    "forest, a word without a place to break": studies(3, WORD, note=WORD),
    "forest, beyond the axis": forest(
        ForestRow("Far", "study", -9.0, -12.0, -6.0),
        ForestRow("Wide", "study", 0.5, -8.0, 9.0),
        ForestRow("Wide together", "overall", -0.4, -7.0, 6.0, scenario=(-20.0, 19.0)),
        ForestRow("Far together", "subgroup", 7.0, 6.0, 8.0),
    ),
    "forest, long words for the axis": replace(forest(*PUBLISHED), axis_words=LONG * 2),
    "funnel, nothing": funnel(0),
    "funnel, one": funnel(1),
    "funnel, eight": funnel(8),
    "funnel, sixty": funnel(60),
    "funnel, twelve with long names": funnel(12, LONG),
    "funnel, all on one spot": Funnel(*WORDS, (FunnelPoint("Study", -0.4, 0.3),) * 9, -0.4, SOURCE),
    "funnel, far apart": Funnel(
        *WORDS, (FunnelPoint("Far", -6.0, 2.5), FunnelPoint("Exact", 3.0, 0.01)), -0.4, SOURCE
    ),
    "within, nothing": within(()),
    "within, usual": within(TRIALS + OWN),
    "within, nine": within(
        (*TRIALS, WithinRow("Single courses", "caseload", 9)),
        (1.2, 1.2, 1.2, 0.4, 0.45, -0.3, 2.2, 0.0, 1.9),
    ),
    "within, rings beyond the axis": within(TRIALS, (-9.0, 9.0, 9.0)),
    "within, long names": within(
        tuple(replace(r, label=LONG, note=LONG) for r in (*TRIALS, *OWN) * 4)
    ),
    "caseload, nothing": caseload(0, 0),
    "caseload, one": caseload(1, 0),
    "caseload, only unknown": caseload(0, 5),
    "caseload, thirty": caseload(24, 6),
    "caseload, two hundred": caseload(170, 30),
    "caseload, two thousand": caseload(1700, 300),
    "caseload, one unknown of two thousand": caseload(1999, 1),
    "caseload, one known of two thousand": caseload(1, 1999),
    "caseload, reliable change unknown": caseload(24, 6, None),
    "caseload, beyond the axis given": replace(caseload(24, 6), lowest=-10, highest=0),
}
NAMELESS = {name: replace(data, provenance=None) for name, data in CASES.items()}
