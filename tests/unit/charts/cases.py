"""Courses to draw: ordinary, crowded, very long, nearly empty. All people are invented."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import sin

from ipt_tracker.charts.model import Event, Provenance, Reference, Score, Series, Span, Visit
from ipt_tracker.charts.progress import Progress

START = date(2024, 9, 2)
CUT = Reference(32.5, "33 or more: provisional PTSD (published range 31 to 33)")
FREE = Reference(8.5, "8 or less: range without PTSD (Marx 2022)")
AREAS = (
    ("Grief", ("Gr",)),
    ("Dispute", ("Disp", "Di")),
    ("Role transition", ("Transition", "Role", "RT")),
    ("Sensitivity", ("Sens", "Se")),
)
SOURCE = Provenance(
    patient_code="SYN-02",
    instrument="PCL-5, past week",
    completeness="5 of 6 forms",
    threshold_source="Marx 2022, male veterans",
    window="2 Sep 2024 to 7 Oct 2024",
    software="IPT Tracker 0.1.0",
    newest_recorded="2024-10-07 10:32 UTC",
)


def after(days):
    return START + timedelta(days=days)


def weekly(values, **more):
    """A PCL-5 series, one form a week; None is an incomplete form of 41 to 53 points."""
    scores = tuple(
        Score(after(7 * i), v, f"{i + 1}", *((41, 53) if v is None else (0, 0)))
        for i, v in enumerate(values)
    )
    settings = {"references": (CUT,), "reliable": 15, "source": "Marx 2022"} | more
    return Series("PCL-5, past week", 80, scores, **settings)


def held(count):
    return tuple(Visit(after(7 * i), f"{i + 1}") for i in range(count))


def plain(values=(47, 48, 45, None, 44, 36), **more):
    settings = {"visits": held(len(values)), "provenance": SOURCE} | more
    words = ("SYN-02", "36 on 7 Oct 2024, down 11.", "Invented.")
    return Progress(*words, weekly(values), **settings)


def caps(*scores):
    made = tuple(Score(after(d), v, gap_days=400, note=note) for d, v, note in scores)
    return Series("CAPS-5, past month", 80, made, 0, (FREE,), 13, "Marx 2022")


def spells(edges):
    return tuple(
        Span(AREAS[i % 4][0], after(a), after(b), AREAS[i % 4][1])
        for i, (a, b) in enumerate(pairwise(edges))
    )


def crowded():
    """40 scores, 6 changes of focal area, 4 missed slots, 8 events, an interview below."""
    missed = {6, 17, 18, 33}
    slots = [week for week in range(44) if week not in missed]
    scores = tuple(
        Score(after(7 * week), round(58 - 0.75 * n + 7 * sin(1.1 * n) + 4 * sin(2.7 * n)), f"{n}")
        for n, week in enumerate(slots, 1)
    )
    labels = {week: f"{n}" for n, week in enumerate(slots, 1)}
    visits = tuple(Visit(after(7 * week), labels.get(week, "")) for week in range(44))
    phases = tuple(
        Span(name, after(a), after(b), short)
        for name, a, b, short in (
            ("Beginning", -3, 25, ("Begin",)),
            ("Middle", 25, 200, ()),
            ("Extension", 200, 270, ()),
            ("Termination", 270, 305, ("Ending", "End")),
        )
    )
    told = (16, 20, 24, 100, 150, 156, 214, 260)
    events = tuple(Event(after(d), f"event on day {d} in a few words") for d in told)
    below = caps((-4, 44, "baseline"), (110, 39, "middle"), (306, 19, "end"))
    focus = spells((14, 63, 98, 133, 161, 203, 245, 308))
    main = Series("PCL-5, past week", 80, scores, 0, (CUT,), 15, "Marx 2022")
    return Progress(
        "Crowded", "Down 33.", "", main, visits, phases, focus, events, below, SOURCE
    )  # fmt: skip


def long(visits=500, every=2):
    """Years of sessions, some missed, some without a score; more events than letters."""
    slots = [
        Visit(after(every * i), "" if i % 13 == 5 else f"{i + 1}", i % 9 > 0) for i in range(visits)
    ]
    scores = tuple(
        Score(v.day, round(40 + 30 * sin(i / 40) + 6 * sin(1.7 * i)), v.label, gap_days=2 * every)
        for i, v in enumerate(slots)
        if v.label and v.scored
    )
    total = visits * every
    events = tuple(
        Event(after(i * total // 34), f"something happened, number {i}") for i in range(34)
    )
    phases = (
        Span("Engagement", START, after(7), ("Engage", "E")),
        Span("Beginning", after(7), after(30)),
        Span("Middle", after(30), after(total - 60)),
        Span("Termination", after(total - 60), after(total)),
    )
    monthly = tuple(Score(after(90 * i), 60 - 5 * i) for i in range(8))
    main = Series("PCL-5, past week", 80, scores, 0, (CUT,), 15, "Marx 2022")
    main = replace(main, other_scores=monthly, other_name="PCL-5, past month")
    focus = spells([total * i // 8 for i in range(9)])
    return Progress(
        "Long", "Words.", "", main, tuple(slots), phases, focus, events, None, SOURCE
    )  # fmt: skip


def two_focal_areas():
    focus = (
        Span("Grief", after(3), after(21)),
        Span("Role transition", after(14), after(35)),
        Span("Dispute", after(21), after(35)),
    )
    return plain(focus=focus)


def frequent_interviews():
    scores = tuple((4 * i, 44 - 2 * (i % 3), f"visit {i}") for i in range(11))
    return plain(interview=caps(*scores))


def wordy():
    """Texts longer than anybody should write, and words without a place to break."""
    visits = held(6)
    phases = (Span("Beginning", after(0), after(35)),)
    events = tuple(Event(after(7 * i), f"{'Donaudampfschifffahrt' * 6} {i}") for i in range(5))
    crowd = tuple(
        Reference(at, f"{at:g}: a line whose name takes a good many words to say")
        for at in (30.5, 31.5, 32.5)
    )
    main = weekly((47, 48, 45, 44, 41, 36), references=crowd)
    texts = ("Title " * 30, "Verdict " * 60 + "\nsecond line", "Footer " * 80)
    below = replace(caps((0, 44, "baseline")), references=(FREE, *crowd), remarks=("Remark " * 40,))
    return Progress(*texts, main, visits, phases, (), events, below, SOURCE)


CASES = {
    "ordinary": plain,
    "crowded": crowded,
    "five hundred visits in three years": long,
    "five hundred visits in ten years": lambda: long(every=7),
    "sixty sessions over two years": lambda: long(64, 11),
    "one score": lambda: plain((44,)),
    "no score": lambda: plain(()),
    "nothing at all": lambda: plain((), visits=(), provenance=None),
    "visits without scores": lambda: plain((), visits=held(5)),
    "two focal areas open at once": two_focal_areas,
    "at the floor": lambda: plain((2, 3, 0, 0, 1)),
    "at the ceiling": lambda: plain((79, 80, 80, 77, 79)),
    "around the cut-off": lambda: plain((33, 34, 33, 31, 33)),
    "amended each week": lambda: amended(12),
    "an interview every few days": frequent_interviews,
    "long texts": wordy,
}


def amended(count):
    made = plain(tuple(50 - 2 * i for i in range(count)))
    changed = tuple(replace(s, was="10", note="digits swapped") for s in made.main.scores)
    return replace(made, main=replace(made.main, scores=changed))
